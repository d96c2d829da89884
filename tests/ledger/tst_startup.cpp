// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/repair/swap.h"
#include "ledger/schema.h"
#include "ledger/startup/startup.h"
#include "ledger/validation/schema_objects.h"
#include "ledger/write_lock.h"
#include "platform/process_identity.h"

#include <QDir>
#include <QElapsedTimer>
#include <QProcess>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

using Steps = QList<StartUpStep>;
using Prepare = std::function<void(const Scratch &scratch)>;
Q_DECLARE_METATYPE(Prepare)

namespace
{

using enum StartUpStep;
using Outcome = StartUpOutcome;

const QString referencePath = QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3");

Prepare write(const QByteArray &content)
{
    return [content](const Scratch &scratch) {
        QFile file(scratch.path());
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write");
    };
}

/// A ledger with a few jobs, and then what somebody does to it.
Prepare ledgerAnd(const QStringList &statements)
{
    return [statements](const Scratch &scratch) {
        {
            const auto session = scratch.open();
            planned(*session, {request(1), request(2)});
        }
        const OtherProgram program(scratch.path());
        for (const QString &sql : statements) {
            if (program.run(sql) != SQLITE_OK)
                qFatal("%ls", qUtf16Printable(sql));
        }
    };
}

QStringList findingNames(const StartUp &startUp)
{
    QStringList names;
    for (const core::Finding &finding : startUp.findings)
        names.append(core::findingName(finding.id));
    names.removeDuplicates();
    return names;
}

qsizetype backupsIn(const Scratch &scratch)
{
    return QDir(scratch.dir.path()).entryList({u"*.backup"_s}).size();
}

QStringList jobColumns(const QString &path)
{
    return OtherProgram(path).rows(
        u"SELECT job_id, canonical_url, state, created_at, row_sum FROM artifact_jobs ORDER BY rowid"_s);
}

/// What this program does when it is started as a child: it opens the ledger and plans one job.
int openAndPlan(const QString &path, int number)
{
    support::ManualClock clock(1'760'000'000.0 + number);
    OpenOptions options;
    options.path = path;
    options.clock = &clock;
    options.owner = u"child-%1"_s.arg(number);
    const auto session = Session::open(options);
    if (!session) {
        qWarning("%s", why(session).constData());
        return 1;
    }
    const auto jobs = transact(**session, [number](Session &s) { return plan(s, {request(number)}); });
    return jobs ? 0 : 2;
}

/// The other thing that it does as a child: puts a ledger in the place of another, as a repair does.
int swapInPlaceOf(const QString &path, const QString &fresh)
{
    support::ManualClock clock;
    OpenOptions options;
    options.path = path;
    options.clock = &clock;
    options.owner = u"repair"_s;
    const RepairFolder folder(path);
    const auto place = folder.newPlace(clock.now());
    const auto hold = LedgerHold::take(options);
    if (!place || !hold || !QFile::rename(fresh, place->fresh()))
        return 1;
    return swapIn(**hold, folder, *place, 2, options.owner) ? 0 : 2;
}

std::unique_ptr<QProcess> startChild(const QStringList &arguments, const QString &crashAt = {})
{
    auto child = std::make_unique<QProcess>();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    if (!crashAt.isEmpty())
        environment.insert(u"INGATHER_CRASH_AT"_s, crashAt);
    child->setProcessEnvironment(environment);
    child->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    child->start(QCoreApplication::applicationFilePath(), arguments);
    return child;
}

QStringList openAndPlanArguments(const Scratch &scratch, int number)
{
    return {u"--open-and-plan"_s, scratch.path(), QString::number(number)};
}

} // namespace

class TestStartup : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesItsSteps_data();
    void takesItsSteps();
    void cures_data();
    void cures();
    void curesWhatAlreadyFinished();
    void curesOnlyOnce();
    void readsWhatNeedsARepair_data();
    void readsWhatNeedsARepair();
    void repairsOnceWhenItMay_data();
    void repairsOnceWhenItMay();
    void aCurrentLedgerIsOnlyLookedAt();
    void isFast();
    void eightProcessesAtOnce_data();
    void eightProcessesAtOnce();
    void killedInBetween_data();
    void killedInBetween();
    void looksAtThePagesAfterAnUncleanEnd_data();
    void looksAtThePagesAfterAnUncleanEnd();
    void finishesASwap_data();
    void finishesASwap();
};

