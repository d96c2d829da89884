// SPDX-License-Identifier: MIT
#include "check_fixture.h"

#include "ledger/row_sum.h"
#include "ledger/validation/row_checks.h"
#include "ledger/validation/row_rules.h"

#include <QSet>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;
using core::FindingId;
using core::Severity;

namespace
{

Result<QList<core::Finding>> rowsOf(const QString &path)
{
    return lookedAt(path, [](sqlite3 *connection) { return checkRows(connection, {}); });
}

Result<QList<core::Finding>> storesOf(const QString &path)
{
    return lookedAt(path, [](sqlite3 *connection) { return checkVersionStores(connection); });
}

/// Statements of a program that holds itself to no rule.
void spoil(const Scratch &scratch, const QString &sql)
{
    const OtherProgram others(scratch.path());
    QCOMPARE(others.run(u"PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; "_s + sql),
             SQLITE_OK);
}

/// For columns that the schema would not let be spoiled.
QString behindTheSchema(const QString &object, const QString &what, const QString &with, const QString &sql)
{
    const auto edit = [&object](const QString &a, const QString &b) {
        return u"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '%2', '%3') "
               "WHERE name = '%1'; PRAGMA writable_schema = RESET; "_s.arg(object, a, b);
    };
    return edit(what, with) + sql + u"; "_s + edit(with, what);
}

QString without(const QString &index, const QString &sql)
{
    return u"DROP INDEX %1; "_s.arg(index) + sql;
}

/// The same rows in a table that holds them to nothing.
QString withoutKeys(const QString &table)
{
    return u"CREATE TABLE x AS SELECT * FROM %1; DROP TABLE %1; ALTER TABLE x RENAME TO %1; "_s.arg(table);
}

const core::Finding *find(const QList<core::Finding> &findings, FindingId id)
{
    for (const core::Finding &finding : findings) {
        if (finding.id == id)
            return &finding;
    }
    return nullptr;
}

} // namespace

class TestRowChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsNothingIn_data();
    void findsNothingIn();
    void finds_data();
    void finds();
    void findsAFlippedBitInEverySignedColumn_data();
    void findsAFlippedBitInEverySignedColumn();
    void givesExamplesUpToTen();
    void namesRowsWithoutAnIdByTheirRowid();
    void countsUnsignedRowsAsInformation();
    void jobsThatAClaimWouldTakeAreNotStuck();
    void programsOfV1MakeNoErrors_data();
    void programsOfV1MakeNoErrors();
    void looksAtFilesOfV1_data();
    void looksAtFilesOfV1();
    void leavesMissingTablesToTheSchema_data();
    void leavesMissingTablesToTheSchema();
    void seesOneStateWhileOthersWrite();
    void stopsWhenTold_data();
    void stopsWhenTold();
    void rulesKnowTheirColumns();
    void comparesTheVersionStores_data();
    void comparesTheVersionStores();
};

void TestRowChecks::findsNothingIn_data()
{
    QTest::addColumn<QString>("what");
    QTest::newRow("a new ledger") << u"new"_s;
    QTest::newRow("a ledger with jobs of every kind") << u"filled"_s;
    QTest::newRow("a ledger of the reference") << u"reference"_s;
    QTest::newRow("a ledger of the reference, migrated") << u"migrated"_s;
    QTest::newRow("an empty file") << u"empty"_s;
}

void TestRowChecks::findsNothingIn()
{
    QFETCH(QString, what);
    Scratch scratch;
    if (what == u"reference" || what == u"migrated")
        copyReference(scratch);
    if (what == u"new" || what == u"migrated")
        scratch.open();
    if (what == u"filled")
        fill(scratch);
    if (what == u"empty")
        OtherProgram(scratch.path()).run(u"VACUUM"_s);
    const auto rows = rowsOf(scratch.path());
    VERIFY_OK(rows);
    QCOMPARE(linesOf(*rows), QStringList());
    const auto stores = storesOf(scratch.path());
    VERIFY_OK(stores);
    QCOMPARE(linesOf(*stores), QStringList());
}

