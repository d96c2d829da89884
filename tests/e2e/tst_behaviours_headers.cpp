// SPDX-License-Identifier: MIT
// Statuses, waiting times, names, and header sections that are meant to harm.
#include "e2e/behaviour.h"

#include <QTest>

using namespace ingather::e2e;
using namespace Qt::StringLiterals;
using ingather::support::Header;
using ingather::support::Headers;
using ingather::support::Script;

class TestBehavioursHeaders : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void statuses_data();
    void statuses() { verifyRow(); }
    void waiting_data();
    void waiting() { verifyRow(); }
    void names_data();
    void names() { verifyRow(); }
    void harm_data();
    void harm() { verifyRow(); }
};

namespace
{

const QByteArray hello = "hello";
const QStringList once{u"--max-attempts"_s, u"1"_s};
const QByteArray impatient = "[network]\nheader_timeout=1\nstall_timeout=1\n";

Script nothing(int status, const Headers &more = {})
{
    return answer({}, more, status);
}

} // namespace

void TestBehavioursHeaders::statuses_data()
{
    Table table;
    const auto row = [&table](const char *name, const Script &script, const char *error) {
        table.append({name, Behaviour{.handler = always(script), .ending = failed(error), .options = once}});
    };
    row("203 of a meddling proxy", answer(hello, {}, 203), "http_unexpected_status");
    row("204", Script().head(204), "http_unexpected_status");
    row("205", nothing(205), "http_unexpected_status");
    row("206 that nobody asked for", answer(hello, {{"Content-Range", "bytes 0-4/10"}}, 206),
        "range_mismatch");
    row("304 to an unconditional request", Script().head(304), "http_unexpected_status");
    row("400", nothing(400), "http_client_error");
    row("401", nothing(401, {{"WWW-Authenticate", "Basic realm=\"x\""}}), "http_unauthorized");
    row("403 with a page", answer("nope", {}, 403), "http_forbidden");
    row("404 with a page", answer("gone", {}, 404), "http_not_found");
    row("408", nothing(408), "http_request_timeout");
    row("410", nothing(410), "http_gone");
    row("416 although no range was asked for", nothing(416), "http_range_not_satisfiable");
    row("418", nothing(418), "http_client_error");
    row("429 for good", nothing(429), "http_too_many_requests");
    row("451", nothing(451), "http_client_error");
    row("500 for good", answer("oops", {}, 500), "http_server_error");
    row("502", nothing(502), "http_server_error");
    row("503 for good", nothing(503), "http_unavailable");
    // These are not tried again, whatever was allowed.
    for (const int status : {401, 403, 404, 410})
        table.append({"the first " + QByteArray::number(status) + " ends it",
                      Behaviour{.handler = inTurn({nothing(status), answer(hello)}),
                                .ending = failed(status == 401   ? "http_unauthorized"
                                                 : status == 403 ? "http_forbidden"
                                                 : status == 404 ? "http_not_found"
                                                                 : "http_gone")}});
    addRows(table);
}

void TestBehavioursHeaders::waiting_data()
{
    Table table;
    const auto row = [&table](const char *name, const Script &first, qint64 leastMs = 0, int attempts = 1) {
        Ending ending = filed(hello, attempts);
        ending.leastMs = leastMs;
        table.append({name, Behaviour{.handler = inTurn({first, answer(hello)}), .ending = ending}});
    };
    row("500, then the file", nothing(500));
    row("503, then the file", nothing(503));
    row("429, then the file", nothing(429));
    row("503 with Retry-After in seconds", nothing(503, {{"Retry-After", "2"}}), 2000);
    row("429 with Retry-After in seconds", nothing(429, {{"Retry-After", "2"}}), 2000);
    row("503 with Retry-After as a date after the answer's own",
        nothing(503, {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
                      {"Retry-After", "Sun, 06 Nov 1994 08:49:39 GMT"}}),
        2000);
    row("503 with Retry-After that is past",
        nothing(503, {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
                      {"Retry-After", "Sun, 06 Nov 1994 08:00:00 GMT"}}));
    row("503 with Retry-After that nobody understands", nothing(503, {{"Retry-After", "soon"}}));
    // Qt asks once more by itself where a connection ends before its answer begins.
    row("closed without a word, then the file", Script().close(), 0, 0);
    row("reset without a word, then the file", Script().reset(), 0, 0);
    addRows(table);
}

