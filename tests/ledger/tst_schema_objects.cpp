// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/schema.h"
#include "ledger/sqlite.h"
#include "ledger/validation/schema_objects.h"

#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

namespace
{

const QString referencePath = QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3");

QByteArray digestOf(const QString &path)
{
    SqliteConnection connection;
    const Result<> opened = connection.open(path, SqliteConnection::Mode::ReadOnly);
    if (!opened)
        qFatal("%s", why(opened).constData());
    const Result<QByteArray> digest = schemaDigest(connection.handle());
    if (!digest)
        qFatal("%s", why(digest).constData());
    return *digest;
}

QStringList namesOf(const QList<SchemaObject> &objects)
{
    QStringList names;
    for (const SchemaObject &object : objects)
        names.append(object.name);
    names.sort();
    return names;
}

} // namespace

class TestSchemaObjects : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTokens_data();
    void writesTokens();
    void tellsTextsApart_data();
    void tellsTextsApart();
    void bearsTextsThatEndTooSoon();
    void takesTablesApart();
    void takesColumnsApart_data();
    void takesColumnsApart();
    void buildsTheSchemaOfEachVersion();
    void manyThreadsMayAskAtOnce();
    void knowsItsOwnObjects_data();
    void knowsItsOwnObjects();
    void digestIsThatOfTheChain();
    void digestOfAMigratedLedgerIsTheSame();
    void digestLeavesOthersOut();
    void digestSeesAChange_data();
    void digestSeesAChange();
};

void TestSchemaObjects::writesTokens_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QByteArray>("tokens");
    const auto row = [](const char *name, const char *sql, const char *tokens) {
        QTest::newRow(name) << QByteArray(sql) << QByteArray(tokens);
    };
    row("nothing", "", "");
    row("only a comment", " -- nothing here", "");
    row("words in any case", "CREATE Table T(A Text)", "create table t ( a text )");
    row("white space of any kind", "create\ttable\r\nt\f(a)", "create table t ( a )");
    row("a comment to the end of the line", "a -- b\nc", "a c");
    row("a comment inside a line", "a/* b */c", "a c");
    row("two minus signs apart are none", "a - -1", "a - - 1");
    row("plain names lose their quotes", "\"A\" [B_1] `c$`", "a b_1 c$");
    row("names that are words of SQL keep them", "\"Order\" [select]", "\"Order\" \"select\"");
    row("names with blanks keep them", "\"a b\" [c d] `e\"f`", "\"a b\" \"c d\" \"e\"\"f\"");
    row("a doubled quote in a name", "\"a\"\"b\"", "\"a\"\"b\"");
    row("text stays as it is", "'It''s  A'", "'It''s  A'");
    row("comment signs in a text are text", "'-- /* ' x", "'-- /* ' x");
    row("bytes stay as they are", "X'0aFF' x'00'", "X'0aFF' x'00'");
    row("numbers", "1 2.5 .5 1e9 1.5E-3 0xFF", "1 2.5 .5 1e9 1.5E-3 0xFF");
    row("a number beside a word", "a=1AND b", "a = 1 and b");
    row("operators of several signs", "a||b<=c<>d!=e==f>>g->>h->i",
        "a || b <= c <> d != e == f >> g ->> h -> i");
    row("if not exists falls away", "CREATE TABLE IF NOT EXISTS t(a)", "create table t ( a )");
    row("of an index too", "CREATE UNIQUE INDEX IF  NOT EXISTS i ON t(a)",
        "create unique index i on t ( a )");
    row("of a trigger too", "CREATE TRIGGER if not exists x AFTER INSERT ON t BEGIN SELECT 1; END",
        "create trigger x after insert on t begin select 1 ; end");
    row("a table may be called if", "CREATE TABLE if(a)", "create table if ( a )");
    row("further on it says something", "CREATE TRIGGER x WHEN IF NOT EXISTS",
        "create trigger x when if not exists");
    row("the last semicolon falls away", "SELECT 1;  ", "select 1");
    row("letters beyond ASCII stay as they are", "\"\u00dcber\" \u00dc", "\u00dcber \u00dc");
}

void TestSchemaObjects::writesTokens()
{
    QFETCH(QByteArray, sql);
    QFETCH(QByteArray, tokens);
    QCOMPARE(schemaTokens(sql), tokens);
    QCOMPARE(schemaTokens(tokens), tokens); // what is written reads back as itself
}

void TestSchemaObjects::tellsTextsApart_data()
{
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("b");
    const auto row = [](const char *name, const char *a, const char *b) {
        QTest::newRow(name) << QByteArray(a) << QByteArray(b);
    };
    row("case in a text", "CHECK (a = 'X')", "CHECK (a = 'x')");
    row("a text is no name", "DEFAULT 'a'", "DEFAULT \"a\"");
    row("blanks in a text", "DEFAULT 'a b'", "DEFAULT 'a  b'");
    row("a comment inside a text", "DEFAULT 'a/*b*/'", "DEFAULT 'a'");
    row("one sign of an operator", "CHECK (a >= 0)", "CHECK (a > 0)");
    row("a name that is a word of SQL", "CHECK (a = \"null\")", "CHECK (a = null)");
    row("a name with a quote in it", "\"a\"\"b\"", "\"ab\"");
}