void TestRowChecks::finds_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QStringList>("findings");
    const auto row = [](const char *name, const QString &sql, const QStringList &findings) {
        QTest::newRow(name) << sql << findings;
    };
    const QString doneAt = u"rows.state artifact_jobs.done_at error 1"_s;
    const QString counts = u"rows.counts ingather_counts warning 2"_s;

    // The rules of a job's state.
    row("a state that is none", u"UPDATE artifact_jobs SET state = 'LOST' WHERE state = 'PLANNED'"_s,
        {u"rows.state artifact_jobs.state error 1"_s});
    row("done without done_at", u"UPDATE artifact_jobs SET done_at = NULL WHERE state = 'INDEXED'"_s,
        {doneAt});
    row("FINALIZED without path, hash and done_at",
        u"DROP TRIGGER ingather_done_by_update; UPDATE artifact_jobs SET state = 'FINALIZED' WHERE state = "
        "'PLANNED'"_s,
        {doneAt});
    row("PLANNED and done", u"UPDATE artifact_jobs SET done_at = 1 WHERE state = 'PLANNED'"_s,
        {doneAt, u"jobs.stuck artifact_jobs.done_at warning 1"_s});
    row("STREAMING and done",
        u"UPDATE artifact_jobs SET done_at = 1, lease_owner = NULL, lease_until = NULL WHERE state = 'STREAMING'"_s,
        {doneAt, u"jobs.stuck artifact_jobs.done_at warning 1"_s});
    row("an owner without a time", u"UPDATE artifact_jobs SET lease_until = NULL WHERE state = 'STREAMING'"_s,
        {u"rows.state artifact_jobs.lease_until warning 1"_s});
    row("a time without an owner", u"UPDATE artifact_jobs SET lease_owner = NULL WHERE state = 'STREAMING'"_s,
        {u"rows.state artifact_jobs.lease_until warning 1"_s});
    row("PLANNED with a lease",
        u"UPDATE artifact_jobs SET lease_owner = 'x', lease_until = 1 WHERE state = 'PLANNED'"_s,
        {u"rows.state artifact_jobs.lease_owner warning 1"_s});
    row("done with a lease",
        u"UPDATE artifact_jobs SET lease_owner = 'x', lease_until = 1 WHERE state = 'INDEXED'"_s,
        {u"rows.state artifact_jobs.lease_owner warning 1"_s});
    row("done without a hash",
        u"UPDATE artifact_jobs SET sha256 = NULL, row_sum = NULL WHERE state = 'INDEXED'"_s,
        {u"rows.state artifact_jobs.final_path error 1"_s});
    row("done without a path",
        u"UPDATE artifact_jobs SET final_path = NULL, row_sum = NULL WHERE state = 'INDEXED'"_s,
        {u"rows.state artifact_jobs.final_path error 1"_s});
    row("done without a root",
        u"UPDATE artifact_jobs SET root_id = NULL, row_sum = NULL WHERE state = 'INDEXED'"_s,
        {u"rows.state artifact_jobs.final_path error 1"_s});
    row("a wish that is none", u"UPDATE artifact_jobs SET hold = 'LATER' WHERE state = 'PLANNED'"_s,
        {u"rows.state artifact_jobs.hold error 1"_s});
    row("attempts below zero", u"UPDATE artifact_jobs SET attempts = -1 WHERE state = 'PLANNED'"_s,
        {u"rows.state artifact_jobs error 1"_s});
    row("a hash that is none",
        u"UPDATE artifact_jobs SET sha256 = upper(sha256), row_sum = NULL WHERE state = 'INDEXED'"_s,
        {u"rows.type artifact_jobs.sha256 error 1"_s});

    // Jobs that no rule will ever move.
    row("the next attempt is never",
        u"UPDATE artifact_jobs SET next_attempt_at = 9e12 WHERE state = 'PLANNED'"_s,
        {u"jobs.stuck artifact_jobs.next_attempt_at warning 1"_s});
    row("the next attempt lies before all time",
        u"UPDATE artifact_jobs SET next_attempt_at = -5 WHERE state = 'PLANNED'"_s,
        {u"jobs.stuck artifact_jobs.next_attempt_at warning 1"_s, u"rows.state artifact_jobs error 1"_s});
    row("the next attempt is no time",
        u"UPDATE artifact_jobs SET next_attempt_at = 'soon' WHERE state = 'PLANNED'"_s,
        {u"jobs.stuck artifact_jobs.next_attempt_at warning 1"_s,
         u"rows.type artifact_jobs.next_attempt_at error 1"_s});
    row("the lease ends at no time",
        u"UPDATE artifact_jobs SET lease_until = 'never' WHERE state = 'STREAMING'"_s,
        {u"jobs.stuck artifact_jobs.lease_until warning 1"_s,
         u"rows.type artifact_jobs.lease_until error 1"_s});

    // Types.
    row("a time that is text", u"UPDATE artifact_jobs SET updated_at = 'now' WHERE state = 'PLANNED'"_s,
        {u"rows.type artifact_jobs.updated_at error 1"_s});
    row("a fence that is text", u"UPDATE artifact_jobs SET fence = 'x' WHERE state = 'PLANNED'"_s,
        {u"rows.type artifact_jobs.fence error 1"_s});
    row("a number of attempts with a fraction",
        u"UPDATE artifact_jobs SET attempts = 1.5 WHERE state = 'PLANNED'"_s,
        {u"rows.type artifact_jobs.attempts error 1"_s});
    row("an id of bytes",
        u"UPDATE artifact_jobs SET job_id = x'00ff', row_sum = NULL WHERE state = 'PLANNED'"_s,
        {u"rows.type artifact_jobs.job_id error 1"_s});
    row("a job without an id, which a TEXT PRIMARY KEY permits",
        u"UPDATE artifact_jobs SET job_id = NULL, row_sum = NULL WHERE state = 'PLANNED'"_s,
        {u"rows.type artifact_jobs.job_id error 1"_s});
    row("an op without a key", u"UPDATE artifact_ops SET op_key = NULL WHERE op_type = 'HEAD'"_s,
        {u"rows.type artifact_ops.op_key error 1"_s});
    row("an op that started at no time", u"UPDATE artifact_ops SET started_at = 'x' WHERE op_type = 'HEAD'"_s,
        {u"rows.type artifact_ops.started_at error 1"_s});
    row("NULL where NOT NULL was asked for",
        behindTheSchema(u"artifact_jobs"_s, u"next_attempt_at REAL NOT NULL"_s,
                        u"next_attempt_at REAL NULL"_s,
                        u"UPDATE artifact_jobs SET next_attempt_at = NULL WHERE state = 'PLANNED'"_s),
        {u"rows.type artifact_jobs.next_attempt_at error 1"_s});

    // Keys.
    row("a key that is not the hash of its parts",
        u"UPDATE artifact_jobs SET idempotency_key = 'k', row_sum = NULL WHERE state = 'PLANNED'"_s,
        {u"rows.key.mismatch artifact_jobs.idempotency_key warning 1"_s});
    row("one path twice",
        without(u"ingather_names"_s,
                u"UPDATE artifact_jobs SET root_id = 1, final_path = 'paper 2.pdf', row_sum = "
                "NULL WHERE state = 'PLANNED'"_s),
        {u"rows.key.duplicate artifact_jobs.root_id, final_path error 1"_s});
    row("one id twice, where nothing forbids it any more",
        withoutKeys(u"artifact_jobs"_s) +
            u"UPDATE artifact_jobs SET job_id = (SELECT job_id FROM artifact_jobs WHERE state = 'INDEXED'), "
            "row_sum = NULL WHERE state = 'PLANNED'"_s,
        {u"rows.key.duplicate artifact_jobs.job_id error 1"_s});
    row("one key five times",
        withoutKeys(u"artifact_jobs"_s) + u"UPDATE artifact_jobs SET idempotency_key = (SELECT "
                                          u"idempotency_key FROM artifact_jobs WHERE state = "
                                          "'INDEXED'), row_sum = NULL"_s,
        {u"rows.key.duplicate artifact_jobs.idempotency_key error 4"_s,
         u"rows.key.mismatch artifact_jobs.idempotency_key warning 4"_s});
    row("one artifact twice, under two keys",
        withoutKeys(u"artifact_jobs"_s) +
            u"UPDATE artifact_jobs SET (work_id, artifact_id, canonical_url) = (SELECT work_id, artifact_id, "
            "canonical_url FROM artifact_jobs WHERE state = 'INDEXED'), row_sum = NULL WHERE state = 'PLANNED'"_s,
        {u"rows.key.duplicate artifact_jobs.work_id, artifact_id, canonical_url error 1"_s,
         u"rows.key.mismatch artifact_jobs.idempotency_key warning 1"_s});
    row("one op twice",
        withoutKeys(u"artifact_ops"_s) +
            u"INSERT INTO artifact_ops SELECT * FROM artifact_ops WHERE op_type = 'HEAD'"_s,
        {u"rows.key.duplicate artifact_ops.op_key error 1"_s});

    // Foreign keys.
    row("an op without its job", u"UPDATE artifact_ops SET job_id = 'nobody' WHERE op_type = 'HEAD'"_s,
        {u"rows.foreign_key artifact_ops error 1"_s});
    row("a part without its job", u"UPDATE ingather_parts SET job_id = 'nobody'"_s,
        {u"rows.foreign_key ingather_parts error 1"_s});
    row("an address without its job",
        u"INSERT INTO ingather_urls(job_id, rank, url) VALUES ('nobody', 1, 'u')"_s,
        {u"rows.foreign_key ingather_urls error 1"_s});
    row("jobs without their root", u"DELETE FROM ingather_roots"_s,
        {u"rows.foreign_key ingather_roots error 1"_s, u"rows.foreign_key ingather_roots error 1"_s,
         u"rows.foreign_key ingather_roots error 5"_s});

    row("a part that is shorter than nothing", u"UPDATE ingather_parts SET durable_length = -1"_s,
        {u"rows.state ingather_parts.durable_length error 1"_s});

    // Ops.
    row("a phase that is none", u"UPDATE artifact_ops SET phase = 'HALF' WHERE op_type = 'HEAD'"_s,
        {u"rows.state artifact_ops.phase error 1"_s});
    row("DONE without a result",
        u"UPDATE artifact_ops SET result_json = NULL, result_sum = NULL WHERE op_type = 'HEAD'"_s,
        {u"rows.state artifact_ops.result_json error 1"_s});
    row("DONE without an end", u"UPDATE artifact_ops SET finished_at = NULL WHERE op_type = 'HEAD'"_s,
        {u"rows.state artifact_ops.finished_at error 1"_s});
    row("open with an end", u"UPDATE artifact_ops SET finished_at = 1 WHERE phase = 'INTENT'"_s,
        {u"rows.state artifact_ops.finished_at error 1"_s});
    row("another result than was signed",
        u"UPDATE artifact_ops SET result_json = '{ }' WHERE op_type = 'HEAD'"_s,
        {u"rows.sum.wrong artifact_ops error 1"_s});
    row("a result that was signed is gone",
        u"UPDATE artifact_ops SET phase = NULL, result_json = NULL WHERE op_type = 'HEAD'"_s,
        {u"rows.sum.wrong artifact_ops error 1"_s});

    // What is kept beside the rows.
    row("a count that is wrong", u"UPDATE ingather_counts SET jobs = jobs + 1 WHERE state = 'INDEXED'"_s,
        {u"rows.counts ingather_counts warning 1"_s});
    row("a count that is missing", u"DELETE FROM ingather_counts WHERE state IN ('INDEXED','PLANNED')"_s,
        {counts});
    row("a count too many", u"INSERT INTO ingather_counts VALUES ('INDEXED', 'HELD', 3)"_s,
        {u"rows.counts ingather_counts warning 1"_s});
    row("a count of none is none", u"INSERT INTO ingather_counts VALUES ('DEDUPED', 'HELD', 0)"_s, {});
    row("no epoch", u"DELETE FROM ingather_meta WHERE key = 'epoch'"_s,
        {u"rows.meta ingather_meta.epoch error 0"_s});
    row("an epoch that is no number", u"UPDATE ingather_meta SET value = 'one' WHERE key = 'epoch'"_s,
        {u"rows.meta ingather_meta.epoch error 0"_s});
    row("a fence of an epoch to come", u"UPDATE artifact_jobs SET fence = 2 << 32 WHERE state = 'PLANNED'"_s,
        {u"rows.meta ingather_meta.epoch error 0"_s});
    row("an op of an epoch to come", u"UPDATE artifact_ops SET fence = 2 << 32 WHERE op_type = 'HEAD'"_s,
        {u"rows.meta ingather_meta.epoch error 0"_s});
    row("the last fence of this epoch",
        u"UPDATE artifact_jobs SET fence = (1 << 32) | 0xffffffff WHERE state = 'PLANNED'"_s, {});
    row("no install id", u"DELETE FROM ingather_meta WHERE key = 'install_id'"_s,
        {u"rows.meta ingather_meta.install_id error 0"_s});
}

