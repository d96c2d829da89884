// SPDX-License-Identifier: MIT
#include "ledger/backups/rolling_backups.h"
#include "ledger/repair/file_set.h"
#include "ledger/repair/new_ledger.h"
#include "ledger/repair/repair.h"
#include "ledger/repair/repair_folder.h"
#include "ledger/validation/drift.h"
#include "ledger/validation/row_checks.h"
#include "ledger/worn_ledger.h"
#include "ledger/write_lock.h"

#include <QCryptographicHash>
#include <QDir>
#include <QProcess>
#include <QTest>

#include <unistd.h>

using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;
using namespace Qt::StringLiterals;

namespace
{

constexpr int jobCount = 60;

/// One way to spoil a ledger with SQL.
struct Spoiling {
    const char *name;
    const char *sql;
    core::RepairKind kind;
    bool changesRows = false; ///< the repair must put rows right that the SQL has changed
};

// Schema texts are edited as a program without scruples would do it.
const Spoiling spoilings[] = {
    {"an index is missing", "DROP INDEX ingather_ready", core::RepairKind::Mend},
    {"a unique index is missing", "DROP INDEX ingather_names", core::RepairKind::Mend},
    {"an index of v1 is missing", "DROP INDEX idx_artifact_ops_type", core::RepairKind::Mend},
    {"a trigger is missing", "DROP TRIGGER ingather_count_update", core::RepairKind::Mend},
    {"a table that may be empty is missing", "DROP TABLE ingather_hosts", core::RepairKind::Mend},
    {"a column is missing", "ALTER TABLE artifact_jobs DROP COLUMN rate_limit", core::RepairKind::Mend},
    {"the counters are wrong", "UPDATE ingather_counts SET jobs = jobs + 7", core::RepairKind::Mend},
    {"the counters are gone", "DROP TABLE ingather_counts", core::RepairKind::Mend},
    {"the epoch is no number", "UPDATE ingather_meta SET value = 'x' WHERE key = 'epoch'",
     core::RepairKind::Mend},
    {"a migration is not recorded", "DELETE FROM ingather_migrations WHERE version = 1",
     core::RepairKind::Mend},
    {"an index is another one",
     "DROP INDEX ingather_ready; CREATE INDEX ingather_ready ON artifact_jobs(created_at)",
     core::RepairKind::Mend},
    {"a CHECK is lost",
     "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (attempts >= 0)', '') "
     "WHERE name = 'artifact_jobs'",
     core::RepairKind::Rebuild},
    {"a bit of a column's name is flipped",
     "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'bytes_total', 'bytes_totam') "
     "WHERE name = 'artifact_jobs'",
     core::RepairKind::Rebuild},
    {"a foreign key is lost",
     "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'ON DELETE CASCADE', '') "
     "WHERE name = 'artifact_ops'",
     core::RepairKind::Rebuild},
};

QStringList names(const QList<core::Finding> &findings)
{
    QStringList list;
    for (const core::Finding &finding : findings)
        list.append(core::findingName(finding.id) + u' ' + finding.place + u' ' + finding.detail);
    return list;
}

qint64 pageSizeOf(const QString &path)
{
    return OtherProgram(path).value(u"PRAGMA page_size"_s).toLongLong();
}

void overwrite(const QString &path, qint64 offset, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadWrite) || !file.seek(offset) || file.write(bytes) != bytes.size())
        qFatal("cannot damage %ls", qUtf16Printable(path));
}

} // namespace

class TestRepair : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_scratch.reset(); }

    void aHealthyLedgerIsLeftAlone();
    void whatIsSpoiltIsPutRightAndNoRowChanges_data();
    void whatIsSpoiltIsPutRightAndNoRowChanges();
    void columnsOfOthersAreKept_data();
    void columnsOfOthersAreKept();
    void aPlanWritesNothing();
    void pagesThatAreGone_data();
    void pagesThatAreGone();
    void rowsThatWereAlteredArePutRightOrSaid();
    void rowsOfGonePagesComeFromTheIndexesAndTheBackup();
    void lostRootsComeBack_data();
    void lostRootsComeBack();
    void aRowThatIsRefusedDrivesOutNoOther();
    void anOpWhoseJobIsGoneBringsItBack();
    void leasesAndFencesOfBeforeAreWorthNothing();
    void theOldFilesAreSetAsideVerified();
    void whoHasItOpenIsNamedAndNothingIsDone();
    void aLivingOwnerIsNamedAndNothingIsDone();
    void aCancelledRepairLeavesEverything();
    void aLedgerOfTheReferenceIsSalvagedAndMigrated();
    void aKilledSwapIsFinishedByTheNextStart_data();
    void aKilledSwapIsFinishedByTheNextStart();
    void aStaleLogCannotReachTheNewFile();
    void aSwapIsCalledOffWhereSomebodyWroteMeanwhile();
    void aProgramOfOldThatStillHasTheFileOpenIsNamed();
    void anEmptyOrAbsentFileIsNoLedger();
    void withoutRoomForThreeTimesItsSizeNothingIsBegun();
    void whatIsNoDatabaseStaysWhatItIs();
    void aDatabaseOfWhichNothingIsLeftBecomesAnEmptyLedger();

