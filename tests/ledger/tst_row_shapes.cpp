// SPDX-License-Identifier: MIT
#include "ledger/repair/row_shapes.h"
#include "ledger/schema.h"
#include "page_fixture.h"

#include <QSet>

using namespace page_fixture;

namespace
{

const QByteArray hash(64, 'a');
const QByteArray owner = "host/0a1b/4026531836/77/12345/0123456789abcdef";

/// A ledger of the present schema with rows in each of its tables, and tables of others.
void fill(Database &database)
{
    for (const Migration &each : migrations())
        database.run(each.script);
    database.run(
        "INSERT INTO artifact_jobs(job_id, work_id, artifact_id, canonical_url, created_at, updated_at,"
        " idempotency_key) VALUES ('j', 'w', 'a', 'https://x.org/', 1.8e9, 1800000000.25, '" +
        hash +
        "');"
        "INSERT INTO artifact_jobs(job_id, work_id, artifact_id, canonical_url, state, lease_owner,"
        " lease_until, created_at, updated_at, idempotency_key, hold, done_at, host, error_code, root_id,"
        " final_path, bytes_total, sha256, row_sum) VALUES ('k', 'w', 'b', 'ftp://x.org/', 'FAILED',"
        " 'host:1', 3, 5, 6.5, '" +
        QByteArray(64, 'b') + "', 'PAUSED', 7, 'x.org', 'stalled', 1, 'a.pdf', 12, '" + hash +
        "', 99);"
        "INSERT INTO artifact_ops(op_key, job_id, op_type, started_at) VALUES ('" +
        hash +
        "', 'j', 'HEAD', 5);"
        "INSERT INTO artifact_ops VALUES ('" +
        QByteArray(64, 'c') + "', 'j', 'STREAM', 5.5, 6, 'OK', '{}', 1, 4294967297, '" + owner +
        "', 'DONE', '{}', 7);"
        "INSERT INTO ingather_migrations VALUES (7, '007_x', '" +
        hash +
        "', 1, '1.0', 1.8e9, NULL);"
        "INSERT INTO ingather_owners VALUES ('" +
        owner +
        "', 'worker', 1.8e9);"
        "INSERT INTO ingather_events(at, job_id, event) VALUES (1800000000.5, 'j', 'CLAIM');"
        "INSERT INTO ingather_events(at, job_id, op_key, op_type, attempt, fence, owner, event, code,"
        " detail) VALUES (1.8e9, 'j', '" +
        hash + "', 'INDEX', 1, 7, '" + owner +
        "', 'LOST_LEASE', 'x', 'y');"
        "INSERT INTO ingather_parts VALUES ('j', 1, 'j.7-1.part', '\"e\"', NULL, 5, 0, NULL, 1.8e9);"
        "INSERT INTO ingather_roots VALUES (1, '/home/x', NULL, NULL, 1800000000.5);"
        "INSERT INTO ingather_hashes VALUES ('" +
        hash +
        "', 1, 'a/b.pdf', 7, 1.8e9);"
        "INSERT INTO ingather_urls VALUES ('j', 0, 'https://y.org/', NULL, NULL, 'stalled');"
        "INSERT INTO ingather_hosts VALUES ('x.org:81', 2, 0, 'stalled', 1, 1.8e9);"
        "INSERT INTO ingather_salvage VALUES (1, 'artifact_ops', '{\"a\": 1}', 'no job', 1.8e9);"
        "CREATE TABLE manifest(id INTEGER PRIMARY KEY, work_id TEXT, path TEXT, note TEXT);"
        "INSERT INTO manifest VALUES (1, 'w', '/home/x', NULL);"
        "CREATE TABLE artifact_hash_index(sha256 TEXT PRIMARY KEY, path TEXT, size INTEGER);"
        "INSERT INTO artifact_hash_index VALUES ('" +
        hash +
        "', '/a', 5);"
        "CREATE TABLE settings(key TEXT, value TEXT); INSERT INTO settings VALUES ('epoch', 'stone age'),"
        " ('colour', 'blue');"
        "CREATE TABLE visits(id INTEGER PRIMARY KEY, at REAL, who TEXT, score INTEGER, note TEXT);"
        "INSERT INTO visits VALUES (1, 1.8e9, 'somebody', 5, '{}');"
        "CREATE TABLE wide(a, b, c, d, e, f, g, h, i, j, k, l);"
        "INSERT INTO wide VALUES ('j', 'w', 'a', 'https://x.org/', 'PLANNED', NULL, NULL, 1, 2, 'no key',"
        " 0, 0);");
}

SqlRow jobRow()
{
    return {SqlValue::ofText("j"),
            SqlValue::ofText("w"),
            SqlValue::ofText("a"),
            SqlValue::ofText("urn:x"),
            SqlValue::ofText("PLANNED"),
            SqlValue(),
            SqlValue(),
            SqlValue::ofInteger(1),
            SqlValue::ofReal(2),
            SqlValue::ofText(hash)};
}

} // namespace

