// SPDX-License-Identifier: MIT
#include "check_fixture.h"

#include "ledger/health/health.h"
#include "ledger/inspection.h"
#include "ledger/repair/repair.h"
#include "ledger/schema.h"
#include "ledger/startup/startup.h"
#include "ledger/validation/drift.h"
#include "ledger/validation/row_checks.h"

#include <QSet>

#include <latch>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

namespace
{

sqlite3 *handleOf(Session &session)
{
    return static_cast<sqlite3 *>(session.handle());
}

int versionOf(const Scratch &scratch)
{
    const auto inspection = inspectFile(scratch.path(), false);
    return inspection ? inspection->schema.version : -1;
}

core::HealthReport healthOf(const Scratch &scratch, bool isDeep = false)
{
    HealthRequest request;
    request.path = scratch.path();
    request.isDeep = isDeep;
    request.clock = &scratch.clock;
    const auto report = checkHealth(request, {});
    if (!report)
        qFatal("%s", why(report).constData());
    return *report;
}

QStringList errorsOf(const core::HealthReport &report)
{
    QStringList names;
    for (const core::Finding &finding : report.checks) {
        if (finding.severity == core::Severity::Error)
            names.append(core::findingName(finding.id) + u' ' + finding.place + u' ' + finding.detail);
    }
    return names;
}

void planMany(Session &session, int count)
{
    QList<JobRequest> list;
    for (int i = 0; i < count; ++i)
        list.append(request(i));
    planned(session, list);
}

int run(const Scratch &scratch, const QStringList &statements)
{
    const OtherProgram program(scratch.path());
    for (const QString &sql : statements) {
        const int code = program.run(sql);
        if (code != SQLITE_OK)
            return code;
    }
    return SQLITE_OK;
}

/// A job that its worker has brought to `state`, with the STREAM op open from STREAMING on.
ClaimedJob broughtTo(Session &session, JobState state)
{
    const ClaimedJob job = claimOne(session);
    static const QList<JobState> way{JobState::HeadDone, JobState::ResumeOk, JobState::Streaming};
    const qsizetype steps = way.indexOf(state) + 1;
    if (steps == 0)
        return job;
    LifeStep step;
    step.lease = job.lease;
    step.path = way.first(steps);
    if (state == JobState::Streaming)
        step.ops = {OpIntent{core::OpType::Stream, u"stream"_s, {{u"size"_s, 10}}}};
    const auto done = transact(session, [&](Session &s) { return apply(s, step); });
    if (!done)
        qFatal("%s", why(done).constData());
    return job;
}

Result<QList<ClaimedJob>> claimAgain(const Scratch &scratch, const QString &owner)
{
    const auto session = scratch.open(owner);
    return claimed(*session);
}

} // namespace

/// The seventeen subjects that the reference's own tests of its schema had, its edge cases, and what we found
/// it to do wrong when it was run: each of its faults is a test here.
class TestSeedSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // the subjects
    void versionOfAnUninitialisedFile();
    void versionIsSetAndRead();
    void migratesToVersionOne();
    void migrationIsIdempotent();
    void migratesFromNothingToVersionOneAndOn();
    void validatesAnEmptyFile();
    void validatesAfterTheMigration();
    void validatesAMissingTable();
    void ensuresASchema();
    void ensuringIsIdempotent();
    void repairMakesWhatIsMissing();
    void repairLosesNoRow();
    void healthOfAHealthyLedger();
    void healthOfAnEmptyFile();
    void sessionCreates();
    void sessionCommits();
    void sessionRollsBackOnError();
    void coexistsWithOtherTables();
    // the edge cases
    void startsAtOnce();
    void survivesACorruptedIndex();
    void noticesAMissingForeignKey();
    void reportsAConstraintViolation();
    void refusesAVersionMismatch();
    // the faults
    void aMissingIndexCostsNoRow();
    void noJobIsGivenTwice();
    void aKilledJobIsClaimedAgain_data();
    void aKilledJobIsClaimedAgain();
    void anOpThatWasOpenAtACrashIsTakenOver();
    void aZombieFinishesNothing();
    void aLeaseIsRenewedInEveryState_data();
    void aLeaseIsRenewedInEveryState();
    void aTransientErrorIsNotReplayed();
    void aLongResultIsNotCut();
    void validationLooksBeyondNames();
    void anUnknownVersionIsNotHealthy();
    void aDamagedFileIsNotHealthy();
    void theVersionIsTheHighest();
};