void TestStartup::takesItsSteps_data()
{
    QTest::addColumn<Prepare>("prepare");
    QTest::addColumn<StartUpOutcome>("outcome");
    QTest::addColumn<Steps>("steps");
    QTest::addColumn<QStringList>("findings");
    QTest::addColumn<QString>("error");
    const QStringList none;
    const Prepare nothing = [](const Scratch &) {};
    const Steps looked{Open, Version};
    const Steps ready{Open, Version, Validate, Ready};
    const QString version3 = u"INSERT INTO __schema_version__ VALUES (3, 1)"_s;
    const QString step3 = u"INSERT INTO ingather_migrations VALUES (3, '003', 'x', %1, '', 1, NULL)"_s;

    QTest::newRow("an absent file is made")
        << nothing << Outcome::ReadyMigrated << Steps{Open, Version, Migrate, Validate, Ready} << none
        << u""_s;
    QTest::newRow("an empty file is filled")
        << write({}) << Outcome::ReadyMigrated << Steps{Open, Version, Migrate, Validate, Ready} << none
        << u""_s;
    QTest::newRow("a ledger of v1 is brought forward")
        << write(contentOf(referencePath)) << Outcome::ReadyMigrated
        << Steps{Open, Version, Migrate, Validate, Ready} << none << u""_s;
    QTest::newRow("a current ledger is ready") << ledgerAnd({}) << Outcome::Ready << ready << none << u""_s;
    QTest::newRow("one that is not in write-ahead mode is put into it")
        << ledgerAnd({u"PRAGMA journal_mode = DELETE"_s}) << Outcome::Ready << ready << none << u""_s;
    QTest::newRow("a table, a view and a trigger of others are nobody's business")
        << ledgerAnd(
               {u"CREATE TABLE telemetry(a)"_s, u"CREATE VIEW seen AS SELECT state FROM artifact_jobs"_s})
        << Outcome::Ready << ready << none << u""_s;
    QTest::newRow("an index of others on our table is no fault")
        << ledgerAnd({u"CREATE INDEX theirs ON artifact_jobs(work_id)"_s}) << Outcome::Ready << ready << none
        << u""_s;
    QTest::newRow("another order of columns is no fault")
        << ledgerAnd({u"ALTER TABLE artifact_jobs DROP COLUMN error_detail"_s,
                      u"ALTER TABLE artifact_jobs ADD COLUMN error_detail TEXT"_s})
        << Outcome::Ready << ready << none << u""_s;
    QTest::newRow("a missing index is made")
        << ledgerAnd({u"DROP INDEX ingather_ready"_s}) << Outcome::ReadyCured
        << Steps{Open, Version, Validate, Backup, Cure, ValidateAgain, Ready}
        << QStringList{u"schema.index.missing"_s} << u""_s;
    QTest::newRow("a missing table of version 2's own is made")
        << ledgerAnd({u"DROP TABLE ingather_batches"_s}) << Outcome::ReadyCured
        << Steps{Open, Version, Validate, Backup, Cure, ValidateAgain, Ready}
        << QStringList{u"schema.table.missing"_s} << u""_s;
    QTest::newRow("an index that can't be made needs a repair")
        << ledgerAnd({u"DROP INDEX ingather_names"_s,
                      u"UPDATE artifact_jobs SET root_id = 1, final_path = 'twice.pdf'"_s})
        << Outcome::NeedsRepair << Steps{Open, Version, Validate, Backup, Cure}
        << QStringList{u"schema.index.missing"_s} << u"ledger_needs_repair"_s;
    QTest::newRow("a changed index needs a repair")
        << ledgerAnd({u"DROP INDEX ingather_ready"_s,
                      u"CREATE INDEX ingather_ready ON artifact_jobs(created_at)"_s})
        << Outcome::NeedsRepair << Steps{Open, Version, Validate} << QStringList{u"schema.index.changed"_s}
        << u"ledger_needs_repair"_s;
    QTest::newRow("a missing record of the migrations needs a repair")
        << ledgerAnd({u"DROP TABLE ingather_migrations"_s}) << Outcome::NeedsRepair
        << Steps{Open, Version, Validate}
        << QStringList{u"schema.table.missing"_s, u"schema.version.mismatch"_s} << u"ledger_needs_repair"_s;
    QTest::newRow("a step that is not recorded needs a repair")
        << ledgerAnd({u"DELETE FROM ingather_migrations WHERE version = 1"_s}) << Outcome::NeedsRepair
        << Steps{Open, Version, Validate} << QStringList(u"schema.migration.gap"_s)
        << u"ledger_needs_repair"_s;
    QTest::newRow("a table of jobs that is gone needs a repair")
        << ledgerAnd({u"DROP TABLE artifact_jobs"_s}) << Outcome::NeedsRepair << Steps{Open} << none
        << u"ledger_needs_repair"_s;
    QTest::newRow("a step with another script is refused")
        << ledgerAnd({u"UPDATE ingather_migrations SET checksum = 'x' WHERE version = 2"_s})
        << Outcome::Refused << Steps{Open, Version, Validate} << QStringList(u"schema.migration.changed"_s)
        << u"ledger_schema"_s;
    QTest::newRow("a newer ledger that is compatible is used")
        << ledgerAnd({version3, step3.arg(0)}) << Outcome::Ready << Steps{Open, Version, StartUpStep::Ready}
        << QStringList{u"schema.version.newer"_s} << u""_s;
    QTest::newRow("a newer ledger that is not can only be read")
        << ledgerAnd({version3, step3.arg(1)}) << Outcome::ReadOnlyNewer << Steps{Open}
        << QStringList{u"schema.version.newer_breaking"_s} << u"ledger_newer"_s;
    QTest::newRow("a text file is refused")
        << write("Dear diary,\n") << Outcome::Refused << Steps{Open} << none << u"ledger_not_a_database"_s;
    QTest::newRow("a schema that can't be read needs a repair") << Prepare([](const Scratch &scratch) {
        ledgerAnd({u"PRAGMA wal_checkpoint(TRUNCATE)"_s})(scratch);
        QByteArray content = contentOf(scratch.path());
        content.replace("CREATE TABLE artifact_jobs", "CREATE TUBLE artifact_jobs");
        write(content)(scratch);
    }) << Outcome::NeedsRepair << Steps{Open} << none << u"ledger_corrupt"_s;
}

