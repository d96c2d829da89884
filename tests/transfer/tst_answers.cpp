// SPDX-License-Identifier: MIT
// What the client makes of each kind of answer: one row, one behaviour of a server, one exact outcome.
#include "support/fake_http_server.h"
#include "transfer/fetching.h"

#include <QTest>

using namespace ingather;
using support::FakeHttpServer;
using support::Headers;
using support::Script;

Q_DECLARE_METATYPE(support::Script)

class TestAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void outcomes_data();
    void outcomes();
    void everyTenthOfAFile_data();
    void everyTenthOfAFile();
    void factsOfAWholeFile();
    void lastingWait_data();
    void lastingWait();
    void nextRequestDoesNotReadTheRestOfTheLast();
    void cutChunksAreNeverClean();
};

namespace
{

void row(const char *name, const Script &script, const char *outcome)
{
    QTest::newRow(name) << script << QString::fromLatin1(outcome);
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

void addStatusRows()
{
    const Headers empty{{"Content-Length", "0"}};
    row("200 without a body is an empty file", answer(200, empty), "200 ");
    row("201 is not what a GET expects", answer(201, empty), "get http_unexpected_status");
    row("203 comes from a meddling proxy", answer(203, empty), "get http_unexpected_status");
    row("204 holds no file", Script().head(204), "get http_unexpected_status");
    row("205 holds no file", answer(205, empty), "get http_unexpected_status");
    row("206 unasked is a part of unknown use", answer(206, {{"Content-Length", "5"}}, "hello"),
        "get range_mismatch");
    row("300 leaves the choice to people", answer(300, empty), "get http_unexpected_status");
    row("304 to an unconditional request", Script().head(304), "get http_unexpected_status");
    row("305 is not followed", answer(305, {{"Location", "/x"}, {"Content-Length", "0"}}),
        "get http_unexpected_status");
    row("400 is for good", answer(400, empty), "get http_client_error");
    row("401 asks for credentials",
        answer(401, {{"WWW-Authenticate", "Basic realm=\"x\""}, {"Content-Length", "0"}}),
        "get http_unauthorized");
    row("401 without a challenge", answer(401, empty), "get http_unauthorized");
    row("403", answer(403, {{"Content-Length", "4"}}, "nope"), "get http_forbidden");
    row("404 with a page", answer(404, {{"Content-Length", "4"}}, "gone"), "get http_not_found");
    row("407 comes from a proxy", answer(407, empty), "get proxy_failed");
    row("408", answer(408, empty), "get http_request_timeout");
    row("410", answer(410, empty), "get http_gone");
    row("416 without a range asked", answer(416, empty), "get http_range_not_satisfiable");
    row("418 is some other 4xx", answer(418, empty), "get http_client_error");
    row("429", answer(429, empty), "get http_too_many_requests");
    row("451", answer(451, empty), "get http_client_error");
    row("500", answer(500, {{"Content-Length", "4"}}, "oops"), "get http_server_error");
    row("502 in front of a dead server", answer(502, empty), "get http_server_error");
    row("503", answer(503, empty), "get http_unavailable");
    row("511 of a captive portal", answer(511, empty), "get http_server_error");
    row("599 is still a server's", answer(599, empty), "get http_server_error");
    row("600 is nobody's", answer(600, empty), "get http_unexpected_status");
}

void addLengthRows()
{
    row("the body is as long as said", answer(200, {{"Content-Length", "5"}}, "hello"), "200 hello");
    row("no length, ended by closing", answer(200, {{"Server", "x"}}, "hello").close(), "200 hello");
    row("HTTP/1.0, ended by closing", Script("HTTP/1.0 200 OK\r\nServer: x\r\n\r\nhello").close(),
        "200 hello");
    row("chunked to the last chunk", chunked({}, "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"), "200 hello");
    row("chunked with extensions and a trailer", chunked({}, "5;a=b\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"),
        "200 hello");
    row("a chunked length overrides Content-Length",
        chunked({{"Content-Length", "99"}}, "5\r\nhello\r\n0\r\n\r\n"), "200 hello");
    row("a longer body ends where it was said to", answer(200, {{"Content-Length", "5"}}, "hello world"),
        "200 hello");
    row("a shorter body", answer(200, {{"Content-Length", "11"}}, "hello").close(),
        "200 5 bytes, then body_too_short");
    row("a shorter body, reset", answer(200, {{"Content-Length", "11"}}, "hello").reset(),
        "200 5 bytes, then body_too_short");
    row("closed right after the headers", answer(200, {{"Content-Length", "11"}}).close(),
        "200 0 bytes, then body_too_short");
    row("chunked, cut between chunks", chunked({}, "5\r\nhello\r\n").close(),
        "200 5 bytes, then connection_lost");
    row("chunked, cut inside a chunk", chunked({}, "b\r\nhello").close(),
        "200 5 bytes, then connection_lost");
    row("chunked, reset between chunks", chunked({}, "5\r\nhello\r\n").reset(),
        "200 5 bytes, then connection_lost");
    row("two lengths that differ",
        answer(200, {{"Content-Length", "5"}, {"Content-Length", "11"}}, "hello world"),
        "get length_conflict");
    row("two lengths in one field", answer(200, {{"Content-Length", "5, 11"}}, "hello world"),
        "get length_conflict");
    row("the same length twice counts once, on an open connection",
        answer(200, {{"Content-Length", "5"}, {"Content-Length", "5"}}, "hello"), "200 hello");
    row("the same length twice, and more bytes than that",
        answer(200, {{"Content-Length", "5"}, {"Content-Length", "5"}}, "hello world"), "200 hello");
    row("a length that is no number", answer(200, {{"Content-Length", "five"}}, "hello").close(),
        "get protocol_error");
    row("a negative length", answer(200, {{"Content-Length", "-5"}}, "hello").close(), "get protocol_error");
    row("a length beyond 63 bits", answer(200, {{"Content-Length", "9999999999999999999"}}, "hello").close(),
        "get protocol_error");
    row("a transfer coding nobody asked for", answer(200, {{"Transfer-Encoding", "gzip"}}, "hello").close(),
        "get protocol_error");
}

void addOtherRows()
{
    row("identity said aloud",
        answer(200, {{"Content-Encoding", "Identity"}, {"Content-Length", "5"}}, "hello"), "200 hello");
    row("closed without a word", Script().close(), "get connection_lost");
    row("reset without a word", Script().reset(), "get connection_lost");
    row("closed inside the status line", Script("HTTP/1.1 2").close(), "get connection_lost");
    row("closed inside the headers", Script("HTTP/1.1 200 OK\r\nContent-Len").close(), "get connection_lost");
    row("not HTTP at all, then closed", Script("SSH-2.0-OpenSSH_9.2\r\n").close(), "get connection_lost");
    row("not HTTP at all, and open", Script("SSH-2.0-OpenSSH_9.2\r\n\r\n").stall(), "get connection_lost");
    row("no header field at all", Script("HTTP/1.1 200 OK\r\n\r\nhello").close(), "get protocol_error");
    row("a header line that is none",
        Script("HTTP/1.1 200 OK\r\nwhat is this\r\nContent-Length: 5\r\n\r\nhello"), "get protocol_error");
    row(
        "more fields than QNAM takes",
        [] {
            Headers headers;
            for (int i = 0; i < 101; ++i)
                headers.append(support::Header{"X-" + QByteArray::number(i), "1"});
            headers.append(support::Header{"Content-Length", "5"});
            return answer(200, headers, "hello");
        }(),
        "get protocol_error");
    row("a header of 257 KiB",
        answer(200, {{"X-Bomb", QByteArray(257 * 1024, 'x')}, {"Content-Length", "5"}}, "hello"),
        "get protocol_error");
    row("a redirect without Location", answer(302, {{"Content-Length", "0"}}), "get redirect_invalid");
    row("a redirect to ftp", answer(302, {{"Location", "ftp://127.0.0.1/x"}, {"Content-Length", "0"}}),
        "get redirect_invalid");
    row("a redirect to a local file",
        answer(302, {{"Location", "file:///etc/passwd"}, {"Content-Length", "0"}}), "get redirect_invalid");
    row("a redirect with credentials",
        answer(302, {{"Location", "http://u:p@127.0.0.1/x"}, {"Content-Length", "0"}}),
        "get redirect_invalid");
    row("a redirect to itself", answer(302, {{"Location", "/file"}, {"Content-Length", "0"}}),
        "get too_many_redirects");
}

} // namespace

void TestAnswers::outcomes_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<QString>("outcome");
    addStatusRows();
    addLengthRows();
    addOtherRows();
}

