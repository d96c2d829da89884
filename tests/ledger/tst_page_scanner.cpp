// SPDX-License-Identifier: MIT
#include "page_fixture.h"

#include <QElapsedTimer>
#include <QtEndian>

#include <random>

using namespace page_fixture;

namespace
{

constexpr int pageSize = 4096;

char *pageIn(QByteArray &file, int number)
{
    return file.data() + qsizetype{number - 1} * pageSize;
}

void zeroPage(QByteArray &file, int number)
{
    file.replace(qsizetype{number - 1} * pageSize, pageSize, QByteArray(pageSize, '\0'));
}

/// A sample of 2,000 rows and what SQL says is in it.
struct Sample {
    QByteArray file;
    Rows rows;
    int root = 0;
    int indexRoot = 0;
    int keyRoot = 0;
    qint64 leaves = 0; ///< pages that hold the rows

    Sample()
    {
        Database database;
        database.run(sampleScript(2000, 120));
        rows = database.rows(sampleRows);
        root = database.rootOf("sample");
        indexRoot = database.rootOf("sample_body");
        keyRoot = database.rootOf("sqlite_autoindex_sample_1");
        file = database.takeFile();
    }
};

/// Pages of rows in a sample, found by scanning it whole.
QMap<int, QList<qint64>> rowidsByPage(const Scan &scan)
{
    QMap<int, QList<qint64>> pages;
    for (const TableCell &cell : scan.tableCells) {
        if (cell.values.size() == sampleWidth)
            pages[cell.source.page].append(cell.rowid);
    }
    return pages;
}

qsizetype countListed(const Scan &scan)
{
    return std::count_if(scan.tableCells.begin(), scan.tableCells.end(),
                         [](const TableCell &cell) { return cell.source.isListed; });
}

} // namespace

class TestPageScanner : public QObject
{
    Q_OBJECT

    const Sample m_sample;

private Q_SLOTS:
    void readsWhatSqlReads_data()
    {
        QTest::addColumn<int>("size");
        for (int size = 512; size <= 65536; size *= 2)
            QTest::addRow("pages of %d bytes", size) << size;
    }
    void readsWhatSqlReads()
    {
        QFETCH(int, size);
        Database database;
        database.run("PRAGMA page_size = " + QByteArray::number(size) + ";" + sampleScript(1500, 900) +
                     "DELETE FROM sample WHERE rowid % 5 = 0;"
                     "UPDATE sample SET body = body || body WHERE rowid % 11 = 0;");
        const Rows rows = database.rows(sampleRows);
        const Rows index = database.rows("SELECT rowid, body, number, rowid FROM sample");
        const int root = database.rootOf("sample");
        const int indexRoot = database.rootOf("sample_body");
        const int keyRoot = database.rootOf("sqlite_autoindex_sample_1");
        const Image image(database.takeFile());
        const Scan scan(image, {1, root, indexRoot, keyRoot});
        QCOMPARE(scan.counts.brokenPages, 0);
        QCOMPARE(scan.counts.brokenCells, 0);

        Rows found;
        Rows foundInIndex;
        qsizetype keys = 0;
        for (const TableCell &cell : scan.tableCells) {
            QVERIFY(cell.source.isListed);
            if (cell.source.root == root)
                found.insert(cell.rowid, cell.values);
            else
                QVERIFY(cell.source.root == 1 || cell.source.isOnFreePage);
        }
        for (const IndexCell &cell : scan.indexCells) {
            if (cell.source.root == indexRoot)
                foundInIndex.insert(cell.values.last().integer, cell.values);
            keys += cell.source.root == keyRoot ? 1 : 0;
        }
        QCOMPARE(found, rows);
        QCOMPARE(foundInIndex, index);
        QCOMPARE(keys, rows.size());
    }

