// SPDX-License-Identifier: MIT
// Redirects: followed, refused, endless, and such as change from one request to the next.
#include "e2e/behaviour.h"

#include <QTest>

#include <atomic>

using namespace ingather::e2e;
using namespace Qt::StringLiterals;
using ingather::support::FakeHttpServer;
using ingather::support::Handler;
using ingather::support::Headers;
using ingather::support::RecordedRequest;
using ingather::support::Script;

class TestBehavioursRedirects : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followed_data();
    void followed() { verifyRow(); }
    void refused_data();
    void refused() { verifyRow(); }
    void changing_data();
    void changing() { verifyRow(); }
};

namespace
{

const QByteArray hello = "hello";
const QStringList once{u"--max-attempts"_s, u"1"_s};

Script to(const QByteArray &location, int status = 302)
{
    return exactly(status, {{"Location", location}, {"Content-Length", "0"}});
}

} // namespace

void TestBehavioursRedirects::followed_data()
{
    Table table;
    const auto row = [&table](const char *name, const Script &script,
                              const QString &target = u"/dir/ok.txt"_s) {
        Ending ending = filed(hello);
        ending.name = u"data.bin"_s;
        table.append({name, Behaviour{.handler = always(script),
                                      .ending = ending,
                                      .options = once,
                                      .others = {{target, always(answer(hello))}}}});
    };
    for (const int status : {301, 302, 303, 307, 308})
        row(QByteArray("to a path, by " + QByteArray::number(status)).constData(), to("/dir/ok.txt", status));
    row("to a path that is relative", to("dir/ok.txt"));
    row("to a path with a way up", to("/dir/../dir/./ok.txt"));
    row("to a path with a fragment", to("/dir/ok.txt#page=2"));
    row("to a path with a query", to("/dir/ok.txt?token=1"));
    row("to a name with blanks and letters", to("/dir/%C3%9Cbung%20a.txt"), u"/dir/%C3%9Cbung%20a.txt"_s);
    row("with a body that never ends",
        exactly(301, {{"Location", "/dir/ok.txt"}, {"Content-Length", "99999999"}}, "x"));
    addRows(table);
}

void TestBehavioursRedirects::refused_data()
{
    Table table;
    const auto row = [&table](const char *name, const Script &script, const char *error) {
        table.append({name, Behaviour{.handler = always(script),
                                      .ending = failed(error),
                                      .options = once,
                                      .others = {{u"/back"_s, always(to("/data.bin"))}}}});
    };
    row("to itself", to("/data.bin"), "too_many_redirects");
    row("in a circle of two", to("/back"), "too_many_redirects");
    table.append({"always on to another place",
                  Behaviour{.handler =
                                [n = std::make_shared<std::atomic<int>>(0)](const RecordedRequest &) {
                                    return to("/data.bin?" + QByteArray::number((*n)++));
                                },
                            .ending = failed("too_many_redirects"),
                            .options = once}});
    row("without Location", exactly(302, {{"Content-Length", "0"}}), "redirect_invalid");
    row("to nothing", to(""), "redirect_invalid");
    row("to a local file", to("file:///etc/passwd"), "redirect_invalid");
    row("to a script", to("javascript:alert(1)"), "redirect_invalid");
    row("to data", to("data:text/plain,hello"), "redirect_invalid");
    row("to ftp", to("ftp://127.0.0.1/x"), "redirect_invalid");
    row("with credentials", to("http://u:p@127.0.0.1/x"), "redirect_invalid");
    row("to a host that is none", to("http:///x"), "redirect_invalid");
    row("to a port that is none", to("http://127.0.0.1:99999/x"), "redirect_invalid");
    row("to what is not there", to("/nowhere"), "http_not_found");
    row("305, which nobody follows", to("/back", 305), "http_unexpected_status");
    addRows(table);
}

namespace
{

constexpr qint64 size = 300'000;
constexpr qint64 cut = 200'000;

/// A correct server's answer with that tag; the first one breaks off.
Script file(const RecordedRequest &request, const QByteArray &tag, bool isCut)
{
    const QByteArray range = request.header("Range");
    const bool isSame = !request.hasHeader("If-Range") || request.header("If-Range") == tag;
    const qint64 first = range.isNull() || !isSame ? 0 : range.mid(6).chopped(1).toLongLong();
    Headers headers{{"ETag", tag}, {"Content-Length", QByteArray::number(size - first)}};
    if (first > 0)
        headers.append({"Content-Range", "bytes " + QByteArray::number(first) + "-299999/300000"});
    Script script;
    script.head(first > 0 ? 206 : 200, headers);
    return isCut ? script.sendPattern(first, cut).close() : script.sendPattern(first, size - first);
}

/// Serves while the token is the `valid`-th, and says 403 to any other.
Handler signedFile(const QByteArray &valid, bool isCut)
{
    return [=](const RecordedRequest &request) {
        return request.target.endsWith("token=" + valid) ? file(request, "\"v1\"", isCut)
                                                         : exactly(403, {{"Content-Length", "0"}});
    };
}

} // namespace

void TestBehavioursRedirects::changing_data()
{
    Table table;
    const QByteArray whole = FakeHttpServer::pattern(0, size);
    // Only the first token serves the first time, only the second one after that.
    const auto isFirst = std::make_shared<std::atomic<bool>>(true);
    table.append({"a token that expires in the middle: the first URL gives a fresh one",
                  Behaviour{.handler = inTurn({to("/signed?token=1"), to("/signed?token=2")}),
                            .ending = filed(whole, 1, withResume),
                            .others = {{u"/signed"_s, [isFirst](const RecordedRequest &request) {
                                            const bool isCut = isFirst->exchange(false);
                                            return signedFile(isCut ? "1" : "2", isCut)(request);
                                        }}}}});
    table.append(
        {"another mirror with another tag at each redirect",
         Behaviour{.handler = inTurn({to("/mirror/1"), to("/mirror/2")}),
                   .ending = filed(whole, 1, anew),
                   .others = {{u"/mirror/1"_s,
                               [](const RecordedRequest &request) { return file(request, "\"m1\"", true); }},
                              {u"/mirror/2"_s, [](const RecordedRequest &request) {
                                   return file(request, "\"m2\"", false);
                               }}}}});
    table.append(
        {"another mirror with the same tag",
         Behaviour{.handler = inTurn({to("/mirror/1"), to("/mirror/2")}),
                   .ending = filed(whole, 1, withResume),
                   .others = {{u"/mirror/1"_s,
                               [](const RecordedRequest &request) { return file(request, "\"m\"", true); }},
                              {u"/mirror/2"_s, [](const RecordedRequest &request) {
                                   return file(request, "\"m\"", false);
                               }}}}});
    table.append({"a token that has expired and no fresh one",
                  Behaviour{.handler = always(to("/signed?token=0")),
                            .ending = failed("http_forbidden"),
                            .others = {{u"/signed"_s, signedFile("1", false)}}}});
    addRows(table);
}

QTEST_GUILESS_MAIN(TestBehavioursRedirects)
#include "tst_behaviours_redirects.moc"