void TestRowChecks::finds()
{
    QFETCH(QString, sql);
    QFETCH(QStringList, findings);
    Scratch scratch;
    fill(scratch);
    spoil(scratch, sql);
    const auto rows = rowsOf(scratch.path());
    VERIFY_OK(rows);
    findings.sort();
    QCOMPARE(linesOf(*rows), findings);
}

void TestRowChecks::findsAFlippedBitInEverySignedColumn_data()
{
    QTest::addColumn<QString>("column");
    for (const QByteArray &column : QByteArrayLiteral(INGATHER_SIGNED_COLUMNS).split(','))
        QTest::newRow(column.trimmed().constData()) << QString::fromLatin1(column.trimmed());
}

void TestRowChecks::findsAFlippedBitInEverySignedColumn()
{
    QFETCH(QString, column);
    Scratch scratch;
    fill(scratch);
    // A value of the same type, one bit away; what is NULL there becomes a value.
    const OtherProgram others(scratch.path());
    const QString value = u"CASE typeof(%1) WHEN 'text' THEN substr(%1, 1, length(%1) - 1) || 'b' "
                          "WHEN 'null' THEN 'b' ELSE %1 + 1 END"_s.arg(column);
    QCOMPARE(others.run(
                 u"PRAGMA foreign_keys = OFF; UPDATE artifact_jobs SET %1 = %2 WHERE state = 'INDEXED'"_s.arg(
                     column, value)),
             SQLITE_OK);
    const auto rows = rowsOf(scratch.path());
    VERIFY_OK(rows);
    const core::Finding *wrong = find(*rows, FindingId::RowSumWrong);
    QVERIFY(wrong);
    QCOMPARE(wrong->count, 1);
    QCOMPARE(wrong->place, u"artifact_jobs"_s);
}