void TestAnswers::outcomes()
{
    QFETCH(Script, script);
    QFETCH(QString, outcome);
    FakeHttpServer server;
    server.raw(QStringLiteral("/file"), script);
    transfer::HttpClient client({});
    const auto fetched = test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file"))));
    QCOMPARE(fetched.summary(), outcome);
    QCOMPARE(fetched.error.has_value() && fetched.error->operation.isEmpty(), false);
}

void TestAnswers::everyTenthOfAFile_data()
{
    QTest::addColumn<int>("tenth");
    QTest::addColumn<bool>("isReset");
    for (int tenth = 0; tenth < 10; ++tenth) {
        QTest::addRow("closed after %d tenths", tenth) << tenth << false;
        QTest::addRow("reset after %d tenths", tenth) << tenth << true;
    }
}

// Every byte that arrived is given out before the error: that is what a resume goes on from.
void TestAnswers::everyTenthOfAFile()
{
    QFETCH(int, tenth);
    QFETCH(bool, isReset);
    constexpr qint64 size = 1'000'000;
    const qint64 sent = size / 10 * tenth;
    FakeHttpServer server;
    Script script;
    script.head(200, {{"Content-Length", QByteArray::number(size)}}).sendPattern(0, sent);
    // The pause lets the bytes arrive: a reset may drop what is on its way.
    script.pause(QStringLiteral("arrived"));
    server.raw(QStringLiteral("/file"), isReset ? script.reset() : script.close());
    transfer::HttpClient client({});
    auto task = test::fetch(&client, test::requestFor(server.url(QStringLiteral("/file"))), {}, 4096);
    QTRY_COMPARE(server.waitingAt(QStringLiteral("arrived")), 1);
    server.release(QStringLiteral("arrived"));
    const auto fetched = test::await(std::move(task));
    QCOMPARE(fetched.summary(), QStringLiteral("200 %1 bytes, then body_too_short").arg(sent));
    QVERIFY(fetched.body == FakeHttpServer::pattern(0, sent));
}

