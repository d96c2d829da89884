// SPDX-License-Identifier: MIT
#include "check_fixture.h"

#include "ledger/validation/index_comparison.h"
#include "ledger/validation/table_indexes.h"

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

namespace
{

QStringList tablesOf(sqlite3 *connection)
{
    SqliteStatement statement;
    QStringList names;
    const Result<> prepared = statement.prepare(
        connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name");
    if (!prepared)
        qFatal("%s", why(prepared).constData());
    for (auto row = statement.step("test"); row && *row; row = statement.step("test"))
        names.append(statement.text(0));
    return names;
}

} // namespace

class TestIndexComparison : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comparesEveryTableOfOurs();
    void agrees_data();
    void agrees();
    void leavesToOthers_data();
    void leavesToOthers();
    void knowsWhatAStatementReads_data();
    void knowsWhatAStatementReads();
};

/// What it leaves to integrity_check costs a minute on a large ledger.
void TestIndexComparison::comparesEveryTableOfOurs()
{
    Scratch scratch;
    fill(scratch);
    lookedAt(scratch.path(), [](sqlite3 *connection) {
        QStringList left;
        for (const QString &table : tablesOf(connection)) {
            const auto comparison = compareIndexes(connection, table);
            VERIFY_OK(comparison);
            QCOMPARE(comparison->differing, QStringList());
            if (!comparison->isMade)
                left.append(table);
        }
        QCOMPARE(left, QStringList(u"ingather_counts"_s)); // a few rows, without rowids
    });
}

void TestIndexComparison::agrees_data()
{
    QTest::addColumn<QString>("sql");
    const QString values = u"INSERT INTO m VALUES (NULL, 1), (NULL, 1), (1, 2), (1.5, 0), (-0.0, 3), (0, 4), "
                           "(9007199254740993, 1), (9007199254740992.0, 1), (-9223372036854775808, 1), "
                           "(9.3e18, 1), (-9.3e18, 1), (1e300, 1), ('', 1), ('a', 1), ('A', 2), ('ä', 1), "
                           "(x'', 1), (x'00', 1), (x'0001', 1), (zeroblob(9000), 1);"_s;
    QTest::newRow("values of every kind") << u"CREATE TABLE m(a, b); CREATE INDEX i ON m(a, b);"_s + values;
    QTest::newRow("downwards") << u"CREATE TABLE m(a, b); CREATE INDEX i ON m(a DESC, b);"_s + values;
    QTest::newRow("as numbers") << u"CREATE TABLE m(a REAL, b INT); CREATE INDEX i ON m(b, a DESC);"_s +
                                       values;
    QTest::newRow("as text") << u"CREATE TABLE m(a TEXT, b TEXT); CREATE INDEX i ON m(a, b);"_s + values;
    QTest::newRow("several NULLs in a UNIQUE index")
        << u"CREATE TABLE m(a, b, UNIQUE (a, b)); INSERT INTO m VALUES (NULL, 1), (NULL, 1), (1, NULL)"_s;
    QTest::newRow("a condition with a comment")
        << u"CREATE TABLE m(a, b); CREATE INDEX i ON m(a) WHERE b > 1 -- and so on\n;"_s + values;
    QTest::newRow("an index that is called where")
        << u"CREATE TABLE m(a, b); CREATE INDEX \"where\" ON m(a); CREATE INDEX i ON m(b) WHERE a = 'a';"_s +
               values;
    QTest::newRow("names in need of quotes")
        << u"CREATE TABLE m(\"a \"\" b\", \"select\"); CREATE INDEX \"i i\" ON m(\"a \"\" b\", \"select\");"_s +
               values;
    QTest::newRow("a column that is called rowid")
        << u"CREATE TABLE m(rowid TEXT, b); CREATE INDEX i ON m(rowid);"_s + values;
    QTest::newRow("an index over the rowid")
        << u"CREATE TABLE m(a, b INTEGER PRIMARY KEY); "
           "CREATE INDEX i ON m(b, a); INSERT INTO m(a) VALUES (3), (1)"_s;
    QTest::newRow("a computed column that is stored")
        << u"CREATE TABLE m(a, b, c AS (a || b), d AS (b + 1) STORED); CREATE INDEX i ON m(d);"
           "INSERT INTO m(a, b) VALUES ('x', 1), ('y', 2)"_s;
    QTest::newRow("a column that came later")
        << u"CREATE TABLE m(a, b);"_s + values +
               u"ALTER TABLE m ADD COLUMN c DEFAULT 'c'; CREATE INDEX i ON m(c)"_s;
    QTest::newRow("no rows") << u"CREATE TABLE m(a UNIQUE, b)"_s;
    QTest::newRow("no index") << u"CREATE TABLE m(a, b);"_s + values;
}