void TestRowChecks::givesExamplesUpToTen()
{
    Scratch scratch;
    const auto session = scratch.open();
    for (int i = 0; i < 12; ++i)
        plannedId(*session, request(i));
    spoil(scratch, u"UPDATE artifact_jobs SET hold = 'LATER'"_s);
    const auto rows = rowsOf(scratch.path());
    VERIFY_OK(rows);
    QCOMPARE(rows->size(), 1);
    QCOMPARE(rows->first().count, 12);
    QCOMPARE(rows->first().examples.size(), 10);
    const QStringList ids = OtherProgram(scratch.path()).rows(u"SELECT job_id FROM artifact_jobs"_s);
    for (const QString &example : rows->first().examples)
        QVERIFY(ids.contains(example));
}

void TestRowChecks::namesRowsWithoutAnIdByTheirRowid()
{
    Scratch scratch;
    fill(scratch);
    spoil(scratch, u"UPDATE artifact_jobs SET job_id = NULL, row_sum = NULL WHERE rowid = 1"_s);
    const auto rows = rowsOf(scratch.path());
    VERIFY_OK(rows);
    QCOMPARE(find(*rows, FindingId::ValueMistyped)->examples, QStringList(u"rowid 1"_s));
}

void TestRowChecks::countsUnsignedRowsAsInformation()
{
    Scratch scratch;
    copyReference(scratch);
    scratch.open();
    const auto rows = rowsOf(scratch.path());
    VERIFY_OK(rows);
    QCOMPARE(linesOf(*rows, Severity::Info), QStringList(u"rows.sum.none artifact_jobs info 300"_s));
}

