// SPDX-License-Identifier: MIT
#include "ledger/backups/rolling_backups.h"
#include "ledger/health/health.h"
#include "ledger/ledger_fixture.h"
#include "ledger/life_step.h"

#include <QDir>
#include <QSignalSpy>

#include <functional>

using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;
using namespace Qt::StringLiterals;
using core::FindingId;
using core::HealthReport;
using core::HealthStatus;
using core::Severity;

namespace
{

/// A process that exists nowhere; what is said of it is up to the test.
const QString someOwner = u"host/11111111-2222-3333-4444-555555555555/4026531836/4711/99/0123456789abcdef"_s;

QString namesOf(const HealthReport &report, Severity least)
{
    QStringList names;
    for (const core::Finding &finding : report.checks) {
        if (finding.severity >= least)
            names.append(core::findingName(finding.id) + u" ("_s + finding.detail + u')');
    }
    return names.join(u", "_s);
}

std::optional<core::Finding> findingIn(const HealthReport &report, FindingId id)
{
    for (const core::Finding &finding : report.checks) {
        if (finding.id == id)
            return finding;
    }
    return std::nullopt;
}

/// Names, sizes and content of everything in a folder.
QList<std::pair<QString, QByteArray>> everythingIn(const QString &folder)
{
    QList<std::pair<QString, QByteArray>> all;
    const QStringList names =
        QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    for (const QString &name : names) {
        const QString path = QDir(folder).filePath(name);
        all.append({name, QFileInfo(path).isFile() ? contentOf(path) : QByteArray()});
    }
    return all;
}

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %ls", qUtf16Printable(path));
}

} // namespace

#define VERIFY_FOUND(report, id, expected)                                                                   \
    do {                                                                                                     \
        const std::optional<core::Finding> found_ = findingIn(report, id);                                   \
        QVERIFY2(found_.has_value(), qPrintable(u"not checked: "_s + core::findingName(id)));                \
        QCOMPARE(core::severityName(found_->severity), core::severityName(expected));                        \
    } while (false)

class TestHealth : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_scratch = std::make_unique<Scratch>();
        m_request = HealthRequest();
        m_request.countingEnds = std::chrono::hours(1);
        m_request.path = m_scratch->path();
        m_request.clock = &m_scratch->clock;
        m_request.freeSpace = [](const QString &) { return Result<qint64>(qint64{1} << 50); };
        m_request.isNetworkFileSystem = [](const QString &) { return Result<bool>(false); };
        m_request.livenessOf = [](const platform::ProcessIdentity &) { return platform::Liveness::Dead; };
    }

    void aLedgerInOrderIsHealthy_data()
    {
        QTest::addColumn<bool>("isDeep");
        QTest::newRow("by a quick look") << false;
        QTest::newRow("by a deep look") << true;
    }
    void aLedgerInOrderIsHealthy();
    void whatKeepsAFileFromBeingALedger_data();
    void whatKeepsAFileFromBeingALedger();
    void aLedgerOfVersion1IsDegraded();
    void aLedgerOfTheOtherCreatorIsUnmigrated();
    void aForeignDatabaseHasVersion0();
    void nothingIsWrittenOrLeftBehind_data();
    void nothingIsWrittenOrLeftBehind();
    void aLogWithoutItsIndexIsRead();
    void aLedgerAtWorkIsReadAlongWithItsWriters();
    void rowsStatesLeasesAndOpsAreCounted();
    void whatThereIsNoTimeForHasNoCount();
    void eachCheckFindsItsFault_data();
    void eachCheckFindsItsFault();
    void theSurroundingsAreLookedAt_data();
    void theSurroundingsAreLookedAt();
    void openOps_data();
    void openOps();
    void anOldBackupMattersOnceTheLedgerHasChanged();
    void oneContentUnderTwoWorksIsTold();
    void aDamagedPageIsAFinding();
    void aNewerLedgerThatBreaksIsOnlyNamed();
    void itCanBeCancelled();

private:
    HealthReport look(bool isDeep = false)
    {
        m_request.isDeep = isDeep;
        const Result<HealthReport> report = checkHealth(m_request, {});
        if (!report)
            qFatal("%s", why(report).constData());
        return *report;
    }

    std::unique_ptr<Scratch> m_scratch;
    HealthRequest m_request;
};

