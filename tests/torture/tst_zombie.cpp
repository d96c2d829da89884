// SPDX-License-Identifier: MIT
#include "e2e/cli.h"
#include "support/fake_http_server.h"
#include "torture/killed_work.h"

#include <QElapsedTimer>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <csignal>
#include <memory>

#include <sys/stat.h>
#include <sys/wait.h>

using namespace ingather;
using namespace Qt::StringLiterals;
using support::FakeHttpServer;

namespace
{

/// Past the first checkpoint of a stream (16 MiB), so that there is a part to take over.
constexpr qint64 size = 18'000'000;
constexpr qint64 half = 17'500'000;
const QString path = u"/data.bin"_s;
const QString gate = u"half"_s;
const QString laterGate = u"later"_s;

/// The first visitor gets its second half when the gate opens; whoever comes later is served, through a gate
/// of its own.
void serveFirstInTwoHalves(FakeHttpServer &server)
{
    auto visits = std::make_shared<std::atomic<int>>(0);
    server.handle(path, [visits](const support::RecordedRequest &request) {
        if ((*visits)++ > 0) {
            const support::Script whole = torture::answer(request, 0, size, "\"v1\"");
            support::Script script;
            for (const support::Script::Step &step : whole.steps()) {
                if (const auto *head = std::get_if<support::Script::Send>(&step))
                    script.send(head->bytes).pause(laterGate);
                if (const auto *body = std::get_if<support::Script::SendPattern>(&step))
                    script.sendPattern(body->first, body->count);
            }
            return script;
        }
        support::Script script;
        script.head(200, {{"Content-Length", QByteArray::number(size)}, {"ETag", "\"v1\""}});
        return script.sendPattern(0, half).pause(gate).sendPattern(half, size - half);
    });
}

/// Letter of its state in /proc/<pid>/stat; 0 when it is gone.
char processState(qint64 pid)
{
    QFile stat(u"/proc/%1/stat"_s.arg(pid));
    if (!stat.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = stat.read(4096);
    return text.mid(text.lastIndexOf(')') + 2, 1).at(0);
}

/// Stops a process while it holds no write lock, so that nobody has to wait for it. False: that never was.
bool stopOutsideWriteSection(const QProcess &process, const QString &ledger)
{
    constexpr int mostTries = 1000;
    for (int i = 0; i < mostTries; ++i) {
        e2e::sendSignal(process, SIGSTOP);
        if (!QTest::qWaitFor([&] { return processState(process.processId()) == 'T'; }, 10'000))
            return false;
        if (!torture::isWriteLockHeld(ledger))
            return true;
        e2e::sendSignal(process, SIGCONT);
    }
    return false;
}

/// What of a file can change: its inode, size, both times and content.
QByteArray factsOf(const QString &file)
{
    struct stat facts {
    };
    if (::stat(QFile::encodeName(file).constData(), &facts) != 0)
        return {};
    QFile content(file);
    if (!content.open(QIODevice::ReadOnly))
        return {};
    return QByteArray::number(static_cast<qint64>(facts.st_ino)) + '|' +
           QByteArray::number(static_cast<qint64>(facts.st_size)) + '|' +
           QByteArray::number(static_cast<qint64>(facts.st_mtim.tv_sec)) + '.' +
           QByteArray::number(static_cast<qint64>(facts.st_mtim.tv_nsec)) + '|' +
           QByteArray::number(static_cast<qint64>(facts.st_ctim.tv_sec)) + '.' +
           QByteArray::number(static_cast<qint64>(facts.st_ctim.tv_nsec)) + '|' + content.readAll().toHex();
}

/// Every row that tells of the jobs.
QStringList rowsOf(const QString &ledger)
{
    const support::OtherProgram look(ledger, support::OtherProgram::Access::ReadOnly);
    return look.rows(u"SELECT * FROM artifact_jobs ORDER BY job_id"_s) +
           look.rows(u"SELECT * FROM artifact_ops ORDER BY op_key"_s) +
           look.rows(u"SELECT * FROM ingather_parts"_s) + look.rows(u"SELECT * FROM ingather_hashes"_s) +
           look.rows(u"SELECT * FROM ingather_events ORDER BY seq"_s);
}

/// A child of ours that has stopped while it holds the write lock of a ledger, named there as `owner`.
class StoppedWriter final
{
public:
    StoppedWriter(const QString &ledger, const QByteArray &owner)
    {
        const int file = ::open(QFile::encodeName(ledger + u".wlock"_s).constData(), O_RDWR | O_CLOEXEC);
        if (file < 0 || ::flock(file, LOCK_EX) != 0)
            qFatal("cannot lock the ledger");
        QByteArray content(4096, '\0');
        content.truncate(std::max<ssize_t>(0, ::pread(file, content.data(), 4096, 0)));
        content = content.left(content.indexOf("owner ")) + "owner " + owner + '\n';
        if (::ftruncate(file, 0) != 0 ||
            ::pwrite(file, content.constData(), static_cast<std::size_t>(content.size()), 0) !=
                content.size())
            qFatal("cannot write the lock");
        m_pid = ::fork();
        if (m_pid == 0) {
            ::raise(SIGSTOP);
            ::_exit(0); // the lock goes with it
        }
        ::close(file); // the child holds it now
        int status = 0;
        m_hasStopped = m_pid > 0 && ::waitpid(m_pid, &status, WUNTRACED) == m_pid && WIFSTOPPED(status);
    }
    ~StoppedWriter() { goOn(); }
    Q_DISABLE_COPY_MOVE(StoppedWriter)

    bool hasStopped() const { return m_hasStopped; }
    /// Lets it end, and the lock with it.
    void goOn()
    {
        if (m_pid <= 0)
            return;
        ::kill(m_pid, SIGCONT);
        ::waitpid(m_pid, nullptr, 0);
        m_pid = -1;
    }

private:
    pid_t m_pid = -1;
    bool m_hasStopped = false;
};

} // namespace

/// Processes that stand still and come back when others have done their work.
class TestZombie : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aZombieChangesNothing_data();
    void aZombieChangesNothing();
    void aZombieThatWakesEarlyLeavesNothing();
    void whoStopsInAWriteSectionIsNamed();

private:
    /// A worker that stands still in the middle of a body, with a part that others may take over.
    static std::unique_ptr<QProcess> stoppedWorker(const e2e::Cli &cli, FakeHttpServer &server,
                                                   const QString &folder);
};

namespace
{

const QStringList run{u"run"_s, u"--until-idle"_s, u"--lease-ttl"_s, u"3"_s};

} // namespace

std::unique_ptr<QProcess> TestZombie::stoppedWorker(const e2e::Cli &cli, FakeHttpServer &server,
                                                    const QString &folder)
{
    serveFirstInTwoHalves(server);
    if (!QDir().mkdir(folder) ||
        cli.run({u"add"_s, u"-d"_s, folder, server.url(path).toString()}).exitCode != 0)
        return nullptr;
    std::unique_ptr<QProcess> worker = cli.start(run);
    const support::OtherProgram look(cli.ledger(), support::OtherProgram::Access::ReadOnly);
    const bool hasPart =
        QTest::qWaitFor([&] { return server.waitingAt(gate) == 1; }, 20'000) &&
        QTest::qWaitFor([&] { return look.number(u"SELECT max(durable_length) FROM ingather_parts"_s) > 0; },
                        20'000);
    return hasPart && stopOutsideWriteSection(*worker, cli.ledger()) ? std::move(worker) : nullptr;
}

void TestZombie::aZombieChangesNothing_data()
{
    QTest::addColumn<bool>("getsTheRest");
    QTest::newRow("it wakes to a server that is silent") << false;
    QTest::newRow("it wakes to all the bytes it waited for") << true;
}

void TestZombie::aZombieChangesNothing()
{
    QFETCH(bool, getsTheRest);
    QTemporaryDir home;
    FakeHttpServer server;
    server.release(laterGate);
    const e2e::Cli cli(home.path());
    const QString folder = home.filePath(u"files"_s);
    const std::unique_ptr<QProcess> zombie = stoppedWorker(cli, server, folder);
    QVERIFY(zombie);

    const std::unique_ptr<QProcess> successor = cli.start(run);
    const e2e::CommandResult done = e2e::finish(*successor, 60'000);
    QVERIFY2(done.exitCode == 0, done.report().constData());
    QCOMPARE(torture::faultsOfFinishedLedger(cli.ledger()), QStringList());
    const QString file = folder + u"/data.bin"_s;
    const QByteArray facts = factsOf(file);
    QVERIFY(facts.endsWith('|' + FakeHttpServer::pattern(0, size).toHex()));
    const QStringList rows = rowsOf(cli.ledger());
    QCOMPARE(processState(zombie->processId()), 'T');

    if (getsTheRest)
        server.release(gate);
    e2e::sendSignal(*zombie, SIGCONT);
    const e2e::CommandResult woken = e2e::finish(*zombie, 60'000);
    QVERIFY2(woken.exitCode == 0, woken.report().constData());
    QVERIFY2(factsOf(file) == facts, woken.report().constData());
    QCOMPARE(rowsOf(cli.ledger()), rows);
    QCOMPARE(torture::everythingIn(folder), QStringList{u"data.bin"_s}); // its part is gone as well

    // The history tells who it was.
    const QString job = cli.jobs().first().value(u"job_id"_s).toString();
    const e2e::CommandResult history = cli.json({u"ops"_s, job, u"--events"_s});
    QVERIFY2(history.exitCode == 0, history.report().constData());
    QList<qint64> claims;
    QStringList owners;
    qint64 indexedBy = 0;
    int lost = 0;
    for (const QJsonObject &event : history.lines()) {
        const qint64 fence = event.value(u"fence"_s).toInteger();
        const QString kind = event.value(u"event"_s).toString();
        if (kind == u"CLAIM") {
            claims.append(fence);
            owners.append(event.value(u"owner"_s).toString());
        }
        if (kind == u"LOST_LEASE") {
            ++lost;
            QCOMPARE(event.value(u"code"_s).toString(), u"expired"_s);
        }
        if (kind == u"RESULT" && event.value(u"op_type"_s).toString() == u"INDEX")
            indexedBy = fence;
    }
    QVERIFY2(claims.size() == 2 && claims[1] > claims[0], history.report().constData());
    QVERIFY(owners[0] != owners[1]);
    QCOMPARE(indexedBy, claims[1]);
    QCOMPARE(lost, 1);
}

void TestZombie::aZombieThatWakesEarlyLeavesNothing()
{
    QTemporaryDir home;
    FakeHttpServer server;
    const e2e::Cli cli(home.path());
    const QString folder = home.filePath(u"files"_s);
    const std::unique_ptr<QProcess> zombie = stoppedWorker(cli, server, folder);
    QVERIFY(zombie);

    const std::unique_ptr<QProcess> successor = cli.start(run);
    QTRY_COMPARE_WITH_TIMEOUT(server.waitingAt(laterGate), 1, 30'000);
    server.release(gate);
    e2e::sendSignal(*zombie, SIGCONT);
    // Both stay until the job is done; its part goes as soon as the zombie has seen that it is one.
    const auto parts = [&] {
        return torture::everythingIn(folder).filter(QRegularExpression(u"\\.part$"_s)).size();
    };
    QTRY_COMPARE_WITH_TIMEOUT(parts(), 1, 30'000);
    server.release(laterGate);
    for (QProcess *worker : {successor.get(), zombie.get()}) {
        const e2e::CommandResult end = e2e::finish(*worker, 60'000);
        QVERIFY2(end.exitCode == 0, end.report().constData());
    }
    QCOMPARE(torture::faultsOfFinishedLedger(cli.ledger()), QStringList());
    QCOMPARE(torture::everythingIn(folder), QStringList{u"data.bin"_s});
    QVERIFY(factsOf(folder + u"/data.bin"_s).endsWith('|' + FakeHttpServer::pattern(0, size).toHex()));
}

/// That a session names the holder is tested by ledger.session; this is about processes, and about the 5 s.
void TestZombie::whoStopsInAWriteSectionIsNamed()
{
    QTemporaryDir home;
    const e2e::Cli cli(home.path());
    const QStringList add{u"add"_s, u"-d"_s, home.path(), u"http://127.0.0.1:1/file"_s};
    const e2e::CommandResult first = cli.run(add);
    QVERIFY2(first.exitCode == 0, first.report().constData());

    StoppedWriter writer(cli.ledger(), "desk/boot/1/4711/3/0123456789abcdef");
    QVERIFY(writer.hasStopped());
    const QStringList other{u"add"_s, u"-d"_s, home.path(), u"http://127.0.0.1:1/other"_s};
    const e2e::CommandResult busy = cli.run(other);
    QVERIFY2(busy.exitCode == 3, busy.report().constData());
    QVERIFY2(busy.elapsedMs >= 5000, busy.report().constData());
    QVERIFY2(busy.err.contains("4711"), busy.report().constData());
    QCOMPARE(cli.jobs().size(), 1); // looking needs no lock

    writer.goOn();
    const e2e::CommandResult again = cli.run(other);
    QVERIFY2(again.exitCode == 0, again.report().constData());
    QCOMPARE(cli.jobs().size(), 2);
}

QTEST_GUILESS_MAIN(TestZombie)
#include "tst_zombie.moc"