void TestSeedSchema::versionOfAnUninitialisedFile()
{
    Scratch scratch;
    QCOMPARE(versionOf(scratch), 0);
    QVERIFY(!QFile::exists(scratch.path()));
}

void TestSeedSchema::versionIsSetAndRead()
{
    Scratch scratch;
    VERIFY_OK(migrateLedger(scratch.options(), 1));
    QCOMPARE(versionOf(scratch), 1);
    VERIFY_OK(migrateLedger(scratch.options(), 2));
    QCOMPARE(versionOf(scratch), 2);
}

void TestSeedSchema::migratesToVersionOne()
{
    Scratch scratch;
    VERIFY_OK(migrateLedger(scratch.options(), 1));
    const QStringList names = OtherProgram(scratch.path()).rows(u"SELECT name FROM sqlite_schema"_s);
    for (const QString &name :
         {u"artifact_jobs"_s, u"artifact_ops"_s, u"__schema_version__"_s, u"idx_artifact_jobs_state"_s,
          u"idx_artifact_jobs_lease"_s, u"idx_artifact_jobs_idempotency"_s, u"idx_artifact_ops_job"_s,
          u"idx_artifact_ops_type"_s})
        QVERIFY2(names.contains(name), qPrintable(name));
}

void TestSeedSchema::migrationIsIdempotent()
{
    Scratch scratch;
    VERIFY_OK(migrateLedger(scratch.options(), 1));
    const QStringList once = OtherProgram(scratch.path()).rows(u"SELECT * FROM __schema_version__"_s);
    scratch.clock.advance(10);
    const auto again = migrateLedger(scratch.options(), 1);
    VERIFY_OK(again);
    QCOMPARE(again->from, 1);
    QCOMPARE(OtherProgram(scratch.path()).rows(u"SELECT * FROM __schema_version__"_s), once);
}

void TestSeedSchema::migratesFromNothingToVersionOneAndOn()
{
    Scratch scratch;
    const auto migrated = migrateLedger(scratch.options(), 0);
    VERIFY_OK(migrated);
    QCOMPARE(migrated->from, 0);
    QCOMPARE(migrated->to, currentSchemaVersion);
    QCOMPARE(OtherProgram(scratch.path()).rows(u"SELECT version FROM ingather_migrations ORDER BY 1"_s),
             QStringList({u"1"_s, u"2"_s}));
}

void TestSeedSchema::validatesAnEmptyFile()
{
    Scratch scratch;
    SqliteConnection connection;
    VERIFY_OK(connection.open(scratch.path(), SqliteConnection::Mode::Create));
    const auto drift = compareSchema(connection.handle());
    VERIFY_OK(drift);
    QCOMPARE(drift->version, 0);
    QVERIFY(drift->isClean());
}

void TestSeedSchema::validatesAfterTheMigration()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto drift = compareSchema(handleOf(*session));
    VERIFY_OK(drift);
    QCOMPARE(drift->version, currentSchemaVersion);
    QVERIFY(drift->findings.isEmpty());
}

void TestSeedSchema::validatesAMissingTable()
{
    Scratch scratch;
    const auto session = scratch.open();
    QCOMPARE(run(scratch, {u"DROP TABLE artifact_jobs"_s}), SQLITE_OK);
    const auto drift = compareSchema(handleOf(*session));
    VERIFY_OK(drift);
    QVERIFY(!drift->isClean());
    QVERIFY(drift->isJobsTableMissing);
    QVERIFY(!drift->canBeCuredUnasked());
    COMPARE_ERROR(Session::open(scratch.options()), ErrorCode::LedgerNeedsRepair);
}

void TestSeedSchema::ensuresASchema()
{
    Scratch scratch;
    const StartUp made = startUp(scratch.options());
    QVERIFY(!made.error);
    QCOMPARE(static_cast<int>(made.outcome), static_cast<int>(StartUpOutcome::ReadyMigrated));
    QCOMPARE(versionOf(scratch), currentSchemaVersion);
}

