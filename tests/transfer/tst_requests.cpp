// SPDX-License-Identifier: MIT
// What goes over the wire, hop by hop, and what must never go there.
#include "support/fake_http_server.h"
#include "transfer/fetching.h"

#include <QTest>

using namespace ingather;
using core::ErrorCode;
using support::FakeHttpServer;
using support::RecordedRequest;
using support::Script;
using transfer::HttpClient;
using transfer::HttpRequest;

class TestRequests : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void headersOfAPlainRequest();
    void headersOfConditions_data();
    void headersOfConditions();
    void headersOfARangedRequest();
    void redirectsAreFollowed_data();
    void redirectsAreFollowed();
    void locationIsResolved_data();
    void locationIsResolved();
    void redirectLimit();
    void redirectCircle();
    void redirectKeepsTheConnection();
    void secretsStayAtTheirOrigin();
    void secretsComeBackWithTheirOrigin();
    void rangeGoesWithEveryHop();
    void cookiesAreNotKept();
    void credentialsAreNotReused();
    void refusedRequests_data();
    void refusedRequests();
};

namespace
{

HttpRequest secretRequest(const QUrl &url)
{
    HttpRequest request = test::requestFor(url);
    request.userInfo = "user:pass word";
    request.headers = {{"X-Api-Key", "k3y"}, {"Cookie", "session=1"}};
    return request;
}

bool holdsSecrets(const RecordedRequest &request)
{
    return request.hasHeader("Authorization") || request.hasHeader("X-Api-Key") ||
           request.hasHeader("Cookie");
}

} // namespace

void TestRequests::headersOfAPlainRequest()
{
    FakeHttpServer server;
    server.serve(QStringLiteral("/a b"), "hello");
    transfer::HttpOptions options;
    options.userAgent = "Ingather/1 (mailto:a@example.org)";
    HttpClient client(options);
    test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/a%20b?q=1%2F2&r#fragment"))));
    QCOMPARE(server.requests().size(), 1);
    const RecordedRequest request = server.requests().first();
    QCOMPARE(request.method, QByteArray("GET"));
    QCOMPARE(request.target, QByteArray("/a%20b?q=1%2F2&r"));
    QCOMPARE(request.header("Accept-Encoding"), QByteArray("identity"));
    QCOMPARE(request.header("User-Agent"), QByteArray("Ingather/1 (mailto:a@example.org)"));
    for (const char *absent : {"Range", "If-Range", "If-None-Match", "If-Modified-Since", "Authorization",
                               "Cookie", "Cache-Control", "Pragma", "Upgrade", "HTTP2-Settings", "Referer"})
        QVERIFY2(!request.hasHeader(absent), absent);
}

void TestRequests::headersOfConditions_data()
{
    QTest::addColumn<HttpRequest>("request");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    const QByteArray date = "Sun, 06 Nov 1994 08:49:37 GMT";
    HttpRequest request;
    request.range = transfer::ByteRange{0, 0};
    QTest::newRow("one byte") << request << QByteArray("Range") << QByteArray("bytes=0-0");
    request.range = transfer::ByteRange{5'000'000'000, 5'999'999'999};
    QTest::newRow("a part in the middle")
        << request << QByteArray("Range") << QByteArray("bytes=5000000000-5999999999");
    request.ifRange = date;
    QTest::newRow("a date in If-Range") << request << QByteArray("If-Range") << date;
    request = {};
    request.ifNoneMatch = "W/\"a\"";
    QTest::newRow("a weak tag in If-None-Match")
        << request << QByteArray("If-None-Match") << QByteArray("W/\"a\"");
    request = {};
    request.ifModifiedSince = date;
    QTest::newRow("If-Modified-Since") << request << QByteArray("If-Modified-Since") << date;
}

void TestRequests::headersOfConditions()
{
    QFETCH(HttpRequest, request);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    FakeHttpServer server;
    server.serve(QStringLiteral("/file"), "hello");
    HttpClient client({});
    request.url = server.url(QStringLiteral("/file"));
    test::fetchNow(&client, request);
    QCOMPARE(server.requests().first().header(name), value);
}

