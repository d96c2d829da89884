// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/inspection.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"
#include "ledger/startup/startup.h"
#include "ledger/validation/drift.h"
#include "platform/process_identity.h"

#include <QCryptographicHash>
#include <QDir>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

namespace
{

const QString referencePath = QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3");

void copyReference(const Scratch &scratch)
{
    QVERIFY(QFile::copy(referencePath, scratch.path()));
    QFile::setPermissions(scratch.path(), QFile::ReadOwner | QFile::WriteOwner);
}

void run(const Scratch &scratch, const QStringList &statements)
{
    const OtherProgram program(scratch.path());
    for (const QString &sql : statements)
        QVERIFY2(program.run(sql) == SQLITE_OK, qPrintable(sql));
}

/// What the reference's second creator leaves: its version in a table of its own, another text for the index
/// over the leases, two indexes not made.
const QStringList otherDialect{
    u"DROP TABLE __schema_version__"_s,
    u"CREATE TABLE _meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)"_s,
    u"INSERT INTO _meta(key, value) VALUES ('schema_version', '3')"_s,
    u"DROP INDEX idx_artifact_jobs_lease"_s,
    u"CREATE INDEX idx_artifact_jobs_lease ON artifact_jobs(lease_until)"_s,
    u"DROP INDEX idx_artifact_jobs_idempotency"_s,
    u"DROP INDEX idx_artifact_ops_type"_s,
};

const QStringList keptQueries{
    u"SELECT rowid, job_id, work_id, artifact_id, canonical_url, state, lease_owner, lease_until, "
    u"created_at, "
    "updated_at, idempotency_key FROM artifact_jobs ORDER BY rowid"_s,
    u"SELECT rowid, op_key, job_id, op_type, started_at, finished_at, result_code, result_json FROM "
    u"artifact_ops "
    "ORDER BY rowid"_s,
    u"SELECT rowid, * FROM manifest ORDER BY rowid"_s,
    u"SELECT rowid, * FROM artifact_hash_index ORDER BY rowid"_s,
    u"SELECT type, name, sql FROM sqlite_schema WHERE tbl_name IN ('manifest','artifact_hash_index') "
    "ORDER BY name"_s,
    u"PRAGMA user_version"_s,
    u"PRAGMA application_id"_s,
};

QList<QStringList> kept(const QString &path)
{
    const OtherProgram program(path);
    QList<QStringList> found;
    for (const QString &sql : keptQueries)
        found.append(program.rows(sql));
    return found;
}

Migration madeUp(const QByteArray &script, bool isBreaking)
{
    Migration step;
    step.version = 3;
    step.name = u"003_made_up"_s;
    step.script = script;
    step.checksum = QString::fromLatin1(QCryptographicHash::hash(script, QCryptographicHash::Sha256).toHex());
    step.breaking = isBreaking;
    return step;
}

/// migrate() on a connection of its own, with a third step that this program does not have.
Result<core::MigrationReport> migrateWith(const Scratch &scratch, const Migration &third,
                                          const QString &owner = u"owner-a"_s)
{
    SqliteConnection connection;
    const Result<> opened = connection.open(scratch.path(), SqliteConnection::Mode::ReadWrite);
    if (!opened)
        return opened.error();
    MigrationRequest request;
    request.ledgerPath = scratch.path();
    request.now = scratch.clock.now();
    request.owner = owner;
    request.chain.append(third);
    request.to = 3;
    return migrate(connection.handle(), request);
}

qsizetype backupsIn(const Scratch &scratch)
{
    return QDir(scratch.dir.path()).entryList({u"*.backup"_s}).size();
}

} // namespace

class TestMigrations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void completesWhatIsNearlyV1_data();
    void completesWhatIsNearlyV1();
    void keysThatCollideNeedAPerson();
    void goesForwardOneByOne();
    void neverGoesBack();
    void makesALedgerOfAnOldVersion();
    void nothingIsDoneTwice();
    void aBreakingStepWaitsForOthers_data();
    void aBreakingStepWaitsForOthers();
    void undoesAStepThatDoesNotKeep_data();
    void undoesAStepThatDoesNotKeep();
    void curesBeforeAStep();
    void refusesAChainThatDoesNotFit_data();
    void refusesAChainThatDoesNotFit();
};