void TestSeedSchema::ensuringIsIdempotent()
{
    Scratch scratch;
    planned(*scratch.open(), {request(1)});
    const OtherProgram program(scratch.path());
    const QString cookie = program.value(u"PRAGMA schema_version"_s);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(static_cast<int>(startUp(scratch.options()).outcome),
                 static_cast<int>(StartUpOutcome::Ready));
    QCOMPARE(program.value(u"PRAGMA schema_version"_s), cookie);
    QCOMPARE(program.value(u"SELECT count(*) FROM artifact_jobs"_s), u"1"_s);
}

void TestSeedSchema::repairMakesWhatIsMissing()
{
    Scratch scratch;
    fill(scratch);
    QCOMPARE(run(scratch, {u"DROP TABLE artifact_ops"_s, u"DROP INDEX idx_artifact_jobs_state"_s,
                           u"DROP INDEX ingather_ready"_s,
                           u"CREATE INDEX ingather_ready ON artifact_jobs(created_at)"_s}),
             SQLITE_OK);
    COMPARE_ERROR(Session::open(scratch.options()), ErrorCode::LedgerNeedsRepair);
    VERIFY_OK(repairLedger(scratch.options(), {}));
    const auto session = Session::open(scratch.options());
    VERIFY_OK(session);
    const auto drift = compareSchema(handleOf(**session));
    VERIFY_OK(drift);
    QVERIFY(drift->isClean());
    QCOMPARE(jobs(**session, {})->size(), 5);
}

void TestSeedSchema::repairLosesNoRow()
{
    Scratch scratch;
    fill(scratch);
    planMany(*scratch.open(), 500);
    const QString all = u"SELECT job_id, canonical_url, state, created_at, final_path, sha256, row_sum FROM "
                        "artifact_jobs ORDER BY job_id"_s;
    const QStringList before = OtherProgram(scratch.path()).rows(all);
    QVERIFY(before.size() >= 500);
    QCOMPARE(run(scratch, {u"DROP INDEX idx_artifact_jobs_state"_s, u"DROP TABLE ingather_meta"_s,
                           u"DELETE FROM __schema_version__ WHERE schema_version = 2"_s}),
             SQLITE_OK);
    const auto report = repairLedger(scratch.options(), {});
    VERIFY_OK(report);
    QVERIFY(report->kind != core::RepairKind::Nothing);
    QCOMPARE(OtherProgram(scratch.path()).rows(all), before);
    QCOMPARE(errorsOf(healthOf(scratch, true)), QStringList());
    VERIFY_OK(Session::open(scratch.options()));
}

void TestSeedSchema::healthOfAHealthyLedger()
{
    Scratch scratch;
    fill(scratch);
    const core::HealthReport report = healthOf(scratch, true);
    QCOMPARE(errorsOf(report), QStringList());
    QCOMPARE(report.schemaVersion, currentSchemaVersion);
    QCOMPARE(report.rowCounts.value(u"artifact_jobs"_s), std::optional<qint64>(5));
}

void TestSeedSchema::healthOfAnEmptyFile()
{
    Scratch scratch;
    const core::HealthReport report = healthOf(scratch);
    QCOMPARE(report.schemaVersion, 0);
    QCOMPARE(static_cast<int>(report.status), static_cast<int>(core::HealthStatus::Degraded));
    QVERIFY(!QFile::exists(scratch.path())); // it looks, and makes nothing
}

void TestSeedSchema::sessionCreates()
{
    Scratch scratch;
    const auto session = Session::open(scratch.options());
    VERIFY_OK(session);
    QVERIFY(QFile::exists(scratch.path()));
    QVERIFY(!(*session)->isInTransaction());
}

void TestSeedSchema::sessionCommits()
{
    Scratch scratch;
    {
        const auto session = scratch.open();
        VERIFY_OK(session->begin());
        VERIFY_OK(plan(*session, {request(1)}));
        VERIFY_OK(session->commit());
    }
    QCOMPARE(OtherProgram(scratch.path()).value(u"SELECT count(*) FROM artifact_jobs"_s), u"1"_s);
}