private:
    core::RepairReport repaired()
    {
        Result<core::RepairReport> report = repairLedger(m_scratch->options(u"repairer"_s), {});
        if (!report)
            qFatal("%s", why(report).constData());
        return std::move(*report);
    }
    /// All committed content lies in the main file.
    void checkpoint() { OtherProgram(path()).run(u"PRAGMA wal_checkpoint(TRUNCATE)"_s); }
    QString path() const { return m_scratch->path(); }
    void verifyHealthy();

    std::unique_ptr<Scratch> m_scratch;
};

void TestRepair::init()
{
    m_scratch = std::make_unique<Scratch>();
    makeWornLedger(*m_scratch, jobCount);
}

void TestRepair::verifyHealthy()
{
    SqliteConnection connection;
    VERIFY_OK(connection.open(path(), SqliteConnection::Mode::ReadWrite));
    VERIFY_OK(addRowSumFunction(connection.handle()));
    const auto pages = checkPages(connection.handle(), {});
    VERIFY_OK(pages);
    const auto rows = checkRows(connection.handle(), {});
    VERIFY_OK(rows);
    const auto drift = compareSchema(connection.handle());
    VERIFY_OK(drift);
    const QList<core::Finding> all = *pages + *rows + drift->findings;
    QVERIFY2(core::worstOf(all) <= core::Severity::Info, qPrintable(names(all).join(u'\n')));
    connection.close();
    QVERIFY(m_scratch->open() != nullptr);
}

void TestRepair::aHealthyLedgerIsLeftAlone()
{
    checkpoint();
    const QByteArray before = contentOf(path());
    const core::RepairReport report = repaired();
    QCOMPARE(report.kind, core::RepairKind::Nothing);
    QVERIFY2(report.findings.isEmpty(), qPrintable(names(report.findings).join(u'\n')));
    QCOMPARE(contentOf(path()), before);
    QVERIFY(!QFile::exists(path() + u".repair"_s));
}

void TestRepair::whatIsSpoiltIsPutRightAndNoRowChanges_data()
{
    QTest::addColumn<int>("which");
    for (int i = 0; i < static_cast<int>(std::size(spoilings)); ++i)
        QTest::newRow(spoilings[i].name) << i;
}

void TestRepair::whatIsSpoiltIsPutRightAndNoRowChanges()
{
    QFETCH(int, which);
    const Spoiling &spoiling = spoilings[which];
    const QStringList before = rowsOf(path());
    QCOMPARE(OtherProgram(path()).run(QString::fromLatin1(spoiling.sql)), SQLITE_OK);

    const Result<core::RepairPlan> plan = planRepair(m_scratch->options(), {});
    VERIFY_OK(plan);
    QCOMPARE(plan->kind, spoiling.kind);
    QVERIFY(!plan->findings.isEmpty() && !plan->steps.isEmpty());
    const core::RepairReport report = repaired();
    QCOMPARE(report.kind, spoiling.kind);
    QCOMPARE(rowsOf(path()), before);
    verifyHealthy();
    for (const core::TableAccount &table : report.tables) {
        QVERIFY2(table.rejected == 0 && table.lost == 0 && table.altered == 0, qPrintable(table.table));
        QCOMPARE(table.readable, table.kept);
    }
    const auto ofJobs =
        std::find_if(report.tables.begin(), report.tables.end(),
                     [](const core::TableAccount &table) { return table.table == u"artifact_jobs"; });
    QVERIFY(ofJobs != report.tables.end());
    QCOMPARE(ofJobs->kept, qint64(jobCount));
    QCOMPARE(repaired().kind, core::RepairKind::Nothing);
}

/// Of our tables, that is: they may be anything that does not refuse rows of ours.
void TestRepair::columnsOfOthersAreKept_data()
{
    QTest::addColumn<bool>("isDamaged");
    QTest::newRow("a rebuild") << false;
    QTest::newRow("a salvage") << true;
}

