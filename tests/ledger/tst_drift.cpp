// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/schema.h"
#include "ledger/sqlite.h"
#include "ledger/validation/drift.h"

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;
using core::FindingId;

namespace
{

const QString referencePath = QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3");

QString copyOfReference(const Scratch &scratch)
{
    QFile::copy(referencePath, scratch.path());
    QFile::setPermissions(scratch.path(), QFile::ReadOwner | QFile::WriteOwner);
    return scratch.path();
}

SchemaDrift driftOf(const QString &path)
{
    SqliteConnection connection;
    const Result<> opened = connection.open(path, SqliteConnection::Mode::ReadOnly);
    if (!opened)
        qFatal("%s", why(opened).constData());
    Result<SchemaDrift> drift = compareSchema(connection.handle());
    if (!drift)
        qFatal("%s", why(drift).constData());
    return *drift;
}

/// "schema.index.missing ingather_ready error"
QStringList linesOf(const QList<core::Finding> &findings)
{
    QStringList lines;
    for (const core::Finding &finding : findings) {
        lines.append(
            QStringList({core::findingName(finding.id), finding.place, core::severityName(finding.severity)})
                .join(u' '));
    }
    return lines;
}

QStringList descriptionsOf(const QList<SchemaCure> &cures)
{
    QStringList list;
    for (const SchemaCure &cure : cures)
        list.append(cure.description());
    return list;
}

QString allDetails(const SchemaDrift &drift)
{
    QStringList list;
    for (const core::Finding &finding : drift.findings)
        list.append(finding.detail);
    return list.join(u'\n');
}

/// Changes the text of an object behind SQLite's back, as a damaged or hand-edited file has it.
QString edited(const QString &object, const QString &what, const QString &with)
{
    return u"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '%2', '%3') "
           "WHERE name = '%1'; PRAGMA writable_schema = RESET"_s.arg(
               object, QString(what).replace(u'\'', u"''"_s), QString(with).replace(u'\'', u"''"_s));
}

void carryOut(const QString &path, const QList<SchemaCure> &cures)
{
    const OtherProgram program(path);
    for (const SchemaCure &cure : cures) {
        if (!cure.dropSql.isEmpty())
            QCOMPARE(program.run(QString::fromUtf8(cure.dropSql)), SQLITE_OK);
        QCOMPARE(program.run(QString::fromUtf8(cure.sql)), SQLITE_OK);
    }
}

constexpr auto isUnasked = true;
constexpr auto waits = false;

} // namespace

class TestDrift : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsNothingIn_data();
    void findsNothingIn();
    void explains_data();
    void explains();
    void takesOthersForInformation_data();
    void takesOthersForInformation();
    void triggersOfAMissingJobsTableAreNamedToo();
    void looksAtVersionOneToo();
    void comparesWithTheHighestVersionSpokenOf_data();
    void comparesWithTheHighestVersionSpokenOf();
    void leavesNewerLedgersAlone_data();
    void leavesNewerLedgersAlone();
};

void TestDrift::findsNothingIn_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<int>("version");
    QTest::newRow("a new ledger") << u"new"_s << 2;
    QTest::newRow("a ledger of the reference") << u"reference"_s << 1;
    QTest::newRow("a ledger of the reference, migrated") << u"migrated"_s << 2;
    QTest::newRow("a file without anything") << u"empty"_s << 0;
    QTest::newRow("a file of others") << u"others"_s << 0;
}

void TestDrift::findsNothingIn()
{
    QFETCH(QString, what);
    QFETCH(int, version);
    Scratch scratch;
    if (what == u"reference" || what == u"migrated")
        copyOfReference(scratch);
    if (what == u"new" || what == u"migrated")
        scratch.open();
    if (what == u"empty" || what == u"others")
        OtherProgram(scratch.path()).run(u"PRAGMA user_version = 0; VACUUM"_s);
    if (what == u"others")
        QCOMPARE(OtherProgram(scratch.path()).run(u"CREATE TABLE t(a)"_s), SQLITE_OK);
    const SchemaDrift drift = driftOf(scratch.path());
    QCOMPARE(drift.version, version);
    QVERIFY2(drift.isClean(), qPrintable(linesOf(drift.findings).join(u'\n')));
    QVERIFY(drift.cures.isEmpty());
    QVERIFY(!drift.canBeCuredUnasked());
}