void TestSeedSchema::sessionRollsBackOnError()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto failed = transact(*session, [](Session &s) -> Result<int> {
        const auto jobs = plan(s, {request(1)});
        return jobs ? core::Error{ErrorCode::InvalidArgument, u"test"_s, 0, {}} : jobs.error();
    });
    COMPARE_ERROR(failed, ErrorCode::InvalidArgument);
    QCOMPARE(OtherProgram(scratch.path()).value(u"SELECT count(*) FROM artifact_jobs"_s), u"0"_s);
    VERIFY_OK(session->begin()); // and it goes on
}

void TestSeedSchema::coexistsWithOtherTables()
{
    Scratch scratch;
    const QStringList theirs{
        u"CREATE TABLE manifest(id INTEGER PRIMARY KEY, path TEXT)"_s,
        u"INSERT INTO manifest(path) VALUES ('kept')"_s,
        u"CREATE TABLE artifact_hash_index(sha256 TEXT PRIMARY KEY)"_s, // the reference's repair drops this
                                                                        // one
        u"INSERT INTO artifact_hash_index VALUES ('kept too')"_s,
        u"CREATE VIEW latest AS SELECT * FROM manifest"_s,
        u"CREATE TRIGGER theirs AFTER INSERT ON manifest BEGIN UPDATE manifest SET path = path; END"_s,
        u"PRAGMA user_version = 41"_s,
        u"PRAGMA application_id = 42"_s,
    };
    QCOMPARE(run(scratch, theirs), SQLITE_OK);
    planned(*scratch.open(), {request(1)});
    QCOMPARE(run(scratch, {u"DROP INDEX ingather_ready"_s}), SQLITE_OK);
    scratch.open(); // cures
    const OtherProgram program(scratch.path());
    QCOMPARE(program.value(u"SELECT path FROM latest"_s), u"kept"_s);
    QCOMPARE(program.value(u"SELECT sha256 FROM artifact_hash_index"_s), u"kept too"_s);
    QCOMPARE(program.value(u"PRAGMA user_version"_s), u"41"_s);
    QCOMPARE(program.value(u"PRAGMA application_id"_s), u"42"_s);
    QCOMPARE(program.value(u"SELECT count(*) FROM sqlite_schema WHERE name = 'theirs'"_s), u"1"_s);
    QCOMPARE(errorsOf(healthOf(scratch, true)), QStringList());
}

/// Here by threads; tests/ledger/tst_startup.cpp does it by processes.
void TestSeedSchema::startsAtOnce()
{
    Scratch scratch;
    constexpr int count = 8;
    std::latch all(count);
    std::vector<QByteArray> failures(count);
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) {
        threads.emplace_back([&, i] {
            all.arrive_and_wait();
            failures[static_cast<std::size_t>(i)] = why(Session::open(scratch.options(QString::number(i))));
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    for (const QByteArray &failure : failures)
        QCOMPARE(failure, QByteArray());
}

void TestSeedSchema::survivesACorruptedIndex()
{
    Scratch scratch;
    planMany(*scratch.open(), 500);
    const OtherProgram program(scratch.path());
    QCOMPARE(program.value(u"PRAGMA wal_checkpoint(TRUNCATE)"_s), u"0|0|0"_s);
    const qsizetype pageSize = program.value(u"PRAGMA page_size"_s).toLongLong();
    const qsizetype root =
        program.value(u"SELECT rootpage FROM sqlite_schema WHERE name = 'idx_artifact_jobs_state'"_s)
            .toLongLong();
    {
        QFile file(scratch.path());
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek((root - 1) * pageSize));
        QCOMPARE(file.write(QByteArray(pageSize, '\0')), pageSize);
    }
    QVERIFY(!errorsOf(healthOf(scratch, true)).isEmpty());
    // A row registered by somebody who is gone makes the next start look at the pages.
    platform::ProcessIdentity gone = platform::ProcessIdentity::current();
    gone.pidStart += 1;
    QCOMPARE(run(scratch, {u"INSERT INTO ingather_owners VALUES ('%1', 'worker', 1)"_s.arg(gone.toString())}),
             SQLITE_OK);
    const auto session = Session::open(scratch.options());
    if (session) // all that was damaged is an index
        QCOMPARE(static_cast<int>((*session)->startUp().outcome),
                 static_cast<int>(StartUpOutcome::ReadyCured));
    else // or SQLite calls it a damaged page
        COMPARE_ERROR(session, ErrorCode::LedgerNeedsRepair);
    const auto reader = Session::open(scratch.readOptions());
    VERIFY_OK(reader);
    QCOMPARE(jobs(**reader, {})->size(), 500);
}

void TestSeedSchema::noticesAMissingForeignKey()
{
    Scratch scratch;
    fill(scratch);
    // A program that leaves foreign keys off, as the reference does: an op of nobody.
    QCOMPARE(run(scratch, {u"INSERT INTO artifact_ops(op_key, job_id, op_type, started_at) "
                           "VALUES ('k', 'nobody', 'HEAD', 1)"_s}),
             SQLITE_OK);
    const QStringList errors = errorsOf(healthOf(scratch, true));
    QCOMPARE(errors.size(), 1);
    QVERIFY2(errors.first().startsWith(u"rows.foreign_key"_s), qPrintable(errors.first()));
    // On a connection of ours it can't happen.
    const auto session = scratch.open();
    VERIFY_OK(session->begin());
    COMPARE_ERROR(session->run("INSERT INTO artifact_ops(op_key, job_id, op_type, started_at) "
                               "VALUES ('l', 'nobody', 'HEAD', 1)"),
                  ErrorCode::LedgerConstraint);
}

void TestSeedSchema::reportsAConstraintViolation()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, {request(1)});
    VERIFY_OK(session->begin());
    COMPARE_ERROR(session->run("UPDATE artifact_jobs SET state = 'NO_SUCH_STATE'"),
                  ErrorCode::LedgerConstraint);
    COMPARE_ERROR(session->run("INSERT INTO artifact_jobs SELECT * FROM artifact_jobs"),
                  ErrorCode::LedgerConstraint);
    VERIFY_OK(session->commit());
}