void TestRowChecks::jobsThatAClaimWouldTakeAreNotStuck()
{
    Scratch scratch;
    fill(scratch);
    spoil(scratch, u"UPDATE artifact_jobs SET lease_owner = NULL, lease_until = NULL, next_attempt_at = 0, "
                   "done_at = NULL"_s);
    const auto rows = rowsOf(scratch.path());
    VERIFY_OK(rows);
    QVERIFY(!find(*rows, FindingId::JobsStuck));
    const auto session = scratch.open();
    ClaimRequest all;
    all.limit = 100;
    QCOMPARE(claimed(*session, all)->size(), 4); // all but the one that is INDEXED
}

void TestRowChecks::programsOfV1MakeNoErrors_data()
{
    QTest::addColumn<int>("number"); // of the job in fill() that it takes up
    QTest::addColumn<QStringList>("states");
    QTest::addColumn<bool>("releases");
    const QStringList way{u"HEAD_DONE"_s, u"RESUME_OK"_s, u"STREAMING"_s, u"FINALIZED"_s, u"INDEXED"_s};
    for (const int number : {1, 3, 5}) {
        for (qsizetype length = 0; length <= way.size(); ++length) {
            for (const bool releases : {false, true}) {
                QTest::addRow("job %d, %d states on, %s", number, static_cast<int>(length),
                              releases ? "released" : "killed before the release")
                    << number << way.first(length) << releases;
            }
        }
        QTest::addRow("job %d, failed", number) << number << QStringList{u"HEAD_DONE"_s, u"FAILED"_s} << true;
        QTest::addRow("job %d, deduped", number)
            << number << QStringList{u"HEAD_DONE"_s, u"FINALIZED"_s, u"DEDUPED"_s} << true;
        QTest::addRow("job %d, skipped", number) << number << QStringList{u"SKIPPED_DUPLICATE"_s} << true;
    }
}

