// SPDX-License-Identifier: MIT
// Digest authentication: challenges, the vectors of the RFCs, and logins over the wire.
#include "support/fake_http_server.h"
#include "transfer/auth_challenge.h"
#include "transfer/digest_auth.h"
#include "transfer/fetching.h"

#include <QCryptographicHash>
#include <QTest>

using namespace ingather;
using support::FakeHttpServer;
using support::RecordedRequest;
using support::Script;
using transfer::DigestChallenge;
using transfer::HttpClient;

class TestDigestAuth : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void challenges_data();
    void challenges();
    void chosen_data();
    void chosen();
    void vectors_data();
    void vectors();
    void quotesAreEscaped();
    void loginOverTheWire_data();
    void loginOverTheWire();
    void laterRequestsNeedNoChallenge();
    void headAndTheQuery();
    void staleNonce();
    void wrongPassword();
    void neverToAnotherOrigin();
    void basicAloneIsNotAskedAgain();
    void noLineBreakGetsIntoAField();
};

namespace
{

const QByteArray userInfo = "Mufasa:Circle of Life";

QByteArray md5(const QByteArray &text)
{
    return QCryptographicHash::hash(text, QCryptographicHash::Md5).toHex();
}

/// The value of one parameter of what the client sent.
QByteArray sent(const RecordedRequest &request, const QByteArray &name)
{
    const auto challenges = transfer::parseWwwAuthenticate(request.header("Authorization"));
    return challenges.isEmpty() ? QByteArray() : challenges.first().parameter(name);
}

/// What the server itself makes of user, password and the rest that was sent (MD5, qop=auth).
bool isRight(const RecordedRequest &request, const QByteArray &nonce)
{
    if (!request.header("Authorization").startsWith("Digest ") || sent(request, "nonce") != nonce)
        return false;
    const QByteArray first = md5("Mufasa:home:Circle of Life");
    const QByteArray second = md5(request.method + ':' + request.target);
    return sent(request, "uri") == request.target &&
           sent(request, "response") == md5(first + ':' + nonce + ':' + sent(request, "nc") + ':' +
                                            sent(request, "cnonce") + ":auth:" + second);
}

Script challenge(const QByteArray &nonce, const QByteArray &more = {})
{
    return Script()
        .head(401,
              {{"WWW-Authenticate", "Digest realm=\"home\", qop=\"auth\", nonce=\"" + nonce + '"' + more},
               {"Content-Length", "4"}})
        .send("nope");
}

void guard(FakeHttpServer *server, const QString &path, const QByteArray &nonce)
{
    server->handle(path, [nonce](const RecordedRequest &request) {
        if (!isRight(request, nonce))
            return challenge(nonce);
        Script script;
        script.head(200, {{"Content-Length", "5"}});
        return request.method == "HEAD" ? script : script.send("hello");
    });
}

transfer::HttpRequest requestWithLogin(const QUrl &url)
{
    transfer::HttpRequest request = test::requestFor(url);
    request.userInfo = userInfo;
    return request;
}

} // namespace

void TestDigestAuth::challenges_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("outcome");
    const auto row = [](const char *name, const char *field, const char *outcome) {
        QTest::newRow(name) << QByteArray(field) << QByteArray(outcome);
    };
    row("one", "Basic realm=\"a b\"", "basic realm=[a b]");
    row("unquoted", "Basic realm=x", "basic realm=[x]");
    row("two in one field", "Digest realm=\"a\", nonce=\"n\", Basic realm=\"b\"",
        "digest realm=[a] nonce=[n]; basic realm=[b]");
    row("a scheme alone", "Negotiate", "negotiate");
    row("a scheme alone before others", "Negotiate, Basic realm=\"b\"", "negotiate; basic realm=[b]");
    row("a token", "Negotiate dG9rZW4=, Basic realm=\"b\"", "negotiate <dG9rZW4=>; basic realm=[b]");
    row("commas inside quotes", "Digest qop=\"auth,auth-int\", nonce=\"a, b\"",
        "digest qop=[auth,auth-int] nonce=[a, b]");
    row("escapes inside quotes", "Basic realm=\"a \\\"b\\\" \\\\\"", "basic realm=[a \"b\" \\]");
    row("space around", " ,, Basic  realm = \"a\" , charset=UTF-8 ,", "basic realm=[a] charset=[UTF-8]");
    row("no closing quote", "Basic realm=\"a\", Digest realm=\"b", "basic realm=[a]");
    row("rubbish behind a value", "Digest realm=\"a\" nonce=\"b\"", "");
    row("rubbish", "=,=;\"", "");
    row("empty", "", "");
}