void TestMigrations::completesWhatIsNearlyV1_data()
{
    QTest::addColumn<QStringList>("statements");
    QTest::newRow("the reference's own v1") << QStringList();
    QTest::newRow("made by its second creator") << otherDialect;
    QTest::newRow("made by one creator and then by the other")
        << otherDialect.mid(1) +
               QStringList{u"CREATE INDEX idx_artifact_ops_type ON artifact_ops(op_type)"_s};
    QTest::newRow("killed before the version was entered")
        << QStringList{u"DELETE FROM __schema_version__"_s};
    QTest::newRow("killed before the version table was made")
        << QStringList{u"DROP TABLE __schema_version__"_s};
    QTest::newRow("killed before the last index was made")
        << QStringList{u"DROP TABLE __schema_version__"_s, u"DROP INDEX idx_artifact_ops_type"_s};
    QTest::newRow("an index that somebody dropped") << QStringList{u"DROP INDEX idx_artifact_jobs_state"_s};
    QTest::newRow("a column of somebody else")
        << QStringList{u"ALTER TABLE artifact_jobs ADD COLUMN note TEXT"_s};
}

void TestMigrations::completesWhatIsNearlyV1()
{
    QFETCH(QStringList, statements);
    Scratch scratch;
    copyReference(scratch);
    run(scratch, statements);
    const QList<QStringList> before = kept(scratch.path());
    const bool hasMeta = statements.join(u' ').contains(u"_meta"_s);
    {
        const auto session = scratch.open();
        QCOMPARE(session->startUp().outcome, StartUpOutcome::ReadyMigrated);
        const auto drift = compareSchema(static_cast<sqlite3 *>(session->handle()));
        VERIFY_OK(drift);
        QVERIFY(drift->isClean());
        QCOMPARE(planned(*session, {request(1)}).size(), 1);
    }
    const OtherProgram after(scratch.path());
    if (hasMeta)
        QCOMPARE(after.rows(u"SELECT * FROM _meta"_s), QStringList(u"schema_version|3"_s));
    QCOMPARE(after.rows(u"SELECT schema_version FROM __schema_version__ ORDER BY 1"_s),
             QStringList({u"1"_s, u"2"_s}));
    QCOMPARE(after.run(u"DELETE FROM artifact_jobs WHERE canonical_url = 'https://example.org/1.pdf'"_s),
             SQLITE_OK);
    QCOMPARE(kept(scratch.path()), before);
    QCOMPARE(after.value(u"PRAGMA integrity_check"_s), u"ok"_s);
    QCOMPARE(backupsIn(scratch), 1);
    const QString backup = after.value(u"SELECT backup FROM ingather_migrations WHERE version = 2"_s);
    QCOMPARE(kept(backup), before);
    QCOMPARE(OtherProgram(backup).rows(u"SELECT name FROM sqlite_schema WHERE name = '_meta'"_s).size(),
             hasMeta ? 1 : 0);
}

void TestMigrations::keysThatCollideNeedAPerson()
{
    Scratch scratch;
    run(scratch, {QString::fromUtf8(migrations()
                                        .first()
                                        .script.replace("    UNIQUE(idempotency_key),\n", "")
                                        .replace("CREATE UNIQUE INDEX idx_artifact_jobs_idempotency ON "
                                                 "artifact_jobs(idempotency_key);",
                                                 "")),
                  u"INSERT INTO artifact_jobs(job_id, work_id, artifact_id, canonical_url, created_at, "
                  "updated_at, idempotency_key) VALUES ('a', 'a', 'a', 'a', 1, 1, 'k'), "
                  "('b', 'b', 'b', 'b', 1, 1, 'k')"_s});
    const QByteArray before = contentOf(scratch.path());
    COMPARE_ERROR(Session::open(scratch.options()), ErrorCode::LedgerNeedsRepair);
    QCOMPARE(contentOf(scratch.path()), before);
    QCOMPARE(backupsIn(scratch), 0);
}

void TestMigrations::goesForwardOneByOne()
{
    Scratch scratch;
    copyReference(scratch);
    run(scratch, otherDialect);
    const auto first = migrateLedger(scratch.options(), 1);
    VERIFY_OK(first);
    QCOMPARE(first->from, 0);
    QCOMPARE(first->to, 1);
    QVERIFY(QFile::exists(first->backup));
    COMPARE_ERROR(Session::open(scratch.readOptions()), ErrorCode::LedgerUnmigrated);
    scratch.clock.advance(10);
    const auto second = migrateLedger(scratch.options(), 2);
    VERIFY_OK(second);
    QCOMPARE(second->from, 1);
    QCOMPARE(second->to, 2);
    QVERIFY(second->backup != first->backup);
    const auto third = migrateLedger(scratch.options(), 0);
    VERIFY_OK(third);
    QCOMPARE(third->from, 2);
    QCOMPARE(third->to, 2);
    QVERIFY(third->backup.isEmpty());
    VERIFY_OK(Session::open(scratch.readOptions()));
}

