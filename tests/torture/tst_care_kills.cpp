// SPDX-License-Identifier: MIT
#include "e2e/cli.h"
#include "support/other_program.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

#include <csignal>
#include <memory>

using namespace ingather;
using namespace Qt::StringLiterals;

namespace
{

/// What may not change, whatever is killed: the columns of v1 and the tables of others.
QStringList content(const QString &ledger)
{
    const support::OtherProgram database(ledger);
    QStringList rows = database.rows(u"PRAGMA integrity_check"_s);
    rows += database.rows(u"SELECT job_id, work_id, artifact_id, canonical_url, idempotency_key, created_at "
                          "FROM artifact_jobs ORDER BY job_id"_s);
    rows += database.rows(u"SELECT op_key, job_id, op_type, started_at, result_json FROM artifact_ops "
                          "ORDER BY op_key"_s);
    if (!database.rows(u"SELECT 1 FROM sqlite_schema WHERE name = 'manifest'"_s).isEmpty())
        rows += database.rows(u"SELECT * FROM manifest ORDER BY 1"_s);
    return rows;
}

/// Runs statements that have to succeed.
void change(const QString &ledger, const QString &sql)
{
    if (support::OtherProgram(ledger).run(sql) != SQLITE_OK)
        qFatal("cannot run %ls", qUtf16Printable(sql));
}

int killsOfEach()
{
    return qgetenv("INGATHER_TORTURE") == "long" ? 100 : 10;
}

void copyFolder(const QString &from, const QString &to)
{
    QDir(to).removeRecursively();
    if (!QDir().mkpath(to))
        qFatal("cannot make %ls", qUtf16Printable(to));
    const QFileInfoList entries =
        QDir(from).entryInfoList(QDir::Files | QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot);
    for (const QFileInfo &entry : entries) {
        const QString target = to + u'/' + entry.fileName();
        if (entry.isDir())
            copyFolder(entry.filePath(), target);
        else if (!QFile::copy(entry.filePath(), target))
            qFatal("cannot copy %ls", qUtf16Printable(entry.filePath()));
    }
}

} // namespace

/// Kills ingather-cli at random moments while it migrates, repairs, backs up and restores. What is there
/// afterwards is the old ledger or the new one, whole; the same command then comes to its end.
class TestCareKills : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aKilledCommandLeavesTheOldOrTheNew_data();
    void aKilledCommandLeavesTheOldOrTheNew();

private:
    QTemporaryDir m_dir;
    quint32 m_seed = 0;
};

void TestCareKills::initTestCase()
{
    m_seed = QRandomGenerator::global()->generate();
    if (const QByteArray wanted = qgetenv("INGATHER_SEED"); !wanted.isEmpty())
        m_seed = wanted.toUInt();
    qInfo("seed %u (INGATHER_SEED repeats it)", m_seed);

    // The worn ledger that is repaired, backed up and restored.
    const QString home = m_dir.filePath(u"worn"_s);
    QVERIFY(QDir().mkdir(home));
    const e2e::Cli cli(home);
    QFile list(home + u"/list.txt"_s);
    QVERIFY(list.open(QIODevice::WriteOnly));
    for (int i = 0; i < 1500; ++i)
        list.write("https://example.org/" + QByteArray::number(i) + ".pdf\n");
    list.close();
    QCOMPARE(cli.run({u"import"_s, list.fileName(), u"-d"_s, home}).exitCode, 0);
    change(cli.ledger(), u"CREATE TABLE manifest(id INTEGER PRIMARY KEY, note TEXT); "
                         "INSERT INTO manifest(note) SELECT canonical_url FROM artifact_jobs; "
                         "INSERT INTO artifact_ops(op_key, job_id, op_type, started_at, result_json) "
                         "SELECT idempotency_key, job_id, 'HEAD', 1.5, '{}' FROM artifact_jobs; "
                         "PRAGMA wal_checkpoint(TRUNCATE)"_s);
}

void TestCareKills::aKilledCommandLeavesTheOldOrTheNew_data()
{
    QTest::addColumn<QString>("command");
    QTest::newRow("migrating a ledger of the reference") << u"migrate"_s;
    QTest::newRow("mending a ledger without an index") << u"mend"_s;
    QTest::newRow("salvaging a ledger without its first page") << u"salvage"_s;
    QTest::newRow("backing up") << u"backup"_s;
    QTest::newRow("restoring a backup") << u"restore"_s;
}