void TestRowChecks::programsOfV1MakeNoErrors()
{
    QFETCH(int, number);
    QFETCH(QStringList, states);
    QFETCH(bool, releases);
    Scratch scratch;
    fill(scratch);
    const OtherProgram v1(scratch.path());
    const QString job =
        v1.value(u"SELECT job_id FROM artifact_jobs WHERE canonical_url LIKE '%/%1.pdf'"_s.arg(number));
    QVERIFY(!job.isEmpty());
    QCOMPARE(
        v1.run(u"UPDATE artifact_jobs SET state = 'LEASED', lease_owner = 'h:1', lease_until = 1760000120, "
               "updated_at = 1760000100 WHERE job_id = '%1' AND state IN ('PLANNED','FAILED')"_s.arg(job)),
        SQLITE_OK);
    for (const QString &state : states) {
        QCOMPARE(
            v1.run(u"INSERT INTO artifact_ops(op_key, job_id, op_type, started_at) VALUES ('v1-%1', '%2', "
                   "'%1', 1760000101)"_s.arg(state, job)),
            SQLITE_OK);
        QCOMPARE(
            v1.run(
                u"UPDATE artifact_ops SET finished_at = 1760000102, result_code = 'OK', result_json = '{}' "
                "WHERE op_key = 'v1-%1'"_s.arg(state)),
            SQLITE_OK);
        QCOMPARE(
            v1.run(
                u"UPDATE artifact_jobs SET state = '%1', updated_at = 1760000103 WHERE job_id = '%2'"_s.arg(
                    state, job)),
            SQLITE_OK);
    }
    QCOMPARE(v1.run(u"INSERT INTO artifact_ops(op_key, job_id, op_type, started_at) VALUES ('v1-open', '%1', "
                    "'HEAD', 1760000104)"_s.arg(job)),
             SQLITE_OK);
    if (releases) {
        QCOMPARE(
            v1.run(
                u"UPDATE artifact_jobs SET lease_owner = NULL, lease_until = NULL, updated_at = 1760000105 "
                "WHERE job_id = '%1' AND lease_owner = 'h:1'"_s.arg(job)),
            SQLITE_OK);
    }
    const auto rows = rowsOf(scratch.path());
    VERIFY_OK(rows);
    QVERIFY2(core::worstOf(*rows) < Severity::Error, qPrintable(linesOf(*rows).join(u'\n')));
}

