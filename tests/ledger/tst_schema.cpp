// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "core/job_state.h"
#include "ledger/backups/online_backup.h"
#include "ledger/row_sum.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

namespace
{

const QString referencePath = QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3");

const QStringList v1Objects{u"artifact_jobs"_s,           u"artifact_ops"_s,
                            u"__schema_version__"_s,      u"idx_artifact_jobs_state"_s,
                            u"idx_artifact_jobs_lease"_s, u"idx_artifact_jobs_idempotency"_s,
                            u"idx_artifact_ops_job"_s,    u"idx_artifact_ops_type"_s};

/// Words, numbers, quoted texts and single signs; blanks do not count.
QStringList tokens(const QString &sql)
{
    static const QRegularExpression token(u"'[^']*'|[A-Za-z0-9_.]+|[^\\sA-Za-z0-9_.]"_s);
    QStringList found;
    for (auto matches = token.globalMatch(sql); matches.hasNext();)
        found.append(matches.next().captured());
    return found;
}

QString sqlOf(const OtherProgram &program, const QString &name)
{
    return program.value(u"SELECT sql FROM sqlite_schema WHERE name = '%1'"_s.arg(name));
}

QString v1Columns()
{
    return u"job_id, work_id, artifact_id, canonical_url, state, lease_owner, lease_until, created_at, "
           u"updated_at, "
           "idempotency_key"_s;
}

QString copyOfReference(const Scratch &scratch)
{
    QFile::copy(referencePath, scratch.path());
    QFile::setPermissions(scratch.path(), QFile::ReadOwner | QFile::WriteOwner);
    return scratch.path();
}

} // namespace

class TestSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void chainStartsWithTheReferencesV1();
    void migratedAndNewLedgersHaveTheSameText();
    void stateListEqualsTheTableOfTransitions();
    void secondVersionHasEverything();
    void recordsEachStep();
    void keepsEveryRowOfAReferenceLedger();
    void backsUpBeforeMigrating();
    void marksWhatV1HadFinished();
    void addsToAFileOfOthers();
    void migratesOnlyOnce();
    void leavesTheFileAloneWhenAStepFails();
    void v1ProgramsGoOnWorking();
    void v1ProgramsFinishJobsForGood_data();
    void v1ProgramsFinishJobsForGood();
    void countsStayRight();
    void rowSumsTellValuesApart();
};

void TestSchema::chainStartsWithTheReferencesV1()
{
    QTemporaryDir dir;
    const QString path = dir.filePath(u"chain.sqlite3"_s);
    SqliteConnection chain;
    VERIFY_OK(chain.open(path, SqliteConnection::Mode::Create));
    VERIFY_OK(runScript(chain.handle(), migrations().first().script, u"test"_s));
    const OtherProgram ours(path);
    const OtherProgram reference(referencePath);
    for (const QString &name : v1Objects) {
        QVERIFY2(!sqlOf(reference, name).isEmpty(), qPrintable(name));
        QCOMPARE(tokens(sqlOf(ours, name)), tokens(sqlOf(reference, name)));
    }
    QCOMPARE(ours.value(u"SELECT count(*) FROM sqlite_schema WHERE sql IS NOT NULL"_s).toInt(),
             static_cast<int>(v1Objects.size()));
}

void TestSchema::migratedAndNewLedgersHaveTheSameText()
{
    Scratch fresh;
    fresh.open();
    Scratch old;
    copyOfReference(old);
    old.open();
    const OtherProgram a(fresh.path());
    const OtherProgram b(old.path());
    const QStringList names = a.rows(u"SELECT name FROM sqlite_schema WHERE sql IS NOT NULL"_s);
    QVERIFY(names.size() > 30);
    for (const QString &name : names)
        QCOMPARE(tokens(sqlOf(b, name)), tokens(sqlOf(a, name)));
}

