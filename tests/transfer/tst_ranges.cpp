// SPDX-License-Identifier: MIT
// Parts of a file and conditions: what is asked for, what is taken as an answer, and HEAD.
#include "support/fake_http_server.h"
#include "transfer/fetching.h"

#include <QTest>

#include <vector>

using namespace ingather;
using support::FakeHttpServer;
using support::Headers;
using support::Script;
using transfer::ByteRange;

Q_DECLARE_METATYPE(support::Script)

class TestRanges : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void outcomes_data();
    void outcomes();
    void factsOfARange();
    void dateInIfRange();
    void sameFileIsNotSentAgain_data();
    void sameFileIsNotSentAgain();
    void headKeepsItsConnection();
    void headOfAnError();
    void headNeverTakesABody();
    void partsOfOneFileAtOnce();
};

namespace
{

void row(const char *name, const Script &script, const char *outcome, const ByteRange &asked = {6},
         std::optional<qint64> knownSize = std::nullopt)
{
    transfer::HttpRequest request;
    request.range = asked;
    request.knownSize = knownSize;
    QTest::newRow(name) << script << request << QString::fromLatin1(outcome);
}

Script answer(int status, const Headers &headers, const QByteArray &body = {})
{
    return Script().head(status, headers).send(body);
}

Script chunked(Headers headers, const QByteArray &chunks, int status = 200)
{
    headers.append(support::Header{"Transfer-Encoding", "chunked"});
    return Script().head(status, headers).send(chunks);
}

support::ServedFile datedFile()
{
    support::ServedFile file;
    file.body = "hello world";
    file.etag = "\"v1\"";
    file.lastModified = "Sun, 06 Nov 1994 08:49:37 GMT";
    return file;
}

void addRangeRows()
{
    row("the range asked for",
        answer(206, {{"Content-Range", "bytes 6-10/11"}, {"Content-Length", "5"}}, "world"), "206 world");
    row("a range of a file of unknown size",
        answer(206, {{"Content-Range", "bytes 6-10/*"}, {"Content-Length", "5"}}, "world"), "206 world");
    row("a chunked range", chunked({{"Content-Range", "bytes 6-10/11"}}, "5\r\nworld\r\n0\r\n\r\n", 206),
        "206 world");
    row("a chunked range that is too long",
        chunked({{"Content-Range", "bytes 6-10/11"}}, "6\r\nworld!\r\n0\r\n\r\n", 206),
        "206 5 bytes, then body_too_long");
    row("a chunked range that is too short",
        chunked({{"Content-Range", "bytes 6-10/11"}}, "4\r\nworl\r\n0\r\n\r\n", 206),
        "206 4 bytes, then body_too_short");
    row("a range ended by closing, too short",
        answer(206, {{"Content-Range", "bytes 6-10/11"}}, "wor").close(), "206 3 bytes, then body_too_short");
    row("a range that starts later",
        answer(206, {{"Content-Range", "bytes 7-10/11"}, {"Content-Length", "4"}}, "orld"),
        "get range_mismatch");
    row("a 206 without Content-Range", answer(206, {{"Content-Length", "5"}}, "world"), "get range_mismatch");
    row("a range that ends before it starts",
        answer(206, {{"Content-Range", "bytes 6-5/11"}, {"Content-Length", "5"}}, "world"),
        "get range_mismatch");
    row("a range beyond its own total",
        answer(206, {{"Content-Range", "bytes 6-11/11"}, {"Content-Length", "6"}}, "world!"),
        "get range_mismatch");
    row("a range in other units",
        answer(206, {{"Content-Range", "lines 6-10/11"}, {"Content-Length", "5"}}, "world"),
        "get range_mismatch");
    row("the unsatisfied form in a 206",
        answer(206, {{"Content-Range", "bytes */11"}, {"Content-Length", "5"}}, "world"),
        "get range_mismatch");
    row("several ranges in one body",
        answer(206, {{"Content-Type", "Multipart/ByteRanges; boundary=x"}, {"Content-Length", "5"}}, "--x--"),
        "get range_mismatch");
    row("a range in a body of another length",
        answer(206, {{"Content-Range", "bytes 6-10/11"}, {"Content-Length", "6"}}, "world!"),
        "get length_conflict");
    row("the whole file although a range was asked", answer(200, {{"Content-Length", "11"}}, "hello world"),
        "200 hello world");
    row("416 to a range is for the caller",
        answer(416, {{"Content-Range", "bytes */6"}, {"Content-Length", "4"}}, "page"), "416 ");
    row("416 without a total", answer(416, {{"Content-Length", "0"}}), "416 ");
    row("gzip on a range",
        answer(206,
               {{"Content-Encoding", "gzip"}, {"Content-Range", "bytes 6-10/11"}, {"Content-Length", "5"}},
               "world"),
        "get content_encoded");
}

void addWindowRows()
{
    const auto given = [](const QByteArray &range, const QByteArray &body) {
        return answer(
            206, {{"Content-Range", "bytes " + range}, {"Content-Length", QByteArray::number(body.size())}},
            body);
    };
    const Headers page{{"Content-Range", "bytes */6"}, {"Content-Length", "0"}};
    row("it starts earlier", given("0-10/11", "hello world"), "206 hello world");
    row("it ends where asked", given("6-8/11", "wor"), "206 wor", {6, 8});
    row("it ends earlier than asked", given("6-7/11", "wo"), "206 wo early", {6, 8});
    row("it ends before the end of the file", given("6-9/11", "worl"), "206 worl early");
    row("it ends early in a file of unknown size", given("6-7/*", "wo"), "206 wo early", {6, 8});
    row("it ends somewhere in a file of unknown size", given("6-7/*", "wo"), "206 wo");
    row("it ends somewhere in a file whose size only we know", given("6-7/*", "wo"), "206 wo early", {6}, 11);
    row("it ends with the file, before what was asked", given("6-10/11", "world"), "206 world", {6, 99});
    row("it starts earlier and ends earlier", given("4-7/11", "o wo"), "206 o wo early", {6, 8});
    row("it starts and ends before what was asked", given("0-5/11", "hello "), "get range_mismatch", {6, 8});
    row("it ends behind what was asked", given("6-9/11", "worl"), "get range_mismatch", {6, 8});
    row("it is the whole file, behind what was asked", given("0-10/11", "hello world"), "get range_mismatch",
        {6, 8});
    row("it is of a file of the known size", given("6-10/11", "world"), "206 world", {6}, 11);
    row("it is of a larger file than known", given("6-10/12", "world"), "get range_mismatch", {6, 10}, 11);
    row("it is of a smaller file than known", given("6-9/10", "worl"), "get range_mismatch", {6, 10}, 11);
    row("it reaches behind the known size", given("6-11/*", "world!"), "get range_mismatch", {6}, 11);
    row("416 that names another size than known", answer(416, page), "416 ", {6}, 11);
}

} // namespace