void TestMigrations::neverGoesBack()
{
    Scratch scratch;
    scratch.open();
    COMPARE_ERROR(migrateLedger(scratch.options(), 1), ErrorCode::InvalidArgument);
    COMPARE_ERROR(migrateLedger(scratch.options(), currentSchemaVersion + 1), ErrorCode::InvalidArgument);
    COMPARE_ERROR(migrateLedger(scratch.options(), -1), ErrorCode::InvalidArgument);
    VERIFY_OK(Session::open(scratch.options()));
}

void TestMigrations::makesALedgerOfAnOldVersion()
{
    Scratch scratch;
    const auto made = migrateLedger(scratch.options(), 1);
    VERIFY_OK(made);
    QCOMPARE(made->from, 0);
    QCOMPARE(made->to, 1);
    QVERIFY(made->backup.isEmpty());
    QCOMPARE(OtherProgram(scratch.path()).rows(u"SELECT schema_version FROM __schema_version__"_s),
             QStringList(u"1"_s));
    VERIFY_OK(Session::open(scratch.options()));
}

void TestMigrations::nothingIsDoneTwice()
{
    Scratch scratch;
    copyReference(scratch);
    VERIFY_OK(migrateLedger(scratch.options(), 0));
    const OtherProgram program(scratch.path());
    const QStringList once = program.rows(u"SELECT * FROM ingather_migrations"_s);
    const QString cookie = program.value(u"PRAGMA schema_version"_s);
    scratch.clock.advance(100);
    VERIFY_OK(migrateLedger(scratch.options(), 0));
    scratch.open();
    QCOMPARE(program.rows(u"SELECT * FROM ingather_migrations"_s), once);
    QCOMPARE(program.value(u"PRAGMA schema_version"_s), cookie);
    QCOMPARE(backupsIn(scratch), 1);
}

void TestMigrations::aBreakingStepWaitsForOthers_data()
{
    QTest::addColumn<QString>("holder"); // registers itself, or holds a lease
    QTest::addColumn<bool>("isRegistered");
    QTest::addColumn<double>("leaseEnds"); // seconds from now
    QTest::addColumn<bool>("isInTheWay");
    const platform::ProcessIdentity self = platform::ProcessIdentity::current();
    platform::ProcessIdentity gone = self;
    gone.pidStart += 1;
    platform::ProcessIdentity elsewhere = self;
    elsewhere.host = u"another-host"_s;
    QTest::newRow("a registered owner that lives") << self.toString() << true << 0.0 << true;
    QTest::newRow("a registered owner that is gone") << gone.toString() << true << 0.0 << false;
    QTest::newRow("a registered owner of another host") << elsewhere.toString() << true << 0.0 << true;
    QTest::newRow("the holder of a lease, living") << self.toString() << false << -5.0 << true;
    QTest::newRow("the holder of a lease, gone") << gone.toString() << false << 20.0 << false;
    QTest::newRow("another host's lease that runs") << elsewhere.toString() << false << 20.0 << true;
    QTest::newRow("another host's lease that has run out") << elsewhere.toString() << false << -5.0 << false;
    QTest::newRow("a v1 program's lease that runs") << u"host:1001"_s << false << 20.0 << true;
    QTest::newRow("our own registration") << u"owner-a"_s << true << 0.0 << false;
}

void TestMigrations::aBreakingStepWaitsForOthers()
{
    QFETCH(QString, holder);
    QFETCH(bool, isRegistered);
    QFETCH(double, leaseEnds);
    QFETCH(bool, isInTheWay);
    Scratch scratch;
    planned(*scratch.open(), {request(1)});
    run(scratch,
        {isRegistered
             ? u"INSERT INTO ingather_owners VALUES ('%1', 'worker', 1)"_s.arg(holder)
             : u"UPDATE artifact_jobs SET state = 'LEASED', lease_owner = '%1', lease_until = %2"_s.arg(
                   holder, QString::number(scratch.clock.now().seconds + leaseEnds, 'f', 3))});

    const Migration harmless = madeUp("CREATE TABLE ingather_new (a INTEGER)", false);
    const Migration breaking = madeUp("CREATE TABLE ingather_new (a INTEGER)", true);
    const auto refused = migrateWith(scratch, breaking);
    if (isInTheWay) {
        COMPARE_ERROR(refused, ErrorCode::LedgerInUse);
        QVERIFY2(refused.error().detail.contains(holder), qPrintable(refused.error().detail));
        QCOMPARE(backupsIn(scratch), 0);
        VERIFY_OK(migrateWith(scratch, harmless));
    } else {
        VERIFY_OK(refused);
    }
    QCOMPARE(
        OtherProgram(scratch.path()).value(u"SELECT breaking FROM ingather_migrations WHERE version = 3"_s),
        isInTheWay ? u"0"_s : u"1"_s);
}