void TestStartup::takesItsSteps()
{
    QFETCH(Prepare, prepare);
    QFETCH(StartUpOutcome, outcome);
    QFETCH(Steps, steps);
    QFETCH(QStringList, findings);
    QFETCH(QString, error);
    Scratch scratch;
    prepare(scratch);
    const qsizetype before = backupsIn(scratch);
    const StartUp startUp = ledger::startUp(scratch.options());
    const QString reason = startUp.error ? core::errorCodeName(startUp.error->code) : QString();
    QVERIFY2(reason == error, startUp.error ? qPrintable(core::toLogText(*startUp.error)) : "no error");
    QCOMPARE(static_cast<int>(startUp.outcome), static_cast<int>(outcome));
    QCOMPARE(startUp.steps, steps);
    QCOMPARE(findingNames(startUp), findings);
    QCOMPARE(startUp.cures.isEmpty(), outcome != Outcome::ReadyCured);
    // A backup was made, and kept, exactly where something that was there has been changed.
    QCOMPARE(backupsIn(scratch) - before, startUp.backup.isEmpty() ? 0 : 1);
    if (error.isEmpty()) {
        QCOMPARE(startUp.version,
                 startUp.findings.isEmpty() || outcome == Outcome::ReadyCured ? currentSchemaVersion : 3);
        // What a start made ready is ready at the next.
        const auto session = Session::open(scratch.options());
        VERIFY_OK(session);
        QCOMPARE(static_cast<int>((*session)->startUp().outcome), static_cast<int>(Outcome::Ready));
        planned(**session, {request(77)});
    } else {
        COMPARE_ERROR(Session::open(scratch.options()), startUp.error->code);
    }
}