void TestSeedSchema::refusesAVersionMismatch()
{
    Scratch scratch;
    planned(*scratch.open(), {request(1)});
    QCOMPARE(run(scratch, {u"DELETE FROM ingather_migrations WHERE version = 2"_s}), SQLITE_OK);
    const StartUp refused = startUp(scratch.options());
    QCOMPARE(static_cast<int>(refused.outcome), static_cast<int>(StartUpOutcome::NeedsRepair));
    QCOMPARE(core::findingName(refused.findings.value(0).id), u"schema.version.mismatch"_s);
    VERIFY_OK(Session::open(scratch.readOptions()));
}

/// The reference dropped every table: 500 rows → 0.
void TestSeedSchema::aMissingIndexCostsNoRow()
{
    Scratch scratch;
    planMany(*scratch.open(), 500);
    const QString sum =
        u"SELECT count(*), sum(length(job_id || canonical_url || state)) FROM artifact_jobs"_s;
    const QString before = OtherProgram(scratch.path()).value(sum);
    QCOMPARE(run(scratch, {u"DROP INDEX idx_artifact_jobs_state"_s}), SQLITE_OK);
    const auto session = scratch.open();
    QCOMPARE(OtherProgram(scratch.path()).value(sum), before);
    QVERIFY(before.startsWith(u"500|"_s));
    QCOMPARE(session->startUp().cures, QStringList(u"CREATE INDEX idx_artifact_jobs_state"_s));
}