    void readsLongOverflowChains_data()
    {
        QTest::addColumn<int>("bytes");
        QTest::newRow("10 KB") << 10'000;
        QTest::newRow("1 MB") << 1'000'000;
    }
    void readsLongOverflowChains()
    {
        QFETCH(int, bytes);
        Database database;
        database.run("CREATE TABLE long(id TEXT, body TEXT, after INTEGER);"
                     "INSERT INTO long VALUES ('a', replace(hex(zeroblob(" +
                     QByteArray::number(bytes / 2) + ")), '0', 'x'), 5), ('b', 'short', 6);");
        const Rows rows = database.rows("SELECT rowid, * FROM long");
        QByteArray file = database.takeFile();
        const Image image(file);
        const Scan scan(image);
        QCOMPARE(scan.rowsOfWidth(3), rows);
        QCOMPARE(scan.counts.brokenPages, 0);

        // A chain that is torn, leads in a circle, or goes on: the row is not handed over, its neighbour is.
        for (const quint32 next : {0U, 1U, 3U, 0x7fffffffU}) {
            QByteArray damaged = file;
            qToBigEndian<quint32>(next, pageIn(damaged, 3));
            const Scan torn(Image{damaged});
            QCOMPARE(torn.counts.brokenCells, 1);
            QCOMPARE(torn.rowsOfWidth(3).keys(), QList<qint64>{2});
        }
        QByteArray damaged = file;
        qToBigEndian<quint32>(2, pageIn(damaged, image->pageCount()));
        QCOMPARE(Scan(Image{damaged}).rowsOfWidth(3).keys(), QList<qint64>{2});
    }

    void handsOverRowsAsTheyWereWritten()
    {
        Database database;
        database.run("CREATE TABLE grown(id INTEGER PRIMARY KEY, ratio REAL, text TEXT);"
                     "INSERT INTO grown VALUES (7, 5.0, 'before'), (8, 5.5, 'before');"
                     "ALTER TABLE grown ADD COLUMN added TEXT NOT NULL DEFAULT 'x';"
                     "INSERT INTO grown VALUES (9, 1, 'after', 'y');");
        const Scan scan(Image{database.takeFile()});
        const Rows before = scan.rowsOfWidth(3);
        QCOMPARE(before.keys(), (QList<qint64>{7, 8}));
        QVERIFY(before[7][0].isNull()); // the primary key is the rowid
        QVERIFY(before[7][1] == SqlValue::ofInteger(5));
        QVERIFY(before[8][1] == SqlValue::ofReal(5.5));
        QCOMPARE(scan.rowsOfWidth(4).keys(), QList<qint64>{9});
    }

    void readsTablesWithoutRowidAsIndexes()
    {
        Database database;
        database.run("CREATE TABLE counts(state TEXT, kind TEXT, n INTEGER, PRIMARY KEY(state, kind))"
                     " WITHOUT ROWID; INSERT INTO counts VALUES ('DONE', 'a', 3), ('OPEN', 'b', 4);");
        const int root = database.rootOf("counts");
        const Scan scan(Image{database.takeFile()}, {root});
        QCOMPARE(scan.indexCells.size(), 2U);
        QCOMPARE(scan.indexCells[0].source.root, root);
        QCOMPARE(scan.indexCells[0].values[2].integer, 3);
    }

    void leavesDeletedRowsDeleted()
    {
        Database database;
        database.run("PRAGMA secure_delete = OFF;" + sampleScript(2000, 120) +
                     "DELETE FROM sample WHERE rowid % 2 = 0 OR rowid > 1500;");
        const Rows rows = database.rows(sampleRows);
        const Scan scan(Image{database.takeFile()});
        QVERIFY(!scan.counts.brokenPages);
        QCOMPARE(scan.rowsOfWidth(sampleWidth), rows);
    }

    void leavesDeletedRowsDeletedOnBrokenPages()
    {
        // A row that is deleted after its neighbour below goes into that one's free block, and stays whole.
        Database database;
        database.run("PRAGMA secure_delete = OFF;" + sampleScript(2000, 120) +
                     "DELETE FROM sample WHERE rowid % 8 = 3; DELETE FROM sample WHERE rowid % 8 = 2;"
                     "DELETE FROM sample WHERE rowid % 8 = 1;");
        const Rows rows = database.rows(sampleRows);
        QByteArray file = database.takeFile();
        int broken = 0;
        const QMap<int, QList<qint64>> pages = rowidsByPage(Scan(Image{file}));
        for (const int page : pages.keys()) {
            char *list = pageIn(file, page) + 8; // the first entry is lost: it becomes the second
            list[0] = list[2];
            list[1] = list[3];
            ++broken;
        }
        const Scan scan(Image{file});
        QVERIFY(broken > 20);
        QCOMPARE(scan.counts.brokenPages, broken);
        QCOMPARE(scan.rowsOfWidth(sampleWidth), rows);
    }