void TestHealth::aLedgerInOrderIsHealthy()
{
    QFETCH(bool, isDeep);
    planned(*m_scratch->open(), {request(1), request(2)});
    const HealthReport report = look(isDeep);
    QCOMPARE(namesOf(report, Severity::Warning), QString());
    QCOMPARE(report.status, HealthStatus::Healthy);
    QCOMPARE(report.schemaVersion, 2);
    for (const FindingId id : {FindingId::FileAbsent, FindingId::VersionMismatch, FindingId::IndexMissing,
                               FindingId::LeasesExpired, FindingId::ClaimPlanWrong, FindingId::DiskLow})
        VERIFY_FOUND(report, id, Severity::Ok);
    QCOMPARE(findingIn(report, FindingId::PageDamaged).has_value(), isDeep);
    QCOMPARE(findingIn(report, FindingId::RowSumWrong).has_value(), isDeep);
}

void TestHealth::whatKeepsAFileFromBeingALedger_data()
{
    QTest::addColumn<std::function<void(const QString &)>>("make");
    QTest::addColumn<FindingId>("expected");
    QTest::addColumn<HealthStatus>("status");
    using Make = std::function<void(const QString &)>;
    QTest::newRow("nothing is there")
        << Make([](const QString &) {}) << FindingId::FileAbsent << HealthStatus::Degraded;
    QTest::newRow("the file is empty") << Make([](const QString &path) { write(path, {}); })
                                       << FindingId::FileEmpty << HealthStatus::Degraded;
    QTest::newRow("the file is something else")
        << Make([](const QString &path) { write(path, QByteArray(5000, 'x')); })
        << FindingId::FileNotADatabase << HealthStatus::Broken;
    QTest::newRow("a folder has the name") << Make([](const QString &path) { QDir().mkdir(path); })
                                           << FindingId::FileUnreadable << HealthStatus::Broken;
    QTest::newRow("the beginning of a database is all there is")
        << Make([](const QString &path) { write(path, QByteArray("SQLite format 3\0", 16)); })
        << FindingId::FileNotADatabase << HealthStatus::Broken;
}

void TestHealth::whatKeepsAFileFromBeingALedger()
{
    QFETCH(std::function<void(const QString &)>, make);
    QFETCH(FindingId, expected);
    QFETCH(HealthStatus, status);
    make(m_scratch->path());
    const auto before = everythingIn(m_scratch->dir.path());
    const HealthReport report = look(true);
    const std::optional<core::Finding> finding = findingIn(report, expected);
    QVERIFY2(finding.has_value(), qPrintable(namesOf(report, Severity::Info)));
    QCOMPARE(finding->place, m_scratch->path());
    QCOMPARE(report.status, status);
    QCOMPARE(report.schemaVersion, 0);
    QCOMPARE(everythingIn(m_scratch->dir.path()), before);
}