/// The reference gave 78 and 146 of 1,500 jobs to two workers.
void TestSeedSchema::noJobIsGivenTwice()
{
    Scratch scratch;
    constexpr int workers = 8;
    constexpr int count = 400;
    planMany(*scratch.open(), count);
    std::vector<QStringList> given(workers);
    std::vector<std::thread> threads;
    std::latch all(workers);
    for (int i = 0; i < workers; ++i) {
        threads.emplace_back([&, i] {
            const auto session = scratch.open(u"worker-%1"_s.arg(i));
            all.arrive_and_wait();
            for (;;) {
                const auto jobs = claimed(*session);
                if (!jobs || jobs->isEmpty())
                    return;
                given[static_cast<std::size_t>(i)].append(jobs->first().lease.job.value);
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QStringList every;
    for (const QStringList &list : given)
        every += list;
    QCOMPARE(every.size(), count);
    QCOMPARE(QSet<QString>(every.begin(), every.end()).size(), count);
}

void TestSeedSchema::aKilledJobIsClaimedAgain_data()
{
    QTest::addColumn<JobState>("state");
    QTest::newRow("killed in LEASED") << JobState::Leased;
    QTest::newRow("killed in HEAD_DONE") << JobState::HeadDone;
    QTest::newRow("killed in RESUME_OK") << JobState::ResumeOk;
    QTest::newRow("killed in STREAMING") << JobState::Streaming;
}

void TestSeedSchema::aKilledJobIsClaimedAgain()
{
    QFETCH(JobState, state);
    Scratch scratch;
    const core::JobId id = broughtTo(*scratch.open(u"killed"_s), state).lease.job;
    QCOMPARE(claimAgain(scratch, u"next"_s)->size(), 0); // the lease runs still
    scratch.clock.advance(31);
    const auto again = claimAgain(scratch, u"next"_s);
    VERIFY_OK(again);
    QCOMPARE(again->size(), 1);
    QCOMPARE(again->first().lease.job, id);
}

/// The reference answers {} for it for ever, and takes that for success.
void TestSeedSchema::anOpThatWasOpenAtACrashIsTakenOver()
{
    Scratch scratch;
    broughtTo(*scratch.open(u"killed"_s), JobState::Streaming);
    scratch.clock.advance(31);
    const auto again = claimAgain(scratch, u"next"_s);
    VERIFY_OK(again);
    QCOMPARE(again->first().ops.size(), 1);
    const OpRecord &op = again->first().ops.first();
    QCOMPARE(static_cast<int>(op.phase), static_cast<int>(core::OpPhase::Intent));
    QCOMPARE(op.attempt, 2);
    QCOMPARE(op.owner, u"next"_s);
    QCOMPARE(op.intent.value(u"size"_s).toInt(), 10); // for verify()
    QVERIFY(op.result.isEmpty());
}

void TestSeedSchema::aZombieFinishesNothing()
{
    Scratch scratch;
    const auto zombie = scratch.open(u"zombie"_s);
    const ClaimedJob job = broughtTo(*zombie, JobState::Streaming);
    scratch.clock.advance(31);
    QCOMPARE(claimAgain(scratch, u"next"_s)->size(), 1);
    const JobRecord before = reread(*zombie, job.lease.job);
    LifeStep step;
    step.lease = job.lease;
    step.path = {JobState::Finalized, JobState::Indexed};
    COMPARE_ERROR(transact(*zombie, [&](Session &s) { return apply(s, step); }), ErrorCode::LeaseLost);
    Failure failure;
    failure.lease = job.lease;
    failure.error = {ErrorCode::Stalled, u"get"_s, 0, {}};
    COMPARE_ERROR(transact(*zombie, [&](Session &s) { return recordFailure(s, failure); }),
                  ErrorCode::LeaseLost);
    const JobRecord after = reread(*zombie, job.lease.job);
    QCOMPARE(after.state, before.state);
    QCOMPARE(after.leaseOwner, u"next"_s);
}

void TestSeedSchema::aLeaseIsRenewedInEveryState_data()
{
    aKilledJobIsClaimedAgain_data();
}

void TestSeedSchema::aLeaseIsRenewedInEveryState()
{
    QFETCH(JobState, state);
    Scratch scratch;
    const auto session = scratch.open(u"worker"_s);
    const ClaimedJob job = broughtTo(*session, state);
    for (int beat = 0; beat < 5; ++beat) {
        scratch.clock.advance(20);
        const auto renewed = transact(*session, [&](Session &s) {
            return renew(s, u"worker"_s, {job.lease.job}, std::chrono::seconds(30));
        });
        VERIFY_OK(renewed);
        QCOMPARE(renewed->size(), 1);
    }
    QCOMPARE(claimAgain(scratch, u"next"_s)->size(), 0);
}

void TestSeedSchema::aTransientErrorIsNotReplayed()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = broughtTo(*session, JobState::Streaming);
    Failure failure;
    failure.lease = job.lease;
    failure.error = {ErrorCode::Stalled, u"get"_s, 0, {}};
    failure.nextAttemptIn = std::chrono::seconds(1);
    VERIFY_OK(transact(*session, [&](Session &s) { return recordFailure(s, failure); }));
    scratch.clock.advance(2);
    const auto again = claimed(*session);
    VERIFY_OK(again);
    QCOMPARE(again->size(), 1);
    LifeStep step;
    step.lease = again->first().lease;
    step.path = {JobState::HeadDone, JobState::Streaming};
    step.ops = {OpIntent{core::OpType::Stream, u"stream"_s, {}}};
    const auto outcome = transact(*session, [&](Session &s) { return apply(s, step); });
    VERIFY_OK(outcome);
    QCOMPARE(outcome->replayed, QList<std::optional<QJsonObject>>{std::nullopt}); // to be done anew
}

void TestSeedSchema::aLongResultIsNotCut()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = broughtTo(*session, JobState::Streaming);
    const QJsonObject result{{u"chain"_s, QString(100'000, u'x')}};
    LifeStep step;
    step.lease = job.lease;
    step.ops = {OpDone{core::OpType::Stream, u"stream"_s, result}};
    VERIFY_OK(transact(*session, [&](Session &s) { return apply(s, step); }));
    QCOMPARE(ops(*session, job.lease.job)->first().result, result);
}

/// For the reference one-column tables are valid, as long as three indexes have the right names.
void TestSeedSchema::validationLooksBeyondNames()
{
    Scratch scratch;
    QCOMPARE(run(scratch,
                 {u"CREATE TABLE artifact_jobs(job_id)"_s, u"CREATE TABLE artifact_ops(op_key)"_s,
                  u"CREATE TABLE __schema_version__(schema_version INTEGER PRIMARY KEY, updated_at REAL)"_s,
                  u"INSERT INTO __schema_version__ VALUES (1, 1)"_s,
                  u"CREATE INDEX idx_artifact_jobs_state ON artifact_jobs(job_id)"_s,
                  u"CREATE INDEX idx_artifact_jobs_lease ON artifact_jobs(job_id)"_s,
                  u"CREATE INDEX idx_artifact_ops_job ON artifact_ops(op_key)"_s}),
             SQLITE_OK);
    const QByteArray before = contentOf(scratch.path());
    COMPARE_ERROR(Session::open(scratch.options()), ErrorCode::LedgerNeedsRepair);
    QVERIFY(!errorsOf(healthOf(scratch)).isEmpty());
    QCOMPARE(contentOf(scratch.path()), before);
}

void TestSeedSchema::anUnknownVersionIsNotHealthy()
{
    Scratch scratch;
    scratch.open();
    QCOMPARE(run(scratch, {u"INSERT INTO __schema_version__ VALUES (99, 1)"_s}), SQLITE_OK);
    COMPARE_ERROR(Session::open(scratch.options()), ErrorCode::LedgerNewer);
    const core::HealthReport report = healthOf(scratch);
    QVERIFY(report.status != core::HealthStatus::Healthy);
}

void TestSeedSchema::aDamagedFileIsNotHealthy()
{
    Scratch scratch;
    planMany(*scratch.open(), 500);
    const OtherProgram program(scratch.path());
    QCOMPARE(program.value(u"PRAGMA wal_checkpoint(TRUNCATE)"_s), u"0|0|0"_s);
    const qsizetype pageSize = program.value(u"PRAGMA page_size"_s).toLongLong();
    const qsizetype root =
        program.value(u"SELECT rootpage FROM sqlite_schema WHERE name = 'artifact_jobs'"_s).toLongLong();
    {
        QFile file(scratch.path());
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek((root - 1) * pageSize + 8)); // behind the page's header
        QCOMPARE(file.write(QByteArray(pageSize - 8, '\xff')), pageSize - 8);
    }
    const core::HealthReport report = healthOf(scratch, true);
    QCOMPARE(static_cast<int>(report.status), static_cast<int>(core::HealthStatus::Broken));
}

void TestSeedSchema::theVersionIsTheHighest()
{
    Scratch scratch;
    scratch.open();
    QCOMPARE(OtherProgram(scratch.path()).rows(u"SELECT schema_version FROM __schema_version__ ORDER BY 1"_s),
             QStringList({u"1"_s, u"2"_s}));
    QCOMPARE(versionOf(scratch), 2);
}

QTEST_GUILESS_MAIN(TestSeedSchema)
#include "tst_seed_schema.moc"
