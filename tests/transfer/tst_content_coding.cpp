// SPDX-License-Identifier: MIT
// Content codings as bytes: names, gzip files that are none of them, and the decoder. No network.
#include "transfer/body_decoder.h"
#include "transfer/coded.h"
#include "transfer/content_coding.h"

#include <QTest>

using namespace ingather;
using transfer::BodyDecoder;
using transfer::ContentCoding;

class TestContentCoding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names_data();
    void names();
    void gzipFiles_data();
    void gzipFiles();
    void bodies_data();
    void bodies();
    void cutAnywhereIsIncomplete_data();
    void cutAnywhereIsIncomplete();
    void damageIsFound();
    void bombComesInPieces();
    void outputLargerThanTheRoom();
};

namespace
{

/// What becomes of `bytes` handed over in pieces of `step`: the text and how it ended.
QString decoded(ContentCoding coding, const QByteArray &bytes, qsizetype step, qint64 room = 7)
{
    BodyDecoder decoder(coding);
    QByteArray all;
    QByteArray piece;
    for (qsizetype at = 0; at < bytes.size(); at += step) {
        decoder.feed(bytes.mid(at, step));
        for (;;) {
            const auto made = decoder.take(&piece, room);
            if (!made)
                return QString::fromLatin1(all) + u' ' + core::errorCodeName(made.error().code);
            if (*made == 0)
                break;
            all += piece;
        }
    }
    return QString::fromLatin1(all) + (decoder.isComplete() ? QString() : QStringLiteral(" incomplete"));
}

const QByteArray text = "hello world, hello again and again and again";

} // namespace

void TestContentCoding::names_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<ContentCoding>("coding");
    QTest::newRow("absent") << QByteArray() << ContentCoding::Identity;
    QTest::newRow("identity") << QByteArray("Identity") << ContentCoding::Identity;
    QTest::newRow("gzip") << QByteArray("gzip") << ContentCoding::Gzip;
    QTest::newRow("in capitals, with space") << QByteArray(" GZIP ") << ContentCoding::Gzip;
    QTest::newRow("x-gzip") << QByteArray("x-gzip") << ContentCoding::Gzip;
    QTest::newRow("deflate") << QByteArray("deflate") << ContentCoding::Deflate;
    QTest::newRow("gzip and nothing") << QByteArray("gzip, identity,") << ContentCoding::Gzip;
    QTest::newRow("twice") << QByteArray("gzip, gzip") << ContentCoding::Other;
    QTest::newRow("two of them") << QByteArray("deflate, gzip") << ContentCoding::Other;
    QTest::newRow("brotli") << QByteArray("br") << ContentCoding::Other;
    QTest::newRow("zstd") << QByteArray("zstd") << ContentCoding::Other;
    QTest::newRow("compress") << QByteArray("compress") << ContentCoding::Other;
    QTest::newRow("a word that begins like one") << QByteArray("gzipped") << ContentCoding::Other;
}

void TestContentCoding::names()
{
    QFETCH(QByteArray, value);
    QFETCH(ContentCoding, coding);
    QCOMPARE(transfer::parseContentEncoding(value), coding);
}

void TestContentCoding::gzipFiles_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("isFile");
    const auto row = [](const char *what, const char *path, const char *type, const char *name, bool isFile) {
        QTest::newRow(what) << QByteArray(path) << QByteArray(type) << QByteArray(name) << isFile;
    };
    row("a tar.gz as Apache marks it", "/a/data.tar.gz", "application/x-tar", "", true);
    row("a tgz", "/data.TGZ", "application/octet-stream", "", true);
    row("a packed drawing", "/figure.svgz", "image/svg+xml", "", true);
    row("the media type of gzip", "/download/7", "application/gzip", "", true);
    row("its old name, with a parameter", "/download/7", "Application/X-GZIP; v=1", "", true);
    row("a suggested name", "/download/7", "text/plain", "reads.fastq.gz", true);
    row("a page", "/paper.html", "text/html", "", false);
    row("a PDF", "/paper.pdf", "application/pdf", "paper.pdf", false);
    row("a folder that ends so", "/data.gz/paper.pdf", "application/pdf", "", false);
    row("an ending without its dot", "/datagz", "text/plain", "", false);
    row("nothing known", "", "", "", false);
}

void TestContentCoding::gzipFiles()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, name);
    QFETCH(bool, isFile);
    QCOMPARE(transfer::isGzipFile(path, type, name), isFile);
}