void TestSchemaObjects::tellsTextsApart()
{
    QFETCH(QByteArray, a);
    QFETCH(QByteArray, b);
    QVERIFY2(schemaTokens(a) != schemaTokens(b), schemaTokens(a).constData());
}

void TestSchemaObjects::bearsTextsThatEndTooSoon()
{
    const QByteArray whole =
        "CREATE TABLE \"t\" ([a] TEXT DEFAULT 'x''y' CHECK (a <> x'00'), /* c */ `b` -- d\n, "
        "UNIQUE(a)) WITHOUT ROWID";
    for (qsizetype length = 0; length <= whole.size(); ++length) {
        const QByteArray cut = whole.first(length);
        schemaTokens(cut);
        for (const QByteArray &column : tableText(cut).columns)
            QVERIFY(!columnText(column).name.isEmpty());
    }
    QCOMPARE(tableText(whole).columns.size(), 2);
}

void TestSchemaObjects::takesTablesApart()
{
    const TableText text =
        tableText("CREATE TABLE t (A TEXT PRIMARY KEY, \"b\" REAL DEFAULT (1, 2), "
                  "c CHECK (c IN ('x,y', ')')),\n UNIQUE(A, b), CONSTRAINT k CHECK (b > 0), "
                  "FOREIGN KEY(A) REFERENCES u(a) ON DELETE CASCADE) STRICT, WITHOUT ROWID");
    QCOMPARE(text.columns, QList<QByteArray>({"a text primary key", "b real default ( 1 , 2 )",
                                              "c check ( c in ( 'x,y' , ')' ) )"}));
    QCOMPARE(text.columnTexts, QList<QByteArray>({"A TEXT PRIMARY KEY", "\"b\" REAL DEFAULT (1, 2)",
                                                  "c CHECK (c IN ('x,y', ')'))"}));
    QCOMPARE(text.constraints, QList<QByteArray>({"unique ( a , b )", "constraint k check ( b > 0 )",
                                                  "foreign key ( a ) references u ( a ) on delete cascade"}));
    QCOMPARE(text.options, QByteArray("strict , without rowid"));
}

void TestSchemaObjects::takesColumnsApart_data()
{
    QTest::addColumn<QByteArray>("definition");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QList<QByteArray>>("constraints");
    const auto row = [](const char *name, const char *definition, const char *type,
                        const QList<QByteArray> &constraints) {
        QTest::newRow(name) << QByteArray(definition) << QByteArray(type) << constraints;
    };
    row("only a name", "a", "", {});
    row("a type of several words", "a DOUBLE PRECISION", "double precision", {});
    row("a type with numbers", "a VARCHAR(10, 2) NOT NULL", "varchar ( 10 , 2 )", {"not null"});
    row("in any order", "a INT NOT NULL DEFAULT 0 CHECK (a >= 0)", "int",
        {"check ( a >= 0 )", "default 0", "not null"});
    row("no type", "a DEFAULT NULL NOT NULL", "", {"default null", "not null"});
    row("a default with a sign", "a INT DEFAULT -1 UNIQUE", "int", {"default - 1", "unique"});
    row("a check that speaks of NOT NULL", "a TEXT CHECK (a IS NOT NULL)", "text",
        {"check ( a is not null )"});
    row("a reference", "a REFERENCES t(b) ON DELETE SET NULL ON UPDATE SET DEFAULT NOT DEFERRABLE", "",
        {"references t ( b ) on delete set null on update set default not deferrable"});
    row("a generated column", "a INT GENERATED ALWAYS AS (b + 1) STORED", "int",
        {"generated always as ( b + 1 ) stored"});
    row("the short form of it", "a AS (b)", "", {"as ( b )"});
    row("a name for a constraint", "a TEXT CONSTRAINT k NOT NULL COLLATE nocase", "text",
        {"collate nocase", "constraint k", "not null"});
}

void TestSchemaObjects::takesColumnsApart()
{
    QFETCH(QByteArray, definition);
    QFETCH(QByteArray, type);
    QFETCH(QList<QByteArray>, constraints);
    const ColumnText column = columnText(definition);
    QCOMPARE(column.name, QByteArray("a"));
    QCOMPARE(column.type, type);
    QCOMPARE(column.constraints, constraints);
}