void TestRowChecks::looksAtFilesOfV1_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QStringList>("findings");
    QTest::newRow("an unknown state") << u"UPDATE artifact_jobs SET state = 'LOST' WHERE rowid = 1"_s
                                      << QStringList(u"rows.state artifact_jobs.state error 1"_s);
    QTest::newRow("half a lease") << u"UPDATE artifact_jobs SET lease_until = NULL WHERE rowid = 2"_s
                                  << QStringList(u"rows.state artifact_jobs.lease_until warning 1"_s);
    QTest::newRow("an orphaned op")
        << u"DELETE FROM artifact_jobs WHERE job_id = (SELECT job_id FROM artifact_ops "
           "WHERE op_type = 'INDEX' LIMIT 1)"_s
        << QStringList(u"rows.foreign_key artifact_ops error 4"_s);
    QTest::newRow("a wrong key") << u"UPDATE artifact_jobs SET work_id = 'w' WHERE rowid = 1"_s
                                 << QStringList(
                                        u"rows.key.mismatch artifact_jobs.idempotency_key warning 1"_s);
    QTest::newRow("a time that is text") << u"UPDATE artifact_ops SET started_at = 'x' WHERE rowid = 1"_s
                                         << QStringList(u"rows.type artifact_ops.started_at error 1"_s);
    QTest::newRow("a lease without end") << u"UPDATE artifact_jobs SET lease_until = 'x' WHERE rowid = 2"_s
                                         << QStringList({u"jobs.stuck artifact_jobs.lease_until warning 1"_s,
                                                         u"rows.type artifact_jobs.lease_until error 1"_s});
}

void TestRowChecks::looksAtFilesOfV1()
{
    QFETCH(QString, sql);
    QFETCH(QStringList, findings);
    Scratch scratch;
    copyReference(scratch);
    spoil(scratch, sql);
    const auto rows = rowsOf(scratch.path());
    VERIFY_OK(rows);
    QCOMPARE(linesOf(*rows), findings);
}

void TestRowChecks::leavesMissingTablesToTheSchema_data()
{
    QTest::addColumn<QString>("sql");
    for (const char *table : {"artifact_ops", "ingather_parts", "ingather_urls", "ingather_roots",
                              "ingather_hashes", "ingather_counts", "ingather_meta", "artifact_jobs"})
        QTest::addRow("%s is not there", table) << u"DROP TABLE "_s + QLatin1StringView(table);
    QTest::newRow("a column is not there") << u"ALTER TABLE artifact_jobs DROP COLUMN segments"_s;
    QTest::newRow("a column of the ops is not there")
        << u"ALTER TABLE artifact_ops DROP COLUMN intent_json"_s;
}

void TestRowChecks::leavesMissingTablesToTheSchema()
{
    QFETCH(QString, sql);
    Scratch scratch;
    fill(scratch);
    spoil(scratch, sql);
    const auto rows = rowsOf(scratch.path());
    VERIFY_OK(rows);
    // Without the jobs nothing hangs together any more; all else stays as it was.
    if (!sql.contains(u"artifact_jobs"))
        QCOMPARE(linesOf(*rows), QStringList());
}

void TestRowChecks::seesOneStateWhileOthersWrite()
{
    Scratch scratch;
    const auto session = scratch.open();
    QList<JobRequest> requests;
    for (int i = 0; i < 5000; ++i)
        requests.append(request(i));
    planned(*session, requests);
    // After the jobs were read and before their counts are, another program ends one.
    core::WorkControl control;
    int written = 0;
    control.progress = [&](const core::WorkProgress &progress) {
        if (progress.step != core::WorkStep::CheckingKeys)
            return;
        written = OtherProgram(scratch.path())
                      .run(u"UPDATE artifact_jobs SET state = 'INDEXED', updated_at = 2 WHERE rowid = 1"_s);
        QCOMPARE(written, SQLITE_OK);
        ++written;
    };
    const auto rows =
        lookedAt(scratch.path(), [&](sqlite3 *connection) { return checkRows(connection, control); });
    VERIFY_OK(rows);
    QCOMPARE(written, 1);
    QCOMPARE(linesOf(*rows), QStringList());
}

