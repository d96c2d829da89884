// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/backups/backup_file.h"
#include "ledger/backups/restore_comparison.h"

#include <QDir>
#include <QFileInfo>

#include <functional>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;
using core::RestoreReport;

namespace
{

const QString referencePath = QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3");

QList<JobRequest> requests(int first, int last)
{
    QList<JobRequest> list;
    for (int n = first; n <= last; ++n)
        list.append(request(n));
    return list;
}

void runAsOther(const QString &path, const QString &sql)
{
    if (OtherProgram(path).run(sql) != SQLITE_OK)
        qFatal("not executed: %ls", qUtf16Printable(sql));
}

int rootPage(const QString &path, const QString &name)
{
    return OtherProgram(path)
        .value(u"SELECT rootpage FROM sqlite_schema WHERE name = '%1'"_s.arg(name))
        .toInt();
}

void overwritePage(const QString &path, int page)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadWrite) || !file.seek((page - 1) * qint64{4096}) ||
        file.write(QByteArray(4096, '\x5a')) != 4096)
        qFatal("cannot damage %ls", qUtf16Printable(path));
}

/// The counts, in the order of the report.
QList<qint64> counts(const RestoreReport &report)
{
    return {report.jobsInBackup, report.jobsBefore, report.jobsOnlyBefore, report.jobsNewerBefore};
}

using Change = std::function<void(const QString &path)>;

} // namespace

Q_DECLARE_METATYPE(Change)

class TestRestoreComparison : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatWouldBeLost_data();
    void tellsWhatWouldBeLost();
    void aDamagedLedgerIsReadAsFarAsItGoes();
    void leavesBothAsTheyAre();
    void refusesABackupThatIsOfNoUse_data();
    void refusesABackupThatIsOfNoUse();
    void aStopEndsIt();
};

/// Ten jobs are backed up; then something happens to the ledger.
void TestRestoreComparison::tellsWhatWouldBeLost_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QList<qint64>>("expected"); ///< in backup, before, only before, newer before
    QTest::newRow("nothing has happened since")
        << Change([](const QString &) {}) << QList<qint64>{10, 10, 0, 0};
    QTest::newRow("three jobs changed") << Change([](const QString &path) {
        runAsOther(path, u"UPDATE artifact_jobs SET updated_at = updated_at + 1 WHERE rowid <= 3"_s);
    }) << QList<qint64>{10, 10, 0, 3};
    QTest::newRow("jobs that are older here than there lose nothing") << Change([](const QString &path) {
        runAsOther(path, u"UPDATE artifact_jobs SET updated_at = updated_at - 1 WHERE rowid <= 3"_s);
    }) << QList<qint64>{10, 10, 0, 0};
    QTest::newRow("four jobs were forgotten") << Change([](const QString &path) {
        runAsOther(path, u"DELETE FROM artifact_jobs WHERE rowid <= 4"_s);
    }) << QList<qint64>{10, 6, 0, 0};
    QTest::newRow("two are of other programs, and new") << Change([](const QString &path) {
        for (const QString &id : {u"x"_s, u"yé"_s}) {
            runAsOther(path,
                       u"INSERT INTO artifact_jobs(job_id, work_id, artifact_id, canonical_url, created_at, "
                       u"updated_at, idempotency_key) VALUES ('%1', 'w', '%1', 'u', 1, 1, '%1')"_s.arg(id));
        }
    }) << QList<qint64>{10, 12, 2, 0};
    QTest::newRow("the ledger is gone") << Change([](const QString &path) {
        QFile::remove(path);
        QFile::remove(path + u"-wal"_s);
        QFile::remove(path + u"-shm"_s);
    }) << QList<qint64>{10, 0, 0, 0};
    QTest::newRow("the ledger is empty") << Change([](const QString &path) {
        QFile::remove(path + u"-wal"_s);
        QFile::resize(path, 0);
    }) << QList<qint64>{10, 0, 0, 0};
    QTest::newRow("the ledger is a text") << Change([](const QString &path) {
        QFile::remove(path + u"-wal"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("once upon a time");
    }) << QList<qint64>{10, 0, 0, 0};
    QTest::newRow("the table of jobs is gone")
        << Change([](const QString &path) { runAsOther(path, u"DROP TABLE artifact_jobs"_s); })
        << QList<qint64>{10, 0, 0, 0};
}

void TestRestoreComparison::tellsWhatWouldBeLost()
{
    QFETCH(Change, change);
    QFETCH(QList<qint64>, expected);
    Scratch scratch;
    planned(*scratch.open(), requests(1, 10));
    const QString backup = scratch.dir.filePath(u"b.sqlite3"_s);
    VERIFY_OK(backupToFile(scratch.path(), backup, {}));
    change(scratch.path());
    const auto report = compareWithBackup(scratch.path(), backup, {});
    VERIFY_OK(report);
    QCOMPARE(counts(*report), expected);
    QCOMPARE(report->setAside, QString());
    QCOMPARE(report->epoch, 0);
}