void TestRanges::outcomes_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<transfer::HttpRequest>("request");
    QTest::addColumn<QString>("outcome");
    addRangeRows();
    addWindowRows();
}

void TestRanges::outcomes()
{
    QFETCH(Script, script);
    QFETCH(transfer::HttpRequest, request);
    QFETCH(QString, outcome);
    FakeHttpServer server;
    server.raw(QStringLiteral("/file"), script);
    request.url = server.url(QStringLiteral("/file"));
    transfer::HttpClient client({});
    const auto fetched = test::fetchNow(&client, request);
    const bool isEarly = fetched.head && fetched.head->endsBeforeAsked;
    QCOMPARE(fetched.summary() + (isEarly ? QStringLiteral(" early") : QString()), outcome);
}

void TestRanges::factsOfARange()
{
    FakeHttpServer server;
    support::ServedFile file;
    file.body = "hello world";
    file.etag = "\"v1\"";
    server.serve(QStringLiteral("/file"), file);
    transfer::HttpClient client({});
    auto request = test::requestFor(server.url(QStringLiteral("/file")), 6);
    request.ifRange = "\"v1\"";
    auto fetched = test::fetchNow(&client, request);
    QCOMPARE(fetched.summary(), QStringLiteral("206 world"));
    QCOMPARE(fetched.head->validators.size, std::optional<qint64>(11));
    QCOMPARE(fetched.head->contentRange->first, 6);
    QCOMPARE(fetched.head->contentRange->last, 10);
    QCOMPARE(fetched.head->contentRange->total, std::optional<qint64>(11));

    request.ifRange = "\"v0\"";
    fetched = test::fetchNow(&client, request);
    QCOMPARE(fetched.summary(), QStringLiteral("200 hello world"));

    request.ifRange.clear();
    request.range = transfer::ByteRange{11};
    fetched = test::fetchNow(&client, request);
    QCOMPARE(fetched.summary(), QStringLiteral("416 "));
    QCOMPARE(fetched.head->validators.size, std::optional<qint64>(11));
}