void TestCareKills::aKilledCommandLeavesTheOldOrTheNew()
{
    QFETCH(QString, command);
    QRandomGenerator random(m_seed + static_cast<quint32>(qHash(command, 1)));

    // The case as it is before each kill.
    const QString start = m_dir.filePath(command);
    QStringList arguments{command};
    if (command == u"migrate") {
        QVERIFY(QDir().mkdir(start));
        const QString ledger = e2e::Cli(start).ledger();
        QVERIFY(QDir().mkpath(QFileInfo(ledger).absolutePath()));
        QVERIFY(QFile::copy(QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3"), ledger));
        QFile::setPermissions(ledger, QFile::ReadOwner | QFile::WriteOwner);
    } else {
        copyFolder(m_dir.filePath(u"worn"_s), start);
    }
    const QString startLedger = e2e::Cli(start).ledger();
    const QStringList before = content(startLedger);
    QStringList restored;
    if (command == u"mend" || command == u"salvage")
        arguments = {u"repair"_s};
    if (command == u"backup")
        arguments << u"copy.sqlite3"_s;
    if (command == u"restore") {
        arguments << start + u"/older.sqlite3"_s;
        QCOMPARE(e2e::Cli(start).run({u"backup"_s, arguments.last()}).exitCode, 0);
        restored = before;
        change(startLedger,
               u"DELETE FROM artifact_ops WHERE rowid % 2; DELETE FROM manifest WHERE id % 3 = 0"_s);
    }
    const QStringList present = content(startLedger);
    if (command == u"mend")
        change(startLedger, u"DROP INDEX ingather_ready; DROP INDEX ingather_names"_s);
    change(startLedger, u"PRAGMA wal_checkpoint(TRUNCATE)"_s);
    if (command == u"salvage") {
        QFile file(startLedger);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QCOMPARE(file.write(QByteArray(4096, '\0')), qint64(4096));
    }

    // How long the whole takes.
    QElapsedTimer timer;
    {
        const QString home = m_dir.filePath(u"whole"_s);
        copyFolder(start, home);
        const e2e::Cli cli(home);
        QStringList run = arguments;
        if (command == u"backup")
            run[1] = home + u"/copy.sqlite3"_s;
        timer.start();
        const e2e::CommandResult result = cli.run(run);
        QVERIFY2(result.exitCode == 0, result.report().constData());
    }
    const qint64 whole = timer.elapsed();

    int killed = 0;
    for (int i = 0; i < killsOfEach(); ++i) {
        const QString home = m_dir.filePath(u"case"_s);
        copyFolder(start, home);
        const e2e::Cli cli(home);
        QStringList run = arguments;
        if (command == u"backup")
            run[1] = home + u"/copy.sqlite3"_s;
        const auto moment = static_cast<int>(random.bounded(static_cast<quint32>(whole) + 1));
        const auto because = [&](const e2e::CommandResult &result) {
            return QByteArray("killed after ") + QByteArray::number(moment) + " of " +
                   QByteArray::number(whole) + " ms: " + result.report();
        };
        const std::unique_ptr<QProcess> process = cli.start(run);
        if (!process->waitForFinished(moment)) {
            e2e::sendSignal(*process, SIGKILL);
            QVERIFY(process->waitForFinished());
            ++killed;
        }

        if (command == u"backup") {
            if (QFile::exists(run[1]))
                QCOMPARE(content(run[1]), before); // under its name it is whole
            QFile::remove(run[1]);
        }
        // Any start finishes what had been decided; then the command comes to its end.
        e2e::CommandResult again = cli.run(run);
        QVERIFY2(again.exitCode == 0, because(again).constData());
        const QStringList after = content(cli.ledger());
        const QStringList &expected = command == u"restore" ? restored : present;
        QVERIFY2(after == expected, because(again).constData());
        const e2e::CommandResult health = cli.json({u"health"_s, u"--deep"_s});
        // Ops that the reference left open are a warning, before and after.
        QVERIFY2(health.exitCode >= 0 && health.object().value(u"errors"_s).toArray().isEmpty(),
                 because(health).constData());
        QVERIFY2(!QFile::exists(cli.ledger() + u".repair/pending"_s), because(again).constData());
    }
    qInfo("%d of %d were killed before their end (%lld ms)", killed, killsOfEach(),
          static_cast<long long>(whole));
    QVERIFY(killed > 0);
}

QTEST_GUILESS_MAIN(TestCareKills)
#include "tst_care_kills.moc"