void TestRequests::headersOfARangedRequest()
{
    FakeHttpServer server;
    server.serve(QStringLiteral("/file"), "hello");
    HttpClient client({});
    HttpRequest request = test::requestFor(server.url(QStringLiteral("/file")), 5'000'000'000);
    request.ifRange = "\"v1\"";
    test::fetchNow(&client, request);
    QCOMPARE(server.requests().first().header("Range"), QByteArray("bytes=5000000000-"));
    QCOMPARE(server.requests().first().header("If-Range"), QByteArray("\"v1\""));
}

void TestRequests::redirectsAreFollowed_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {301, 302, 303, 307, 308})
        QTest::addRow("%d", status) << status;
}

void TestRequests::redirectsAreFollowed()
{
    QFETCH(int, status);
    FakeHttpServer server;
    server.redirect(QStringLiteral("/old"), status, "/new?token=1");
    server.serve(QStringLiteral("/new"), "hello");
    HttpClient client({});
    const auto fetched = test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/old"))));
    QCOMPARE(fetched.summary(), QStringLiteral("200 hello"));
    QCOMPARE(fetched.head->url, server.url(QStringLiteral("/new?token=1")));
    QCOMPARE(server.requests().last().method, QByteArray("GET"));
}

void TestRequests::locationIsResolved_data()
{
    QTest::addColumn<QByteArray>("location");
    QTest::addColumn<QByteArray>("target");
    QTest::newRow("absolute path") << QByteArray("/x/y") << QByteArray("/x/y");
    QTest::newRow("relative to the folder") << QByteArray("y") << QByteArray("/a/b/y");
    QTest::newRow("up one folder") << QByteArray("../y") << QByteArray("/a/y");
    QTest::newRow("only a query") << QByteArray("?page=2") << QByteArray("/a/b/c?page=2");
    QTest::newRow("a fragment is dropped") << QByteArray("/x#part") << QByteArray("/x");
    QTest::newRow("escapes stay as they are")
        << QByteArray("/x%2Fy%20z?a=%26") << QByteArray("/x%2Fy%20z?a=%26");
    QTest::newRow("spaces are escaped") << QByteArray("/x y") << QByteArray("/x%20y");
    QTest::newRow("UTF-8 is escaped") << QByteArray("/\xC3\xA9") << QByteArray("/%C3%A9");
    QTest::newRow("empty segments stay") << QByteArray("/x//y") << QByteArray("/x//y");
    QTest::newRow("space around it") << QByteArray("  /x  ") << QByteArray("/x");
}

void TestRequests::locationIsResolved()
{
    QFETCH(QByteArray, location);
    QFETCH(QByteArray, target);
    FakeHttpServer server;
    server.handle(QStringLiteral("/a/b/c"), [location](const RecordedRequest &request) {
        return request.target == "/a/b/c"
                   ? Script().head(302, {{"Location", location}, {"Content-Length", "0"}})
                   : Script().head(404, {{"Content-Length", "0"}});
    });
    HttpClient client({});
    test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/a/b/c"))));
    QCOMPARE(server.requests().size(), 2);
    QCOMPARE(server.requests().last().target, target);
}

void TestRequests::redirectLimit()
{
    FakeHttpServer server;
    for (int i = 0; i < 5; ++i)
        server.redirect(QStringLiteral("/%1").arg(i), 302, '/' + QByteArray::number(i + 1));
    server.serve(QStringLiteral("/5"), "hello");
    transfer::HttpOptions options;
    options.maxRedirects = 5;
    HttpClient enough(options);
    QCOMPARE(test::fetchNow(&enough, test::requestFor(server.url(QStringLiteral("/0")))).summary(),
             QStringLiteral("200 hello"));
    options.maxRedirects = 4;
    HttpClient tooFew(options);
    server.clearRequests();
    QCOMPARE(test::fetchNow(&tooFew, test::requestFor(server.url(QStringLiteral("/0")))).summary(),
             QStringLiteral("get too_many_redirects"));
    QCOMPARE(server.requests().size(), 5);
}

void TestRequests::redirectCircle()
{
    FakeHttpServer server;
    server.redirect(QStringLiteral("/a"), 302, "/b");
    server.redirect(QStringLiteral("/b"), 302, "/a#again");
    HttpClient client({});
    QCOMPARE(test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/a")))).summary(),
             QStringLiteral("get too_many_redirects"));
    QCOMPARE(server.requests().size(), 2);
}