void TestRepair::columnsOfOthersAreKept()
{
    QFETCH(bool, isDamaged);
    const QString theirs = u"SELECT job_id, theirs, typeof(theirs) FROM artifact_jobs ORDER BY 1"_s;
    QCOMPARE(
        OtherProgram(path()).run(
            u"ALTER TABLE artifact_jobs ADD COLUMN theirs BLOB DEFAULT 'x'; "
            "UPDATE artifact_jobs SET theirs = iif(rowid % 2, rowid, zeroblob(rowid % 7)) WHERE rowid % 3"_s),
        SQLITE_OK);
    const QStringList before = rowsOf(path());
    const QStringList theirsBefore = OtherProgram(path()).rows(theirs);
    checkpoint();
    if (isDamaged) {
        const OtherProgram program(path());
        const qint64 page =
            program.value(u"SELECT rootpage FROM sqlite_schema WHERE name = 'ingather_changed'"_s)
                .toLongLong();
        const qint64 root =
            program.value(u"SELECT rootpage FROM sqlite_schema WHERE name = 'artifact_jobs'"_s).toLongLong();
        for (const qint64 each : {page, root})
            overwrite(path(), (each - 1) * pageSizeOf(path()), QByteArray(8, '\0'));
    } else {
        QCOMPARE(OtherProgram(path()).run(
                     u"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET "
                     "sql = replace(sql, 'CHECK (attempts >= 0)', '') WHERE name = 'artifact_jobs'"_s),
                 SQLITE_OK);
    }
    QCOMPARE(repaired().kind, isDamaged ? core::RepairKind::Salvage : core::RepairKind::Rebuild);
    QCOMPARE(rowsOf(path()), before);
    QCOMPARE(OtherProgram(path()).rows(theirs), theirsBefore);
    verifyHealthy();
}

void TestRepair::aPlanWritesNothing()
{
    QCOMPARE(OtherProgram(path()).run(u"DROP INDEX ingather_ready"_s), SQLITE_OK);
    checkpoint();
    const QByteArray before = contentOf(path());
    const QStringList files = QDir(m_scratch->dir.path()).entryList(QDir::AllEntries | QDir::Hidden);
    VERIFY_OK(planRepair(m_scratch->options(), {}));
    QCOMPARE(contentOf(path()), before);
    QCOMPARE(QDir(m_scratch->dir.path()).entryList(QDir::AllEntries | QDir::Hidden), files);
}

void TestRepair::pagesThatAreGone_data()
{
    QTest::addColumn<QString>("object"); ///< whose root is zeroed; empty: page 1
    QTest::addColumn<bool>("keepsAll");
    QTest::newRow("page 1") << QString() << true;
    QTest::newRow("the root of the jobs") << u"artifact_jobs"_s << true;
    QTest::newRow("the root of the ops") << u"artifact_ops"_s << true;
    QTest::newRow("the root of a table of others") << u"manifest"_s << true;
    QTest::newRow("the root of an index") << u"ingather_changed"_s << true;
    QTest::newRow("the root of a unique index") << u"sqlite_autoindex_artifact_jobs_2"_s << true;
}

void TestRepair::pagesThatAreGone()
{
    QFETCH(QString, object);
    m_scratch = std::make_unique<Scratch>();
    makeWornLedger(*m_scratch, 400); // so that each root is an interior page
    const QStringList before = rowsOf(path());
    checkpoint();
    const qint64 pageSize = pageSizeOf(path());
    const qint64 page =
        object.isEmpty() ? 1
                         : OtherProgram(path())
                               .value(u"SELECT rootpage FROM sqlite_schema WHERE name = '%1'"_s.arg(object))
                               .toLongLong();
    overwrite(path(), (page - 1) * pageSize, QByteArray(pageSize, '\0'));
    const core::RepairReport report = repaired();
    QVERIFY(report.kind == core::RepairKind::Salvage ||
            (report.kind == core::RepairKind::Mend && object.startsWith(u"ingather_"_s)));
    verifyHealthy();
    QStringList after = rowsOf(path());
    if (object.isEmpty()) { // the numbers of others stood in the page, and nowhere else
        after = after.mid(0, after.size() - 2) << u"4711"_s << u"815"_s;
    }
    for (qsizetype i = 0; i < std::min(before.size(), after.size()); ++i)
        QCOMPARE(after.at(i), before.at(i));
    QCOMPARE(after.size(), before.size());
}