void TestDrift::explains_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QStringList>("findings");
    QTest::addColumn<QString>("detail");
    QTest::addColumn<QStringList>("cures");
    QTest::addColumn<bool>("unasked");
    const auto row = [](const char *name, const QString &sql, const QStringList &findings,
                        const QString &detail, const QStringList &cures, bool unasked) {
        QTest::newRow(name) << sql << findings << detail << cures << unasked;
    };
    const QString rebuildJobs = u"REBUILD TABLE artifact_jobs"_s;

    row("an index is missing", u"DROP INDEX ingather_ready"_s,
        {u"schema.index.missing ingather_ready error"_s}, u"artifact_jobs"_s,
        {u"CREATE INDEX ingather_ready"_s}, isUnasked);
    row("an index of v1 is missing", u"DROP INDEX idx_artifact_ops_type"_s,
        {u"schema.index.missing idx_artifact_ops_type error"_s}, u"artifact_ops"_s,
        {u"CREATE INDEX idx_artifact_ops_type"_s}, isUnasked);
    row("a trigger is missing", u"DROP TRIGGER ingather_count_update"_s,
        {u"schema.trigger.missing ingather_count_update error"_s}, u"artifact_jobs"_s,
        {u"CREATE TRIGGER ingather_count_update"_s}, isUnasked);
    row("a table is missing", u"DROP TABLE ingather_hosts"_s,
        {u"schema.table.missing ingather_hosts error"_s}, {}, {u"CREATE TABLE ingather_hosts"_s}, isUnasked);
    row("a table is missing, and its indexes with it", u"DROP TABLE artifact_ops"_s,
        {u"schema.table.missing artifact_ops error"_s, u"schema.index.missing idx_artifact_ops_job error"_s,
         u"schema.index.missing idx_artifact_ops_type error"_s,
         u"schema.index.missing ingather_open_ops error"_s},
        {},
        {u"CREATE TABLE artifact_ops"_s, u"CREATE INDEX idx_artifact_ops_job"_s,
         u"CREATE INDEX idx_artifact_ops_type"_s, u"CREATE INDEX ingather_open_ops"_s},
        isUnasked);
    row("the epoch's table is missing", u"DROP TABLE ingather_meta"_s,
        {u"schema.table.missing ingather_meta error"_s}, {}, {u"CREATE TABLE ingather_meta"_s}, waits);
    row("the roots are missing", u"DROP TABLE ingather_roots"_s,
        {u"schema.table.missing ingather_roots error"_s}, {}, {u"CREATE TABLE ingather_roots"_s}, waits);
    row("the version table is missing", u"DROP TABLE __schema_version__"_s,
        {u"schema.table.missing __schema_version__ error"_s}, {}, {u"CREATE TABLE __schema_version__"_s},
        waits);
    row("a column with a default is missing", u"ALTER TABLE artifact_jobs DROP COLUMN expect_type"_s,
        {u"schema.column.missing artifact_jobs.expect_type error"_s}, u"expected expect_type text"_s,
        {u"ALTER TABLE artifact_jobs ADD COLUMN expect_type TEXT"_s}, isUnasked);
    row("a column with NOT NULL, default and check is missing",
        u"ALTER TABLE artifact_jobs DROP COLUMN crashes"_s,
        {u"schema.column.missing artifact_jobs.crashes error"_s}, u"crashes"_s,
        {u"ALTER TABLE artifact_jobs ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0 CHECK (crashes >= 0)"_s},
        isUnasked);
    row("a column without a default is missing", u"ALTER TABLE ingather_batches DROP COLUMN created_at"_s,
        {u"schema.column.missing ingather_batches.created_at error"_s}, u"created_at real not null"_s,
        {u"REBUILD TABLE ingather_batches"_s}, waits);
    row("two columns and an index are missing",
        u"ALTER TABLE artifact_jobs DROP COLUMN segments; ALTER TABLE artifact_jobs DROP COLUMN rate_limit; "
        "DROP INDEX ingather_added"_s,
        {u"schema.column.missing artifact_jobs.segments error"_s,
         u"schema.column.missing artifact_jobs.rate_limit error"_s,
         u"schema.index.missing ingather_added error"_s},
        {},
        {u"ALTER TABLE artifact_jobs ADD COLUMN segments INTEGER NOT NULL DEFAULT 0"_s,
         u"ALTER TABLE artifact_jobs ADD COLUMN rate_limit INTEGER NOT NULL DEFAULT 0"_s,
         u"CREATE INDEX ingather_added"_s},
        isUnasked);
    row("a missing column beside a changed one is rebuilt with it",
        u"ALTER TABLE artifact_jobs DROP COLUMN segments; "_s +
            edited(u"artifact_jobs"_s, u"priority INTEGER"_s, u"priority TEXT"_s),
        {u"schema.table.changed artifact_jobs.priority error"_s,
         u"schema.column.missing artifact_jobs.segments error"_s},
        {}, {rebuildJobs}, waits);
    row("a column has another type", edited(u"artifact_jobs"_s, u"lease_until REAL"_s, u"lease_until TEXT"_s),
        {u"schema.table.changed artifact_jobs.lease_until error"_s}, u"type: expected real, found text"_s,
        {rebuildJobs}, waits);
    row("a column has no type", edited(u"artifact_ops"_s, u"finished_at REAL"_s, u"finished_at"_s),
        {u"schema.table.changed artifact_ops.finished_at error"_s}, u"expected real, found nothing"_s,
        {u"REBUILD TABLE artifact_ops"_s}, waits);
    row("a column has another default",
        edited(u"artifact_jobs"_s, u"DEFAULT 'PLANNED'"_s, u"DEFAULT 'planned'"_s),
        {u"schema.table.changed artifact_jobs.state error"_s},
        u"lacks: default 'PLANNED'; has: default 'planned'"_s, {rebuildJobs}, waits);
    row("a column lost its check", edited(u"artifact_jobs"_s, u" CHECK (attempts >= 0)"_s, QString()),
        {u"schema.table.changed artifact_jobs.attempts error"_s}, u"lacks: check ( attempts >= 0 )"_s,
        {rebuildJobs}, waits);
    row("a column lost its NOT NULL",
        edited(u"artifact_jobs"_s, u"work_id TEXT NOT NULL"_s, u"work_id TEXT"_s),
        {u"schema.table.changed artifact_jobs.work_id error"_s}, u"lacks: not null"_s, {rebuildJobs}, waits);
    row("the check of the states knows one less", edited(u"artifact_jobs"_s, u"'DEDUPED',"_s, QString()),
        {u"schema.table.changed artifact_jobs error"_s, u"schema.table.changed artifact_jobs error"_s},
        u"constraint missing: check ( state in ("_s, {rebuildJobs}, waits);
    row("a foreign key is missing",
        edited(u"ingather_parts"_s,
               u",\n    FOREIGN KEY(job_id) REFERENCES artifact_jobs(job_id) ON DELETE CASCADE"_s, QString()),
        {u"schema.table.changed ingather_parts error"_s},
        u"foreign key missing: foreign key ( job_id ) references artifact_jobs ( job_id ) on delete cascade"_s,
        {u"REBUILD TABLE ingather_parts"_s}, waits);
    row("a foreign key no longer cascades", edited(u"artifact_ops"_s, u" ON DELETE CASCADE"_s, QString()),
        {u"schema.table.changed artifact_ops error"_s, u"schema.table.changed artifact_ops error"_s},
        u"foreign key missing"_s, {u"REBUILD TABLE artifact_ops"_s}, waits);
    row("a table has one constraint more",
        u"DROP TABLE ingather_batches; CREATE TABLE ingather_batches(batch_id TEXT PRIMARY KEY, label TEXT, "
        "source TEXT, created_at REAL NOT NULL, UNIQUE(label))"_s,
        {u"schema.table.changed ingather_batches error"_s}, u"constraint not ours: unique ( label )"_s,
        {u"REBUILD TABLE ingather_batches"_s}, waits);
    row("UNIQUE is missing, and with it an index",
        u"DROP TABLE ingather_roots; CREATE TABLE ingather_roots(root_id INTEGER PRIMARY KEY, path TEXT NOT "
        u"NULL, "
        "volume_id TEXT, label TEXT, created_at REAL NOT NULL)"_s,
        {u"schema.table.changed ingather_roots.path error"_s}, u"lacks: unique"_s,
        {u"REBUILD TABLE ingather_roots"_s}, waits);
    row("a table has rowids again",
        u"DROP TABLE ingather_counts; CREATE TABLE ingather_counts(state TEXT NOT NULL, kind TEXT NOT NULL, "
        "jobs INTEGER NOT NULL, PRIMARY KEY (state, kind))"_s,
        {u"schema.table.changed ingather_counts error"_s},
        u"options: expected without rowid, found nothing"_s, {u"REBUILD TABLE ingather_counts"_s}, waits);
    row("a further column that refuses our rows",
        u"ALTER TABLE ingather_hosts ADD COLUMN note TEXT CHECK (note IS NOT NULL)"_s,
        {u"schema.table.changed ingather_hosts.note error"_s}, u"can refuse"_s,
        {u"REBUILD TABLE ingather_hosts"_s}, waits);
    row("an index has another order of columns",
        u"DROP INDEX idx_artifact_jobs_lease; CREATE INDEX idx_artifact_jobs_lease ON artifact_jobs(state, "
        "lease_until)"_s,
        {u"schema.index.changed idx_artifact_jobs_lease error"_s},
        u"found: create index idx_artifact_jobs_lease on artifact_jobs ( state , lease_until )"_s,
        {u"RECREATE idx_artifact_jobs_lease"_s}, waits);
    row("a partial index has another WHERE",
        u"DROP INDEX ingather_lease; CREATE INDEX ingather_lease ON artifact_jobs(lease_until)"_s,
        {u"schema.index.changed ingather_lease error"_s}, u"where lease_owner is not null"_s,
        {u"RECREATE ingather_lease"_s}, waits);
    row("an index is no longer UNIQUE",
        u"DROP INDEX ingather_names; CREATE INDEX ingather_names ON artifact_jobs(root_id, final_path) WHERE "
        "final_path IS NOT NULL"_s,
        {u"schema.index.changed ingather_names error"_s}, u"expected: create unique index"_s,
        {u"RECREATE ingather_names"_s}, waits);
    row("an index of ours hangs on a table of others",
        u"CREATE TABLE m(p); DROP INDEX ingather_added; CREATE INDEX ingather_added ON m(p)"_s,
        {u"schema.index.changed ingather_added error"_s, u"schema.object.extra m info"_s}, u"on m ( p )"_s,
        {u"RECREATE ingather_added"_s}, waits);
    row("a trigger does something else",
        u"DROP TRIGGER ingather_count_insert; CREATE TRIGGER ingather_count_insert AFTER INSERT ON "
        u"artifact_jobs "
        "BEGIN SELECT 1; END"_s,
        {u"schema.trigger.changed ingather_count_insert error"_s}, u"select 1 ; end"_s,
        {u"RECREATE ingather_count_insert"_s}, waits);
    row("a view stands where a table should",
        u"DROP TABLE ingather_urls; CREATE VIEW ingather_urls AS SELECT 1"_s,
        {u"schema.table.changed ingather_urls error"_s}, u"expected type: table, found: view"_s,
        {u"RECREATE ingather_urls"_s}, waits);
    row("a table stands where an index should",
        u"DROP INDEX ingather_added; CREATE TABLE ingather_added(a)"_s,
        {u"schema.index.changed ingather_added error"_s}, u"expected type: index, found: table"_s, {}, waits);
}