void TestSchema::stateListEqualsTheTableOfTransitions()
{
    Scratch scratch;
    scratch.open();
    const OtherProgram program(scratch.path());
    static const QRegularExpression list(u"CHECK \\(state IN \\(([^)]*)\\)\\)"_s);
    QStringList inSql;
    for (const QString &item : list.match(sqlOf(program, u"artifact_jobs"_s)).captured(1).split(u','))
        inSql.append(item.trimmed().remove(u'\''));
    QStringList inCode;
    for (const JobState state : core::allJobStates)
        inCode.append(core::jobStateName(state));
    QCOMPARE(inSql, inCode);

    QSet<QString> inTable;
    for (const core::Transition &transition : core::transitions) {
        inTable.insert(core::jobStateName(transition.from));
        inTable.insert(core::jobStateName(transition.to));
    }
    QCOMPARE(inTable, QSet<QString>(inSql.begin(), inSql.end()));
    for (const core::Transition &transition : core::transitions)
        QVERIFY(!core::isTerminal(transition.from));
}

void TestSchema::secondVersionHasEverything()
{
    Scratch scratch;
    scratch.open();
    const OtherProgram program(scratch.path());
    const QStringList jobColumns = program.rows(u"SELECT name FROM pragma_table_info('artifact_jobs')"_s);
    for (const QString &column :
         u"fence attempts max_attempts crashes next_attempt_at priority hold generation done_at "
         "removed_at host error_code error_detail source_url root_id file_name final_path "
         "expected_digest expect_type segments rate_limit bytes_total bytes_done sha256 "
         "content_type verification batch_id row_sum"_s.split(u' '))
        QVERIFY2(jobColumns.contains(column), qPrintable(column));
    const QStringList opColumns = program.rows(u"SELECT name FROM pragma_table_info('artifact_ops')"_s);
    for (const QString &column : u"attempt fence owner phase intent_json result_sum"_s.split(u' '))
        QVERIFY2(opColumns.contains(column), qPrintable(column));
    const QStringList objects = program.rows(u"SELECT name FROM sqlite_schema"_s);
    for (const QString &name : u"meta migrations owners events parts hashes urls hosts batches roots salvage "
                               "ready lease backoff by_host changed added names open_ops"_s.split(u' '))
        QVERIFY2(objects.contains(u"ingather_"_s + name), qPrintable(name));
    QCOMPARE(program.value(u"PRAGMA integrity_check"_s), u"ok"_s);
}

void TestSchema::recordsEachStep()
{
    Scratch scratch;
    scratch.open();
    const OtherProgram program(scratch.path());
    const QList<Migration> chain = migrations();
    QCOMPARE(chain.last().version, currentSchemaVersion);
    for (const Migration &step : chain) {
        const QString row = program.value(u"SELECT name || '|' || checksum || '|' || breaking || '|' || "
                                          u"(backup IS NULL) FROM ingather_migrations "
                                          "WHERE version = %1"_s.arg(step.version));
        QCOMPARE(row, u"%1|%2|0|1"_s.arg(step.name, step.checksum));
    }
    QCOMPARE(program.rows(u"SELECT schema_version FROM __schema_version__ ORDER BY 1"_s),
             QStringList({u"1"_s, u"2"_s}));
}

void TestSchema::keepsEveryRowOfAReferenceLedger()
{
    Scratch scratch;
    copyOfReference(scratch);
    scratch.open();
    const OtherProgram before(referencePath);
    const OtherProgram after(scratch.path());
    const QStringList dumps{
        u"SELECT rowid, %1 FROM artifact_jobs ORDER BY rowid"_s.arg(v1Columns()),
        u"SELECT rowid, op_key, job_id, op_type, started_at, finished_at, result_code, result_json FROM "
        u"artifact_ops "
        "ORDER BY rowid"_s,
        u"SELECT rowid, * FROM manifest ORDER BY rowid"_s,
        u"SELECT rowid, * FROM artifact_hash_index ORDER BY rowid"_s,
        u"SELECT sql FROM sqlite_schema WHERE tbl_name IN ('manifest','artifact_hash_index') ORDER BY name"_s,
        u"PRAGMA user_version"_s,
        u"PRAGMA application_id"_s};
    for (const QString &dump : dumps)
        QCOMPARE(after.rows(dump), before.rows(dump));
    QCOMPARE(after.value(u"SELECT count(*) FROM artifact_jobs"_s), u"300"_s);
    QCOMPARE(after.value(u"PRAGMA integrity_check"_s), u"ok"_s);
    QCOMPARE(after.rows(u"PRAGMA foreign_key_check"_s), before.rows(u"PRAGMA foreign_key_check"_s));
}