void TestStartup::cures_data()
{
    QTest::addColumn<QStringList>("statements");
    QTest::addColumn<QString>("cure");
    for (const SchemaObject &object : expectedSchema(currentSchemaVersion)) {
        if (object.type == u"index")
            QTest::newRow(qPrintable(u"the index "_s + object.name))
                << QStringList{u"DROP INDEX "_s + object.name} << u"CREATE INDEX "_s + object.name;
        if (object.type == u"trigger")
            QTest::newRow(qPrintable(u"the trigger "_s + object.name))
                << QStringList{u"DROP TRIGGER "_s + object.name} << u"CREATE TRIGGER "_s + object.name;
    }
    for (const char *table : {"events", "parts", "hashes", "urls", "hosts", "batches", "salvage", "owners"}) {
        const QString name = u"ingather_"_s + QLatin1StringView(table);
        QTest::newRow(qPrintable(u"the table "_s + name))
            << QStringList{u"DROP TABLE "_s + name} << u"CREATE TABLE "_s + name;
    }
    QTest::newRow("the counters, which are counted again")
        << QStringList{u"DROP TRIGGER ingather_count_insert"_s, u"DROP TRIGGER ingather_count_delete"_s,
                       u"DROP TRIGGER ingather_count_update"_s, u"DROP TABLE ingather_counts"_s}
        << u"CREATE TABLE ingather_counts"_s;
    QTest::newRow("a column with a default")
        << QStringList{u"ALTER TABLE artifact_jobs DROP COLUMN error_detail"_s}
        << u"ALTER TABLE artifact_jobs ADD COLUMN error_detail text"_s;
    QTest::newRow("a column of the ops") << QStringList{u"ALTER TABLE artifact_ops DROP COLUMN intent_json"_s}
                                         << u"ALTER TABLE artifact_ops ADD COLUMN intent_json text"_s;
}

void TestStartup::cures()
{
    QFETCH(QStringList, statements);
    QFETCH(QString, cure);
    Scratch scratch;
    ledgerAnd({})(scratch);
    const QStringList before = jobColumns(scratch.path());
    {
        const OtherProgram program(scratch.path());
        for (const QString &sql : std::as_const(statements))
            QVERIFY2(program.run(sql) == SQLITE_OK, qPrintable(sql));
    }
    const StartUp startUp = ledger::startUp(scratch.options());
    QVERIFY2(!startUp.error, startUp.error ? qPrintable(core::toLogText(*startUp.error)) : "");
    QCOMPARE(static_cast<int>(startUp.outcome), static_cast<int>(Outcome::ReadyCured));
    QVERIFY2(startUp.cures.contains(cure, Qt::CaseInsensitive), qPrintable(startUp.cures.join(u", "_s)));
    QCOMPARE(jobColumns(scratch.path()), before);
    QCOMPARE(jobColumns(startUp.backup), before);
    const OtherProgram program(scratch.path());
    QCOMPARE(program.rows(u"SELECT state, kind, jobs FROM ingather_counts WHERE jobs <> 0"_s),
             QStringList(u"PLANNED|OPEN|2"_s));
}