void TestHealth::aLedgerOfVersion1IsDegraded()
{
    QVERIFY(QFile::copy(QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3"), m_scratch->path()));
    const auto before = everythingIn(m_scratch->dir.path());
    const HealthReport report = look(true);
    QCOMPARE(namesOf(report, Severity::Error), QString());
    VERIFY_FOUND(report, FindingId::FileUnmigrated, Severity::Warning);
    QCOMPARE(report.status, HealthStatus::Degraded);
    QCOMPARE(report.schemaVersion, 1);
    QCOMPARE(report.rowCounts.value(u"artifact_jobs"_s), std::optional<qint64>(300));
    qint64 jobs = 0;
    for (const qint64 count : report.states)
        jobs += count;
    QCOMPARE(jobs, 300);
    QCOMPARE(everythingIn(m_scratch->dir.path()), before);
}

void TestHealth::aLedgerOfTheOtherCreatorIsUnmigrated()
{
    QVERIFY(QFile::copy(QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3"), m_scratch->path()));
    QCOMPARE(OtherProgram(m_scratch->path())
                 .run(u"DROP TABLE __schema_version__; CREATE TABLE _meta(key TEXT PRIMARY KEY, value TEXT); "
                      "INSERT INTO _meta VALUES ('schema_version', '1'); "
                      "DROP INDEX idx_artifact_jobs_idempotency; DROP INDEX idx_artifact_jobs_lease; "
                      "CREATE INDEX idx_artifact_jobs_lease ON artifact_jobs(lease_until)"_s),
             SQLITE_OK);
    const HealthReport report = look(true);
    QCOMPARE(namesOf(report, Severity::Error), QString());
    VERIFY_FOUND(report, FindingId::FileUnmigrated, Severity::Warning);
    QCOMPARE(report.rowCounts.value(u"artifact_jobs"_s), std::optional<qint64>(300));
}

void TestHealth::aForeignDatabaseHasVersion0()
{
    OtherProgram(m_scratch->path()).run(u"CREATE TABLE notes(text)"_s);
    const HealthReport report = look();
    VERIFY_FOUND(report, FindingId::FileUnmigrated, Severity::Warning);
    QCOMPARE(report.schemaVersion, 0);
    QCOMPARE(report.status, HealthStatus::Degraded);
}

void TestHealth::nothingIsWrittenOrLeftBehind_data()
{
    QTest::addColumn<QStringList>("removed");
    QTest::newRow("with its log and the log's index") << QStringList();
    QTest::newRow("with its log alone") << QStringList{u"-shm"_s};
    QTest::newRow("without a log") << QStringList{u"-shm"_s, u"-wal"_s};
}

void TestHealth::nothingIsWrittenOrLeftBehind()
{
    QFETCH(QStringList, removed);
    planned(*m_scratch->open(), {request(1), request(2)});
    if (removed.size() == 2)
        OtherProgram(m_scratch->path()).run(u"PRAGMA wal_checkpoint(TRUNCATE)"_s);
    for (const QString &suffix : removed)
        QFile::remove(m_scratch->path() + suffix);
    auto before = everythingIn(m_scratch->dir.path());
    QVERIFY(!QFile::exists(m_scratch->path() + u"-shm"_s) == !removed.isEmpty());
    const HealthReport report = look(true);
    QCOMPARE(namesOf(report, Severity::Warning), QString());
    auto after = everythingIn(m_scratch->dir.path());
    // Readers mark the index of the log; it is no part of the ledger.
    for (auto *list : {&before, &after}) {
        for (auto &[name, content] : *list) {
            if (name.endsWith(u"-shm"_s))
                content.clear();
        }
    }
    QCOMPARE(after, before);
}

void TestHealth::aLogWithoutItsIndexIsRead()
{
    planned(*m_scratch->open(), {request(1), request(2), request(3)});
    QVERIFY(QFileInfo(m_scratch->path() + u"-wal"_s).size() > 0);
    QVERIFY(QFile::remove(m_scratch->path() + u"-shm"_s));
    QCOMPARE(look().rowCounts.value(u"artifact_jobs"_s), std::optional<qint64>(3));
}

void TestHealth::aLedgerAtWorkIsReadAlongWithItsWriters()
{
    const auto session = m_scratch->open();
    planned(*session, {request(1)});
    VERIFY_OK(session->begin());
    VERIFY_OK(plan(*session, {request(2)}));
    const HealthReport report = look(true);
    QCOMPARE(namesOf(report, Severity::Warning), QString());
    QCOMPARE(report.rowCounts.value(u"artifact_jobs"_s), std::optional<qint64>(1));
    VERIFY_OK(session->commit());
}

void TestHealth::whatThereIsNoTimeForHasNoCount()
{
    const auto session = m_scratch->open();
    planned(*session, {request(2), request(3)});
    m_request.countingEnds = std::chrono::milliseconds(0);
    const HealthReport report = look();
    QCOMPARE(report.rowCounts.value(u"artifact_jobs"_s), std::optional<qint64>(2));
    QVERIFY(report.rowCounts.contains(u"artifact_ops"_s));
    QCOMPARE(report.rowCounts.value(u"artifact_ops"_s), std::optional<qint64>());
    QCOMPARE(report.status, core::HealthStatus::Healthy);
    QCOMPARE(look(true).rowCounts.value(u"artifact_ops"_s), std::optional<qint64>(0));
}

void TestHealth::rowsStatesLeasesAndOpsAreCounted()
{
    const auto session = m_scratch->open();
    planned(*session, {request(2), request(3)});
    const ClaimedJob job = claimOne(*session);
    m_scratch->clock.advance(10);
    HealthReport report = look();
    QCOMPARE(report.rowCounts.value(u"artifact_jobs"_s), std::optional<qint64>(3));
    QCOMPARE(report.rowCounts.value(u"artifact_ops"_s), std::optional<qint64>(0));
    QVERIFY(report.rowCounts.value(u"ingather_events"_s).value_or(0) > 0);
    QCOMPARE(report.states.value(JobState::Planned), 2);
    QCOMPARE(report.states.value(JobState::Leased), 1);
    QCOMPARE(report.activeLeases, 1);
    QCOMPARE(report.expiredLeases, 0);
    VERIFY_FOUND(report, FindingId::LeasesExpired, Severity::Ok);

    m_scratch->clock.advance(30);
    report = look();
    QCOMPARE(report.activeLeases, 0);
    QCOMPARE(report.expiredLeases, 1);
    VERIFY_FOUND(report, FindingId::LeasesExpired, Severity::Info);
    QCOMPARE(findingIn(report, FindingId::LeasesExpired)->examples, QStringList{job.job.id.value});
    QCOMPARE(report.status, HealthStatus::Healthy);
}

void TestHealth::eachCheckFindsItsFault_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<FindingId>("expected");
    QTest::addColumn<bool>("isDeep");
    const auto row = [](const char *name, const char *sql, FindingId expected, bool isDeep = false) {
        QTest::newRow(name) << QString::fromLatin1(sql) << expected << isDeep;
    };
    row("an index is gone", "DROP INDEX ingather_changed", FindingId::IndexMissing);
    row("the index of the claim is gone", "DROP INDEX ingather_ready", FindingId::ClaimPlanWrong);
    row("a trigger is gone", "DROP TRIGGER ingather_count_insert", FindingId::TriggerMissing);
    row("a table is gone", "DROP TABLE ingather_hosts", FindingId::TableMissing);
    row("the version table says something else", "INSERT INTO __schema_version__ VALUES (3, 0)",
        FindingId::VersionMismatch);
    row("a migration was another one", "UPDATE ingather_migrations SET checksum = 'x' WHERE version = 1",
        FindingId::MigrationChanged);
    row("a lease reaches too far", "UPDATE artifact_jobs SET lease_owner = 'o', lease_until = 1e12",
        FindingId::LeaseFarAhead);
    row("a lease that is no time", "UPDATE artifact_jobs SET lease_owner = 'o', lease_until = 'tomorrow'",
        FindingId::LeaseFarAhead);
    row("a job waits for ever", "UPDATE artifact_jobs SET next_attempt_at = 1e12", FindingId::JobsStuck);
    row("a job is done and begun", "UPDATE artifact_jobs SET done_at = 1 WHERE state = 'PLANNED'",
        FindingId::JobsStuck);
    row("a job has ended and is not done",
        "DROP TRIGGER ingather_done_by_update; UPDATE artifact_jobs SET state = 'INDEXED'",
        FindingId::JobsStuck);
    row("rows were put aside", "INSERT INTO ingather_salvage VALUES (1, 's', '{}', 'r', 0)",
        FindingId::RowsSalvaged);
    row("a value of a row was changed", "UPDATE artifact_jobs SET file_name = 'x'", FindingId::RowSumWrong,
        true);
    row("an operation without its job",
        "INSERT INTO artifact_ops(op_key, job_id, op_type, started_at, finished_at) "
        "VALUES ('k', 'nobody', 'HEAD', 1, 2)",
        FindingId::ForeignKeyBroken, true);
}

void TestHealth::eachCheckFindsItsFault()
{
    QFETCH(QString, sql);
    QFETCH(FindingId, expected);
    QFETCH(bool, isDeep);
    planned(*m_scratch->open(), {request(1)});
    QCOMPARE(OtherProgram(m_scratch->path()).run(sql), SQLITE_OK);
    const HealthReport report = look(isDeep);
    VERIFY_FOUND(report, expected, core::severityOf(expected));
    QVERIFY(report.status >= core::statusOf(core::severityOf(expected)));
}

void TestHealth::theSurroundingsAreLookedAt_data()
{
    QTest::addColumn<std::function<void(HealthRequest &)>>("spoil");
    QTest::addColumn<FindingId>("expected");
    using Spoil = std::function<void(HealthRequest &)>;
    QTest::newRow("the disk is nearly full") << Spoil([](HealthRequest &request) {
        request.freeSpace = [](const QString &) { return Result<qint64>(1000); };
    }) << FindingId::DiskLow;
    QTest::newRow("the ledger lies on a network file system") << Spoil([](HealthRequest &request) {
        request.isNetworkFileSystem = [](const QString &) { return Result<bool>(true); };
    }) << FindingId::NetworkFileSystem;
    QTest::newRow("SQLite has the bug and there is no lock") << Spoil([](HealthRequest &request) {
        request.sqliteVersion = 3'040'001;
        QFile::remove(request.path + u".wlock"_s);
    }) << FindingId::WalResetBug;
    QTest::newRow("the log is large") << Spoil([](HealthRequest &request) {
        // What lies behind the last commit is never read.
        QVERIFY(QFile::resize(request.path + u"-wal"_s, qint64{65} << 20));
    }) << FindingId::WalLarge;
    QTest::newRow("a repair was cut off") << Spoil([](HealthRequest &request) {
        QDir().mkpath(request.path + u".repair"_s);
        write(request.path + u".repair/pending"_s, "x");
    }) << FindingId::RepairUnfinished;
}

void TestHealth::theSurroundingsAreLookedAt()
{
    QFETCH(std::function<void(HealthRequest &)>, spoil);
    QFETCH(FindingId, expected);
    planned(*m_scratch->open(), {request(1)});
    VERIFY_FOUND(look(), expected, Severity::Ok);
    spoil(m_request);
    const HealthReport report = look();
    VERIFY_FOUND(report, expected, Severity::Warning);
    QCOMPARE(report.status, HealthStatus::Degraded);
    if (expected == FindingId::WalResetBug) {
        m_request.sqliteVersion = 3'051'003;
        VERIFY_FOUND(look(), expected, Severity::Ok);
    }
}

void TestHealth::openOps_data()
{
    QTest::addColumn<QString>("owner");
    QTest::addColumn<platform::Liveness>("liveness");
    QTest::addColumn<int>("age");
    QTest::addColumn<QString>("sql");
    QTest::addColumn<bool>("isFound");
    using platform::Liveness;
    QTest::newRow("a dead owner's, open for long") << someOwner << Liveness::Dead << 700 << QString() << true;
    QTest::newRow("a dead owner's, opened just now")
        << someOwner << Liveness::Dead << 500 << QString() << false;
    QTest::newRow("a living owner's") << someOwner << Liveness::Alive << 700 << QString() << false;
    QTest::newRow("somebody's elsewhere, without a lease")
        << someOwner << Liveness::Unknown << 700 << QString() << true;
    QTest::newRow("somebody's elsewhere, with a lease")
        << someOwner << Liveness::Unknown << 700
        << u"UPDATE artifact_jobs SET lease_owner = 'o', lease_until = 1760000710"_s << false;
    QTest::newRow("a program's of v1") << QString() << Liveness::Dead << 700 << QString() << true;
    QTest::newRow("of a job that is held")
        << someOwner << Liveness::Dead << 700 << u"UPDATE artifact_jobs SET hold = 'PAUSED'"_s << false;
    QTest::newRow("of a job that is done, left by a program of v1")
        << QString() << Liveness::Dead << 700
        << u"UPDATE artifact_ops SET phase = NULL; UPDATE artifact_jobs SET state = 'INDEXED'"_s << false;
}

void TestHealth::openOps()
{
    QFETCH(QString, owner);
    QFETCH(platform::Liveness, liveness);
    QFETCH(int, age);
    QFETCH(QString, sql);
    QFETCH(bool, isFound);
    planned(*m_scratch->open(), {request(1)});
    const OtherProgram other(m_scratch->path());
    QCOMPARE(other.run(u"INSERT INTO artifact_ops(op_key, job_id, op_type, started_at, phase, owner) "
                       "SELECT 'k', job_id, 'STREAM', 1760000000, 'INTENT', nullif('%1', '') "
                       "FROM artifact_jobs"_s.arg(owner)),
             SQLITE_OK);
    QCOMPARE(other.run(sql), SQLITE_OK);
    m_scratch->clock.advance(age);
    m_request.livenessOf = [liveness](const platform::ProcessIdentity &) { return liveness; };
    const HealthReport report = look();
    QCOMPARE(report.openOps, 1);
    VERIFY_FOUND(report, FindingId::OpsOpenTooLong, isFound ? Severity::Warning : Severity::Ok);
}

void TestHealth::anOldBackupMattersOnceTheLedgerHasChanged()
{
    const auto session = m_scratch->open();
    planned(*session, {request(1)});
    HealthReport report = look();
    VERIFY_FOUND(report, FindingId::BackupMissing, Severity::Info);
    QCOMPARE(report.status, HealthStatus::Healthy);

    VERIFY_OK(backUpIfChanged(m_scratch->path(), m_scratch->clock.now(), {}));
    m_scratch->clock.advance(8 * 86'400);
    report = look();
    VERIFY_FOUND(report, FindingId::BackupMissing, Severity::Ok);
    VERIFY_FOUND(report, FindingId::BackupOld, Severity::Ok);

    planned(*session, {request(2)});
    report = look();
    VERIFY_FOUND(report, FindingId::BackupOld, Severity::Warning);
    QCOMPARE(findingIn(report, FindingId::BackupOld)->count, 8);
    QCOMPARE(report.status, HealthStatus::Degraded);
}

void TestHealth::oneContentUnderTwoWorksIsTold()
{
    planned(*m_scratch->open(), {request(1), request(2)});
    const OtherProgram other(m_scratch->path());
    QCOMPARE(other.run(u"UPDATE artifact_jobs SET state = 'INDEXED', final_path = canonical_url, "
                       "sha256 = 'abc', done_at = 1, row_sum = NULL;"
                       "INSERT INTO ingather_hashes SELECT 'abc', root_id, final_path, 1, 1 "
                       "FROM artifact_jobs"_s),
             SQLITE_OK);
    VERIFY_FOUND(look(true), FindingId::ContentShared, Severity::Info);
    QCOMPARE(other.run(u"UPDATE artifact_jobs SET work_id = 'w', artifact_id = rowid"_s), SQLITE_OK);
    VERIFY_FOUND(look(true), FindingId::ContentShared, Severity::Ok);
}

void TestHealth::aDamagedPageIsAFinding()
{
    QList<JobRequest> many;
    for (int i = 0; i < 500; ++i)
        many.append(request(i));
    planned(*m_scratch->open(), many);
    OtherProgram(m_scratch->path()).run(u"PRAGMA wal_checkpoint(TRUNCATE)"_s);
    QByteArray content = contentOf(m_scratch->path());
    for (qsizetype page = 20; page < content.size() / 4096; page += 3)
        content.replace(page * 4096, 4096, QByteArray(4096, '\x5a'));
    write(m_scratch->path(), content);
    const HealthReport report = look(true);
    VERIFY_FOUND(report, FindingId::PageDamaged, Severity::Error);
    QCOMPARE(report.status, HealthStatus::Broken);
}

void TestHealth::aNewerLedgerThatBreaksIsOnlyNamed()
{
    planned(*m_scratch->open(), {request(1)});
    QCOMPARE(OtherProgram(m_scratch->path())
                 .run(u"INSERT INTO __schema_version__ VALUES (3, 0); INSERT INTO ingather_migrations "
                      "VALUES (3, '003', 'x', 1, '9', 0, NULL)"_s),
             SQLITE_OK);
    const HealthReport report = look();
    VERIFY_FOUND(report, FindingId::VersionNewerBreaking, Severity::Warning);
    QCOMPARE(namesOf(report, Severity::Error), QString());
    QCOMPARE(report.schemaVersion, 3);
}

void TestHealth::itCanBeCancelled()
{
    planned(*m_scratch->open(), {request(1)});
    m_request.isDeep = true;
    std::stop_source stop;
    stop.request_stop();
    COMPARE_ERROR(checkHealth(m_request, {stop.get_token(), {}}), ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestHealth)
#include "tst_health.moc"