void TestDrift::explains()
{
    QFETCH(QString, sql);
    QFETCH(QStringList, findings);
    QFETCH(QString, detail);
    QFETCH(QStringList, cures);
    QFETCH(bool, unasked);
    Scratch scratch;
    scratch.open();
    {
        const OtherProgram others(scratch.path());
        QCOMPARE(others.run(sql), SQLITE_OK);
    }
    const SchemaDrift drift = driftOf(scratch.path());
    QCOMPARE(drift.version, 2);
    QCOMPARE(linesOf(drift.findings), findings);
    QVERIFY2(allDetails(drift).contains(detail), qPrintable(allDetails(drift)));
    QCOMPARE(descriptionsOf(drift.cures), cures);
    QVERIFY(!drift.isClean());
    QCOMPARE(drift.canBeCuredUnasked(), unasked);

    // What can be carried out by statements alone leaves nothing behind.
    const bool needsRebuild = std::any_of(drift.cures.begin(), drift.cures.end(), [](const SchemaCure &cure) {
        return cure.kind == SchemaCure::Kind::RebuildTable;
    });
    if (needsRebuild || cures.isEmpty())
        return;
    carryOut(scratch.path(), drift.cures);
    const SchemaDrift after = driftOf(scratch.path());
    QVERIFY2(after.isClean() && after.cures.isEmpty(), qPrintable(linesOf(after.findings).join(u'\n')));
}