void TestBehavioursHeaders::names_data()
{
    Table table;
    const auto row = [&table](const char *name, const QByteArray &disposition, const QString &file) {
        Ending ending = filed(hello);
        ending.name = file;
        table.append(
            {name, Behaviour{.handler = always(answer(hello, {{"Content-Disposition", disposition}})),
                             .ending = ending,
                             .path = u"/get?id=7"_s}});
    };
    row("a name", "attachment; filename=\"paper.txt\"", u"paper.txt"_s);
    row("a name without quotes", "attachment; filename=paper.txt", u"paper.txt"_s);
    row("an extended name comes first",
        "attachment; filename=\"a.txt\"; filename*=UTF-8''%C3%9Cbung%20%E4%BD%9C%E5%93%81.txt",
        u"Übung 作品.txt"_s);
    row("an extended name in ISO 8859-1", "attachment; filename*=ISO-8859-1''caf%E9.txt", u"café.txt"_s);
    row("a way up", "attachment; filename=\"../../etc/passwd\"", u"passwd"_s);
    row("a way up in an extended name", "attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", u"passwd"_s);
    row("a path of Windows", "attachment; filename=\"C:\\\\temp\\\\a.txt\"", u"a.txt"_s);
    row("an absolute path", "attachment; filename=\"/etc/shadow\"", u"shadow"_s);
    row("a hidden file", "attachment; filename=\".bashrc\"", u"bashrc"_s);
    row("a device", "attachment; filename=\"CON.txt\"", u"_CON.txt"_s);
    row("a right-to-left override", "attachment; filename*=UTF-8''invoice%E2%80%AEfdp.exe",
        u"invoicefdp.exe"_s);
    row("a zero byte", "attachment; filename*=UTF-8''a.txt%00.exe", u"a.txt.exe"_s);
    row("dots only", "attachment; filename=\"..\"", u"get"_s);
    row("our own folder", "attachment; filename=\".ingather\"", u"ingather"_s);
    row("300 letters", "attachment; filename=\"" + QByteArray(300, 'a') + ".txt\"",
        QString(196, u'a') + u".txt"_s);
    row("no name", "attachment", u"get"_s);
    addRows(table);
}

void TestBehavioursHeaders::harm_data()
{
    Table table;
    const auto row = [&table](const char *name, const Script &script, const Ending &ending) {
        table.append(
            {name,
             Behaviour{.handler = always(script), .ending = ending, .options = once, .settings = impatient}});
    };
    Headers many;
    for (int i = 0; i < 101; ++i)
        many.append(Header{"X-" + QByteArray::number(i), "1"});
    row("101 fields", answer(hello, many), failed("protocol_error"));
    row("a field of 257 KiB", answer(hello, {{"X-Bomb", QByteArray(257 * 1024, 'x')}}),
        failed("protocol_error"));
    row("a line that is no field",
        Script("HTTP/1.1 200 OK\r\nwhat is this\r\nContent-Length: 5\r\n\r\nhello"),
        failed("protocol_error"));
    row("no HTTP at all", Script("SSH-2.0-OpenSSH_9.2\r\n").close(), failed("connection_lost"));
    row("closed inside the headers", Script("HTTP/1.1 200 OK\r\nContent-Len").close(),
        failed("connection_lost"));
    Script endless("HTTP/1.1 200 OK\r\nX: ");
    for (int i = 0; i < 8; ++i)
        endless.send(QByteArray(1024 * 1024, 'x'));
    row("a header line without end", endless.stall(), failed("header_timeout"));
    row("no answer", Script().stall(), failed("header_timeout"));
    row("half the headers and no more", Script("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n").stall(),
        failed("header_timeout"));
    Ending stalled = failed("stalled", 1, "HEAD DONE, STREAM FAILED");
    stalled.parts = 1;
    row("half the body and no more", exactly(200, {{"Content-Length", "11"}}, hello).stall(), stalled);
    addRows(table);
}

QTEST_GUILESS_MAIN(TestBehavioursHeaders)
#include "tst_behaviours_headers.moc"