void TestRowChecks::stopsWhenTold_data()
{
    QTest::addColumn<core::WorkStep>("step");
    QTest::newRow("while it reads the rows") << core::WorkStep::CheckingRows;
    QTest::newRow("while it looks at the keys") << core::WorkStep::CheckingKeys;
}

void TestRowChecks::stopsWhenTold()
{
    Scratch scratch;
    const auto session = scratch.open();
    QList<JobRequest> requests;
    for (int i = 0; i < 5000; ++i)
        requests.append(request(i));
    planned(*session, requests);
    std::stop_source stop;
    core::WorkControl control;
    control.stop = stop.get_token();
    QFETCH(core::WorkStep, step);
    control.progress = [&](const core::WorkProgress &progress) {
        if (progress.step == step)
            stop.request_stop();
    };
    const auto look = [&](sqlite3 *connection) { return checkRows(connection, control); };
    COMPARE_ERROR(lookedAt(scratch.path(), look), ErrorCode::Cancelled); // told on the way
    COMPARE_ERROR(lookedAt(scratch.path(), look), ErrorCode::Cancelled); // told before
}

void TestRowChecks::rulesKnowTheirColumns()
{
    Scratch scratch;
    scratch.open();
    const OtherProgram program(scratch.path());
    const auto namesOf = [](std::span<const ColumnRule> columns) {
        QStringList names;
        for (const ColumnRule &column : columns)
            names.append(QString::fromLatin1(column.name));
        return names;
    };
    QCOMPARE(namesOf(jobColumns()), program.rows(u"SELECT name FROM pragma_table_info('artifact_jobs')"_s));
    QCOMPARE(namesOf(opColumns()), program.rows(u"SELECT name FROM pragma_table_info('artifact_ops')"_s));
    // Whatever the schema calls NOT NULL the types call so too.
    for (const QString &table : {u"artifact_jobs"_s, u"artifact_ops"_s}) {
        for (const ColumnRule &column : table == u"artifact_jobs" ? jobColumns() : opColumns()) {
            const QString isNotNull = program.value(
                u"SELECT \"notnull\" OR pk FROM pragma_table_info('%1') WHERE name = '%2'"_s.arg(
                    table, QString::fromLatin1(column.name)));
            QCOMPARE((column.kinds & HoldsNull) == 0, isNotNull == u"1");
        }
    }
}

void TestRowChecks::comparesTheVersionStores_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QStringList>("findings");
    const QString mismatch = u"schema.version.mismatch __schema_version__ error 0"_s;
    QTest::newRow("the older one was set back")
        << u"DELETE FROM __schema_version__ WHERE schema_version = 2"_s << QStringList(mismatch);
    QTest::newRow("the older one is ahead")
        << u"INSERT INTO __schema_version__ VALUES (3, 1)"_s << QStringList(mismatch);
    QTest::newRow("the older one is gone") << u"DROP TABLE __schema_version__"_s << QStringList(mismatch);
    QTest::newRow("the newer one is gone") << u"DROP TABLE ingather_migrations"_s << QStringList(mismatch);
    QTest::newRow("the newer one is empty") << u"DELETE FROM ingather_migrations"_s << QStringList(mismatch);
    QTest::newRow("a step is missing") << u"DELETE FROM ingather_migrations WHERE version = 1"_s
                                       << QStringList(u"schema.migration.gap ingather_migrations error 1"_s);
    QTest::newRow("a step was another")
        << u"UPDATE ingather_migrations SET checksum = 'x' WHERE version = 1"_s
        << QStringList(u"schema.migration.changed ingather_migrations error 0"_s);
    QTest::newRow("newer, in both") << u"INSERT INTO __schema_version__ VALUES (3, 1); INSERT INTO "
                                       u"ingather_migrations VALUES (3, 'n', 'c', 0, "
                                       "'v', 1, NULL)"_s
                                    << QStringList();
}

void TestRowChecks::comparesTheVersionStores()
{
    QFETCH(QString, sql);
    QFETCH(QStringList, findings);
    Scratch scratch;
    scratch.open();
    spoil(scratch, sql);
    const auto stores = storesOf(scratch.path());
    VERIFY_OK(stores);
    QCOMPARE(linesOf(*stores), findings);
}

QTEST_GUILESS_MAIN(TestRowChecks)
#include "tst_row_checks.moc"
