// SPDX-License-Identifier: MIT
#include "platform/process_identity.h"

#include <QProcess>
#include <QtTest>

#include <cerrno>
#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

using namespace ingather::platform;

/// Who lives, who is dead, and who only time can tell.
class TestProcessIdentity final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void textFormRoundTrips();
    void foreignTextsAreNotIdentities_data();
    void foreignTextsAreNotIdentities();
    void everyCallHasItsOwnNonce();
    void livenessFollowsTheFacts_data();
    void livenessFollowsTheFacts();
    void aRunningChildIsAliveAndAnEndedOneDead();
    void aZombieIsDead();
    void thisBootAndItsClockHaveNames();
};

namespace
{

enum class Change {
    Nothing,
    Nonce,
    PidStart,
    NoSuchPid,
    Host,
    Boot,
    HostAndBoot,
    Namespace,
    NoStart,
    NoBoot
};

ProcessIdentity ofChild(qint64 pid)
{
    ProcessIdentity child = ProcessIdentity::current();
    child.pid = pid;
    QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
    if (stat.open(QIODevice::ReadOnly)) {
        const QByteArray text = stat.read(4096);
        child.pidStart = text.mid(text.lastIndexOf(')') + 2).split(' ').at(19).toLongLong();
    }
    return child;
}

} // namespace

void TestProcessIdentity::textFormRoundTrips()
{
    const ProcessIdentity self = ProcessIdentity::current();
    QCOMPARE(self.pid, static_cast<qint64>(getpid()));
    QVERIFY(self.pidStart > 0);
    QVERIFY(self.pidNamespace > 0);
    QCOMPARE(self.toString().count(u'/'), 5);
    const std::optional<ProcessIdentity> back = ProcessIdentity::fromString(self.toString());
    QVERIFY(back.has_value());
    QVERIFY(*back == self);
}

void TestProcessIdentity::foreignTextsAreNotIdentities_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << QString();
    QTest::newRow("an owner of a v1 program") << QStringLiteral("host:1001");
    QTest::newRow("a field too few") << QStringLiteral("h/b/1/2/3");
    QTest::newRow("a field too many") << QStringLiteral("h/b/1/2/3/0123456789abcdef/x");
    QTest::newRow("no host") << QStringLiteral("/b/1/2/3/0123456789abcdef");
    QTest::newRow("no boot id") << QStringLiteral("h//1/2/3/0123456789abcdef");
    QTest::newRow("a pid that is a word") << QStringLiteral("h/b/1/two/3/0123456789abcdef");
    QTest::newRow("a pid of every process") << QStringLiteral("h/b/1/-1/3/0123456789abcdef");
    QTest::newRow("a pid of the own group") << QStringLiteral("h/b/1/0/3/0123456789abcdef");
    QTest::newRow("a number with a leading zero") << QStringLiteral("h/b/1/02/3/0123456789abcdef");
    QTest::newRow("a number with a plus") << QStringLiteral("h/b/1/+2/3/0123456789abcdef");
    QTest::newRow("a number beyond 64 bits")
        << QStringLiteral("h/b/1/99999999999999999999/3/0123456789abcdef");
    QTest::newRow("a short nonce") << QStringLiteral("h/b/1/2/3/abc");
    QTest::newRow("a nonce in upper case") << QStringLiteral("h/b/1/2/3/0123456789ABCDEF");
}

void TestProcessIdentity::foreignTextsAreNotIdentities()
{
    QFETCH(QString, text);
    QVERIFY(!ProcessIdentity::fromString(text).has_value());
}

void TestProcessIdentity::everyCallHasItsOwnNonce()
{
    const ProcessIdentity one = ProcessIdentity::current();
    ProcessIdentity other = ProcessIdentity::current();
    QVERIFY(one.nonce != other.nonce);
    other.nonce = one.nonce;
    QVERIFY(one == other);
}