void TestMigrations::undoesAStepThatDoesNotKeep_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::newRow("a row of a job is lost") << QByteArray("DELETE FROM artifact_jobs WHERE rowid = 7");
    QTest::newRow("a column of v1 is changed")
        << QByteArray("UPDATE artifact_jobs SET canonical_url = 'x' WHERE rowid = 7");
    QTest::newRow("an op's result is changed")
        << QByteArray("UPDATE artifact_ops SET result_json = NULL WHERE rowid = 7");
    QTest::newRow("a table of others is emptied") << QByteArray("DELETE FROM manifest");
    QTest::newRow("an index of others is dropped") << QByteArray("DROP INDEX idx_manifest_work");
    QTest::newRow("user_version is taken") << QByteArray("PRAGMA user_version = 3");
    QTest::newRow("a table of ours is gone") << QByteArray("DROP TABLE ingather_hosts");
    QTest::newRow("a foreign key is broken")
        << QByteArray("CREATE TABLE ingather_new (job_id TEXT REFERENCES artifact_jobs(job_id)); "
                      "INSERT INTO ingather_new VALUES ('nobody')");
}

void TestMigrations::undoesAStepThatDoesNotKeep()
{
    QFETCH(QByteArray, script);
    Scratch scratch;
    copyReference(scratch);
    scratch.open();
    run(scratch, {u"PRAGMA wal_checkpoint(TRUNCATE)"_s});
    const qsizetype backups = backupsIn(scratch);
    const QByteArray before = contentOf(scratch.path());
    const auto migrated = migrateWith(scratch, madeUp(script, false));
    COMPARE_ERROR(migrated, ErrorCode::LedgerSchema);
    QCOMPARE(contentOf(scratch.path()), before);
    QCOMPARE(backupsIn(scratch), backups); // the one of an unchanged file is not kept
    VERIFY_OK(Session::open(scratch.options()));
}

void TestMigrations::curesBeforeAStep()
{
    Scratch scratch;
    planned(*scratch.open(), {request(1)});
    run(scratch, {u"DROP INDEX ingather_ready"_s});
    VERIFY_OK(migrateWith(scratch, madeUp("CREATE TABLE ingather_new (a INTEGER)", false)));
    QCOMPARE(OtherProgram(scratch.path())
                 .rows(u"SELECT name FROM sqlite_schema WHERE name IN ('ingather_ready','ingather_new')"_s)
                 .size(),
             2);
}

void TestMigrations::refusesAChainThatDoesNotFit_data()
{
    QTest::addColumn<QString>("statement");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("a step was carried out with another script")
        << u"UPDATE ingather_migrations SET checksum = 'x' WHERE version = 2"_s << ErrorCode::LedgerSchema;
    QTest::newRow("a step is not recorded")
        << u"DELETE FROM ingather_migrations WHERE version = 1"_s << ErrorCode::LedgerNeedsRepair;
    QTest::newRow("the schema has drifted beyond what is cured unasked")
        << u"DROP TABLE ingather_meta"_s << ErrorCode::LedgerNeedsRepair;
}

void TestMigrations::refusesAChainThatDoesNotFit()
{
    QFETCH(QString, statement);
    QFETCH(ErrorCode, code);
    Scratch scratch;
    scratch.open();
    run(scratch, {statement});
    const auto migrated = migrateWith(scratch, madeUp("CREATE TABLE ingather_new (a INTEGER)", false));
    COMPARE_ERROR(migrated, code);
    QVERIFY(!migrated.error().detail.isEmpty());
    QCOMPARE(OtherProgram(scratch.path())
                 .value(u"SELECT count(*) FROM sqlite_schema WHERE name = 'ingather_new'"_s),
             u"0"_s);
}

QTEST_GUILESS_MAIN(TestMigrations)
#include "tst_migrations.moc"