void TestAnswers::factsOfAWholeFile()
{
    FakeHttpServer server;
    support::ServedFile file;
    file.body = "hello";
    file.etag = "\"v1\"";
    file.lastModified = "Sun, 06 Nov 1994 08:49:37 GMT";
    file.contentType = "application/pdf";
    file.headers = {{"Content-Disposition", "attachment; filename=\"a.pdf\""},
                    {"Date", "Sun, 01 Mar 2026 08:49:37 GMT"},
                    {"Age", "70"},
                    {"Repr-Digest", "sha-256=:cmVwcg==:"},
                    {"Content-Digest", "sha-512=:Ym9keQ==:"},
                    {"Digest", "SHA-256=b2xk, MD5=b2xk"},
                    {"Content-MD5", "bWQ1"}};
    server.serve(QStringLiteral("/file"), file);
    server.redirect(QStringLiteral("/old"), 301, "/file#part");
    transfer::HttpClient client({});
    const auto fetched = test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/old"))));
    QCOMPARE(fetched.summary(), QStringLiteral("200 hello"));
    const transfer::ResponseHead &head = *fetched.head;
    QCOMPARE(head.url, server.url(QStringLiteral("/file")));
    QCOMPARE(head.redirects, QList<QUrl>{server.url(QStringLiteral("/old"))});
    QCOMPARE(head.validators.etag, QStringLiteral("\"v1\""));
    QCOMPARE(head.validators.lastModified, QStringLiteral("Sun, 06 Nov 1994 08:49:37 GMT"));
    QCOMPARE(head.validators.size, std::optional<qint64>(5));
    QCOMPARE(head.contentLength, std::optional<qint64>(5));
    QVERIFY(!head.contentRange);
    QVERIFY(head.acceptsRanges);
    QCOMPARE(head.contentType, QByteArray("application/pdf"));
    QCOMPARE(head.contentDisposition, QByteArray("attachment; filename=\"a.pdf\""));
    QCOMPARE(head.date, QByteArray("Sun, 01 Mar 2026 08:49:37 GMT"));
    QVERIFY(head.isLastModifiedStrong);
    QCOMPARE(head.age, std::optional(std::chrono::seconds(70)));
    QCOMPARE(head.reprDigest, QByteArray("sha-256=:cmVwcg==:"));
    QCOMPARE(head.contentDigest, QByteArray("sha-512=:Ym9keQ==:"));
    QCOMPARE(head.digest, QByteArray("SHA-256=b2xk, MD5=b2xk"));
    QCOMPARE(head.contentMd5, QByteArray("bWQ1"));
    QVERIFY(!head.isCloseDelimited);
}