    void readsAllRowsWithoutTheFirstPage()
    {
        QByteArray file = m_sample.file;
        zeroPage(file, 1);
        const Image image(file);
        QVERIFY(!image->isHeaderWhole());
        QCOMPARE(Scan(image).rowsOfWidth(sampleWidth), m_sample.rows);
        QVERIFY(scanSchema(*image.pages).isEmpty());
    }

    void readsAllRowsWithoutTheRoot()
    {
        QByteArray file = m_sample.file;
        zeroPage(file, m_sample.root);
        const Scan scan(Image{file}, {m_sample.root});
        QCOMPARE(scan.rowsOfWidth(sampleWidth), m_sample.rows);
        QCOMPARE(scan.tableCells.back().source.root, 0);
    }

    void losesNoMoreThanTheZeroedPage()
    {
        const QMap<int, QList<qint64>> pages = rowidsByPage(Scan(Image{m_sample.file}));
        QVERIFY(pages.size() > 20);
        for (auto page = pages.constBegin(); page != pages.constEnd(); ++page) {
            QByteArray file = m_sample.file;
            zeroPage(file, page.key());
            Rows left = m_sample.rows;
            for (const qint64 rowid : page.value())
                left.remove(rowid);
            QCOMPARE(Scan(Image{file}).rowsOfWidth(sampleWidth), left);
        }
    }

    void readsWhatIsLeftOfATruncatedFile()
    {
        const QMap<int, QList<qint64>> pages = rowidsByPage(Scan(Image{m_sample.file}));
        for (qsizetype size = m_sample.file.size() - 1; size > pageSize; size -= 8191) {
            Rows left;
            for (auto page = pages.constBegin(); page != pages.constEnd(); ++page) {
                for (const qint64 rowid : page.value()) {
                    if (qsizetype{page.key()} * pageSize <= size)
                        left.insert(rowid, m_sample.rows[rowid]);
                }
            }
            const Scan scan(Image{m_sample.file.first(size)});
            QCOMPARE(countEqual(scan.rowsOfWidth(sampleWidth), left), left.size());
        }
    }

    void findsTheRowsOfABrokenPage_data()
    {
        QTest::addColumn<int>("offset");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("the kind of page is unknown") << 0 << QByteArray("\x0c");
        QTest::newRow("it says it is an interior page") << 0 << QByteArray("\x05");
        QTest::newRow("it says it is a page of an index") << 0 << QByteArray("\x0a");
        QTest::newRow("it says it is empty") << 3 << QByteArray("\0\0", 2);
        QTest::newRow("its list is said to be shorter") << 3 << QByteArray("\0\5", 2);
        QTest::newRow("its list is said to be longer") << 3 << QByteArray("\x40\5", 2);
        QTest::newRow("the content is said to begin elsewhere") << 5 << QByteArray("\x0f\xf0", 2);
        QTest::newRow("the header is zeros") << 0 << QByteArray(8, '\0');
        QTest::newRow("the header is ones") << 0 << QByteArray(8, '\xff');
        QTest::newRow("the list is zeros") << 8 << QByteArray(40, '\0');
        QTest::newRow("the list points to one place")
            << 8 << QByteArray("\x0f\x00\x0f\x00\x0f\x00\x0f\x00", 8);
        QTest::newRow("header and list are noise") << 0 << QByteArray(50, '\x55');
        QTest::newRow("free blocks lead astray") << 1 << QByteArray("\x0f\x00", 2);
        QTest::newRow("the fragments are miscounted") << 7 << QByteArray("\x09", 1);
    }
    void findsTheRowsOfABrokenPage()
    {
        QFETCH(int, offset);
        QFETCH(QByteArray, bytes);
        const QMap<int, QList<qint64>> pages = rowidsByPage(Scan(Image{m_sample.file}));
        for (auto page = pages.constBegin(); page != pages.constEnd(); ++page) {
            QByteArray file = m_sample.file;
            file.replace(qsizetype{page.key() - 1} * pageSize + offset, bytes.size(), bytes);
            const Scan scan(Image{file}, {m_sample.root});
            QCOMPARE(scan.rowsOfWidth(sampleWidth), m_sample.rows);
            QVERIFY(scan.counts.brokenPages + scan.counts.otherPages > 0);
            QCOMPARE(scan.tableCells.size(), m_sample.rows.size() + 3U); // the schema has three rows
        }
    }