void TestDigestAuth::challenges()
{
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, outcome);
    QByteArray text;
    for (const transfer::AuthChallenge &challenge : transfer::parseWwwAuthenticate(field)) {
        text += (text.isEmpty() ? "" : "; ") + challenge.scheme;
        if (!challenge.token.isEmpty())
            text += " <" + challenge.token + '>';
        for (const auto &[name, value] : challenge.parameters)
            text += ' ' + name + "=[" + value + ']';
    }
    QCOMPARE(text, outcome);
}

void TestDigestAuth::chosen_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("nonce"); // of the chosen one; empty: none
    const auto row = [](const char *name, const char *field, const char *nonce) {
        QTest::newRow(name) << QByteArray(field) << QByteArray(nonce);
    };
    row("the only one", "Digest realm=\"a\", nonce=\"1\"", "1");
    row("behind Basic", "Basic realm=\"a\", Digest realm=\"a\", nonce=\"1\"", "1");
    row("SHA-256 before MD5",
        "Digest realm=\"a\", nonce=\"1\", algorithm=MD5, Digest realm=\"a\", nonce=\"2\", algorithm=SHA-256",
        "2");
    row("the first of equals", "Digest realm=\"a\", nonce=\"1\", Digest realm=\"a\", nonce=\"2\"", "1");
    row("an unknown algorithm", "Digest realm=\"a\", nonce=\"1\", algorithm=SHA-512-256", "");
    row("an unknown one before a known one",
        "Digest realm=\"a\", nonce=\"1\", algorithm=SHA-512-256, Digest realm=\"a\", nonce=\"2\", "
        "algorithm=md5-SESS",
        "2");
    row("qop without auth", "Digest realm=\"a\", nonce=\"1\", qop=\"auth-int\"", "");
    row("qop with auth among others", "Digest realm=\"a\", nonce=\"1\", qop=\"auth-int, auth\"", "1");
    row("no nonce", "Digest realm=\"a\"", "");
    row("no realm", "Digest nonce=\"1\"", "");
    row("an empty realm", "Digest realm=\"\", nonce=\"1\"", "1");
    row("only Basic", "Basic realm=\"a\"", "");
    row("nothing", "", "");
}

void TestDigestAuth::chosen()
{
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, nonce);
    const auto challenge = transfer::digestChallenge(field);
    QCOMPARE(challenge ? challenge->nonce : QByteArray(), nonce);
}

void TestDigestAuth::vectors_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("userInfo");
    QTest::addColumn<QByteArray>("clientNonce");
    QTest::addColumn<QByteArray>("response");
    const QByteArray both = "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", "
                            "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
                            "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\", algorithm=";
    const QByteArray nonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    QTest::newRow("RFC 7616 §3.9.1, MD5")
        << both + "MD5" << userInfo << nonce << QByteArray("8ca523f5e9506fed4657c9700eebdbec");
    QTest::newRow("RFC 7616 §3.9.1, SHA-256")
        << both + "SHA-256" << userInfo << nonce
        << QByteArray("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
    const QByteArray older = "Digest realm=\"testrealm@host.com\", "
                             "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"";
    QTest::newRow("RFC 2617 §3.5") << older + ", qop=\"auth,auth-int\"" << QByteArray("Mufasa:Circle Of Life")
                                   << QByteArray("0a4f113b")
                                   << QByteArray("6629fae49393a05397450978507c4ef1");
    // RFC 2069 §2.4, as its errata give it.
    QTest::newRow("RFC 2069 §2.4, without qop") << older << QByteArray("Mufasa:CircleOfLife") << QByteArray()
                                                << QByteArray("1949323746fe6a43ef61f9606e7febea");
}