void TestRepair::rowsThatWereAlteredArePutRightOrSaid()
{
    const QStringList before = rowsOf(path());
    checkpoint();
    QByteArray bytes = contentOf(path());
    // One bit in a URL, wherever it stands in the table (the index has its own copy).
    const QByteArray url =
        OtherProgram(path()).value(u"SELECT canonical_url FROM artifact_jobs WHERE rowid = 7"_s).toUtf8();
    qsizetype at = -1;
    const QByteArray id =
        OtherProgram(path()).value(u"SELECT job_id FROM artifact_jobs WHERE rowid = 7"_s).toUtf8();
    // In the table the URL follows the other ids of its row.
    for (qsizetype from = 0; (at = bytes.indexOf(id, from)) >= 0; from = at + 1) {
        const qsizetype near = bytes.indexOf(url, at);
        if (near > 0 && near - at < 200) {
            at = near;
            break;
        }
    }
    QVERIFY(at > 0);
    overwrite(path(), at + 12, QByteArray(1, static_cast<char>(bytes.at(at + 12) ^ 0x10)));
    const core::RepairReport report = repaired();
    QVERIFY(report.kind != core::RepairKind::Nothing);
    QCOMPARE(rowsOf(path()), before);
    verifyHealthy();
}

void TestRepair::rowsOfGonePagesComeFromTheIndexesAndTheBackup()
{
    m_scratch = std::make_unique<Scratch>();
    makeWornLedger(*m_scratch, 400);
    checkpoint();
    const qint64 pageSize = pageSizeOf(path());
    // A leaf of the jobs: the page in which one job's row lies.
    const QByteArray marker =
        OtherProgram(path()).value(u"SELECT job_id FROM artifact_jobs WHERE rowid = 200"_s).toUtf8() + "url:";
    const QByteArray bytes = contentOf(path());
    const qsizetype at = bytes.indexOf(marker);
    QVERIFY(at > 0);
    const QStringList ids = OtherProgram(path()).rows(u"SELECT job_id FROM artifact_jobs ORDER BY 1"_s);
    overwrite(path(), at / pageSize * pageSize, QByteArray(pageSize, '\0'));

    const core::RepairReport report = repaired();
    QCOMPARE(report.kind, core::RepairKind::Salvage);
    verifyHealthy();
    QCOMPARE(OtherProgram(path()).rows(u"SELECT job_id FROM artifact_jobs ORDER BY 1"_s), ids);
    QCOMPARE(OtherProgram(path()).value(u"SELECT state FROM artifact_jobs WHERE job_id = '%1'"_s.arg(
                 QString::fromUtf8(marker.left(36)))),
             u"PLANNED"_s);
    QVERIFY(report.tables.first().rebuilt > 0);
    QCOMPARE(report.tables.first().readable + report.tables.first().rebuilt, qint64(400));
    QCOMPARE(report.tables.first().altered, qint64(0));
}

/// From the backup; where there is none, a root of that number takes their place.
void TestRepair::lostRootsComeBack_data()
{
    QTest::addColumn<bool>("hasBackup");
    QTest::newRow("from the backup") << true;
    QTest::newRow("by number") << false;
}

void TestRepair::lostRootsComeBack()
{
    QFETCH(bool, hasBackup);
    const QStringList before = rowsOf(path());
    if (hasBackup)
        VERIFY_OK(backUpIfChanged(path(), m_scratch->clock.now(), {}));
    QCOMPARE(OtherProgram(path()).run(u"PRAGMA foreign_keys = OFF; DROP TABLE ingather_roots"_s), SQLITE_OK);
    COMPARE_ERROR(Session::open(m_scratch->options()), ErrorCode::LedgerNeedsRepair);
    QCOMPARE(repaired().kind, core::RepairKind::Rebuild);
    verifyHealthy();
    QStringList after = rowsOf(path());
    if (!hasBackup) {
        QCOMPARE(after.removeAll(u"root|1|/lost/root-1"_s), 1);
        QCOMPARE(after.size(), before.size() - 1);
        return;
    }
    QCOMPARE(after, before);
}

