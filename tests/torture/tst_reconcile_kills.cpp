// SPDX-License-Identifier: MIT
#include "e2e/cli.h"
#include "support/fake_http_server.h"

#include <QDir>
#include <QFile>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using namespace ingather;
using namespace Qt::StringLiterals;
using support::FakeHttpServer;

namespace
{

constexpr qint64 size = 10'000;

const QStringList points{u"care.before_commit"_s, u"care.after_commit"_s, u"removal.before"_s,
                         u"removal.after"_s,      u"discard.before"_s,    u"discard.after"_s};

bool write(const QString &path)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write("left behind") > 0;
}

} // namespace

/// Kills what is written and deleted without a lease: the deletion of a filed document on wish, and a
/// reconciliation. Afterwards a plain `reconcile` must bring ledger and disk together.
class TestReconcileKills : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void deletionOnWish_data() { passages(); }
    void deletionOnWish();
    void reconciliation_data() { passages(); }
    void reconciliation();
    void filingLeftOpen_data() { passages(); }
    void filingLeftOpen();
    void everyPointWasReached();

private:
    void passages() const;
    /// True if the run was killed there.
    bool killed(const QStringList &command);
    void bringTogether();

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<FakeHttpServer> m_server;
    std::unique_ptr<e2e::Cli> m_cli;
    QString m_file;
    QString m_job;
    QSet<QString> m_reached;
};

/// A job that is done, with its file.
void TestReconcileKills::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<FakeHttpServer>();
    for (const QString &path : {u"/data.bin"_s, u"/other.bin"_s}) {
        m_server->handle(path, [](const support::RecordedRequest &) {
            support::Script script;
            script.head(200, {{"Content-Length", QByteArray::number(size)}});
            return script.sendPattern(0, size);
        });
    }
    m_cli = std::make_unique<e2e::Cli>(m_home->path());
    const QString folder = m_home->filePath(u"files"_s);
    QVERIFY(QDir().mkdir(folder));
    m_file = folder + u"/data.bin"_s;
    const e2e::CommandResult got =
        m_cli->run({u"get"_s, u"-d"_s, folder, m_server->url(u"/data.bin"_s).toString()});
    QVERIFY2(got.exitCode == 0, got.report().constData());
    m_job = m_cli->jobs().first().value(u"job_id"_s).toString();
}

void TestReconcileKills::passages() const
{
    QTest::addColumn<QString>("point");
    QTest::addColumn<int>("passage");
    for (const QString &point : points) {
        for (int passage = 1; passage <= 2; ++passage)
            QTest::addRow("%s, passage %d", qPrintable(point), passage) << point << passage;
    }
}

bool TestReconcileKills::killed(const QStringList &command)
{
    QFETCH(QString, point);
    QFETCH(int, passage);
    m_cli->setVariable(u"INGATHER_CRASH_AT"_s, point + u':' + QString::number(passage));
    const e2e::CommandResult result = m_cli->run(command);
    m_cli->setVariable(u"INGATHER_CRASH_AT"_s, {});
    if (result.exitCode == -1)
        m_reached.insert(point);
    else
        [&] { QVERIFY2(result.exitCode == 0, result.report().constData()); }();
    return result.exitCode == -1;
}

void TestReconcileKills::bringTogether()
{
    const e2e::CommandResult result = m_cli->run({u"reconcile"_s});
    QVERIFY2(result.exitCode == 0, result.report().constData());
    for (const QJsonObject &op : m_cli->ops(m_job))
        QVERIFY2(op.value(u"phase"_s).toString() != u"INTENT", qPrintable(op.value(u"op_type"_s).toString()));
    const e2e::CommandResult health = m_cli->run({u"health"_s, u"--deep"_s});
    QVERIFY2(health.exitCode == 0, health.report().constData());
}

void TestReconcileKills::deletionOnWish()
{
    const bool wasKilled = killed({u"remove"_s, m_job, u"--delete-files"_s});
    bringTogether();
    const bool isThere = QFile::exists(m_file);
    QVERIFY(wasKilled || !isThere);
    bool isRecorded = false;
    for (const QJsonObject &op : m_cli->ops(m_job))
        isRecorded =
            isRecorded || (op.value(u"op_type"_s) == u"REMOVE"_s && op.value(u"phase"_s) == u"DONE"_s);
    QCOMPARE(isRecorded, !isThere);
    // Called off or done, it can be wished again.
    const e2e::CommandResult again = m_cli->run({u"remove"_s, m_job, u"--delete-files"_s});
    QVERIFY2(again.exitCode == 0, again.report().constData());
    QVERIFY(!QFile::exists(m_file));
}

void TestReconcileKills::reconciliation()
{
    const QString part = QFileInfo(m_file).path() + u"/.ingather/"_s + m_job + u".5-1.part"_s;
    QVERIFY(write(part));
    killed({u"reconcile"_s});
    bringTogether();
    QVERIFY(!QFile::exists(part));
    QVERIFY(QFile::exists(m_file));
}

/// A `get` that ended between the rename and its record, then a reconciliation that is killed in turn.
void TestReconcileKills::filingLeftOpen()
{
    const QString folder = QFileInfo(m_file).path();
    m_cli->setVariable(u"INGATHER_CRASH_AT"_s, u"filing.after_rename"_s);
    const e2e::CommandResult died = m_cli->run(
        {u"get"_s, u"-d"_s, folder, u"-o"_s, u"other.bin"_s, m_server->url(u"/other.bin"_s).toString()});
    QCOMPARE(died.exitCode, -1);
    QVERIFY(QFile::exists(folder + u"/other.bin"_s));
    killed({u"reconcile"_s});
    bringTogether();
    for (const QJsonObject &job : m_cli->jobs())
        QCOMPARE(job.value(u"state"_s).toString(), u"INDEXED"_s);
    QVERIFY(!QFile::exists(folder + u"/.ingather"_s));
    QCOMPARE(m_server->requests(u"/other.bin"_s).size(), 1);
}

void TestReconcileKills::everyPointWasReached()
{
    QStringList missed;
    for (const QString &point : points) {
        if (!m_reached.contains(point))
            missed.append(point);
    }
    QVERIFY2(missed.isEmpty(), qPrintable(missed.join(u", "_s)));
}

QTEST_GUILESS_MAIN(TestReconcileKills)
#include "tst_reconcile_kills.moc"