void TestDigestAuth::vectors()
{
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, userInfo);
    QFETCH(QByteArray, clientNonce);
    QFETCH(QByteArray, response);
    const auto challenge = transfer::digestChallenge(field);
    QVERIFY(challenge);
    const QByteArray answer =
        transfer::digestAuthorization(*challenge, {userInfo, "GET", "/dir/index.html", clientNonce, 1});
    QVERIFY2(answer.contains("response=\"" + response + '"'), answer.constData());
    const auto parsed = transfer::parseWwwAuthenticate(answer);
    QCOMPARE(parsed.size(), 1);
    QCOMPARE(parsed.first().parameter("username"), QByteArray("Mufasa"));
    QCOMPARE(parsed.first().parameter("uri"), QByteArray("/dir/index.html"));
    QCOMPARE(parsed.first().parameter("nonce"), challenge->nonce);
    QCOMPARE(parsed.first().parameter("opaque"), challenge->opaque);
    QCOMPARE(parsed.first().parameter("nc"), challenge->hasQop ? QByteArray("00000001") : QByteArray());
}

void TestDigestAuth::quotesAreEscaped()
{
    DigestChallenge challenge;
    challenge.realm = "a \"b\" \\";
    challenge.nonce = "n";
    challenge.isSession = true;
    challenge.wantsUserHash = true;
    const QByteArray answer = transfer::digestAuthorization(challenge, {"us\"er:pw", "GET", "/", "c", 1});
    const auto parsed = transfer::parseWwwAuthenticate(answer);
    QCOMPARE(parsed.first().parameter("realm"), challenge.realm);
    QCOMPARE(parsed.first().parameter("username"), md5("us\"er:" + challenge.realm));
    const QByteArray first = md5(md5("us\"er:" + challenge.realm + ":pw") + ":n:c");
    QCOMPARE(parsed.first().parameter("response"), md5(first + ":n:" + md5("GET:/")));
}

void TestDigestAuth::loginOverTheWire_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::newRow("Digest alone") << QByteArray();
    QTest::newRow("Basic first") << QByteArray("Basic realm=\"home\"");
    QTest::newRow("a scheme nobody knows first") << QByteArray("Negotiate");
}

void TestDigestAuth::loginOverTheWire()
{
    QFETCH(QByteArray, before);
    FakeHttpServer server;
    server.handle(QStringLiteral("/file"), [before](const RecordedRequest &request) {
        if (isRight(request, "n1"))
            return Script().head(200, {{"Content-Length", "5"}}).send("hello");
        support::Headers headers{{"WWW-Authenticate", "Digest realm=\"home\", qop=\"auth\", nonce=\"n1\""},
                                 {"Content-Length", "0"}};
        if (!before.isEmpty())
            headers.prepend(support::Header{"WWW-Authenticate", before});
        return Script().head(401, headers);
    });
    HttpClient client({});
    QCOMPARE(test::fetchNow(&client, requestWithLogin(server.url(QStringLiteral("/file")))).summary(),
             QStringLiteral("200 hello"));
    QCOMPARE(server.requests().size(), 2);
}

// Each use of a nonce counts one up, and no password goes out in clear any more.
void TestDigestAuth::laterRequestsNeedNoChallenge()
{
    FakeHttpServer server;
    guard(&server, QStringLiteral("/file"), "n1");
    HttpClient client({});
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(test::fetchNow(&client, requestWithLogin(server.url(QStringLiteral("/file")))).summary(),
                 QStringLiteral("200 hello"));
    }
    const auto requests = server.requests();
    QCOMPARE(requests.size(), 4);
    QCOMPARE(sent(requests[1], "nc"), QByteArray("00000001"));
    QCOMPARE(sent(requests[3], "nc"), QByteArray("00000003"));
    QVERIFY(sent(requests[2], "cnonce") != sent(requests[3], "cnonce"));
    // Who has no login asks without one.
    QCOMPARE(test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file")))).summary(),
             QStringLiteral("get http_unauthorized"));
    QVERIFY(!server.requests().last().hasHeader("Authorization"));
}