/// A row that the schema refuses does not drive out the one that stands in its place.
void TestRepair::aRowThatIsRefusedDrivesOutNoOther()
{
    const auto target = NewLedger::create(m_scratch->dir.filePath(u"new.sqlite3"_s), 2, {}, m_scratch->clock);
    VERIFY_OK(target);
    const QString roots = u"ingather_roots"_s;
    const TableShape &shape = (*target)->shape(roots);
    const auto root = [&](qint64 id, const char *path, const SqlValue &at) {
        JudgedRow row;
        row.values = shape.defaults;
        row.values[shape.indexOf("root_id")] = SqlValue::ofInteger(id);
        row.values[shape.indexOf("path")] = SqlValue::ofText(path);
        row.values[shape.indexOf("created_at")] = at;
        return row;
    };
    const auto add = [&](JudgedRow row, RowQuality quality) {
        row.quality = quality;
        return (*target)->add(roots, row, true);
    };
    VERIFY_OK(add(root(1, "/a", SqlValue::ofReal(1)), RowQuality::KeyRight));
    VERIFY_OK(add(root(2, "/b", SqlValue::ofReal(1)), RowQuality::SumRight));
    // Refused for its NULL; then one that is better than the first, and says otherwise than the second.
    const auto refused = add(root(1, "/a", {}), RowQuality::SumRight);
    VERIFY_OK(refused);
    QVERIFY(!*refused);
    const auto torn = add(root(1, "/b", SqlValue::ofReal(2)), RowQuality::SumRight);
    VERIFY_OK(torn);
    QVERIFY(!*torn);
    VERIFY_OK(add(root(1, "/b", SqlValue::ofReal(2)), RowQuality::Uncertain)); // worth less: no word of it
    VERIFY_OK((*target)->finish());
    const OtherProgram made(m_scratch->dir.filePath(u"new.sqlite3"_s));
    QCOMPARE(made.rows(u"SELECT root_id, path FROM ingather_roots ORDER BY 1"_s),
             (QStringList{u"1|/a"_s, u"2|/b"_s}));
    QCOMPARE(made.value(u"SELECT group_concat(reason) FROM ingather_salvage"_s),
             u"NOT NULL constraint failed: ingather_roots.created_at,number_taken"_s);
}

void TestRepair::anOpWhoseJobIsGoneBringsItBack()
{
    const QStringList ids = OtherProgram(path()).rows(u"SELECT job_id FROM artifact_jobs ORDER BY 1"_s);
    QCOMPARE(
        OtherProgram(path()).run(u"PRAGMA foreign_keys = OFF; DELETE FROM artifact_jobs WHERE rowid = 6; "
                                 "INSERT INTO artifact_ops(op_key, job_id, op_type, started_at) VALUES "
                                 "('%1', 'nobody-knows-me', 'HEAD', 3)"_s.arg(QString(64, u'e'))),
        SQLITE_OK);
    const core::RepairReport report = repaired();
    verifyHealthy();
    const OtherProgram after(path());
    QCOMPARE(after.rows(u"SELECT job_id FROM artifact_jobs ORDER BY 1"_s), ids);
    QCOMPARE(after.value(u"SELECT reason FROM ingather_salvage"_s), u"job_gone"_s);
    QVERIFY(after.value(u"SELECT row_json FROM ingather_salvage"_s).contains(u"nobody-knows-me"_s));
    QVERIFY(!report.reasons.isEmpty());
}

void TestRepair::leasesAndFencesOfBeforeAreWorthNothing()
{
    OtherProgram(path()).run(u"UPDATE artifact_jobs SET fence = (41 << 32) + 9 WHERE rowid = 3"_s);
    OtherProgram(path()).run(u"DROP INDEX ingather_ready"_s);
    const core::RepairReport report = repaired();
    QCOMPARE(report.epoch, qint64(42));
    const OtherProgram after(path());
    QCOMPARE(after.value(
                 u"SELECT count(*) FROM artifact_jobs WHERE lease_owner IS NOT NULL OR state = 'LEASED'"_s),
             u"0"_s);
    QCOMPARE(after.value(u"SELECT group_concat(DISTINCT fence >> 32) FROM artifact_jobs"_s), u"42"_s);
    QCOMPARE(after.value(u"SELECT value FROM ingather_meta WHERE key = 'epoch'"_s), u"42"_s);
    QCOMPARE(
        after.value(u"SELECT count(*) FROM artifact_ops WHERE phase = 'INTENT' AND finished_at IS NULL"_s),
        QString::number(jobCount / 5));
    QVERIFY(
        after.value(u"SELECT detail FROM ingather_events WHERE event = 'REPAIR'"_s).contains(u"epoch 42"_s));
}