// A server compares the date letter by letter, so it goes out as it came in.
void TestRanges::dateInIfRange()
{
    FakeHttpServer server;
    support::ServedFile file = datedFile();
    file.etag.clear();
    file.headers = {{"Date", "Sun, 06 Nov 1994 08:49:38 GMT"}};
    server.serve(QStringLiteral("/file"), file);
    transfer::HttpClient client({});
    const QUrl url = server.url(QStringLiteral("/file"));
    const auto whole = test::fetchNow(&client, test::requestFor(url));
    QVERIFY(whole.head->isLastModifiedStrong);
    auto request = test::requestFor(url, 6);
    request.ifRange = whole.head->validators.lastModified.toLatin1();
    QCOMPARE(test::fetchNow(&client, request).summary(), QStringLiteral("206 world"));
    request.ifRange = "Sun, 06 Nov 1994 08:49:36 GMT";
    QCOMPARE(test::fetchNow(&client, request).summary(), QStringLiteral("200 hello world"));
}

void TestRanges::sameFileIsNotSentAgain_data()
{
    QTest::addColumn<QByteArray>("ifNoneMatch");
    QTest::addColumn<QByteArray>("ifModifiedSince");
    QTest::addColumn<QString>("outcome");
    const QByteArray none;
    QTest::newRow("the same tag") << QByteArray("\"v1\"") << none << QStringLiteral("304 ");
    QTest::newRow("another tag") << QByteArray("\"v0\"") << none << QStringLiteral("200 hello world");
    QTest::newRow("the same date") << none << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT")
                                   << QStringLiteral("304 ");
    QTest::newRow("another date") << none << QByteArray("Sun, 06 Nov 1994 08:49:36 GMT")
                                  << QStringLiteral("200 hello world");
}

// The Content-Length of a 304 is that of the file, and nothing follows: the connection serves again.
void TestRanges::sameFileIsNotSentAgain()
{
    QFETCH(QByteArray, ifNoneMatch);
    QFETCH(QByteArray, ifModifiedSince);
    QFETCH(QString, outcome);
    FakeHttpServer server;
    support::ServedFile file = datedFile();
    file.headers = {{"X-Fact", "1"}};
    server.handle(QStringLiteral("/file"), [file](const support::RecordedRequest &request) {
        const bool isSame = request.header("If-None-Match") == file.etag ||
                            request.header("If-Modified-Since") == file.lastModified;
        if (!isSame)
            return Script().head(200, {{"Content-Length", "11"}}).send(file.body);
        return Script().head(
            304, {{"ETag", file.etag}, {"Last-Modified", file.lastModified}, {"Content-Length", "9999999"}});
    });
    transfer::HttpClient client({});
    auto request = test::requestFor(server.url(QStringLiteral("/file")));
    request.ifNoneMatch = ifNoneMatch;
    request.ifModifiedSince = ifModifiedSince;
    for (int i = 0; i < 5; ++i) {
        const auto fetched = test::fetchNow(&client, request);
        QCOMPARE(fetched.summary(), outcome);
        if (fetched.head->status == 304)
            QCOMPARE(fetched.head->validators.etag, QStringLiteral("\"v1\""));
    }
    QVERIFY2(server.connectionCount() <= 2, qPrintable(QString::number(server.connectionCount())));
}