void TestDrift::takesOthersForInformation_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QStringList>("findings");
    QTest::addColumn<QString>("detail");
    QTest::newRow("a table of others, without its indexes")
        << u"CREATE TABLE m(p); CREATE INDEX i ON m(p)"_s << QStringList(u"schema.object.extra m info"_s)
        << u"table"_s;
    QTest::newRow("a view of others") << u"CREATE VIEW v AS SELECT job_id FROM artifact_jobs"_s
                                      << QStringList(u"schema.object.extra v info"_s) << u"view"_s;
    QTest::newRow("an index of others on a table of ours")
        << u"CREATE INDEX i ON artifact_jobs(content_type)"_s << QStringList(u"schema.object.extra i info"_s)
        << u"index on artifact_jobs"_s;
    QTest::newRow("a trigger of others on a table of ours")
        << u"CREATE TRIGGER t AFTER DELETE ON artifact_ops BEGIN SELECT 1; END"_s
        << QStringList(u"schema.object.extra t info"_s) << u"trigger on artifact_ops"_s;
    QTest::newRow("an object that begins like ours")
        << u"CREATE TABLE ingather_later(a)"_s << QStringList(u"schema.object.extra ingather_later info"_s)
        << u"table"_s;
    QTest::newRow("a further column")
        << u"ALTER TABLE artifact_jobs ADD COLUMN note TEXT"_s
        << QStringList(u"schema.column.extra artifact_jobs.note info"_s) << u"found note text"_s;
    QTest::newRow("a further column with a default")
        << u"ALTER TABLE artifact_jobs ADD COLUMN tries INTEGER NOT NULL DEFAULT 0"_s
        << QStringList(u"schema.column.extra artifact_jobs.tries info"_s) << u"tries"_s;
    QTest::newRow("columns in another order")
        << u"ALTER TABLE artifact_jobs DROP COLUMN segments; ALTER TABLE artifact_jobs ADD COLUMN segments "
           "INTEGER NOT NULL DEFAULT 0"_s
        << QStringList(u"schema.column.order artifact_jobs info"_s) << u"row_sum, segments"_s;
    QTest::newRow("constraints in another order")
        << u"DROP TABLE ingather_urls; CREATE TABLE ingather_urls(job_id TEXT NOT NULL, rank INTEGER NOT "
           u"NULL, "
           "url TEXT NOT NULL, origin TEXT, tried_at REAL, error_code TEXT, FOREIGN KEY(job_id) REFERENCES "
           "artifact_jobs(job_id) ON DELETE CASCADE, PRIMARY KEY (job_id, rank))"_s
        << QStringList(u"schema.column.order ingather_urls info"_s) << u"constraints"_s;
    QTest::newRow("quotes and case say nothing")
        << u"DROP TABLE ingather_owners; CREATE TABLE IF NOT EXISTS \"Ingather_Owners\"([owner] text primary "
           u"key, "
           "PROGRAM text not null, started_at real /* when */ NOT NULL)"_s
        << QStringList() << QString();
    QTest::newRow("a table that was renamed into its place")
        << u"ALTER TABLE ingather_owners RENAME TO x; ALTER TABLE x RENAME TO ingather_owners"_s
        << QStringList() << QString();
}

