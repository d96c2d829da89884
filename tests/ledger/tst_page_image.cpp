// SPDX-License-Identifier: MIT
#include "page_fixture.h"

#include <QtEndian>

using namespace page_fixture;

namespace
{

constexpr int walHeader = 32;
constexpr int frameHeader = 24;

/// The log's checksums written anew, in the byte order asked for (fileformat2.html, 4.2).
void signLog(QByteArray &wal, bool isBigEndian)
{
    const int pageSize = qFromBigEndian<qint32>(wal.constData() + 8);
    qToBigEndian<quint32>(isBigEndian ? 0x377f0683 : 0x377f0682, wal.data());
    quint32 s0 = 0;
    quint32 s1 = 0;
    const auto add = [&](qsizetype from, qsizetype size) {
        for (qsizetype at = from; at < from + size; at += 8) {
            const char *word = wal.constData() + at;
            s0 += (isBigEndian ? qFromBigEndian<quint32>(word) : qFromLittleEndian<quint32>(word)) + s1;
            word += 4;
            s1 += (isBigEndian ? qFromBigEndian<quint32>(word) : qFromLittleEndian<quint32>(word)) + s0;
        }
    };
    const auto put = [&](qsizetype at) {
        qToBigEndian<quint32>(s0, wal.data() + at);
        qToBigEndian<quint32>(s1, wal.data() + at + 4);
    };
    add(0, 24);
    put(24);
    for (qsizetype at = walHeader; at < wal.size(); at += frameHeader + pageSize) {
        add(at, 8);
        add(at + frameHeader, pageSize);
        put(at + 16);
    }
}

/// All pages, one after the other.
QByteArray contentOf(const PageImage &image)
{
    QByteArray content;
    for (int number = 1; number <= image.pageCount(); ++number)
        content += image.page(number).toByteArray();
    return content;
}

/// What SQLite makes of a file and its log: the file after a checkpoint of a copy.
QByteArray checkpointed(const QByteArray &file, const QByteArray &wal)
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("copy"));
    writeBytes(path, file);
    writeBytes(path + QStringLiteral("-wal"), wal);
    SqliteConnection connection;
    if (!connection.open(path, SqliteConnection::Mode::ReadWrite) ||
        !runScript(connection.handle(), "PRAGMA wal_checkpoint(TRUNCATE)", QStringLiteral("checkpoint")))
        return {};
    connection.close();
    return bytesOf(path);
}

} // namespace