void TestRanges::headKeepsItsConnection()
{
    FakeHttpServer server;
    support::ServedFile file = datedFile();
    file.body = QByteArray();
    file.patternSize = 5'000'000'000;
    server.serve(QStringLiteral("/file"), file);
    server.redirect(QStringLiteral("/old"), 302, "/file");
    transfer::HttpClient client({});
    for (int i = 0; i < 5; ++i) {
        const auto head = test::await(client.head(test::requestFor(server.url(QStringLiteral("/old"))), {}));
        QVERIFY(head);
        QCOMPARE(head->status, 200);
        QCOMPARE(head->url, server.url(QStringLiteral("/file")));
        QCOMPARE(head->validators.size, std::optional<qint64>(5'000'000'000));
        QCOMPARE(head->validators.etag, QStringLiteral("\"v1\""));
        QVERIFY(head->acceptsRanges);
    }
    QCOMPARE(server.connectionCount(), 1);
    for (const auto &request : server.requests())
        QCOMPARE(request.method, QByteArray("HEAD"));

    auto conditional = test::requestFor(server.url(QStringLiteral("/file")));
    conditional.ifNoneMatch = "\"v1\"";
    const auto same = test::await(client.head(conditional, {}));
    QCOMPARE(same->status, 304);
    const auto ranged =
        test::await(client.head(test::requestFor(server.url(QStringLiteral("/file")), 6), {}));
    QCOMPARE(ranged.error().code, core::ErrorCode::InvalidArgument);
}

void TestRanges::headOfAnError()
{
    FakeHttpServer server;
    server.raw(QStringLiteral("/file"), Script().head(405, {{"Content-Length", "99"}}));
    transfer::HttpClient client({});
    for (int i = 0; i < 3; ++i) {
        const auto head = test::await(client.head(test::requestFor(server.url(QStringLiteral("/file"))), {}));
        QCOMPARE(head.error().code, core::ErrorCode::HttpClientError);
        QCOMPARE(head.error().native, 405);
    }
    QCOMPARE(server.connectionCount(), 1);
}

// A server that sends a body all the same: what follows must not pass for the next answer.
void TestRanges::headNeverTakesABody()
{
    FakeHttpServer server;
    server.raw(QStringLiteral("/head"), answer(200, {{"Content-Length", "5"}},
                                               "helloHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"));
    server.serve(QStringLiteral("/file"), "good");
    transfer::HttpClient client({});
    for (int i = 0; i < 20; ++i) {
        const auto head = test::await(client.head(test::requestFor(server.url(QStringLiteral("/head"))), {}));
        QVERIFY(head);
        const auto next = test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file"))));
        QVERIFY2(next.error || next.body == "good", qPrintable(next.summary()));
    }
}

void TestRanges::partsOfOneFileAtOnce()
{
    constexpr qint64 size = 1'000'003;
    constexpr qint64 step = 125'001;
    FakeHttpServer server;
    support::ServedFile file = datedFile();
    file.patternSize = size;
    server.serve(QStringLiteral("/file"), file);
    transfer::HttpClient client({});
    std::vector<QCoro::Task<test::Fetched>> tasks;
    for (qint64 first = 0; first < size; first += step) {
        auto request = test::requestFor(server.url(QStringLiteral("/file")));
        request.range = ByteRange{first, first + step - 1};
        request.ifRange = file.etag;
        request.knownSize = size;
        tasks.push_back(test::fetch(&client, request, {}, 64 * 1024));
    }
    QByteArray all;
    for (auto &task : tasks) {
        const auto fetched = test::await(std::move(task));
        QVERIFY2(!fetched.error, qPrintable(fetched.summary()));
        QVERIFY(!fetched.head->endsBeforeAsked);
        QCOMPARE(fetched.head->contentRange->first, all.size());
        all += fetched.body;
    }
    QVERIFY(all == FakeHttpServer::pattern(0, size));
}

QTEST_GUILESS_MAIN(TestRanges)
#include "tst_ranges.moc"