void TestProcessIdentity::livenessFollowsTheFacts_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<Liveness>("expected");
    QTest::newRow("this process is alive") << Change::Nothing << Liveness::Alive;
    QTest::newRow("another run of this process is alive") << Change::Nonce << Liveness::Alive;
    QTest::newRow("a reused pid is dead") << Change::PidStart << Liveness::Dead;
    QTest::newRow("a pid that nobody has is dead") << Change::NoSuchPid << Liveness::Dead;
    QTest::newRow("another host is unknown") << Change::Host << Liveness::Unknown;
    QTest::newRow("an earlier boot of this host is dead") << Change::Boot << Liveness::Dead;
    QTest::newRow("another boot of another host is unknown") << Change::HostAndBoot << Liveness::Unknown;
    QTest::newRow("another pid namespace is unknown") << Change::Namespace << Liveness::Unknown;
    QTest::newRow("an unknown start time is unknown") << Change::NoStart << Liveness::Unknown;
    QTest::newRow("an unknown boot is unknown") << Change::NoBoot << Liveness::Unknown;
}

void TestProcessIdentity::livenessFollowsTheFacts()
{
    QFETCH(Change, change);
    QFETCH(Liveness, expected);
    ProcessIdentity owner = ProcessIdentity::current();
    switch (change) {
    case Change::Nothing:
        break;
    case Change::Nonce:
        owner.nonce = QStringLiteral("0000000000000000");
        break;
    case Change::PidStart:
        owner.pidStart -= 1;
        break;
    case Change::NoSuchPid:
        owner.pid = 0x7FFFFFFF; // above the kernel's largest pid
        break;
    case Change::Host:
        owner.host += u'x';
        break;
    case Change::HostAndBoot:
        owner.host += u'x';
        [[fallthrough]];
    case Change::Boot:
        owner.bootId = QStringLiteral("00000000-0000-0000-0000-000000000000");
        break;
    case Change::Namespace:
        owner.pidNamespace += 1;
        break;
    case Change::NoStart:
        owner.pidStart = 0;
        break;
    case Change::NoBoot:
        owner.bootId = QStringLiteral("-");
        break;
    }
    QCOMPARE(livenessOf(owner), expected);
}

void TestProcessIdentity::aRunningChildIsAliveAndAnEndedOneDead()
{
    QProcess child;
    child.start(QStringLiteral("cat"), {});
    QVERIFY(child.waitForStarted());
    const ProcessIdentity identity = ofChild(child.processId());
    QCOMPARE(livenessOf(identity), Liveness::Alive);
    child.closeWriteChannel();
    QVERIFY(child.waitForFinished());
    QCOMPARE(livenessOf(identity), Liveness::Dead);
}

void TestProcessIdentity::aZombieIsDead()
{
    const pid_t pid = fork();
    if (pid == 0) {
        pause();
        _exit(0);
    }
    QVERIFY(pid > 0);
    const ProcessIdentity identity = ofChild(pid);
    QCOMPARE(livenessOf(identity), Liveness::Alive);
    kill(pid, SIGKILL);
    siginfo_t info{};
    QCOMPARE(waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT), 0); // ended, not reaped
    QCOMPARE(livenessOf(identity), Liveness::Dead);
    QCOMPARE(waitpid(pid, nullptr, 0), pid);
    QCOMPARE(livenessOf(identity), Liveness::Dead);
}

void TestProcessIdentity::thisBootAndItsClockHaveNames()
{
    const ProcessIdentity self = ProcessIdentity::current();
    const QString boot = ProcessIdentity::textOfThisBoot();
    QVERIFY2(self.toString().startsWith(boot), qPrintable(boot));
    QVERIFY(boot.endsWith(self.bootId + QLatin1Char('/')));
    QVERIFY(bootClockName().startsWith(self.bootId + QLatin1Char('/')));
    QVERIFY(!bootClockName().contains(QLatin1Char(' ')));
    QCOMPARE(bootClockName(), bootClockName());
}

QTEST_GUILESS_MAIN(TestProcessIdentity)
#include "tst_process_identity.moc"