void TestRepair::theOldFilesAreSetAsideVerified()
{
    const qint64 root =
        OtherProgram(path()).value(u"SELECT rootpage FROM sqlite_schema WHERE name = 'tags'"_s).toLongLong();
    const qint64 pageSize = pageSizeOf(path());
    checkpoint();
    const auto session = m_scratch->open(); // leaves a -wal behind
    planned(*session, {request(900)});
    const QByteArray database = contentOf(path());
    const QByteArray wal = contentOf(path() + u"-wal"_s);
    QVERIFY(!wal.isEmpty());
    // What a killed process leaves: the files, and nobody who has them open.
    Scratch copy;
    QVERIFY(QFile::copy(path(), copy.path()) && QFile::copy(path() + u"-wal"_s, copy.path() + u"-wal"_s));
    // A page that the log does not have.
    overwrite(copy.path(), (root - 1) * pageSize, QByteArray(16, '\0'));
    const QByteArray damaged = contentOf(copy.path());
    const Result<core::RepairReport> report = repairLedger(copy.options(), {});
    VERIFY_OK(report);
    const QDir old(report->setAside);
    QCOMPARE(contentOf(old.filePath(u"ledger.sqlite3"_s)), damaged);
    QCOMPARE(contentOf(old.filePath(u"ledger.sqlite3-wal"_s)), wal);
    const QByteArray sums = contentOf(old.filePath(u"SHA256SUMS"_s));
    QVERIFY(sums.contains(QCryptographicHash::hash(damaged, QCryptographicHash::Sha256).toHex() +
                          "  ledger.sqlite3\n"));
    QVERIFY(!QFileInfo(old.filePath(u"ledger.sqlite3"_s)).permission(QFile::WriteOwner));
    QCOMPARE(OtherProgram(copy.path()).value(u"SELECT count(*) FROM artifact_jobs"_s),
             QString::number(jobCount + 1));
}

void TestRepair::whoHasItOpenIsNamedAndNothingIsDone()
{
    OtherProgram(path()).run(u"DROP INDEX ingather_ready"_s);
    {
        const OtherProgram reader(path());
        QCOMPARE(reader.value(u"SELECT count(*) FROM artifact_jobs"_s), QString::number(jobCount));
        const Result<core::RepairReport> refused = repairLedger(m_scratch->options(), {});
        COMPARE_ERROR(refused, ErrorCode::LedgerInUse);
        QVERIFY2(refused.error().detail.contains(QString::number(::getpid())), why(refused).constData());
        const Result<core::RepairPlan> plan = planRepair(m_scratch->options(), {});
        VERIFY_OK(plan);
        QCOMPARE(plan->obstacles.size(), 1);
    }
    QVERIFY(!QFile::exists(path() + u".repair"_s));
    QCOMPARE(repaired().kind, core::RepairKind::Mend);
}

void TestRepair::aLivingOwnerIsNamedAndNothingIsDone()
{
    const QString owner = u"host9/boot/1/2/3/nonce"_s;
    OtherProgram(path()).run(u"DROP INDEX ingather_ready; UPDATE artifact_jobs SET lease_owner = '%1', "
                             "lease_until = 9e12 WHERE rowid = 4"_s.arg(owner));
    const Result<core::RepairReport> refused = repairLedger(m_scratch->options(), {});
    COMPARE_ERROR(refused, ErrorCode::LedgerInUse);
    QVERIFY(refused.error().detail.contains(owner));
    QVERIFY(!QFile::exists(path() + u".repair"_s));
    QCOMPARE(
        OtherProgram(path()).value(u"SELECT count(*) FROM sqlite_schema WHERE name = 'ingather_ready'"_s),
        u"0"_s);
}

void TestRepair::aCancelledRepairLeavesEverything()
{
    OtherProgram(path()).run(u"DROP INDEX ingather_ready"_s);
    checkpoint();
    const QByteArray before = contentOf(path());
    std::stop_source stop;
    stop.request_stop();
    COMPARE_ERROR(repairLedger(m_scratch->options(), {stop.get_token(), {}}), ErrorCode::Cancelled);
    QCOMPARE(contentOf(path()), before);
    QVERIFY(!QFile::exists(path() + u".repair"_s));
}