void TestAnswers::lastingWait_data()
{
    QTest::addColumn<QByteArray>("retryAfter");
    QTest::addColumn<int>("seconds");
    QTest::newRow("in seconds") << QByteArray("120") << 120;
    QTest::newRow("as a date after the answer's own") << QByteArray("Sun, 06 Nov 1994 08:51:37 GMT") << 120;
    QTest::newRow("as a date that has passed") << QByteArray("Sun, 06 Nov 1994 08:00:00 GMT") << 0;
    QTest::newRow("absurdly long") << QByteArray("99999999999999999999999") << 86400;
    QTest::newRow("not understood") << QByteArray("soon") << -1;
}

void TestAnswers::lastingWait()
{
    QFETCH(QByteArray, retryAfter);
    QFETCH(int, seconds);
    FakeHttpServer server;
    server.status(QStringLiteral("/file"), 503,
                  {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Retry-After", retryAfter}});
    transfer::HttpClient client({});
    const auto fetched = test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file"))));
    QCOMPARE(fetched.summary(), QStringLiteral("get http_unavailable"));
    QCOMPARE(fetched.error->native, 503);
    QCOMPARE(fetched.error->retryAfter.value_or(std::chrono::seconds(-1)).count(), seconds);
}

// The rest of a longer body, made up as an answer, must not become the next file.
void TestAnswers::nextRequestDoesNotReadTheRestOfTheLast()
{
    FakeHttpServer server;
    server.raw(QStringLiteral("/long"), answer(200, {{"Content-Length", "5"}},
                                               "helloHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"));
    server.serve(QStringLiteral("/file"), "good");
    transfer::HttpClient client({});
    for (int i = 0; i < 20; ++i) {
        QCOMPARE(test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/long")))).summary(),
                 QStringLiteral("200 hello"));
        QCOMPARE(test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file")))).summary(),
                 QStringLiteral("200 good"));
    }
}

// QNAM takes a chunked body that is cut for complete when it reads the end of the connection itself instead
// of being told (see BufferedRoute): a matter of microseconds, so many tries and several places.
void TestAnswers::cutChunksAreNeverClean()
{
    FakeHttpServer server;
    const QByteArray chunks = "5\r\nhello\r\n6\r\n world\r\n0\r\n";
    for (qsizetype cut = 0; cut < chunks.size(); ++cut) {
        server.raw(QStringLiteral("/%1").arg(cut), chunked({}, chunks.left(cut)).close());
        server.raw(QStringLiteral("/%1r").arg(cut), chunked({}, chunks.left(cut)).reset());
    }
    transfer::HttpClient client({});
    for (int i = 0; i < 10; ++i) {
        for (qsizetype cut = 0; cut < chunks.size(); ++cut) {
            for (const char *end : {"", "r"}) {
                const QUrl url = server.url(QStringLiteral("/%1%2").arg(cut).arg(QLatin1StringView(end)));
                const auto fetched = test::fetchNow(&client, test::requestFor(url));
                QVERIFY2(fetched.error,
                         qPrintable(QStringLiteral("cut after %1: ").arg(cut) + fetched.summary()));
                QCOMPARE(fetched.error->code, core::ErrorCode::ConnectionLost);
            }
        }
    }
}

QTEST_GUILESS_MAIN(TestAnswers)
#include "tst_answers.moc"