void TestContentCoding::bodies_data()
{
    QTest::addColumn<ContentCoding>("coding");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("outcome");
    const QByteArray gzip = test::coded(text, test::gzipFrame);
    const QString plain = QString::fromLatin1(text);
    const auto row = [](const char *name, ContentCoding coding, const QByteArray &bytes,
                        const QString &outcome) { QTest::newRow(name) << coding << bytes << outcome; };
    row("gzip", ContentCoding::Gzip, gzip, plain);
    row("gzip of nothing", ContentCoding::Gzip, test::coded({}, test::gzipFrame), {});
    row("deflate in the zlib format", ContentCoding::Deflate, test::coded(text, test::zlibFrame), plain);
    row("bare deflate", ContentCoding::Deflate, test::coded(text, test::noFrame), plain);
    row("bare deflate of nothing", ContentCoding::Deflate, test::coded({}, test::noFrame), {});
    row("three members", ContentCoding::Gzip, gzip + gzip + gzip, plain + plain + plain);
    row("zero bytes behind the end", ContentCoding::Gzip, gzip + QByteArray(600, '\0'), plain);
    row("zero bytes between members", ContentCoding::Gzip, gzip + QByteArray(5, '\0') + gzip, plain + plain);
    row("a page behind the end", ContentCoding::Gzip, gzip + "<html>",
        plain + QStringLiteral(" content_undecodable"));
    row("something behind the end of deflate", ContentCoding::Deflate,
        test::coded(text, test::zlibFrame) + 'x', plain + QStringLiteral(" content_undecodable"));
    row("a second member that is none", ContentCoding::Gzip, gzip + "\x1f\x8b\x63\x63",
        plain + QStringLiteral(" content_undecodable"));
    row("a second member that is cut", ContentCoding::Gzip, gzip + gzip.left(5),
        plain + QStringLiteral(" incomplete"));
    row("plain text marked as gzip", ContentCoding::Gzip, "hello", QStringLiteral(" content_undecodable"));
    row("plain text marked as deflate", ContentCoding::Deflate, "hello",
        QStringLiteral(" content_undecodable"));
    row("nothing", ContentCoding::Gzip, {}, QStringLiteral(" incomplete"));
}

void TestContentCoding::bodies()
{
    QFETCH(ContentCoding, coding);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, outcome);
    for (const qsizetype step : {1, 2, 3, 10, 1000}) {
        for (const qint64 room : {1, 7, 1000}) {
            QCOMPARE(decoded(coding, bytes, step, room), outcome);
        }
    }
}

void TestContentCoding::cutAnywhereIsIncomplete_data()
{
    QTest::addColumn<ContentCoding>("coding");
    QTest::addColumn<int>("frame");
    QTest::newRow("gzip") << ContentCoding::Gzip << test::gzipFrame;
    QTest::newRow("zlib") << ContentCoding::Deflate << test::zlibFrame;
    QTest::newRow("bare") << ContentCoding::Deflate << test::noFrame;
}

void TestContentCoding::cutAnywhereIsIncomplete()
{
    QFETCH(ContentCoding, coding);
    QFETCH(int, frame);
    const QByteArray bytes = test::coded(text, frame);
    for (qsizetype cut = 0; cut < bytes.size(); ++cut) {
        const QString got = decoded(coding, bytes.left(cut), 1000);
        QVERIFY2(got.endsWith(QStringLiteral(" incomplete")), qPrintable(QString::number(cut) + u' ' + got));
    }
}

// Each flipped bit of check sum and data is found; of the ten header bytes, time, level and system say
// nothing.
void TestContentCoding::damageIsFound()
{
    const QByteArray good = test::coded(text, test::gzipFrame);
    constexpr qsizetype headerSize = 10;
    const qsizetype trailer = good.size() - 8;
    for (qsizetype at = headerSize; at < good.size(); ++at) {
        if (at == trailer - 1)
            continue; // the bits that fill up the last byte of data
        for (int bit = 0; bit < 8; ++bit) {
            QByteArray bad = good;
            bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
            const QString got = decoded(ContentCoding::Gzip, bad, 1000);
            QVERIFY2(got.endsWith(QStringLiteral("content_undecodable")) ||
                         got.endsWith(QStringLiteral("incomplete")),
                     qPrintable(QStringLiteral("%1.%2").arg(at).arg(bit)));
        }
    }
}

void TestContentCoding::bombComesInPieces()
{
    constexpr qint64 size = 256 * 1024 * 1024;
    const QByteArray bomb = test::coded(QByteArray(size, '\0'), test::gzipFrame);
    QVERIFY(bomb.size() < 300 * 1024);
    BodyDecoder decoder(ContentCoding::Gzip);
    decoder.feed(bomb);
    QByteArray piece;
    qint64 all = 0;
    for (;;) {
        const auto made = decoder.take(&piece, 64 * 1024);
        QVERIFY(made);
        if (*made == 0)
            break;
        QVERIFY(*made <= 64 * 1024);
        QVERIFY(piece.capacity() <= 128 * 1024);
        all += *made;
    }
    QCOMPARE(all, size);
    QVERIFY(decoder.isComplete());
}

// zlib has taken the last coded byte and still holds what it makes: the next take gives it out.
void TestContentCoding::outputLargerThanTheRoom()
{
    // Whether the last coded byte holds more than its end depends on how the bits fall.
    for (qsizetype size = 2; size < 2000; ++size) {
        const QByteArray plain(size, 'x');
        for (const int frame : {test::gzipFrame, test::zlibFrame, test::noFrame}) {
            const auto coding = frame == test::gzipFrame ? ContentCoding::Gzip : ContentCoding::Deflate;
            QCOMPARE(decoded(coding, test::coded(plain, frame), 1000, size - 1), QString::fromLatin1(plain));
        }
    }
}

QTEST_APPLESS_MAIN(TestContentCoding)
#include "tst_content_coding.moc"