/// While a trigger was missing, a program of v1 finished a job: it must not be fetched again.
void TestStartup::curesWhatAlreadyFinished()
{
    Scratch scratch;
    ledgerAnd({u"DROP TRIGGER ingather_done_by_update"_s, u"DROP TRIGGER ingather_count_update"_s,
               u"UPDATE artifact_jobs SET state = 'FINALIZED', updated_at = 77 WHERE rowid = 1"_s})(scratch);
    const auto session = scratch.open();
    ClaimRequest all;
    all.limit = 10;
    QCOMPARE(claimed(*session, all)->size(), 1);
    const auto now = status(*session);
    VERIFY_OK(now);
    QCOMPARE(now->unfinished, 1);
    QCOMPARE(OtherProgram(scratch.path())
                 .value(u"SELECT done_at, verification, row_sum FROM artifact_jobs WHERE rowid = 1"_s),
             u"77.0|legacy|NULL"_s);
}

void TestStartup::curesOnlyOnce()
{
    Scratch scratch;
    ledgerAnd({u"DROP INDEX ingather_ready"_s})(scratch);
    scratch.open();
    scratch.clock.advance(5);
    const auto session = scratch.open();
    QCOMPARE(static_cast<int>(session->startUp().outcome), static_cast<int>(Outcome::Ready));
    QCOMPARE(backupsIn(scratch), 1);
}

void TestStartup::readsWhatNeedsARepair_data()
{
    QTest::addColumn<QStringList>("statements");
    QTest::addColumn<bool>("isReadable");
    QTest::newRow("an index with another text")
        << QStringList{u"DROP INDEX ingather_ready"_s,
                       u"CREATE INDEX ingather_ready ON artifact_jobs(created_at)"_s}
        << true;
    QTest::newRow("version stores that contradict each other")
        << QStringList{u"DELETE FROM ingather_migrations WHERE version = 2"_s} << true;
    QTest::newRow("a version that is gone") << QStringList{u"DELETE FROM __schema_version__"_s} << true;
    QTest::newRow("roots that are gone, of a ledger without a version")
        << QStringList{u"DELETE FROM __schema_version__"_s, u"DROP TABLE ingather_roots"_s} << false;
    QTest::newRow("jobs that are gone") << QStringList{u"DROP TABLE artifact_jobs"_s} << false;
}

void TestStartup::readsWhatNeedsARepair()
{
    QFETCH(QStringList, statements);
    QFETCH(bool, isReadable);
    Scratch scratch;
    ledgerAnd(statements + QStringList{u"PRAGMA wal_checkpoint(TRUNCATE)"_s})(scratch);
    const QByteArray before = contentOf(scratch.path());
    COMPARE_ERROR(Session::open(scratch.options()), ErrorCode::LedgerNeedsRepair);
    const auto reader = Session::open(scratch.readOptions());
    if (isReadable) {
        VERIFY_OK(reader);
        QCOMPARE(jobs(**reader, {})->size(), 2);
    } else {
        COMPARE_ERROR(reader, ErrorCode::LedgerNeedsRepair);
    }
    QCOMPARE(contentOf(scratch.path()), before);
}

void TestStartup::repairsOnceWhenItMay_data()
{
    QTest::addColumn<QStringList>("mending");
    QTest::addColumn<StartUpOutcome>("outcome");
    QTest::newRow("a repair that mends it")
        << QStringList{u"DROP INDEX ingather_ready"_s} << Outcome::ReadyCured;
    QTest::newRow("a repair that does not") << QStringList{} << Outcome::NeedsRepair;
}

