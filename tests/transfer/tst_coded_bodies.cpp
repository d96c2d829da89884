// SPDX-License-Identifier: MIT
// Bodies that come in a content coding although nobody asked for one.
#include "support/fake_http_server.h"
#include "transfer/coded.h"
#include "transfer/fetching.h"

#include <QTest>

using namespace ingather;
using support::FakeHttpServer;
using support::Headers;
using support::Script;

Q_DECLARE_METATYPE(support::Script)

class TestCodedBodies : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void outcomes_data();
    void outcomes();
    void factsOfADecodedBody();
    void gzipFileIsKept_data();
    void gzipFileIsKept();
    void partOfAGzipFile();
    void headOfACodedFile();
    void stoppedWhileDecoding();
    void destroyedWhileWaiting();
    void clientGoneWhileWaiting();
};

namespace
{

const QByteArray gzip = test::coded("hello", test::gzipFrame);

void row(const char *name, const Script &script, const char *outcome)
{
    QTest::newRow(name) << script << QString::fromLatin1(outcome);
}

Script answer(Headers headers, const QByteArray &body, const QByteArray &coding = "gzip")
{
    headers.append(support::Header{"Content-Encoding", coding});
    return Script().head(200, headers).send(body);
}

Script withLength(const QByteArray &body, const QByteArray &coding = "gzip")
{
    return answer({{"Content-Length", QByteArray::number(body.size())}}, body, coding);
}

/// The coding's header and not a byte of content.
Script endless()
{
    return answer({{"Content-Length", "99999999"}}, gzip.left(10)).stall();
}

} // namespace

void TestCodedBodies::outcomes_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<QString>("outcome");
    row("gzip", withLength(gzip), "200 hello decoded");
    row("x-gzip", withLength(gzip, "x-gzip"), "200 hello decoded");
    row("deflate", withLength(test::coded("hello", test::zlibFrame), "deflate"), "200 hello decoded");
    row("bare deflate", withLength(test::coded("hello", test::noFrame), "deflate"), "200 hello decoded");
    row("gzip in chunks",
        answer({{"Transfer-Encoding", "chunked"}},
               QByteArray::number(gzip.size(), 16) + "\r\n" + gzip + "\r\n0\r\n\r\n"),
        "200 hello decoded");
    row("gzip ended by closing", answer({}, gzip).close(), "200 hello decoded");
    row("two members", withLength(gzip + gzip), "200 hellohello decoded");
    row("nothing, said to be gzip", withLength({}), "200  decoded");
    row("nothing, ended by closing", answer({}, {}).close(), "200 0 bytes, then body_too_short decoded");
    row("gzip cut by closing", answer({}, gzip.chopped(3)).close(),
        "200 5 bytes, then body_too_short decoded");
    row("gzip cut before its length", answer({{"Content-Length", "999"}}, gzip.chopped(3)).close(),
        "200 5 bytes, then body_too_short decoded");
    row("whole gzip cut before its length", answer({{"Content-Length", "999"}}, gzip).close(),
        "200 5 bytes, then body_too_short decoded");
    row("gzip whose own end is missing", withLength(gzip.chopped(3)),
        "200 5 bytes, then body_too_short decoded");
    row("gzip with a wrong check sum", withLength(gzip.chopped(8) + QByteArray(8, 'x')),
        "200 5 bytes, then content_undecodable decoded");
    row("not gzip at all", withLength("hello"), "200 0 bytes, then content_undecodable decoded");
    row("brotli", withLength("hello", "br"), "get content_encoded");
    row("zstd", withLength("hello", "zstd"), "get content_encoded");
    row("twice", withLength("hello", "gzip, gzip"), "get content_encoded");
}

void TestCodedBodies::outcomes()
{
    QFETCH(Script, script);
    QFETCH(QString, outcome);
    FakeHttpServer server;
    server.raw(QStringLiteral("/file"), script);
    transfer::HttpClient client({});
    const auto fetched = test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file"))));
    const bool isDecoded = fetched.head && fetched.head->isDecoded;
    QCOMPARE(fetched.summary() + (isDecoded ? QStringLiteral(" decoded") : QString()), outcome);
}

// Nothing of it may ever be taken for a fact of the bytes that were handed out.
void TestCodedBodies::factsOfADecodedBody()
{
    FakeHttpServer server;
    support::ServedFile file;
    file.body = test::coded(FakeHttpServer::pattern(0, 1'000'000), test::gzipFrame);
    file.etag = "\"v1\"";
    file.lastModified = "Sun, 06 Nov 1994 08:49:37 GMT";
    file.headers = {{"Content-Encoding", "gzip"}, {"Date", "Sun, 01 Mar 2026 08:49:37 GMT"}};
    server.serve(QStringLiteral("/file"), file);
    transfer::HttpClient client({});
    for (const qint64 chunk : {1000, 64 * 1024, 10'000'000}) {
        const auto fetched =
            test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file"))), {}, chunk);
        QVERIFY2(!fetched.error, qPrintable(fetched.summary()));
        QVERIFY(fetched.body == FakeHttpServer::pattern(0, 1'000'000));
        const transfer::ResponseHead &head = *fetched.head;
        QVERIFY(head.isDecoded);
        QVERIFY(!head.isGzipFile);
        QVERIFY(!head.validators.size);
        QVERIFY(!head.validators.hasStrongEtag());
        QCOMPARE(head.validators.etag, QStringLiteral("W/\"v1\""));
        QVERIFY(!head.isLastModifiedStrong);
        QVERIFY(!head.acceptsRanges);
        QCOMPARE(head.contentLength, std::optional<qint64>(file.body.size()));
    }
}