void TestRequests::redirectKeepsTheConnection()
{
    FakeHttpServer server;
    server.raw(QStringLiteral("/old"),
               Script().head(302, {{"Location", "/new"}, {"Content-Length", "5"}}).send("moved"));
    server.serve(QStringLiteral("/new"), "hello");
    server.status(QStringLiteral("/missing"), 404, {}, "not here");
    HttpClient client({});
    for (int i = 0; i < 10; ++i) {
        test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/old"))));
        test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/missing"))));
    }
    QCOMPARE(server.requests().size(), 30);
    // The rest of an answer may still be on its way when the next request leaves: a second connection.
    QVERIFY2(server.connectionCount() <= 3, qPrintable(QString::number(server.connectionCount())));
}

void TestRequests::secretsStayAtTheirOrigin()
{
    FakeHttpServer home;
    FakeHttpServer elsewhere; // another port is another origin
    elsewhere.serve(QStringLiteral("/file"), "hello");
    home.redirect(QStringLiteral("/first"), 302, "/second");
    home.redirect(QStringLiteral("/second"), 302, elsewhere.url(QStringLiteral("/file")).toEncoded());
    HttpClient client({});
    const auto fetched = test::fetchNow(&client, secretRequest(home.url(QStringLiteral("/first"))));
    QCOMPARE(fetched.summary(), QStringLiteral("200 hello"));
    QCOMPARE(home.requests().size(), 2);
    for (const RecordedRequest &request : home.requests()) {
        QCOMPARE(request.header("Authorization"), "Basic " + QByteArray("user:pass word").toBase64());
        QCOMPARE(request.header("X-Api-Key"), QByteArray("k3y"));
        QCOMPARE(request.header("Cookie"), QByteArray("session=1"));
    }
    QCOMPARE(elsewhere.requests().size(), 1);
    QVERIFY(!holdsSecrets(elsewhere.requests().first()));
    QVERIFY(fetched.head->url.userInfo().isEmpty());
}

void TestRequests::secretsComeBackWithTheirOrigin()
{
    FakeHttpServer home;
    FakeHttpServer login;
    home.redirect(QStringLiteral("/file"), 302, login.url(QStringLiteral("/check")).toEncoded());
    login.redirect(QStringLiteral("/check"), 302, home.url(QStringLiteral("/real")).toEncoded());
    home.serve(QStringLiteral("/real"), "hello");
    HttpClient client({});
    test::fetchNow(&client, secretRequest(home.url(QStringLiteral("/file"))));
    QVERIFY(!holdsSecrets(login.requests().first()));
    QVERIFY(holdsSecrets(home.requests(QStringLiteral("/real")).first()));
}

void TestRequests::rangeGoesWithEveryHop()
{
    FakeHttpServer home;
    FakeHttpServer elsewhere;
    support::ServedFile file;
    file.body = "hello world";
    file.etag = "\"v1\"";
    elsewhere.serve(QStringLiteral("/file"), file);
    home.redirect(QStringLiteral("/old"), 307, elsewhere.url(QStringLiteral("/file")).toEncoded());
    HttpClient client({});
    HttpRequest request = test::requestFor(home.url(QStringLiteral("/old")), 6);
    request.ifRange = "\"v1\"";
    QCOMPARE(test::fetchNow(&client, request).summary(), QStringLiteral("206 world"));
    QCOMPARE(home.requests().first().header("Range"), QByteArray("bytes=6-"));
    QCOMPARE(elsewhere.requests().first().header("Range"), QByteArray("bytes=6-"));
    QCOMPARE(elsewhere.requests().first().header("If-Range"), QByteArray("\"v1\""));
}

void TestRequests::cookiesAreNotKept()
{
    FakeHttpServer server;
    server.status(QStringLiteral("/file"), 200, {{"Set-Cookie", "id=1; Path=/"}}, "hello");
    HttpClient client({});
    test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file"))));
    test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file"))));
    QCOMPARE(server.requests().size(), 2);
    QVERIFY(!server.requests().last().hasHeader("Cookie"));
}

void TestRequests::credentialsAreNotReused()
{
    FakeHttpServer server;
    server.handle(QStringLiteral("/file"), [](const RecordedRequest &request) {
        return request.hasHeader("Authorization")
                   ? Script().head(200, {{"Content-Length", "5"}}).send("hello")
                   : Script().head(401, {{"WWW-Authenticate", "Basic realm=\"x\""}, {"Content-Length", "0"}});
    });
    HttpClient client({});
    HttpRequest request = test::requestFor(server.url(QStringLiteral("/file")));
    request.userInfo = "user:password";
    QCOMPARE(test::fetchNow(&client, request).summary(), QStringLiteral("200 hello"));
    request.userInfo.clear();
    QCOMPARE(test::fetchNow(&client, request).summary(), QStringLiteral("get http_unauthorized"));
    QCOMPARE(server.requests().size(), 2);
}