class TestRowShapes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsTheTableOfEachRow()
    {
        Database database;
        fill(database);
        const Rows tables = database.rows("SELECT rootpage, name FROM sqlite_schema WHERE type = 'table'");
        QList<int> roots;
        for (const qint64 root : tables.keys())
            roots.append(int(root));
        const Scan scan(Image{database.takeFile()}, roots);
        QSet<QString> told;
        for (const TableCell &cell : scan.tableCells) {
            const QString table = tables.value(cell.source.root).value(0).text();
            const std::optional<OwnTable> shape = shapeOf(cell.values);
            if (shape) {
                QCOMPARE(ownTableName(*shape), table);
                told.insert(table);
            } else {
                const bool isOwn = table.startsWith(QStringLiteral("ingather_")) ||
                                   table == QStringLiteral("artifact_jobs") ||
                                   table == QStringLiteral("artifact_ops");
                QVERIFY2(!isOwn, qPrintable(table));
            }
        }
        QCOMPARE(told.size(), 12);
    }

    void tellsEachRowOfTheReference()
    {
        const Image image(bytesOf(QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3")));
        QHash<int, QString> tables;
        const QList<ScannedSchemaRow> schema = scanSchema(*image.pages);
        for (const ScannedSchemaRow &row : schema)
            tables.insert(row.rootPage, row.name);
        const Scan scan(image, tables.keys());
        int jobs = 0;
        for (const TableCell &cell : scan.tableCells) {
            const std::optional<OwnTable> shape = shapeOf(cell.values);
            const QString table = tables.value(cell.source.root);
            const bool isOwn =
                table == QStringLiteral("artifact_jobs") || table == QStringLiteral("artifact_ops");
            QCOMPARE(shape ? ownTableName(*shape) : QString(), isOwn ? table : QString());
            jobs += shape == OwnTable::Jobs ? 1 : 0;
        }
        QCOMPARE(jobs, 300);
    }

    void takesAJobOfSchema1() { QVERIFY(shapeOf(jobRow()) == OwnTable::Jobs); }

    void isNoJob_data()
    {
        QTest::addColumn<int>("column");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("an id of no length") << 0 << QByteArray();
        QTest::newRow("a URL without a scheme") << 3 << QByteArray("x.org");
        QTest::newRow("a state that there is not") << 4 << QByteArray("DREAMING");
        QTest::newRow("a time that is text") << 7 << QByteArray("yesterday");
        QTest::newRow("a key in capitals") << 9 << QByteArray(64, 'A');
        QTest::newRow("a key that is too short") << 9 << QByteArray(63, 'a');
    }
    void isNoJob()
    {
        QFETCH(int, column);
        QFETCH(QByteArray, text);
        SqlRow row = jobRow();
        row[column] = SqlValue::ofText(text);
        QVERIFY(!shapeOf(row));
    }

    void isNothingIfThereAreTooFewOrTooManyValues()
    {
        QVERIFY(!shapeOf({}));
        SqlRow row = jobRow();
        row.removeLast();
        QVERIFY(!shapeOf(row));
        while (row.size() < 39)
            row.append(SqlValue());
        QVERIFY(!shapeOf(row));
    }
};

QTEST_APPLESS_MAIN(TestRowShapes)
#include "tst_row_shapes.moc"