void TestRepair::aLedgerOfTheReferenceIsSalvagedAndMigrated()
{
    Scratch reference;
    QVERIFY(QFile::copy(QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3"), reference.path()));
    QFile::setPermissions(reference.path(), QFile::ReadOwner | QFile::WriteOwner);
    const char columns[] =
        "SELECT job_id, work_id, artifact_id, canonical_url, created_at, idempotency_key FROM "
        "artifact_jobs ORDER BY 1";
    const QStringList before = OtherProgram(reference.path()).rows(QString::fromLatin1(columns));
    const QStringList ops = OtherProgram(reference.path())
                                .rows(u"SELECT op_key, job_id, result_json FROM artifact_ops ORDER BY 1"_s);
    const QStringList manifest = OtherProgram(reference.path()).rows(u"SELECT * FROM manifest ORDER BY 1"_s);
    const qint64 root = OtherProgram(reference.path())
                            .value(u"SELECT rootpage FROM sqlite_schema WHERE name = 'artifact_jobs'"_s)
                            .toLongLong();
    const qint64 pageSize = pageSizeOf(reference.path());
    overwrite(reference.path(), (root - 1) * pageSize, QByteArray(pageSize, '\0'));

    const Result<core::RepairReport> report = repairLedger(reference.options(), {});
    VERIFY_OK(report);
    const OtherProgram after(reference.path());
    QCOMPARE(after.rows(QString::fromLatin1(columns)), before);
    QCOMPARE(after.rows(u"SELECT op_key, job_id, result_json FROM artifact_ops ORDER BY 1"_s), ops);
    QCOMPARE(after.rows(u"SELECT * FROM manifest ORDER BY 1"_s), manifest);
    QCOMPARE(after.value(u"SELECT max(schema_version) FROM __schema_version__"_s), u"2"_s);
    for (const core::TableAccount &table : report->tables)
        QVERIFY2(table.altered == 0 && table.rejected == 0, qPrintable(table.table));
    QVERIFY(reference.open() != nullptr);
}

void TestRepair::aKilledSwapIsFinishedByTheNextStart_data()
{
    QTest::addColumn<QString>("point");
    for (const platform::CrashPointName &point : platform::crashPoints) {
        if (QByteArrayView(point.name).startsWith("swap."))
            QTest::newRow(point.name) << QString::fromLatin1(point.name);
    }
}

void TestRepair::aKilledSwapIsFinishedByTheNextStart()
{
    QFETCH(QString, point);
    const QStringList before = rowsOf(path());
    OtherProgram(path()).run(u"DROP INDEX ingather_ready"_s);
    QProcess killed;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"INGATHER_CRASH_AT"_s, point);
    killed.setProcessEnvironment(environment);
    killed.start(QCoreApplication::applicationFilePath(), {u"repair"_s, path()});
    QVERIFY(killed.waitForFinished());
    QCOMPARE(killed.exitStatus(), QProcess::CrashExit);

    if (point ==
        u"swap.before_decision"_s) // nothing was decided: the old file, and a repair that is offered again
        QCOMPARE(repaired().kind, core::RepairKind::Mend);
    QVERIFY(m_scratch->open() != nullptr);
    QCOMPARE(rowsOf(path()), before);
    verifyHealthy();
    QVERIFY(!QFile::exists(RepairFolder(path()).pendingPath()));
    QCOMPARE(repaired().kind, core::RepairKind::Nothing);
}

void TestRepair::aStaleLogCannotReachTheNewFile()
{
    // A log that belongs to the file before the swap, left where SQLite would read it.
    const qint64 root =
        OtherProgram(path()).value(u"SELECT rootpage FROM sqlite_schema WHERE name = 'tags'"_s).toLongLong();
    const qint64 pageSize = pageSizeOf(path());
    checkpoint();
    Scratch crashed;
    {
        const auto session = m_scratch->open();
        planned(*session, {request(901)});
        QVERIFY(QFile::copy(path(), crashed.path()));
        QVERIFY(QFile::copy(path() + u"-wal"_s, crashed.path() + u"-wal"_s));
    }
    overwrite(crashed.path(), (root - 1) * pageSize, QByteArray(8, '\x55'));
    const Result<core::RepairReport> report = repairLedger(crashed.options(), {});
    VERIFY_OK(report);
    QVERIFY(!QFile::exists(crashed.path() + u"-wal"_s));
    QVERIFY(!QFile::exists(crashed.path() + u"-shm"_s));
    QCOMPARE(OtherProgram(crashed.path()).value(u"PRAGMA integrity_check"_s), u"ok"_s);
}

void TestRepair::aSwapIsCalledOffWhereSomebodyWroteMeanwhile()
{
    OtherProgram(path()).run(u"DROP INDEX ingather_ready"_s);
    checkpoint();
    QProcess killed;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"INGATHER_CRASH_AT"_s, u"swap.after_decision"_s);
    killed.setProcessEnvironment(environment);
    killed.start(QCoreApplication::applicationFilePath(), {u"repair"_s, path()});
    QVERIFY(killed.waitForFinished());
    // A program that knows nothing of swaps.
    QCOMPARE(
        OtherProgram(path()).run(u"PRAGMA journal_mode = DELETE; UPDATE artifact_jobs SET work_id = work_id, "
                                 "updated_at = updated_at + 1 WHERE rowid = 1; CREATE TABLE mine(x)"_s),
        SQLITE_OK);
    QVERIFY(m_scratch->open() != nullptr); // cures the missing index by itself
    QCOMPARE(OtherProgram(path()).value(u"SELECT count(*) FROM sqlite_schema WHERE name = 'mine'"_s), u"1"_s);
    QVERIFY(!QFile::exists(RepairFolder(path()).pendingPath()));
}