void TestDrift::takesOthersForInformation()
{
    QFETCH(QString, sql);
    QFETCH(QStringList, findings);
    QFETCH(QString, detail);
    Scratch scratch;
    scratch.open();
    {
        const OtherProgram others(scratch.path());
        QCOMPARE(others.run(sql), SQLITE_OK);
    }
    const SchemaDrift drift = driftOf(scratch.path());
    QCOMPARE(linesOf(drift.findings), findings);
    QVERIFY2(allDetails(drift).contains(detail), qPrintable(allDetails(drift)));
    QVERIFY(drift.isClean());
    QVERIFY(drift.cures.isEmpty());
    QVERIFY(!drift.canBeCuredUnasked());
}

void TestDrift::triggersOfAMissingJobsTableAreNamedToo()
{
    Scratch scratch;
    scratch.open();
    {
        const OtherProgram others(scratch.path());
        QCOMPARE(others.run(u"DROP TABLE artifact_jobs"_s), SQLITE_OK);
    }
    const SchemaDrift drift = driftOf(scratch.path());
    QVERIFY(drift.isJobsTableMissing);
    QVERIFY(!drift.canBeCuredUnasked());
    int tables = 0;
    int triggers = 0;
    for (const core::Finding &finding : drift.findings) {
        tables += finding.id == FindingId::TableMissing ? 1 : 0;
        triggers += finding.id == FindingId::TriggerMissing ? 1 : 0;
    }
    QCOMPARE(tables, 1);
    QCOMPARE(triggers, 5);
    QCOMPARE(drift.cures.first().description(), u"CREATE TABLE artifact_jobs"_s);
    carryOut(scratch.path(), drift.cures);
    QVERIFY(driftOf(scratch.path()).isClean());
}