void TestRequests::refusedRequests_data()
{
    QTest::addColumn<HttpRequest>("request");
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, const HttpRequest &request, ErrorCode code) {
        QTest::newRow(name) << request << static_cast<int>(code);
    };
    const HttpRequest good = test::requestFor(QUrl(QStringLiteral("http://127.0.0.1:1/")));
    const auto withHeader = [&good](const QByteArray &name, const QByteArray &value) {
        HttpRequest request = good;
        request.headers = {{name, value}};
        return request;
    };
    row("no URL", test::requestFor(QUrl()), ErrorCode::InvalidUrl);
    row("a relative URL", test::requestFor(QUrl(QStringLiteral("/x"))), ErrorCode::InvalidUrl);
    row("no host", test::requestFor(QUrl(QStringLiteral("http:///x"))), ErrorCode::InvalidUrl);
    row("ftp", test::requestFor(QUrl(QStringLiteral("ftp://127.0.0.1/x"))), ErrorCode::UnsupportedScheme);
    row("a local file", test::requestFor(QUrl(QStringLiteral("file:///etc/hosts"))),
        ErrorCode::UnsupportedScheme);
    row("data", test::requestFor(QUrl(QStringLiteral("data:,hello"))), ErrorCode::UnsupportedScheme);
    row("credentials in the URL", test::requestFor(QUrl(QStringLiteral("http://u:p@127.0.0.1/"))),
        ErrorCode::InvalidUrl);
    row("a header that smuggles another", withHeader("X-A", "1\r\nX-B: 2"), ErrorCode::InvalidArgument);
    row("a header name with a colon", withHeader("X:A", "1"), ErrorCode::InvalidArgument);
    row("a header without a name", withHeader("", "1"), ErrorCode::InvalidArgument);
    row("a range of one's own", withHeader("range", "bytes=5-"), ErrorCode::InvalidArgument);
    row("an encoding of one's own", withHeader("Accept-Encoding", "gzip"), ErrorCode::InvalidArgument);
    HttpRequest request = good;
    request.range = transfer::ByteRange{-1};
    row("a negative range start", request, ErrorCode::InvalidArgument);
    request.range = transfer::ByteRange{5, 4};
    row("a range that ends before it starts", request, ErrorCode::InvalidArgument);
    request = good;
    request.ifRange = "\"a\"";
    row("If-Range without a range", request, ErrorCode::InvalidArgument);
    request.range = transfer::ByteRange{1};
    request.ifRange = "W/\"a\"";
    row("a weak If-Range", request, ErrorCode::InvalidArgument);
    request.ifRange = "\"a\r\nX: 1\"";
    row("an If-Range that smuggles a header", request, ErrorCode::InvalidArgument);
    request.ifRange = "yesterday";
    row("an If-Range that is no date", request, ErrorCode::InvalidArgument);
    request = good;
    request.ifNoneMatch = "*";
    row("an If-None-Match that is no entity tag", request, ErrorCode::InvalidArgument);
    request.ifNoneMatch = "\"a\", \"b\"";
    row("an If-None-Match of two", request, ErrorCode::InvalidArgument);
    request = good;
    request.ifModifiedSince = "Sun, 06 Nov 1994 08:49:37 GMT\r\nX: 1";
    row("an If-Modified-Since that smuggles a header", request, ErrorCode::InvalidArgument);
    row("a condition of one's own", withHeader("If-None-Match", "*"), ErrorCode::InvalidArgument);
}

void TestRequests::refusedRequests()
{
    QFETCH(HttpRequest, request);
    QFETCH(int, code);
    HttpClient client({});
    const auto fetched = test::fetchNow(&client, request);
    QVERIFY(!fetched.head);
    QCOMPARE(core::errorCodeName(fetched.error->code), core::errorCodeName(static_cast<ErrorCode>(code)));
}

QTEST_GUILESS_MAIN(TestRequests)
#include "tst_requests.moc"