void TestRepair::aProgramOfOldThatStillHasTheFileOpenIsNamed()
{
    // In rollback mode an idle connection holds no lock that could be seen.
    Scratch reference;
    QVERIFY(QFile::copy(QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3"), reference.path()));
    QFile::setPermissions(reference.path(), QFile::ReadOwner | QFile::WriteOwner);
    QCOMPARE(OtherProgram(reference.path()).run(u"DROP INDEX idx_artifact_ops_type"_s), SQLITE_OK);
    reference.clock.advance(1e6); // its leases are over
    QProcess old;
    old.start(QCoreApplication::applicationFilePath(), {u"hold"_s, reference.path()});
    QVERIFY(old.waitForReadyRead());

    const Result<core::RepairReport> report = repairLedger(reference.options(), {});
    VERIFY_OK(report);
    QCOMPARE(report->stillOpenIn.size(), 1);
    QVERIFY(report->stillOpenIn.first().contains(QString::number(old.processId())));
    // A session of ours that was open would be told by the generation.
    WriteLock lock;
    VERIFY_OK(lock.open(reference.path(), false));
    QCOMPARE(lock.read().generation, qint64(1));
    old.closeWriteChannel();
    QVERIFY(old.waitForFinished());
}

void TestRepair::anEmptyOrAbsentFileIsNoLedger()
{
    const Scratch empty;
    COMPARE_ERROR(repairLedger(empty.options(), {}), ErrorCode::LedgerUnmigrated);
    QFile file(empty.path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    COMPARE_ERROR(repairLedger(empty.options(), {}), ErrorCode::LedgerUnmigrated);
    COMPARE_ERROR(planRepair(empty.options(), {}), ErrorCode::LedgerUnmigrated);
}

void TestRepair::withoutRoomForThreeTimesItsSizeNothingIsBegun()
{
    VERIFY_OK(checkRoomFor(1000, 3000));
    COMPARE_ERROR(checkRoomFor(1000, 2999), ErrorCode::LedgerFull);
    const Result<core::RepairPlan> plan = planRepair(m_scratch->options(), {});
    VERIFY_OK(plan);
    const Result<qint64> size = fileSetSize(path());
    VERIFY_OK(size);
    QCOMPARE(plan->bytesNeeded, 3 * *size);
    QVERIFY(plan->bytesAvailable > 0);
}

void TestRepair::whatIsNoDatabaseStaysWhatItIs()
{
    const Scratch other;
    QFile file(other.path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    const QByteArray picture = QByteArray("\x89PNG\r\n") + QByteArray(20000, '\x42');
    QCOMPARE(file.write(picture), picture.size());
    file.close();
    COMPARE_ERROR(repairLedger(other.options(), {}), ErrorCode::LedgerCorrupt);
    QCOMPARE(contentOf(other.path()), picture);
    QVERIFY(!QFile::exists(other.path() + u".repair"_s));
}

void TestRepair::aDatabaseOfWhichNothingIsLeftBecomesAnEmptyLedger()
{
    checkpoint();
    QVERIFY(QFile::resize(path(), pageSizeOf(path())));
    const core::RepairReport report = repaired();
    QCOMPARE(report.kind, core::RepairKind::Salvage);
    QVERIFY(QFile::exists(report.setAside + u"/ledger.sqlite3"_s));
    verifyHealthy();
    QCOMPARE(OtherProgram(path()).value(u"SELECT count(*) FROM artifact_jobs"_s), u"0"_s);
}

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    if (argc == 3 && qstrcmp(argv[1], "repair") == 0) {
        support::ManualClock clock(2e9); // no lease lives any more
        OpenOptions options;
        options.path = QString::fromLocal8Bit(argv[2]);
        options.clock = &clock;
        options.owner = u"killed"_s;
        const Result<core::RepairReport> report = repairLedger(options, {});
        if (!report)
            qWarning("%s", why(report).constData());
        return report ? 0 : 1;
    }
    if (argc == 3 && qstrcmp(argv[1], "hold") == 0) {
        const OtherProgram program(QString::fromLocal8Bit(argv[2]));
        const QByteArray count = program.value(u"SELECT count(*) FROM artifact_jobs"_s).toUtf8();
        char byte = 0;
        if (::write(STDOUT_FILENO, count.constData(), static_cast<size_t>(count.size())) < 0)
            return 1;
        while (::read(STDIN_FILENO, &byte, 1) > 0) {
        }
        return 0;
    }
    TestRepair test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_repair.moc"
