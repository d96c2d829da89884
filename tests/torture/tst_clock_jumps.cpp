// SPDX-License-Identifier: MIT
#include "e2e/cli.h"
#include "support/fake_http_server.h"
#include "torture/killed_work.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <memory>
#include <vector>

using namespace ingather;
using namespace Qt::StringLiterals;
using support::FakeHttpServer;

namespace
{

constexpr int slowCount = 4;
constexpr int busyCount = 4;
constexpr qint64 size = 300'000;
const QString gate = u"half"_s;

QString slowPath(int number)
{
    return u"/slow-%1.bin"_s.arg(number);
}

QString busyPath(int number)
{
    return u"/busy-%1.bin"_s.arg(number);
}

/// Half of a body; the rest when the gate opens.
[[maybe_unused]] void serveSlowly(FakeHttpServer &server, int number)
{
    server.handle(slowPath(number), [number](const support::RecordedRequest &) {
        const qint64 start = qint64{8} * number;
        support::Script script;
        script.head(200, {{"Content-Length", QByteArray::number(size)}, {"ETag", "\"v1\""}});
        return script.sendPattern(start, size / 2).pause(gate).sendPattern(start + size / 2, size - size / 2);
    });
}

/// "Come back in 8 seconds", once.
[[maybe_unused]] void serveLater(FakeHttpServer &server, int number)
{
    auto visits = std::make_shared<std::atomic<int>>(0);
    server.handle(busyPath(number), [number, visits](const support::RecordedRequest &request) {
        if ((*visits)++ == 0)
            return support::Script().head(503, {{"Content-Length", "0"}, {"Retry-After", "8"}});
        return torture::answer(request, qint64{8} * (1000 + number), size, "\"v1\"");
    });
}

/// The seconds that the programs' wall clock is ahead, in the file that support/preload/set_clock.cpp maps.
class SharedClock final
{
public:
    explicit SharedClock(const QString &path) : m_file(path)
    {
        if (!m_file.open(QIODevice::ReadWrite) || !m_file.resize(sizeof(qint64)))
            qFatal("cannot make the clock");
        set(0);
    }
    void set(qint64 secondsAhead)
    {
        if (!m_file.seek(0) ||
            m_file.write(reinterpret_cast<const char *>(&secondsAhead), sizeof secondsAhead) !=
                sizeof secondsAhead ||
            !m_file.flush())
            qFatal("cannot set the clock");
    }

private:
    QFile m_file;
};

} // namespace

/// Somebody sets the wall clock by an hour while workers are at work: nothing is done twice, and nothing
/// waits for that hour.
class TestClockJumps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingTwiceAndNothingLate_data();
    void nothingTwiceAndNothingLate();
};

void TestClockJumps::nothingTwiceAndNothingLate_data()
{
    QTest::addColumn<QList<int>>("jumps");
    QTest::newRow("not at all") << QList<int>{};
    QTest::newRow("an hour ahead") << QList<int>{3600};
    QTest::newRow("an hour back") << QList<int>{-3600};
    QTest::newRow("an hour ahead, and put right") << QList<int>{3600, 0};
    QTest::newRow("an hour back, and put right") << QList<int>{-3600, 0};
}

void TestClockJumps::nothingTwiceAndNothingLate()
{
#ifndef INGATHER_SET_CLOCK
    QSKIP("A sanitizer's runtime has to be loaded first.");
#else
    QFETCH(QList<int>, jumps);
    QTemporaryDir home;
    SharedClock clock(home.filePath(u"clock"_s));
    FakeHttpServer server;
    QStringList add{u"add"_s, u"-d"_s, home.filePath(u"files"_s)};
    QStringList names;
    QVERIFY(QDir().mkdir(home.filePath(u"files"_s)));
    for (int i = 0; i < slowCount; ++i) {
        serveSlowly(server, i);
        add << server.url(slowPath(i)).toString();
        names << slowPath(i).mid(1);
    }
    for (int i = 0; i < busyCount; ++i) {
        serveLater(server, i);
        add << server.url(busyPath(i)).toString();
        names << busyPath(i).mid(1);
    }
    names.sort();
    // A slow body is no stall here.
    QVERIFY(QDir().mkpath(home.filePath(u"xdg_config_home/ingather"_s)));
    QFile settings(home.filePath(u"xdg_config_home/ingather/ingather.ini"_s));
    QVERIFY(settings.open(QIODevice::WriteOnly));
    settings.write("[network]\nstall_timeout=600\n");
    settings.close();
    e2e::Cli cli(home.path());
    cli.setVariable(u"LD_PRELOAD"_s, QStringLiteral(INGATHER_SET_CLOCK));
    cli.setVariable(u"INGATHER_TEST_CLOCK"_s, home.filePath(u"clock"_s));
    const e2e::CommandResult added = cli.run(add);
    QVERIFY2(added.exitCode == 0, added.report().constData());

    std::vector<std::unique_ptr<QProcess>> workers;
    const auto startWorker = [&] {
        workers.push_back(cli.start({u"run"_s, u"--until-idle"_s, u"--lease-ttl"_s, u"3"_s, u"--lanes"_s,
                                     u"8"_s, u"--connections-per-host"_s, u"8"_s}));
    };
    startWorker();
    startWorker();
    const support::OtherProgram look(cli.ledger(), support::OtherProgram::Access::ReadOnly);
    const auto inBackoff = [&] {
        return look.number(u"SELECT count(*) FROM artifact_jobs WHERE next_attempt_at > 0"_s);
    };
    QTRY_COMPARE_WITH_TIMEOUT(server.waitingAt(gate), slowCount, 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(inBackoff(), busyCount, 30'000);

    // The newest end of a lease moves on with each renewal, each second.
    const auto renewedUntil = [&] {
        return look.rows(u"SELECT max(lease_until) FROM artifact_jobs"_s).value(0).toDouble();
    };
    for (const int jump : jumps) {
        clock.set(jump);
        startWorker(); // one that has not seen the clock as it was
        // Longer than a lease lasts.
        for (int renewals = 0; renewals < 5; ++renewals) {
            const double before = renewedUntil();
            QTRY_VERIFY_WITH_TIMEOUT(qAbs(renewedUntil() - before) > 0.1, 30'000);
        }
        QCOMPARE(server.waitingAt(gate), slowCount);
    }
    server.release(gate);

    QElapsedTimer timer;
    timer.start();
    for (const auto &worker : workers) {
        const e2e::CommandResult end =
            e2e::finish(*worker, std::max(1, 90'000 - static_cast<int>(timer.elapsed())));
        QVERIFY2(end.exitCode == 0, end.report().constData());
    }
    QCOMPARE(torture::faultsOfFinishedLedger(cli.ledger()), QStringList());
    QCOMPARE(torture::everythingIn(home.filePath(u"files"_s)), names);
    // Nobody lost a lease who was alive, so nobody else came for the same file.
    QCOMPARE(look.rows(u"SELECT * FROM ingather_events WHERE event = 'LOST_LEASE'"_s), QStringList());
    for (int i = 0; i < slowCount; ++i)
        QCOMPARE(server.requests(slowPath(i)).size(), 1);
    for (int i = 0; i < busyCount; ++i)
        QCOMPARE(server.requests(busyPath(i)).size(), 2);
#endif
}

QTEST_GUILESS_MAIN(TestClockJumps)
#include "tst_clock_jumps.moc"