    void findsTheEntriesOfABrokenIndexPage()
    {
        const Scan whole(Image{m_sample.file}, {m_sample.keyRoot});
        QMap<int, int> entries;
        for (const IndexCell &cell : whole.indexCells) {
            if (cell.source.root == m_sample.keyRoot)
                ++entries[cell.source.page];
        }
        for (auto page = entries.constBegin(); page != entries.constEnd(); ++page) {
            QByteArray file = m_sample.file;
            file.replace(qsizetype{page.key() - 1} * pageSize, 60, QByteArray(60, '\0'));
            const Scan scan(Image{file});
            qsizetype found = 0;
            for (const IndexCell &cell : scan.indexCells) {
                const bool isOfPage = cell.source.page == page.key() && !cell.source.isListed;
                found += isOfPage && cell.values.size() == 2 &&
                                 m_sample.rows[cell.values[1].integer][0] == cell.values[0]
                             ? 1
                             : 0;
            }
            QCOMPARE(found, page.value());
        }
    }

    void survivesBitFlips_data()
    {
        QTest::addColumn<int>("flips");
        QTest::addColumn<int>("seed");
        for (const int flips : {1, 8, 64, 400}) {
            for (int seed = 1; seed <= 10; ++seed)
                QTest::addRow("%d flips, seed %d", flips, seed) << flips << seed;
        }
    }
    void survivesBitFlips()
    {
        QFETCH(int, flips);
        QFETCH(int, seed);
        std::mt19937 random(static_cast<unsigned>(seed));
        QByteArray file = m_sample.file;
        for (int i = 0; i < flips; ++i) {
            const auto at = static_cast<qsizetype>(random() % static_cast<unsigned>(file.size()));
            file[at] = static_cast<char>(file[at] ^ (1 << (random() % 8)));
        }
        const Rows found = Scan(Image{file}).rowsOfWidth(sampleWidth);
        // A flip costs at most the row that it hits: what it hits beside rows is found by searching.
        const qsizetype equal = countEqual(found, m_sample.rows);
        QVERIFY2(equal >= m_sample.rows.size() - flips, qPrintable(QString::number(equal)));
        QVERIFY(found.size() <= m_sample.rows.size() + flips);
    }