void TestCodedBodies::gzipFileIsKept_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("disposition");
    const QByteArray plain = "application/octet-stream";
    QTest::newRow("by its path") << QStringLiteral("/data.tar.gz") << QByteArray("application/x-tar")
                                 << QByteArray();
    QTest::newRow("by its media type")
        << QStringLiteral("/file") << QByteArray("application/x-gzip") << QByteArray();
    QTest::newRow("by its suggested name")
        << QStringLiteral("/file") << plain << QByteArray("attachment; filename=\"a.csv.gz\"");
}

void TestCodedBodies::gzipFileIsKept()
{
    QFETCH(QString, path);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, disposition);
    FakeHttpServer server;
    support::ServedFile file;
    file.body = gzip;
    file.contentType = type;
    file.headers = {{"Content-Encoding", "gzip"}, {"Content-Disposition", disposition}};
    server.serve(path, file);
    transfer::HttpClient client({});
    const auto fetched = test::fetchNow(&client, test::requestFor(server.url(path)));
    QVERIFY2(!fetched.error, qPrintable(fetched.summary()));
    QCOMPARE(fetched.body, gzip);
    QVERIFY(fetched.head->isGzipFile);
    QVERIFY(!fetched.head->isDecoded);
    QCOMPARE(fetched.head->validators.size, std::optional<qint64>(gzip.size()));
}

void TestCodedBodies::partOfAGzipFile()
{
    FakeHttpServer server;
    support::ServedFile file;
    file.body = gzip;
    file.headers = {{"Content-Encoding", "gzip"}};
    server.serve(QStringLiteral("/data.gz"), file);
    server.serve(QStringLiteral("/data"), file);
    transfer::HttpClient client({});
    const auto fetched =
        test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/data.gz")), 10));
    QCOMPARE(fetched.head->status, 206);
    QCOMPARE(fetched.body, gzip.mid(10));
    QCOMPARE(test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/data")), 10)).summary(),
             QStringLiteral("get content_encoded"));
}

void TestCodedBodies::headOfACodedFile()
{
    FakeHttpServer server;
    server.raw(QStringLiteral("/file"),
               Script().head(200, {{"Content-Encoding", "gzip"}, {"ETag", "\"v1\""}}));
    transfer::HttpClient client({});
    const auto head = test::await(client.head(test::requestFor(server.url(QStringLiteral("/file"))), {}));
    QVERIFY(head);
    QVERIFY(head->isDecoded);
    QVERIFY(!head->validators.size);
}

void TestCodedBodies::stoppedWhileDecoding()
{
    FakeHttpServer server;
    server.raw(QStringLiteral("/file"),
               withLength(test::coded(QByteArray(10'000'000, 'x'), test::gzipFrame)));
    transfer::HttpClient client({});
    std::stop_source stop;
    auto answered =
        test::await(client.get(test::requestFor(server.url(QStringLiteral("/file"))), stop.get_token()));
    QVERIFY(answered);
    QByteArray buffer;
    QCOMPARE(test::await((*answered)->read(&buffer, 1000)).value(), 1000);
    stop.request_stop();
    for (int i = 0; i < 2; ++i)
        QCOMPARE(test::await((*answered)->read(&buffer, 1000)).error().code, core::ErrorCode::Stopped);
}

void TestCodedBodies::destroyedWhileWaiting()
{
    FakeHttpServer server;
    server.raw(QStringLiteral("/file"), endless());
    transfer::HttpClient client({});
    auto answered = test::await(client.get(test::requestFor(server.url(QStringLiteral("/file"))), {}));
    QVERIFY(answered);
    QByteArray buffer;
    std::optional<core::Result<qint64>> outcome;
    auto waiting = test::store((*answered)->read(&buffer, 1000), &outcome);
    QTRY_COMPARE(server.bytesWritten() > 0, true);
    QVERIFY(!outcome);
    answered->reset();
    QVERIFY(outcome);
    QCOMPARE(outcome->error().code, core::ErrorCode::Stopped);
}

void TestCodedBodies::clientGoneWhileWaiting()
{
    FakeHttpServer server;
    server.raw(QStringLiteral("/file"), endless());
    auto client = std::make_unique<transfer::HttpClient>(transfer::HttpOptions{});
    auto answered = test::await(client->get(test::requestFor(server.url(QStringLiteral("/file"))), {}));
    QVERIFY(answered);
    QByteArray buffer;
    std::optional<core::Result<qint64>> outcome;
    auto waiting = test::store((*answered)->read(&buffer, 1000), &outcome);
    client.reset();
    QVERIFY(outcome);
    QCOMPARE(outcome->error().code, core::ErrorCode::Stopped);
    QCOMPARE(test::await((*answered)->read(&buffer, 1000)).error().code, core::ErrorCode::Stopped);
}

QTEST_GUILESS_MAIN(TestCodedBodies)
#include "tst_coded_bodies.moc"