void TestDrift::looksAtVersionOneToo()
{
    Scratch scratch;
    copyOfReference(scratch);
    {
        const OtherProgram v1(scratch.path());
        QCOMPARE(v1.run(u"DROP INDEX idx_artifact_jobs_state"_s), SQLITE_OK);
    }
    const SchemaDrift drift = driftOf(scratch.path());
    QCOMPARE(drift.version, 1);
    QCOMPARE(linesOf(drift.findings).value(0), u"schema.index.missing idx_artifact_jobs_state error"_s);
    QVERIFY(drift.canBeCuredUnasked());
}

void TestDrift::comparesWithTheHighestVersionSpokenOf_data()
{
    QTest::addColumn<QString>("sql");
    QTest::newRow("the older store was set back")
        << u"DELETE FROM __schema_version__ WHERE schema_version = 2"_s;
    QTest::newRow("the newer store is gone") << u"DROP TABLE ingather_migrations"_s;
    QTest::newRow("the older store is gone") << u"DROP TABLE __schema_version__"_s;
    QTest::newRow("both are gone") << u"DROP TABLE __schema_version__; DROP TABLE ingather_migrations"_s;
    QTest::newRow("another program has repaired it in its way")
        << u"DELETE FROM __schema_version__ WHERE schema_version = 2; DROP TABLE ingather_migrations; "
           "DROP TABLE artifact_ops"_s;
}

void TestDrift::comparesWithTheHighestVersionSpokenOf()
{
    QFETCH(QString, sql);
    Scratch scratch;
    scratch.open();
    {
        const OtherProgram others(scratch.path());
        QCOMPARE(others.run(sql), SQLITE_OK);
    }
    QCOMPARE(driftOf(scratch.path()).version, 2);
}

void TestDrift::leavesNewerLedgersAlone_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("finding");
    QTest::newRow("newer and harmless") << u"INSERT INTO __schema_version__ VALUES (3, 1); INSERT INTO "
                                           u"ingather_migrations VALUES (3, 'n', 'c', 0, "
                                           "'v', 1, NULL); DROP INDEX ingather_ready"_s
                                        << u"schema.version.newer __schema_version__ info"_s;
    QTest::newRow("newer and breaking") << u"INSERT INTO __schema_version__ VALUES (3, 1); INSERT INTO "
                                           u"ingather_migrations VALUES (3, 'n', 'c', 1, "
                                           "'v', 1, NULL)"_s
                                        << u"schema.version.newer_breaking __schema_version__ warning"_s;
    QTest::newRow("newer, and nothing says how")
        << u"INSERT INTO __schema_version__ VALUES (99, 1)"_s
        << u"schema.version.newer_breaking __schema_version__ warning"_s;
}

void TestDrift::leavesNewerLedgersAlone()
{
    QFETCH(QString, sql);
    QFETCH(QString, finding);
    Scratch scratch;
    scratch.open();
    {
        const OtherProgram others(scratch.path());
        QCOMPARE(others.run(sql), SQLITE_OK);
    }
    const SchemaDrift drift = driftOf(scratch.path());
    QVERIFY(drift.version > currentSchemaVersion);
    QCOMPARE(linesOf(drift.findings), QStringList(finding));
    QVERIFY(drift.cures.isEmpty());
    QVERIFY(!drift.canBeCuredUnasked());
}

QTEST_GUILESS_MAIN(TestDrift)
#include "tst_drift.moc"
