// SPDX-License-Identifier: MIT
#include "e2e/cli.h"
#include "e2e/content.h"
#include "e2e/nginx_server.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace ingather::e2e;
using namespace Qt::StringLiterals;

/// A `get` that is ended in the middle, politely or not, and how it goes on.
class TestInterrupt : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void signalsPauseTheJobsAndSayHowToGoOn_data();
    void signalsPauseTheJobsAndSayHowToGoOn();
    void aKilledGetGoesOnWhereItWas();
    void aKilledWorkerIsReplacedAtOnce();

private:
    /// Runs `get` until the ledger knows of bytes that are safe on disk.
    void startGet();
    QString folder() const { return m_home->filePath(u"files"_s); }
    QStringList parts() const;
    qint64 durableBytes() const;
    /// The file is whole, and no byte that was safe was fetched a second time.
    void checkResumedFile(qint64 durable);

    static constexpr qint64 fileSize = 24 * 1024 * 1024; // 12 s at 2 MiB/s
    NginxServer m_server;
    QString m_url;
    QString m_sha256;
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<Cli> m_cli;
    std::unique_ptr<QProcess> m_process;
    qsizetype m_requestsBefore = 0;
};

void TestInterrupt::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.errorText()));
    const QString path = m_server.documents() + u"/big.bin"_s;
    QVERIFY(writeContent(path, fileSize, 5));
    m_sha256 = sha256Of(path);
    m_url = m_server.url(u"/slow/big.bin"_s);
}

void TestInterrupt::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    m_cli = std::make_unique<Cli>(m_home->path());
    QVERIFY(QDir(m_home->path()).mkpath(u"files"_s));
    m_requestsBefore = m_server.requests().size();
}

void TestInterrupt::cleanup()
{
    m_process.reset();
}

QStringList TestInterrupt::parts() const
{
    return QDir(folder() + u"/.ingather"_s).entryList({u"*.part"_s}, QDir::Files | QDir::Hidden);
}

qint64 TestInterrupt::durableBytes() const
{
    const QList<QJsonObject> jobs = m_cli->json({u"list"_s}).lines();
    return jobs.isEmpty() ? 0 : jobs.first().value(u"bytes_done"_s).toInteger();
}

void TestInterrupt::startGet()
{
    m_process = m_cli->start({u"get"_s, u"-d"_s, folder(), m_url});
    QTRY_VERIFY_WITH_TIMEOUT(m_process->state() == QProcess::NotRunning || durableBytes() > 0, 20'000);
    if (m_process->state() == QProcess::NotRunning)
        QFAIL(finish(*m_process, 0).report().constData());
    QVERIFY(durableBytes() < fileSize);
}

void TestInterrupt::checkResumedFile(qint64 durable)
{
    QCOMPARE(entriesOf(folder()), QStringList{u"big.bin"_s});
    QCOMPARE(sha256Of(folder() + u"/big.bin"_s), m_sha256);
    const QJsonObject job = m_cli->jobs().value(0);
    QCOMPARE(job.value(u"state"_s).toString(), u"INDEXED"_s);
    QCOMPARE(job.value(u"sha256"_s).toString(), m_sha256);
    QVERIFY(job.value(u"lease_owner"_s).isNull());

    QTRY_VERIFY(m_server.requests().size() >= m_requestsBefore + 2);
    const LoggedRequest last = m_server.requests().constLast();
    QCOMPARE(last.status, 206);
    QVERIFY2(last.range.startsWith(u"bytes="_s) && last.range.endsWith(u'-'), qPrintable(last.range));
    const qint64 start = last.range.mid(6).chopped(1).toLongLong();
    QVERIFY2(start >= durable, qPrintable(u"%1 < %2"_s.arg(start).arg(durable)));
    QCOMPARE(last.bodyBytes, fileSize - start);
}

void TestInterrupt::signalsPauseTheJobsAndSayHowToGoOn_data()
{
    QTest::addColumn<int>("signalNumber");
    QTest::newRow("Ctrl-C") << SIGINT;
    QTest::newRow("a polite end") << SIGTERM;
    QTest::newRow("a terminal that is closed") << SIGHUP;
}

void TestInterrupt::signalsPauseTheJobsAndSayHowToGoOn()
{
    QFETCH(const int, signalNumber);
    startGet();
    if (QTest::currentTestFailed())
        return;
    sendSignal(*m_process, signalNumber);
    const CommandResult result = finish(*m_process, 10'000);
    QVERIFY2(result.exitCode == 130, result.report().constData());
    QVERIFY2(result.elapsedMs < 2'000, result.report().constData());

    const QJsonObject job = m_cli->jobs().value(0);
    QCOMPARE(job.value(u"hold"_s).toString(), u"PAUSED"_s);
    QVERIFY(job.value(u"lease_owner"_s).isNull());
    QVERIFY(job.value(u"lease_until"_s).isNull());
    QCOMPARE(job.value(u"attempts"_s).toInt(), 0);
    QCOMPARE(parts().size(), 1);
    QCOMPARE(entriesOf(folder()), QStringList{u".ingather"_s});
    const qint64 durable = durableBytes();
    QVERIFY(durable > 0 && durable <= QFileInfo(folder() + u"/.ingather/"_s + parts().value(0)).size());
    QVERIFY2((result.out + result.err).contains("resume"), result.report().constData());

    // Held counts as ended for `get`: nothing moves until the wish is lifted.
    const CommandResult held = m_cli->json({u"get"_s, u"-d"_s, folder(), m_url});
    QVERIFY2(held.exitCode == 1, held.report().constData());
    QCOMPARE(entriesOf(folder()), QStringList{u".ingather"_s});

    const CommandResult resumed = m_cli->run({u"resume"_s, u"--all"_s});
    QVERIFY2(resumed.exitCode == 0, resumed.report().constData());
    const CommandResult finished = m_cli->json({u"get"_s, u"-d"_s, folder(), m_url});
    QVERIFY2(finished.exitCode == 0, finished.report().constData());
    checkResumedFile(durable);
}

void TestInterrupt::aKilledGetGoesOnWhereItWas()
{
    startGet();
    if (QTest::currentTestFailed())
        return;
    sendSignal(*m_process, SIGKILL);
    QVERIFY(m_process->waitForFinished());
    const qint64 durable = durableBytes();
    QVERIFY(durable > 0);
    QCOMPARE(entriesOf(folder()), QStringList{u".ingather"_s});

    const CommandResult finished = m_cli->json({u"get"_s, u"-d"_s, folder(), m_url});
    QVERIFY2(finished.exitCode == 0, finished.report().constData());
    checkResumedFile(durable);
}

void TestInterrupt::aKilledWorkerIsReplacedAtOnce()
{
    startGet();
    if (QTest::currentTestFailed())
        return;
    sendSignal(*m_process, SIGKILL);
    QVERIFY(m_process->waitForFinished());
    const qint64 durable = durableBytes();

    // The lease of the dead has 30 s to go. Its owner is gone on this very machine, so nobody waits for it.
    QElapsedTimer timer;
    timer.start();
    const CommandResult ran = m_cli->json({u"run"_s, u"--until-idle"_s});
    QVERIFY2(ran.exitCode == 0, ran.report().constData());
    QVERIFY2(timer.elapsed() < 15'000, ran.report().constData());
    checkResumedFile(durable);
}

QTEST_GUILESS_MAIN(TestInterrupt)
#include "tst_interrupt.moc"