void TestSchema::backsUpBeforeMigrating()
{
    Scratch scratch;
    copyOfReference(scratch);
    scratch.open();
    const OtherProgram after(scratch.path());
    const QString backup = after.value(u"SELECT backup FROM ingather_migrations WHERE version = 2"_s);
    static const QRegularExpression name(u"ledger\\.sqlite3\\.v1-\\d{8}T\\d{6}Z\\.backup$"_s);
    QVERIFY2(name.match(backup).hasMatch(), qPrintable(backup));
    QVERIFY(!(QFileInfo(backup).permissions() & (QFile::ReadGroup | QFile::ReadOther)));
    const OtherProgram copy(backup);
    const OtherProgram before(referencePath);
    QCOMPARE(copy.value(u"PRAGMA integrity_check"_s), u"ok"_s);
    for (const QString &table : {u"artifact_jobs"_s, u"artifact_ops"_s, u"manifest"_s, u"sqlite_schema"_s})
        QCOMPARE(copy.rows(u"SELECT * FROM "_s + table), before.rows(u"SELECT * FROM "_s + table));
}

void TestSchema::marksWhatV1HadFinished()
{
    Scratch scratch;
    copyOfReference(scratch);
    const auto session = scratch.open();
    const OtherProgram after(scratch.path());
    QCOMPARE(
        after.rows(
            u"SELECT DISTINCT state FROM artifact_jobs WHERE done_at IS NOT NULL AND done_at = updated_at "
            "AND verification = 'legacy' ORDER BY 1"_s),
        QStringList({u"DEDUPED"_s, u"FINALIZED"_s, u"INDEXED"_s, u"SKIPPED_DUPLICATE"_s}));
    QCOMPARE(after.value(
                 u"SELECT count(*) FROM artifact_jobs WHERE verification IS NOT NULL AND done_at IS NULL"_s),
             u"0"_s);

    // Once all leases of the reference's ledger have run out, all that is not done can be claimed, and
    // nothing else.
    scratch.clock.advance(86'400);
    const auto root = transact(*session, [](Session &s) { return rootIdFor(s, u"/root"_s); });
    ClaimRequest all;
    all.limit = 1000;
    all.defaultRootId = *root;
    const auto claims = claimed(*session, all);
    VERIFY_OK(claims);
    QCOMPARE(claims->size(), 180);
    for (const ClaimedJob &job : *claims) {
        QVERIFY(!core::isTerminal(job.job.state) && job.job.state != JobState::Finalized);
        for (const OpRecord &op : job.ops)
            QVERIFY(op.phase != core::OpPhase::Intent);
    }
}

void TestSchema::addsToAFileOfOthers()
{
    Scratch scratch;
    {
        const OtherProgram others(scratch.path());
        QCOMPARE(others.run(u"PRAGMA user_version = 7"_s), SQLITE_OK);
        QCOMPARE(others.run(u"CREATE TABLE telemetry(id INTEGER PRIMARY KEY, note TEXT)"_s), SQLITE_OK);
        QCOMPARE(others.run(u"INSERT INTO telemetry(note) VALUES ('kept')"_s), SQLITE_OK);
    }
    const auto session = scratch.open();
    planned(*session, {request(1)});
    const OtherProgram after(scratch.path());
    QCOMPARE(after.value(u"SELECT note FROM telemetry"_s), u"kept"_s);
    QCOMPARE(after.value(u"PRAGMA user_version"_s), u"7"_s);
    QVERIFY(
        QFileInfo::exists(after.value(u"SELECT backup FROM ingather_migrations WHERE backup IS NOT NULL"_s)));
}

void TestSchema::migratesOnlyOnce()
{
    Scratch scratch;
    copyOfReference(scratch);
    scratch.open();
    const OtherProgram after(scratch.path());
    const QStringList once = after.rows(u"SELECT * FROM ingather_migrations"_s);
    scratch.clock.advance(100);
    scratch.open();
    QCOMPARE(after.rows(u"SELECT * FROM ingather_migrations"_s), once);
    QCOMPARE(QDir(scratch.dir.path()).entryList({u"*.backup"_s}).size(), 1);
}

void TestSchema::leavesTheFileAloneWhenAStepFails()
{
    Scratch scratch;
    copyOfReference(scratch);
    {
        // An index of somebody else under a name of ours: the last statements of the step can't go through.
        const OtherProgram others(scratch.path());
        QCOMPARE(others.run(u"CREATE INDEX ingather_names ON manifest(path)"_s), SQLITE_OK);
    }
    const QByteArray before = contentOf(scratch.path());
    QVERIFY(!Session::open(scratch.options()).has_value());
    QCOMPARE(contentOf(scratch.path()), before);
}

void TestSchema::v1ProgramsGoOnWorking()
{
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId id = plannedId(*session, request(1));
    const OtherProgram v1(scratch.path());
    QCOMPARE(v1.run(u"PRAGMA foreign_keys = ON"_s), SQLITE_OK);
    QCOMPARE(
        v1.run(u"INSERT INTO artifact_jobs(job_id, work_id, artifact_id, canonical_url, state, created_at, "
               "updated_at, idempotency_key) VALUES ('v1-job', 'w', 'a', 'https://example.org/', 'PLANNED', "
               "1, 1, "
               "'k') ON CONFLICT DO NOTHING"_s),
        SQLITE_OK);
    QCOMPARE(
        v1.rows(
            u"SELECT job_id FROM artifact_jobs WHERE state IN ('PLANNED','FAILED') AND (lease_until IS NULL "
            "OR lease_until < 5) ORDER BY created_at LIMIT 1"_s),
        QStringList(u"v1-job"_s));
    QCOMPARE(v1.run(u"UPDATE artifact_jobs SET state = 'LEASED', lease_owner = 'h:1', lease_until = 9e9, "
                    u"updated_at = 2 "
                    "WHERE job_id = 'v1-job' AND state IN ('PLANNED','FAILED')"_s),
             SQLITE_OK);
    QCOMPARE(v1.run(u"UPDATE artifact_jobs SET lease_until = 9.1e9 WHERE job_id = 'v1-job' AND lease_owner = "
                    u"'h:1' AND "
                    "state = 'LEASED'"_s),
             SQLITE_OK);
    QCOMPARE(
        v1.run(
            u"INSERT INTO artifact_ops(op_key, job_id, op_type, started_at) VALUES ('op', 'v1-job', 'HEAD', 2)"_s),
        SQLITE_OK);
    QCOMPARE(
        v1.run(
            u"UPDATE artifact_ops SET finished_at = 3, result_code = 'OK', result_json = '{\"a\":1}' WHERE "
            "op_key = 'op'"_s),
        SQLITE_OK);
    for (const char *state : {"HEAD_DONE", "RESUME_OK", "STREAMING"}) {
        QCOMPARE(
            v1.run(u"UPDATE artifact_jobs SET state = '%1', updated_at = 3 WHERE job_id = 'v1-job'"_s.arg(
                QLatin1StringView(state))),
            SQLITE_OK);
    }
    QCOMPARE(
        v1.run(
            u"UPDATE artifact_jobs SET lease_owner = NULL, lease_until = NULL, updated_at = 4 WHERE job_id = "
            "'v1-job' AND lease_owner = 'h:1'"_s),
        SQLITE_OK);

    const auto ofV1 = ops(*session, {u"v1-job"_s});
    VERIFY_OK(ofV1);
    QCOMPARE(ofV1->size(), 1);
    QCOMPARE(ofV1->first().phase, core::OpPhase::Done);
    const auto root = transact(*session, [](Session &s) { return rootIdFor(s, u"/root"_s); });
    ClaimRequest all;
    all.limit = 10;
    all.defaultRootId = *root;
    const auto claims = claimed(*session, all);
    VERIFY_OK(claims);
    QCOMPARE(claims->size(), 2); // what v1 left half done is ours now, as far as it came
    QCOMPARE(claims->first().job.state, JobState::Streaming);
    QCOMPARE(claims->last().job.id, id);
}

void TestSchema::v1ProgramsFinishJobsForGood_data()
{
    QTest::addColumn<QStringList>("states");
    QTest::newRow("finalized is the end for a program that stops there") << QStringList{u"FINALIZED"_s};
    QTest::newRow("indexed") << QStringList{u"FINALIZED"_s, u"INDEXED"_s};
    QTest::newRow("deduped") << QStringList{u"FINALIZED"_s, u"DEDUPED"_s};
    QTest::newRow("skipped") << QStringList{u"SKIPPED_DUPLICATE"_s};
}

void TestSchema::v1ProgramsFinishJobsForGood()
{
    QFETCH(QStringList, states);
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId id = plannedId(*session, request(1));
    const OtherProgram v1(scratch.path());
    for (const QString &state : states)
        QCOMPARE(v1.run(u"UPDATE artifact_jobs SET state = '%1', updated_at = 77"_s.arg(state)), SQLITE_OK);
    const JobRecord record = reread(*session, id);
    QVERIFY(record.doneAt.has_value());
    QCOMPARE(record.doneAt->seconds, 77.0);
    QCOMPARE(record.verification, u"legacy"_s);
    QCOMPARE(v1.value(u"SELECT row_sum FROM artifact_jobs"_s), u"NULL"_s);
    QCOMPARE(claimed(*session)->size(), 0);
    const auto now = status(*session);
    QCOMPARE(now->unfinished, 0);
}

void TestSchema::countsStayRight()
{
    Scratch scratch;
    copyOfReference(scratch);
    const auto session = scratch.open();
    const OtherProgram v1(scratch.path());
    for (const char *sql :
         {"DELETE FROM artifact_jobs WHERE rowid % 7 = 0",
          "UPDATE artifact_jobs SET state = 'INDEXED' WHERE rowid % 11 = 0",
          "UPDATE artifact_jobs SET hold = 'PAUSED' WHERE rowid % 5 = 0",
          "UPDATE artifact_jobs SET removed_at = 1 WHERE rowid % 13 = 0",
          "UPDATE artifact_jobs SET hold = NULL, removed_at = NULL WHERE rowid % 10 = 0",
          "INSERT INTO artifact_jobs(job_id, work_id, artifact_id, canonical_url, state, created_at, "
          "updated_at, idempotency_key) VALUES ('x', 'w', 'a', 'u', 'INDEXED', 1, 1, 'k')"}) {
        QCOMPARE(v1.run(QString::fromLatin1(sql)), SQLITE_OK);
        QCOMPARE(v1.rows(u"SELECT state, kind, jobs FROM ingather_counts WHERE jobs <> 0 ORDER BY 1, 2"_s),
                 v1.rows(u"SELECT state, CASE WHEN removed_at IS NOT NULL THEN 'REMOVED' WHEN done_at IS NOT "
                         u"NULL THEN "
                         "'DONE' WHEN hold IS NOT NULL THEN 'HELD' ELSE 'OPEN' END AS kind, count(*) FROM "
                         "artifact_jobs GROUP BY 1, 2 ORDER BY 1, 2"_s));
    }
}

void TestSchema::rowSumsTellValuesApart()
{
    const auto sumOf = [](auto add) {
        ValueSum sum;
        add(sum);
        return sum.value();
    };
    const QList<std::uint32_t> sums{
        sumOf([](ValueSum &s) {
            s.addText("ab");
            s.addText("c");
        }),
        sumOf([](ValueSum &s) {
            s.addText("a");
            s.addText("bc");
        }),
        sumOf([](ValueSum &s) { s.addText("abc"); }),
        sumOf([](ValueSum &s) { s.addBlob("abc"); }),
        sumOf([](ValueSum &s) { s.addNull(); }),
        sumOf([](ValueSum &s) {
            s.addNull();
            s.addNull();
        }),
        sumOf([](ValueSum &s) { s.addText(""); }),
        sumOf([](ValueSum &s) { s.addInteger(1); }),
        sumOf([](ValueSum &s) { s.addReal(1); }),
    };
    QCOMPARE(QSet<std::uint32_t>(sums.begin(), sums.end()).size(), sums.size());
}

QTEST_GUILESS_MAIN(TestSchema)
#include "tst_schema.moc"