void TestIndexComparison::agrees()
{
    QFETCH(QString, sql);
    Scratch scratch;
    scratch.open();
    QCOMPARE(OtherProgram(scratch.path()).run(sql), SQLITE_OK);
    lookedAt(scratch.path(), [](sqlite3 *connection) {
        const auto comparison = compareIndexes(connection, u"m"_s);
        VERIFY_OK(comparison);
        QVERIFY(comparison->isMade);
        QCOMPARE(comparison->differing, QStringList());
    });
}

void TestIndexComparison::leavesToOthers_data()
{
    QTest::addColumn<QString>("sql");
    QTest::newRow("an expression") << u"CREATE TABLE m(a); CREATE INDEX i ON m(a || 'x')"_s;
    QTest::newRow("a computed column") << u"CREATE TABLE m(a, b AS (a || 'x')); CREATE INDEX i ON m(b)"_s;
    QTest::newRow("a collation") << u"CREATE TABLE m(a); CREATE INDEX i ON m(a COLLATE NOCASE)"_s;
    QTest::newRow("no rowids") << u"CREATE TABLE m(a PRIMARY KEY) WITHOUT ROWID"_s;
    QTest::newRow("no name left for the rowid") << u"CREATE TABLE m(rowid, oid, _rowid_ UNIQUE)"_s;
}

void TestIndexComparison::leavesToOthers()
{
    QFETCH(QString, sql);
    Scratch scratch;
    scratch.open();
    QCOMPARE(OtherProgram(scratch.path()).run(sql), SQLITE_OK);
    lookedAt(scratch.path(), [](sqlite3 *connection) {
        const auto comparison = compareIndexes(connection, u"m"_s);
        QVERIFY(!comparison || !comparison->isMade);
    });
}

void TestIndexComparison::knowsWhatAStatementReads_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<int>("scan");
    const auto row = [](const char *name, const char *sql, EntryScan scan) {
        QTest::newRow(name) << QByteArray(sql) << static_cast<int>(scan);
    };
    row("entries", "SELECT a, rowid FROM m INDEXED BY i", EntryScan::All);
    row("some of them, chosen by the key", "SELECT a, rowid FROM m INDEXED BY i WHERE a > 1",
        EntryScan::Range);
    row("some of them, chosen by a test", "SELECT a, rowid FROM m INDEXED BY i WHERE a <> 1",
        EntryScan::Unknown);
    row("values of the table", "SELECT a, b, rowid FROM m INDEXED BY i", EntryScan::Unknown);
    row("the table", "SELECT a, rowid FROM m NOT INDEXED", EntryScan::Unknown);
    row("nothing", "SELECT 1", EntryScan::Unknown);
}

void TestIndexComparison::knowsWhatAStatementReads()
{
    QFETCH(QByteArray, sql);
    QFETCH(int, scan);
    Scratch scratch;
    scratch.open();
    QCOMPARE(OtherProgram(scratch.path()).run(u"CREATE TABLE m(a, b); CREATE INDEX i ON m(a)"_s), SQLITE_OK);
    const int root =
        OtherProgram(scratch.path()).value(u"SELECT rootpage FROM sqlite_schema WHERE name = 'i'"_s).toInt();
    lookedAt(scratch.path(), [&](sqlite3 *connection) {
        const auto found = scanOf(connection, sql, root);
        VERIFY_OK(found);
        QCOMPARE(static_cast<int>(*found), scan);
    });
}

QTEST_GUILESS_MAIN(TestIndexComparison)
#include "tst_index_comparison.moc"
