// SPDX-License-Identifier: MIT
#include "torture/killed_work.h"

#include <QElapsedTimer>
#include <QMutex>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

using namespace ingather;
using namespace ingather::e2e;
using namespace ingather::torture;
using namespace Qt::StringLiterals;

namespace
{

constexpr int documents = 24;
constexpr int pauseSeconds = 3;
constexpr int pauseMilliseconds = pauseSeconds * 1000;

/// Refuses the request of a given number, with a time; keeps the times at which requests came.
class BusyServer
{
public:
    BusyServer()
    {
        m_time.start();
        for (int i = 0; i < documents; ++i) {
            m_server.handle(u"/%1.bin"_s.arg(i),
                            [this](const support::RecordedRequest &) { return answer(); });
        }
    }
    QString url(int document) const { return m_server.url(u"/%1.bin"_s.arg(document)).toString(); }
    QList<qint64> times() const
    {
        const QMutexLocker lock(&m_mutex);
        return m_times;
    }
    qint64 refusedAt() const
    {
        const QMutexLocker lock(&m_mutex);
        return m_refusedAt;
    }

private:
    support::Script answer()
    {
        constexpr int refused = 9;
        const QMutexLocker lock(&m_mutex);
        m_times.append(m_time.elapsed());
        support::Script script;
        if (m_times.size() == refused) {
            m_refusedAt = m_times.last();
            return script.head(503,
                               {{"Retry-After", QByteArray::number(pauseSeconds)}, {"Content-Length", "0"}});
        }
        return script.head(200, {{"Content-Length", "4"}}).send("text");
    }

    support::FakeHttpServer m_server;
    QElapsedTimer m_time;
    mutable QMutex m_mutex;
    QList<qint64> m_times;
    qint64 m_refusedAt = -1;
};

} // namespace

/// A host that asks for patience, and several processes that all have jobs of it.
class TestPatience : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void allProcessesWait();
    void whatIsRememberedIsShownAndReset();

private:
    QString folder() const { return m_home->filePath(u"files"_s); }
    void plan(int count);

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<Cli> m_cli;
    std::unique_ptr<BusyServer> m_server;
};

void TestPatience::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    m_cli = std::make_unique<Cli>(m_home->path());
    m_server = std::make_unique<BusyServer>();
    QVERIFY(QDir(m_home->path()).mkpath(u"files"_s));
}

void TestPatience::plan(int count)
{
    QStringList add{u"add"_s, u"-d"_s, folder()};
    for (int i = 0; i < count; ++i)
        add.append(m_server->url(i));
    const CommandResult planned = m_cli->run(add);
    QVERIFY2(planned.exitCode == 0, planned.report());
}

void TestPatience::allProcessesWait()
{
    plan(documents);
    QList<std::shared_ptr<QProcess>> workers;
    for (int i = 0; i < 3; ++i)
        workers.append(m_cli->start({u"run"_s, u"--until-idle"_s, u"--connections-per-host"_s, u"1"_s}));
    for (const auto &worker : std::as_const(workers)) {
        const CommandResult ended = finish(*worker, 120'000);
        QVERIFY2(ended.exitCode == 0, ended.report());
    }
    QCOMPARE(faultsOfFinishedLedger(m_cli->ledger()), QStringList());
    QCOMPARE(support::OtherProgram(m_cli->ledger(), support::OtherProgram::Access::ReadOnly)
                 .number(u"SELECT sum(attempts) FROM artifact_jobs"_s),
             1);

    // Requests that were on their way when the server said so can't be called back: one a process.
    const qint64 refusedAt = m_server->refusedAt();
    QVERIFY(refusedAt >= 0);
    int tooEarly = 0;
    for (const qint64 time : m_server->times()) {
        if (time > refusedAt && time < refusedAt + pauseMilliseconds * 9 / 10)
            ++tooEarly;
    }
    QVERIFY2(tooEarly <= 6, QByteArray::number(tooEarly));
}

void TestPatience::whatIsRememberedIsShownAndReset()
{
    QCOMPARE(m_cli->run({u"hosts"_s}).exitCode, 3); // there is no ledger to look into
    plan(9);
    const CommandResult ran = m_cli->run(
        {u"run"_s, u"--until-idle"_s, u"--connections-per-host"_s, u"1"_s, u"--max-attempts"_s, u"1"_s});
    QVERIFY2(ran.exitCode == 1, ran.report());

    const CommandResult listed = m_cli->json({u"hosts"_s});
    QVERIFY2(listed.exitCode == 0, listed.report());
    QCOMPARE(listed.lines().size(), 1);
    const QJsonObject host = listed.lines().first();
    QCOMPARE(host[u"host"_s].toString(), u"127.0.0.1"_s);
    QCOMPARE(host[u"failures"_s].toInt(), 1);
    QCOMPARE(host[u"error_code"_s].toString(), u"http_unavailable"_s);
    QVERIFY(host[u"not_before"_s].toDouble() > 1.7e9);
    QVERIFY(host[u"accepts_ranges"_s].isNull());
    QVERIFY(m_cli->run({u"hosts"_s}).out.contains("127.0.0.1"));
    QVERIFY(m_cli->run({u"hosts"_s, u"other.example"_s}).out.isEmpty());

    const CommandResult other = m_cli->json({u"hosts"_s, u"--reset"_s, u"other.example"_s});
    QVERIFY2(other.exitCode == 0 && other.object()[u"reset"_s].toInt(-1) == 0, other.report());
    const CommandResult reset = m_cli->json({u"hosts"_s, u"--reset"_s, u"--all"_s});
    QVERIFY2(reset.exitCode == 0 && reset.object()[u"reset"_s].toInt(-1) == 1, reset.report());
    QVERIFY(m_cli->json({u"hosts"_s}).lines().isEmpty());
}

QTEST_GUILESS_MAIN(TestPatience)
#include "tst_patience.moc"