void TestStartup::repairsOnceWhenItMay()
{
    QFETCH(QStringList, mending);
    QFETCH(StartUpOutcome, outcome);
    Scratch scratch;
    ledgerAnd({u"DROP INDEX ingather_ready"_s,
               u"CREATE INDEX ingather_ready ON artifact_jobs(created_at)"_s})(scratch);
    int calls = 0;
    OpenOptions options = scratch.options();
    options.repair = [&](const OpenOptions &given) -> Result<> {
        ++calls;
        WriteLock lock; // no lock is held meanwhile
        Result<> done = lock.open(given.path, true);
        if (done)
            done = lock.acquire(std::chrono::milliseconds(0), u"repair"_s, 1);
        if (!done)
            return done;
        const OtherProgram program(given.path);
        for (const QString &sql : std::as_const(mending))
            program.run(sql);
        return {};
    };
    const StartUp startUp = ledger::startUp(options);
    QCOMPARE(static_cast<int>(startUp.outcome), static_cast<int>(outcome));
    QCOMPARE(startUp.error.has_value(), outcome == Outcome::NeedsRepair);
    QCOMPARE(calls, 1);
    QCOMPARE(startUp.steps.count(StartUpStep::Repair), 1);
    QCOMPARE(startUp.steps.count(StartUpStep::Open), 2);
}

void TestStartup::aCurrentLedgerIsOnlyLookedAt()
{
    Scratch scratch;
    ledgerAnd({})(scratch);
    WriteLock holder;
    VERIFY_OK(holder.open(scratch.path(), false));
    VERIFY_OK(holder.acquire(std::chrono::seconds(1), u"holder"_s, 1));
    OpenOptions options = scratch.options();
    options.lockPatience = std::chrono::milliseconds(0);
    VERIFY_OK(Session::open(options)); // it waits for nobody
}