void TestDigestAuth::headAndTheQuery()
{
    FakeHttpServer server;
    guard(&server, QStringLiteral("/a%20b"), "n1");
    HttpClient client({});
    const auto request = requestWithLogin(server.url(QStringLiteral("/a%20b?x=1%2F2&y#z")));
    QVERIFY(test::await(client.head(request, {})).has_value());
    QCOMPARE(test::fetchNow(&client, request).summary(), QStringLiteral("200 hello"));
}

void TestDigestAuth::staleNonce()
{
    FakeHttpServer server;
    server.handle(QStringLiteral("/file"), [](const RecordedRequest &request) {
        if (isRight(request, "n2"))
            return Script().head(200, {{"Content-Length", "5"}}).send("hello");
        return isRight(request, "n1") ? challenge("n2", ", stale=TRUE") : challenge("n1");
    });
    HttpClient client({});
    QCOMPARE(test::fetchNow(&client, requestWithLogin(server.url(QStringLiteral("/file")))).summary(),
             QStringLiteral("200 hello"));
    QCOMPARE(server.requests().size(), 3);
}

void TestDigestAuth::wrongPassword()
{
    FakeHttpServer server;
    guard(&server, QStringLiteral("/file"), "n1");
    server.handle(QStringLiteral("/stale"),
                  [](const RecordedRequest &) { return challenge("n1", ", stale=true"); });
    HttpClient client({});
    auto request = requestWithLogin(server.url(QStringLiteral("/file")));
    request.userInfo = "Mufasa:wrong";
    QCOMPARE(test::fetchNow(&client, request).summary(), QStringLiteral("get http_unauthorized"));
    QCOMPARE(server.requests().size(), 2);
    server.clearRequests();
    request.url = server.url(QStringLiteral("/stale"));
    QCOMPARE(test::fetchNow(&client, request).summary(), QStringLiteral("get http_unauthorized"));
    QCOMPARE(server.requests().size(), 3);
}

void TestDigestAuth::neverToAnotherOrigin()
{
    FakeHttpServer home;
    FakeHttpServer elsewhere;
    guard(&elsewhere, QStringLiteral("/file"), "n1");
    home.redirect(QStringLiteral("/old"), 302, elsewhere.url(QStringLiteral("/file")).toEncoded());
    HttpClient client({});
    // Even where that origin's challenge is known already.
    QCOMPARE(test::fetchNow(&client, requestWithLogin(elsewhere.url(QStringLiteral("/file")))).summary(),
             QStringLiteral("200 hello"));
    elsewhere.clearRequests();
    QCOMPARE(test::fetchNow(&client, requestWithLogin(home.url(QStringLiteral("/old")))).summary(),
             QStringLiteral("get http_unauthorized"));
    QCOMPARE(elsewhere.requests().size(), 1);
    QVERIFY(!elsewhere.requests().first().hasHeader("Authorization"));
}

void TestDigestAuth::basicAloneIsNotAskedAgain()
{
    FakeHttpServer server;
    server.status(QStringLiteral("/file"), 401, {{"WWW-Authenticate", "Basic realm=\"home\""}});
    HttpClient client({});
    QCOMPARE(test::fetchNow(&client, requestWithLogin(server.url(QStringLiteral("/file")))).summary(),
             QStringLiteral("get http_unauthorized"));
    QCOMPARE(server.requests().size(), 1);
}

void TestDigestAuth::noLineBreakGetsIntoAField()
{
    FakeHttpServer server;
    guard(&server, QStringLiteral("/file"), "n1");
    HttpClient client({});
    auto request = requestWithLogin(server.url(QStringLiteral("/file")));
    request.userInfo = "a\r\nX-Evil: 1:pw";
    QCOMPARE(test::fetchNow(&client, request).summary(), QStringLiteral("get http_unauthorized"));
    for (const RecordedRequest &seen : server.requests()) {
        QVERIFY(!seen.hasHeader("X-Evil"));
        QVERIFY(seen.header("Authorization").startsWith("Basic "));
    }
}

QTEST_GUILESS_MAIN(TestDigestAuth)
#include "tst_digest_auth.moc"