class TestPageImage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsThePageSize_data()
    {
        QTest::addColumn<int>("pageSize");
        QTest::addColumn<bool>("isHeaderWhole");
        for (int size = 512; size <= 65536; size *= 2) {
            QTest::addRow("%d bytes, as the header says", size) << size << true;
            QTest::addRow("%d bytes, with the header gone", size) << size << false;
        }
    }
    void knowsThePageSize()
    {
        QFETCH(int, pageSize);
        QFETCH(bool, isHeaderWhole);
        Database database;
        database.run("PRAGMA page_size = " + QByteArray::number(pageSize) + ";" + sampleScript(3000, 90));
        QByteArray file = database.takeFile();
        if (!isHeaderWhole)
            file.replace(0, pageSize, QByteArray(pageSize, '\0'));
        const Image image(file);
        QCOMPARE(image->pageSize(), pageSize);
        QCOMPARE(image->usableSize(), pageSize);
        QCOMPARE(image->isHeaderWhole(), isHeaderWhole);
        QCOMPARE(qint64{image->pageCount()} * pageSize, file.size());
        QVERIFY(contentOf(*image.pages) == file);
    }

    void readsTheHeader()
    {
        Database database;
        database.run("PRAGMA user_version = -5; PRAGMA application_id = 77; CREATE TABLE a(b);");
        const qint64 cookie = database.number("PRAGMA schema_version");
        const Image image(database.takeFile());
        QCOMPARE(image->userVersion(), -5);
        QCOMPARE(image->applicationId(), 77);
        QCOMPARE(image->schemaCookie(), cookie);
        QVERIFY(image->isTextUtf8());
    }

    void tellsOtherEncodings()
    {
        Database database;
        database.run("PRAGMA encoding = 'UTF-16le'; CREATE TABLE a(b);");
        QVERIFY(!Image(database.takeFile())->isTextUtf8());
    }

    void doesNotBelieveReservedBytesThatHoldCells()
    {
        Database database;
        database.run(sampleScript(500, 60));
        QByteArray file = database.takeFile();
        file[20] = 32;
        QCOMPARE(Image(file)->usableSize(), 4096);
    }

    void believesReservedBytes()
    {
        Database database;
        int reserved = 32;
        QCOMPARE(sqlite3_file_control(database.handle(), "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved),
                 SQLITE_OK);
        database.run(sampleScript(500, 60));
        QByteArray file = database.takeFile();
        QCOMPARE(int(file[20]), 32);
        QCOMPARE(Image(file)->usableSize(), 4064);
        file.replace(0, 4096, QByteArray(4096, '\0'));
        QCOMPARE(Image(file)->usableSize(), 4064);
    }

    void fillsUpThePageInWhichTheFileEnds()
    {
        Database database;
        database.run(sampleScript(200, 60));
        const QByteArray file = database.takeFile();
        const int pages = static_cast<int>(file.size() / 4096);
        const Image image(file.first(file.size() - 1000));
        QCOMPARE(image->pageCount(), pages);
        QVERIFY(image->page(pages) == file.last(4096).first(3096) + QByteArray(1000, '\0'));
        QCOMPARE(image->page(pages + 1), QByteArray(4096, '\0'));
        QCOMPARE(image->page(0), QByteArray(4096, '\0'));
    }

    void bearsFilesOfAnyLength_data()
    {
        QTest::addColumn<int>("length");
        for (const int length : {0, 1, 15, 99, 100, 101, 511, 512, 513, 4095, 4097})
            QTest::addRow("%d bytes", length) << length;
    }
    void bearsFilesOfAnyLength()
    {
        QFETCH(int, length);
        Database database;
        database.run(sampleScript(200, 60));
        const Image image(database.takeFile().first(length));
        QVERIFY(image.pages);
        QCOMPARE(image->page(1).size(), image->pageSize());
        const Scan scan(image, {1, 2, 3});
        QVERIFY(scanSchema(*image.pages).size() <= 3);
    }

    void doesNotOpenWhatIsNotThere()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("nothing"));
        QVERIFY(!PageImage::open(path, path + QStringLiteral("-wal")));
    }

    void laysTheLogOverTheFile_data()
    {
        QTest::addColumn<bool>("isBigEndian");
        QTest::newRow("checksums of little-endian words") << false;
        QTest::newRow("checksums of big-endian words") << true;
    }
    void laysTheLogOverTheFile()
    {
        QFETCH(bool, isBigEndian);
        Database database;
        database.run("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;" + sampleScript(300, 80) +
                     "PRAGMA wal_checkpoint(TRUNCATE); UPDATE sample SET body = 'new' WHERE rowid % 3 = 0;"
                     "DELETE FROM sample WHERE rowid > 250; INSERT INTO sample(id) VALUES ('the last');");
        const QByteArray file = bytesOf(database.path());
        QByteArray wal = bytesOf(database.walPath());
        if (isBigEndian)
            signLog(wal, true);
        const Image image(file, wal);
        QCOMPARE(image->walCommits(), 3);
        QVERIFY(!image->isWalCutShort());
        QVERIFY(contentOf(*image.pages) == checkpointed(file, wal));
        QVERIFY(contentOf(*image.pages) != file);
    }

    void readsADatabaseThatIsInItsLogOnly()
    {
        Database database;
        database.run("PRAGMA page_size = 1024; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;" +
                     sampleScript(300, 80));
        const QByteArray wal = bytesOf(database.walPath());
        const Image image(QByteArray(), wal);
        QCOMPARE(image->pageSize(), 1024);
        QCOMPARE(Scan(image).rowsOfWidth(sampleWidth), database.rows(sampleRows));
    }

    void endsWhereTheLogSaysTheDatabaseEnds()
    {
        Database database;
        database.run("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;" + sampleScript(2000, 80) +
                     "PRAGMA wal_checkpoint(TRUNCATE); DELETE FROM sample WHERE rowid > 100; VACUUM;");
        const QByteArray file = bytesOf(database.path());
        const Image image(file, bytesOf(database.walPath()));
        QCOMPARE(image->pageCount(), database.number("PRAGMA page_count"));
        QVERIFY(qint64{image->pageCount()} * 4096 < file.size());
        QCOMPARE(Scan(image).rowsOfWidth(sampleWidth).size(), 100);
    }

    void readsACutLogUpToItsLastCommit_data()
    {
        QTest::addColumn<bool>("isCut");
        QTest::newRow("the log ends there") << true;
        QTest::newRow("a bit is wrong there") << false;
    }
    void readsACutLogUpToItsLastCommit()
    {
        QFETCH(bool, isCut);
        Database database;
        database.run(
            "PRAGMA page_size = 512; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
            "CREATE TABLE sample(id TEXT, step INTEGER, body TEXT); PRAGMA wal_checkpoint(TRUNCATE);");
        const QByteArray file = bytesOf(database.path());
        std::vector<std::pair<qsizetype, Rows>> commits{{0, {}}}; // where the log then ended, and what stood
        for (int step = 1; step <= 12; ++step) {
            database.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5)"
                         "INSERT INTO sample SELECT printf('row %d', i), " +
                         QByteArray::number(step) + ", hex(zeroblob(40)) FROM n;");
            commits.emplace_back(QFile(database.walPath()).size(),
                                 database.rows("SELECT rowid, * FROM sample"));
        }
        const QByteArray wal = bytesOf(database.walPath());
        for (qsizetype at = walHeader; at < wal.size(); at += frameHeader + 512) {
            QByteArray damaged = wal;
            if (isCut)
                damaged.truncate(at + 300);
            else
                damaged[at + 300] = static_cast<char>(damaged[at + 300] ^ 4);
            auto last = std::prev(commits.end());
            while (last->first > at)
                --last;
            const Image image(file, damaged);
            QCOMPARE(image->walCommits(), int(last - commits.begin()));
            QVERIFY(image->isWalCutShort());
            QCOMPARE(Scan(image).rowsOfWidth(3), last->second);
        }
    }

    void doesNotFollowALogToPagesWithoutEnd()
    {
        Database database;
        database.run("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;" + sampleScript(300, 80));
        const Rows rows = database.rows(sampleRows);
        const QByteArray file = bytesOf(database.path());
        QByteArray wal = bytesOf(database.walPath());
        // One more commit, of a page and to a size that cannot be.
        QByteArray frame = wal.last(frameHeader + 4096);
        qToBigEndian<quint32>(0x7fffffff, frame.data());
        qToBigEndian<quint32>(0xffffffff, frame.data() + 4);
        wal += frame;
        signLog(wal, false);
        const Image image(file, wal);
        QVERIFY(!image->isWalCutShort());
        QVERIFY(image->pageCount() < 2'000'000);
        QCOMPARE(Scan(image).rowsOfWidth(sampleWidth), rows);
    }

    void ignoresALogOfAnotherFile()
    {
        Database other;
        other.run("PRAGMA page_size = 1024; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;" +
                  sampleScript(20, 80));
        Database database;
        database.run(sampleScript(3000, 80));
        const Rows rows = database.rows(sampleRows);
        const Image image(database.takeFile(), bytesOf(other.walPath()));
        QCOMPARE(image->pageSize(), 4096);
        QCOMPARE(image->walCommits(), 0);
        QCOMPARE(Scan(image).rowsOfWidth(sampleWidth), rows);
    }

    void knowsTheFreePages()
    {
        Database database;
        database.run("PRAGMA page_size = 512;" + sampleScript(3000, 80) +
                     "DELETE FROM sample WHERE rowid > 500;");
        const qint64 free = database.number("PRAGMA freelist_count");
        QVERIFY(free > 200); // more than one trunk
        QByteArray file = database.takeFile();
        QCOMPARE(Image(file)->freePages().size(), free);
        qToBigEndian<quint32>(0x00ffffff, file.data() + 32);
        QCOMPARE(Image(file)->freePages().size(), 0);
    }

    void knowsThePointerMaps()
    {
        Database database;
        database.run("PRAGMA page_size = 512; PRAGMA auto_vacuum = FULL;" + sampleScript(3000, 80));
        const Rows rows = database.rows(sampleRows);
        const Image image(database.takeFile());
        QVERIFY(!image->isPointerMap(1));
        QVERIFY(image->isPointerMap(2));
        QVERIFY(!image->isPointerMap(3));
        QVERIFY(image->isPointerMap(2 + 512 / 5 + 1));
        const Scan scan(image);
        QCOMPARE(scan.counts.brokenPages, 0);
        QCOMPARE(scan.rowsOfWidth(sampleWidth), rows);
    }
};

QTEST_APPLESS_MAIN(TestPageImage)
#include "tst_page_image.moc"