    void makesNothingOutOfNoise_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 8; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }
    void makesNothingOutOfNoise()
    {
        QFETCH(int, seed);
        std::mt19937 random(static_cast<unsigned>(seed));
        QByteArray file = m_sample.file;
        for (qsizetype at = pageSize; at < file.size(); ++at)
            file[at] = static_cast<char>(random());
        for (qsizetype at = pageSize; at < file.size(); at += pageSize) {
            constexpr std::array kinds{2, 5, 10, 13};
            file[at] = static_cast<char>(kinds[random() % 4]);
        }
        const Scan scan(Image{file}, {2, 3, 4, 5});
        QVERIFY2(scan.tableCells.size() + scan.indexCells.size() < 25,
                 qPrintable(QString::number(scan.tableCells.size() + scan.indexCells.size())));
    }

    void bearsPagesOfAllShapesOfDamage_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 60; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }
    void bearsPagesOfAllShapesOfDamage()
    {
        QFETCH(int, seed);
        std::mt19937 random(static_cast<unsigned>(seed));
        const auto below = [&random](qsizetype n) { return static_cast<qsizetype>(random() % unsigned(n)); };
        QByteArray file = m_sample.file;
        for (int page = 0; page < file.size() / pageSize; ++page) {
            const qsizetype start = qsizetype{page} * pageSize;
            const qsizetype from = below(6) == 0 ? 0 : below(pageSize);
            const qsizetype length =
                1 + below(random() % 3 == 0 ? pageSize - from : std::min<qsizetype>(40, pageSize - from));
            for (qsizetype at = start + from; at < start + from + length && below(3) != 0; ++at)
                file[at] = static_cast<char>(below(2) == 0 ? random() : 0x80 | random());
        }
        file.truncate(file.size() - below(2 * pageSize));
        const Image image(file);
        const Scan scan(image, {1, 2, 3, 4, m_sample.root, m_sample.indexRoot, 1 << 30, -1, 0});
        scanSchema(*image.pages);
        const ScanCounts &counts = scan.counts;
        QCOMPARE(counts.tableLeaves + counts.indexPages + counts.brokenPages + counts.emptyPages +
                     counts.otherPages,
                 image->pageCount());
        QCOMPARE(counts.cells, qint64(scan.tableCells.size() + scan.indexCells.size()));
        QVERIFY(countListed(scan) > 0);
    }

    void readsTheSchema()
    {
        Database database;
        for (int i = 0; i < 60; ++i) {
            const QByteArray number = QByteArray::number(i);
            database.run("CREATE TABLE t" + number + "(a TEXT PRIMARY KEY, b, c TEXT DEFAULT '" +
                         QByteArray(100, 'x') + "'); CREATE VIEW v" + number + " AS SELECT a FROM t" +
                         number + ";");
        }
        Rows wanted = database.rows("SELECT rowid, type, name, tbl_name, rootpage, sql FROM sqlite_schema");
        QByteArray file = database.takeFile();
        const auto compare = [&wanted](const QList<ScannedSchemaRow> &found) {
            QCOMPARE(found.size(), wanted.size());
            qsizetype i = 0;
            for (const SqlRow &row : std::as_const(wanted)) {
                const ScannedSchemaRow &schemaRow = found[i++];
                QCOMPARE(schemaRow.type, row[0].text());
                QCOMPARE(schemaRow.name, row[1].text());
                QCOMPARE(schemaRow.table, row[2].text());
                QCOMPARE(schemaRow.rootPage, row[3].integer);
                QCOMPARE(schemaRow.sql, row[4].bytes);
            }
        };
        compare(scanSchema(*Image(file).pages));
        // Its other pages, if one of them has lost its list.
        const int child = static_cast<int>(qFromBigEndian<quint32>(file.constData() + 108));
        file.replace(qsizetype{child - 1} * pageSize + 8, 12, QByteArray(12, '\0'));
        compare(scanSchema(*Image(file).pages));
    }

    void leavesPagesThatTwoRootsClaimToNone()
    {
        Database database;
        database.run(sampleScript(300, 100) + "CREATE TABLE other(a, b, c);");
        const int root = database.rootOf("sample");
        const int other = database.rootOf("other");
        QByteArray file = database.takeFile();
        // The other table's root becomes an interior page whose only child is the sample's first leaf.
        const auto firstLeaf =
            qFromBigEndian<quint32>(pageIn(file, root) + qFromBigEndian<quint16>(pageIn(file, root) + 12));
        zeroPage(file, other);
        pageIn(file, other)[0] = 5;
        qToBigEndian<quint16>(pageSize, pageIn(file, other) + 5);
        qToBigEndian<quint32>(firstLeaf, pageIn(file, other) + 8);
        const Scan scan(Image{file}, {root, other});
        QCOMPARE(scan.rowsOfWidth(sampleWidth).size(), 300);
        for (const TableCell &cell : scan.tableCells) {
            if (cell.values.size() == sampleWidth)
                QCOMPARE(cell.source.root, cell.source.page == int(firstLeaf) ? 0 : root);
        }
    }

    void givesUpWhenAsked()
    {
        const Image image(m_sample.file);
        std::stop_source stop;
        stop.request_stop();
        const auto scanned = scanPages(*image.pages, {}, {}, {stop.get_token(), {}});
        QVERIFY(!scanned);
        QCOMPARE(scanned.error().code, ingather::core::ErrorCode::Cancelled);
    }

    void scansWithoutSinks()
    {
        const Image image(m_sample.file);
        const auto scanned = scanPages(*image.pages, {}, {}, {});
        QVERIFY(scanned);
        QCOMPARE(scanned->cells, Scan(image).counts.cells);
    }
};

QTEST_APPLESS_MAIN(TestPageScanner)
#include "tst_page_scanner.moc"