/// Figures are printed, and bounded widely: this machine has other things to do.
void TestStartup::isFast()
{
    const auto median = [](std::vector<qint64> times) {
        std::sort(times.begin(), times.end());
        return times[times.size() / 2];
    };
    std::vector<qint64> first;
    std::vector<qint64> again;
    QElapsedTimer timer;
    for (int i = 0; i < 9; ++i) {
        Scratch scratch;
        timer.start();
        const auto session = scratch.open();
        first.push_back(timer.nsecsElapsed() / 1000);
        for (int j = 0; j < 9; ++j) {
            timer.start();
            const StartUp startUp = ledger::startUp(scratch.options());
            again.push_back(timer.nsecsElapsed() / 1000);
            QVERIFY(!startUp.error);
        }
    }
    qInfo("first start %lld us, start of a current ledger %lld us", median(first), median(again));
    QVERIFY(median(first) < 250'000);
    QVERIFY(median(again) < 10'000);
}

void TestStartup::eightProcessesAtOnce_data()
{
    QTest::addColumn<Prepare>("prepare");
    QTest::newRow("on a file that does not exist yet") << Prepare([](const Scratch &) {});
    QTest::newRow("on an empty file") << write({});
    QTest::newRow("on a ledger of v1") << write(contentOf(referencePath));
    QTest::newRow("on a ledger that lacks an index") << ledgerAnd({u"DROP INDEX ingather_ready"_s});
}

void TestStartup::eightProcessesAtOnce()
{
    QFETCH(Prepare, prepare);
    constexpr int count = 8;
    for (int round = 0; round < 3; ++round) {
        Scratch scratch;
        prepare(scratch);
        const int before =
            QFile::exists(scratch.path()) && contentOf(scratch.path()).size() > 0
                ? OtherProgram(scratch.path()).value(u"SELECT count(*) FROM artifact_jobs"_s).toInt()
                : 0;
        std::vector<std::unique_ptr<QProcess>> children;
        for (int i = 0; i < count; ++i)
            children.push_back(startChild(openAndPlanArguments(scratch, 100 + i)));
        for (const auto &child : children) {
            QVERIFY(child->waitForFinished(60'000));
            QCOMPARE(child->exitStatus(), QProcess::NormalExit);
            QCOMPARE(child->exitCode(), 0);
        }
        const OtherProgram program(scratch.path());
        QCOMPARE(program.value(u"SELECT count(*) FROM artifact_jobs"_s).toInt(), before + count);
        QCOMPARE(program.rows(u"SELECT version FROM ingather_migrations ORDER BY version"_s),
                 QStringList({u"1"_s, u"2"_s}));
        QCOMPARE(program.value(u"PRAGMA integrity_check"_s), u"ok"_s);
        QVERIFY(backupsIn(scratch) <= 1);
    }
}

void TestStartup::killedInBetween_data()
{
    QTest::addColumn<Prepare>("prepare");
    QTest::addColumn<QString>("crashAt");
    const Prepare nothing = [](const Scratch &) {};
    const Prepare v1 = write(contentOf(referencePath));
    const Prepare lacking = ledgerAnd({u"DROP INDEX ingather_ready"_s});
    QTest::newRow("before the first step of a new ledger") << nothing << u"migrate.before_commit:1"_s;
    QTest::newRow("after the first step of a new ledger") << nothing << u"migrate.after_commit:1"_s;
    QTest::newRow("before the second step of a new ledger") << nothing << u"migrate.before_commit:2"_s;
    QTest::newRow("after the second step of a new ledger") << nothing << u"migrate.after_commit:2"_s;
    QTest::newRow("before a ledger of v1 is brought forward") << v1 << u"migrate.before_commit:1"_s;
    QTest::newRow("after a ledger of v1 was brought forward") << v1 << u"migrate.after_commit:1"_s;
    QTest::newRow("before a cure") << lacking << u"cure.before_commit:1"_s;
    QTest::newRow("after a cure") << lacking << u"cure.after_commit:1"_s;
}

void TestStartup::killedInBetween()
{
    QFETCH(Prepare, prepare);
    QFETCH(QString, crashAt);
    Scratch scratch;
    prepare(scratch);
    const bool hasJobs = QFile::exists(scratch.path());
    const QStringList before =
        hasJobs
            ? OtherProgram(scratch.path()).rows(u"SELECT job_id, state FROM artifact_jobs ORDER BY rowid"_s)
            : QStringList();
    const auto killed = startChild(openAndPlanArguments(scratch, 100), crashAt);
    QVERIFY(killed->waitForFinished(60'000));
    QCOMPARE(killed->exitStatus(), QProcess::CrashExit);

    const auto session = Session::open(scratch.options());
    VERIFY_OK(session);
    planned(**session, {request(100)});
    const OtherProgram program(scratch.path());
    QCOMPARE(program.rows(u"SELECT job_id, state FROM artifact_jobs ORDER BY rowid"_s).mid(0, before.size()),
             before);
    QCOMPARE(program.value(u"PRAGMA integrity_check"_s), u"ok"_s);
    const auto digest = schemaDigest(static_cast<sqlite3 *>((*session)->handle()));
    VERIFY_OK(digest);
    QCOMPARE(*digest, currentSchemaDigest().toByteArray());
}

void TestStartup::looksAtThePagesAfterAnUncleanEnd_data()
{
    QTest::addColumn<QString>("owner");
    QTest::addColumn<QString>("damaged"); // an object in whose root page a byte is changed
    QTest::addColumn<Outcome>("outcome");
    platform::ProcessIdentity self = platform::ProcessIdentity::current();
    const QString living = self.toString();
    self.pidStart += 1;
    const QString gone = self.toString();
    QTest::newRow("an index is damaged, and made anew")
        << gone << u"idx_artifact_jobs_state"_s << Outcome::ReadyCured;
    QTest::newRow("nothing is damaged") << gone << u""_s << Outcome::Ready;
    QTest::newRow("a table is damaged") << gone << u"artifact_jobs"_s << Outcome::NeedsRepair;
    QTest::newRow("somebody works with the ledger: no look")
        << living << u"idx_artifact_jobs_state"_s << Outcome::Ready;
}

void TestStartup::looksAtThePagesAfterAnUncleanEnd()
{
    QFETCH(QString, owner);
    QFETCH(QString, damaged);
    QFETCH(Outcome, outcome);
    Scratch scratch;
    ledgerAnd({u"INSERT INTO ingather_owners VALUES ('%1', 'worker', 1)"_s.arg(owner)})(scratch);
    const auto damage = [&] {
        const OtherProgram program(scratch.path());
        QCOMPARE(program.value(u"PRAGMA wal_checkpoint(TRUNCATE)"_s), u"0|0|0"_s);
        const qsizetype size = program.value(u"PRAGMA page_size"_s).toLongLong();
        const qsizetype root =
            program.value(u"SELECT rootpage FROM sqlite_schema WHERE name = '%1'"_s.arg(damaged))
                .toLongLong();
        QByteArray content = contentOf(scratch.path());
        if (damaged.startsWith(u"idx"_s)) { // an entry says something else than its row
            const qsizetype entry = content.indexOf("PLANNED", (root - 1) * size);
            QVERIFY(entry > 0 && entry < root * size);
            content[entry + 6] = 'E';
        } else { // the page says that it has many cells more
            content[(root - 1) * size + 4] = '\x7f';
        }
        write(content)(scratch);
    };
    if (!damaged.isEmpty())
        damage();
    const StartUp startUp = ledger::startUp(scratch.options());
    QVERIFY2(startUp.outcome == outcome,
             startUp.error ? qPrintable(core::toLogText(*startUp.error)) : "no error");
    if (outcome == Outcome::ReadyCured)
        QCOMPARE(startUp.cures, QStringList(u"REINDEX idx_artifact_jobs_state"_s));
    if (outcome == Outcome::NeedsRepair ||
        livenessOf(*platform::ProcessIdentity::fromString(owner)) != platform::Liveness::Dead)
        return;
    QCOMPARE(OtherProgram(scratch.path()).value(u"PRAGMA integrity_check"_s), u"ok"_s);
    // Once for each unclean end: what is damaged after that is not looked for at the next start.
    damaged = u"idx_artifact_jobs_state"_s;
    damage();
    QCOMPARE(static_cast<int>(ledger::startUp(scratch.options()).outcome), static_cast<int>(Outcome::Ready));
}

void TestStartup::finishesASwap_data()
{
    QTest::addColumn<QString>("crashAt");
    QTest::addColumn<bool>("isDecided");
    QTest::newRow("killed before it was decided") << u"swap.before_decision"_s << false;
    QTest::newRow("killed after it was decided") << u"swap.after_decision"_s << true;
    QTest::newRow("killed before the rename") << u"swap.before_rename"_s << true;
    QTest::newRow("killed after the rename") << u"swap.after_rename"_s << true;
}

void TestStartup::finishesASwap()
{
    QFETCH(QString, crashAt);
    QFETCH(bool, isDecided);
    Scratch scratch;
    ledgerAnd({u"PRAGMA wal_checkpoint(TRUNCATE)"_s})(scratch);
    Scratch fresh;
    planned(*fresh.open(), {request(77)});
    QCOMPARE(OtherProgram(fresh.path()).value(u"PRAGMA wal_checkpoint(TRUNCATE)"_s), u"0|0|0"_s);
    const auto killed = startChild({u"--swap-in"_s, scratch.path(), fresh.path()}, crashAt);
    QVERIFY(killed->waitForFinished(60'000));
    QCOMPARE(killed->exitStatus(), QProcess::CrashExit);

    const StartUp startUp = ledger::startUp(scratch.options());
    QVERIFY2(!startUp.error, startUp.error ? qPrintable(core::toLogText(*startUp.error)) : "");
    QCOMPARE(startUp.steps.value(0), isDecided ? FinishRepair : Open);
    QCOMPARE(jobs(*scratch.open(), {})->size(), isDecided ? 1 : 2);
    QCOMPARE(ledger::startUp(scratch.options()).steps.value(0), Open);
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments[1] == u"--open-and-plan"_s)
        return openAndPlan(arguments[2], arguments[3].toInt());
    if (arguments.size() == 4 && arguments[1] == u"--swap-in"_s)
        return swapInPlaceOf(arguments[2], arguments[3]);
    TestStartup test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_startup.moc"