void TestSchemaObjects::buildsTheSchemaOfEachVersion()
{
    QVERIFY(expectedSchema(0).isEmpty());
    QCOMPARE(
        namesOf(expectedSchema(1)),
        QStringList({u"__schema_version__"_s, u"artifact_jobs"_s, u"artifact_ops"_s,
                     u"idx_artifact_jobs_idempotency"_s, u"idx_artifact_jobs_lease"_s,
                     u"idx_artifact_jobs_state"_s, u"idx_artifact_ops_job"_s, u"idx_artifact_ops_type"_s}));
    QVERIFY(expectedSchema(currentSchemaVersion).size() > 30);
    for (const SchemaObject &object : expectedSchema(currentSchemaVersion)) {
        QVERIFY2(isOwnObject(object), qPrintable(object.name));
        QVERIFY2(!object.sql.isEmpty(), qPrintable(object.name));
    }
}

void TestSchemaObjects::manyThreadsMayAskAtOnce()
{
    std::vector<const QList<SchemaObject> *> answers(8);
    std::vector<std::jthread> threads;
    for (auto &answer : answers)
        threads.emplace_back([&answer] { answer = &expectedSchema(currentSchemaVersion); });
    threads.clear();
    for (const auto *answer : answers)
        QCOMPARE(answer, answers.front());
}

void TestSchemaObjects::knowsItsOwnObjects_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isOwn");
    QTest::newRow("the jobs") << u"artifact_jobs"_s << true;
    QTest::newRow("in any case") << u"Artifact_Jobs"_s << true;
    QTest::newRow("the version table") << u"__schema_version__"_s << true;
    QTest::newRow("an index of v1") << u"idx_artifact_ops_type"_s << true;
    QTest::newRow("whatever begins like ours") << u"ingather_of_a_later_version"_s << true;
    QTest::newRow("a table of the reference that only looks like it") << u"artifact_hash_index"_s << false;
    QTest::newRow("the version table of the other program") << u"_meta"_s << false;
}

void TestSchemaObjects::knowsItsOwnObjects()
{
    QFETCH(QString, name);
    QFETCH(bool, isOwn);
    QCOMPARE(isOwnObject({u"table"_s, name, name, "CREATE", 2}), isOwn);
}

void TestSchemaObjects::digestIsThatOfTheChain()
{
    QTemporaryDir dir;
    SqliteConnection chain;
    VERIFY_OK(chain.open(dir.filePath(u"chain.sqlite3"_s), SqliteConnection::Mode::Create));
    for (const Migration &step : migrations())
        VERIFY_OK(runScript(chain.handle(), step.script, u"test"_s));
    const Result<QByteArray> digest = schemaDigest(chain.handle());
    VERIFY_OK(digest);
    QVERIFY2(*digest == currentSchemaDigest(),
             "the schema has changed; its digest is now " + *digest + " (schema_objects.cpp)");
}

void TestSchemaObjects::digestOfAMigratedLedgerIsTheSame()
{
    Scratch fresh;
    fresh.open();
    QCOMPARE(digestOf(fresh.path()), currentSchemaDigest().toByteArray());
    Scratch old;
    QFile::copy(referencePath, old.path());
    QFile::setPermissions(old.path(), QFile::ReadOwner | QFile::WriteOwner);
    QVERIFY(digestOf(old.path()) != currentSchemaDigest());
    old.open();
    QCOMPARE(digestOf(old.path()), currentSchemaDigest().toByteArray());
}

void TestSchemaObjects::digestLeavesOthersOut()
{
    Scratch scratch;
    scratch.open();
    const OtherProgram others(scratch.path());
    QCOMPARE(others.run(
                 u"CREATE TABLE manifest(path TEXT PRIMARY KEY); CREATE INDEX m ON manifest(path); "
                 "CREATE VIEW v AS SELECT * FROM artifact_jobs; CREATE INDEX theirs ON artifact_jobs(host); "
                 "ANALYZE"_s),
             SQLITE_OK);
    QCOMPARE(digestOf(scratch.path()), currentSchemaDigest().toByteArray());
}

void TestSchemaObjects::digestSeesAChange_data()
{
    QTest::addColumn<QString>("sql");
    QTest::newRow("an index dropped") << u"DROP INDEX ingather_ready"_s;
    QTest::newRow("a trigger dropped") << u"DROP TRIGGER ingather_done_by_update"_s;
    QTest::newRow("a column added") << u"ALTER TABLE artifact_jobs ADD COLUMN note TEXT"_s;
    QTest::newRow("an index with another order")
        << u"DROP INDEX ingather_added; CREATE INDEX ingather_added ON artifact_jobs(created_at DESC)"_s;
    QTest::newRow("a table under a name of ours") << u"CREATE TABLE ingather_x(a)"_s;
}

void TestSchemaObjects::digestSeesAChange()
{
    QFETCH(QString, sql);
    Scratch scratch;
    scratch.open();
    const OtherProgram others(scratch.path());
    QCOMPARE(others.run(sql), SQLITE_OK);
    QVERIFY(digestOf(scratch.path()) != currentSchemaDigest());
}

QTEST_GUILESS_MAIN(TestSchemaObjects)
#include "tst_schema_objects.moc"