void TestRestoreComparison::aDamagedLedgerIsReadAsFarAsItGoes()
{
    Scratch scratch;
    planned(*scratch.open(), requests(1, 100));
    const QString backup = scratch.dir.filePath(u"b.sqlite3"_s);
    VERIFY_OK(backupToFile(scratch.path(), backup, {}));
    planned(*scratch.open(), requests(101, 600));
    runAsOther(scratch.path(), u"PRAGMA wal_checkpoint(TRUNCATE)"_s);
    // The index of the keys: whoever looks up there gets nowhere.
    overwritePage(scratch.path(), rootPage(scratch.path(), u"sqlite_autoindex_artifact_jobs_1"_s));
    const auto whole = compareWithBackup(scratch.path(), backup, {});
    VERIFY_OK(whole);
    QCOMPARE(counts(*whole), QList<qint64>({100, 600, 500, 0}));

    // The table itself.
    overwritePage(scratch.path(), rootPage(scratch.path(), u"artifact_jobs"_s));
    const auto nothing = compareWithBackup(scratch.path(), backup, {});
    VERIFY_OK(nothing);
    QCOMPARE(counts(*nothing), QList<qint64>({100, 0, 0, 0}));
}

void TestRestoreComparison::leavesBothAsTheyAre()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, requests(1, 3));
    QVERIFY(QDir(scratch.dir.path()).mkdir(u"copies"_s));
    const QString backup = scratch.dir.filePath(u"copies/b.sqlite3"_s);
    VERIFY_OK(backupToFile(scratch.path(), backup, {}));
    const QByteArray ledgerBefore = contentOf(scratch.path()) + contentOf(scratch.path() + u"-wal"_s);
    const QByteArray backupBefore = contentOf(backup);
    VERIFY_OK(compareWithBackup(scratch.path(), backup, {}));
    QVERIFY(contentOf(scratch.path()) + contentOf(scratch.path() + u"-wal"_s) == ledgerBefore);
    QVERIFY(contentOf(backup) == backupBefore);
    QCOMPARE(QDir(scratch.dir.filePath(u"copies"_s)).entryList(QDir::Files | QDir::Hidden),
             QStringList(u"b.sqlite3"_s));
    planned(*session, requests(4, 4)); // and nobody is shut out afterwards
}

void TestRestoreComparison::refusesABackupThatIsOfNoUse_data()
{
    QTest::addColumn<Change>("spoil");
    QTest::addColumn<QString>("why");
    QTest::newRow("of version 1") << Change([](const QString &path) {
        QFile::remove(path);
        QVERIFY(QFile::copy(referencePath, path));
    }) << u"schema version 1"_s;
    QTest::newRow("of a version with a breaking step") << Change([](const QString &path) {
        runAsOther(path, u"INSERT INTO __schema_version__ VALUES (3, 1)"_s);
        runAsOther(path, u"INSERT INTO ingather_migrations VALUES (3, '003', 'x', 1, '9', 1, NULL)"_s);
    }) << u"schema version 3"_s;
    QTest::newRow("a database of others") << Change([](const QString &path) {
        QFile::remove(path);
        runAsOther(path, u"CREATE TABLE t(x)"_s);
    }) << u"no ledger"_s;
    QTest::newRow("a text") << Change([](const QString &path) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("once upon a time there was a text that was longer than a header of one hundred bytes, "
                   "much longer");
    }) << u"not a database"_s;
    QTest::newRow("an index that lacks a row") << Change([](const QString &path) {
        // quick_check passes it.
        const QString at = u"WHERE name = 'idx_artifact_jobs_state'"_s;
        OtherProgram program(path);
        QCOMPARE(
            program.run(
                u"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = sql || ' WHERE rowid > 1' "_s +
                at),
            SQLITE_OK);
        QCOMPARE(program.run(
                     u"PRAGMA writable_schema = RESET; REINDEX idx_artifact_jobs_state; "
                     "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, ' WHERE rowid "
                     "> 1', '') "_s +
                     at),
                 SQLITE_OK);
        QCOMPARE(OtherProgram(path).value(u"PRAGMA quick_check"_s), u"ok"_s);
    }) << u"missing from index"_s;
    QTest::newRow("a damaged page") << Change([](const QString &path) {
        overwritePage(path, rootPage(path, u"artifact_ops"_s));
    }) << u"Page"_s;
}

void TestRestoreComparison::refusesABackupThatIsOfNoUse()
{
    QFETCH(Change, spoil);
    QFETCH(QString, why);
    Scratch scratch;
    planned(*scratch.open(), requests(1, 3));
    const QString backup = scratch.dir.filePath(u"b.sqlite3"_s);
    VERIFY_OK(backupToFile(scratch.path(), backup, {}));
    spoil(backup);
    const auto report = compareWithBackup(scratch.path(), backup, {});
    COMPARE_ERROR(report, ErrorCode::BackupUnusable);
    QVERIFY2(report.error().detail.contains(why), qPrintable(report.error().detail));
}

void TestRestoreComparison::aStopEndsIt()
{
    Scratch scratch;
    planned(*scratch.open(), requests(1, 3));
    const QString backup = scratch.dir.filePath(u"b.sqlite3"_s);
    VERIFY_OK(backupToFile(scratch.path(), backup, {}));
    std::stop_source stop;
    stop.request_stop();
    COMPARE_ERROR(compareWithBackup(scratch.path(), backup, {.stop = stop.get_token()}),
                  ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestRestoreComparison)
#include "tst_restore_comparison.moc"
