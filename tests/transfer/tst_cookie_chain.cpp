// SPDX-License-Identifier: MIT
// Cookies that are set on the way of one request.
#include "support/fake_http_server.h"
#include "transfer/cookie_chain.h"
#include "transfer/fetching.h"

#include <QTest>

#include <atomic>

using namespace ingather;
using support::FakeHttpServer;
using support::RecordedRequest;
using support::Script;
using transfer::CookieChain;
using transfer::HopIdentity;
using transfer::HttpClient;

class TestCookieChain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whereACookieGoes_data();
    void whereACookieGoes();
    void whatCountsAsAChange();
    void thereIsAnEndToThem();
    void aLoginThatComesBack();
    void aCheckThatRedirectsToItself();
    void circlesEnd_data();
    void circlesEnd();
};

void TestCookieChain::whereACookieGoes_data()
{
    QTest::addColumn<QByteArray>("setCookie");
    QTest::addColumn<QUrl>("from");
    QTest::addColumn<QUrl>("to");
    QTest::addColumn<QByteArray>("kept"); // what goes there anyway
    QTest::addColumn<QByteArray>("field");
    const auto row = [](const char *name, const char *setCookie, const char *from, const char *to,
                        const char *kept, const char *field) {
        QTest::newRow(name) << QByteArray(setCookie) << QUrl(QString::fromLatin1(from))
                            << QUrl(QString::fromLatin1(to)) << QByteArray(kept) << QByteArray(field);
    };
    row("back to its host", "a=1", "https://x.example/l", "https://x.example/f", "", "a=1");
    row("another port is the same host", "a=1", "http://x.example:81/l", "http://x.example/f", "", "a=1");
    row("not to another host", "a=1", "https://x.example/l", "https://y.example/f", "", "");
    row("not to a host below", "a=1", "https://x.example/l", "https://w.x.example/f", "", "");
    row("to a sibling by its domain", "a=1; Domain=x.example", "https://l.x.example/l",
        "https://d.x.example/f", "", "a=1");
    row("not for a domain of others", "a=1; Domain=y.example", "https://x.example/l", "https://y.example/f",
        "", "");
    row("not for a whole top level", "a=1; Domain=com", "https://x.com/l", "https://y.com/f", "", "");
    row("nor for a public suffix", "a=1; Domain=co.uk", "https://x.co.uk/l", "https://y.co.uk/f", "", "");
    row("not in clear if it is secure", "a=1; Secure", "https://x.example/l", "http://x.example/f", "", "");
    row("not to another path", "a=1; Path=/l", "https://x.example/l", "https://x.example/f", "", "");
    row("one that is over", "a=1; Max-Age=0", "https://x.example/l", "https://x.example/f", "", "");
    row("several", "a=1\nb=2; HttpOnly", "https://x.example/l", "https://x.example/f", "", "a=1; b=2");
    row("beside others", "a=1", "https://x.example/l", "https://x.example/f", "k=0", "k=0; a=1");
    row("in place of an older one", "a=1", "https://x.example/l", "https://x.example/f", "a=0; k=0",
        "k=0; a=1");
    row("none", "", "https://x.example/l", "https://x.example/f", "k=0", "k=0");
}

void TestCookieChain::whereACookieGoes()
{
    QFETCH(QByteArray, setCookie);
    QFETCH(QUrl, from);
    QFETCH(QUrl, to);
    QFETCH(QByteArray, kept);
    CookieChain chain;
    chain.take(setCookie, from);
    HopIdentity identity;
    identity.cookies = kept;
    chain.addTo(&identity, to);
    QTEST(identity.cookies, "field");

    HopIdentity own;
    own.headers = {{"cookie", "own=1"}};
    chain.addTo(&own, to);
    QVERIFY(own.cookies.isEmpty());
}

void TestCookieChain::whatCountsAsAChange()
{
    const QUrl url(QStringLiteral("https://x.example/l"));
    CookieChain chain;
    QVERIFY(!chain.take("", url));
    QVERIFY(chain.take("a=1", url));
    QVERIFY(!chain.take("a=1", url));
    QVERIFY(chain.take("a=2", url));
    QVERIFY(chain.take("b=1", url));
    QVERIFY(chain.take("b=; Max-Age=0", url));
    QVERIFY(!chain.take("c=1; Domain=y.example", url));
}

void TestCookieChain::thereIsAnEndToThem()
{
    const QUrl url(QStringLiteral("https://x.example/l"));
    CookieChain chain;
    QByteArrayList many;
    for (int i = 0; i < 200; ++i)
        many.append("c" + QByteArray::number(i) + "=1");
    chain.take(many.join('\n'), url);
    HopIdentity identity;
    chain.addTo(&identity, url);
    QCOMPARE(identity.cookies.count('='), 50);

    CookieChain large;
    large.take("a=" + QByteArray(9000, 'x'), url);
    HopIdentity other;
    other.cookies = "k=0";
    large.addTo(&other, url);
    QCOMPARE(other.cookies, QByteArray("k=0"));
}

// As publishers and universities do it: the file sends to the login, the login with a cookie back to the
// file.
void TestCookieChain::aLoginThatComesBack()
{
    FakeHttpServer data;
    FakeHttpServer login; // the same host for cookies
    login.status(QStringLiteral("/login"), 302,
                 {{"Location", data.url(QStringLiteral("/file")).toEncoded()},
                  {"Set-Cookie", "session=s3; Path=/"},
                  {"Set-Cookie", "other=1; Path=/"},
                  {"Content-Length", "0"}});
    const QByteArray toLogin = login.url(QStringLiteral("/login")).toEncoded();
    data.handle(QStringLiteral("/file"), [toLogin](const RecordedRequest &request) {
        if (request.header("Cookie").contains("session=s3"))
            return Script().head(200, {{"Content-Length", "5"}}).send("hello");
        return Script().head(302, {{"Location", toLogin}, {"Content-Length", "0"}});
    });
    HttpClient client({});
    const auto request = test::requestFor(data.url(QStringLiteral("/file")));
    QCOMPARE(test::fetchNow(&client, request).summary(), QStringLiteral("200 hello"));
    QCOMPARE(data.requests().size(), 2);
    QVERIFY(!login.requests().first().hasHeader("Cookie"));
    QCOMPARE(data.requests().last().header("Cookie"), QByteArray("session=s3; other=1"));
    // The chain is over, and so are its cookies.
    QCOMPARE(test::fetchNow(&client, request).summary(), QStringLiteral("200 hello"));
    QCOMPARE(data.requests().size(), 4);
    QVERIFY(!data.requests().at(2).hasHeader("Cookie"));
}

void TestCookieChain::aCheckThatRedirectsToItself()
{
    FakeHttpServer server;
    const QByteArray self = server.url(QStringLiteral("/file")).toEncoded();
    server.handle(QStringLiteral("/file"), [self](const RecordedRequest &request) {
        if (request.header("Cookie") == "seen=1")
            return Script().head(200, {{"Content-Length", "5"}}).send("hello");
        return Script().head(307, {{"Location", self}, {"Set-Cookie", "seen=1"}, {"Content-Length", "0"}});
    });
    HttpClient client({});
    QCOMPARE(test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file")))).summary(),
             QStringLiteral("200 hello"));
    QCOMPARE(server.requests().size(), 2);
}

void TestCookieChain::circlesEnd_data()
{
    QTest::addColumn<bool>("isNewEachTime");
    QTest::addColumn<int>("requests");
    QTest::newRow("the same cookie again") << false << 2;
    QTest::newRow("another cookie each time") << true << 11;
}

void TestCookieChain::circlesEnd()
{
    QFETCH(bool, isNewEachTime);
    FakeHttpServer server;
    const QByteArray self = server.url(QStringLiteral("/file")).toEncoded();
    auto count = std::make_shared<std::atomic<int>>(0);
    server.handle(QStringLiteral("/file"), [self, count, isNewEachTime](const RecordedRequest &) {
        const QByteArray value = QByteArray::number(isNewEachTime ? ++*count : 1);
        return Script().head(307,
                             {{"Location", self}, {"Set-Cookie", "c=" + value}, {"Content-Length", "0"}});
    });
    HttpClient client({});
    QCOMPARE(test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file")))).summary(),
             QStringLiteral("get too_many_redirects"));
    QTEST(int(server.requests().size()), "requests");
}

QTEST_GUILESS_MAIN(TestCookieChain)
#include "tst_cookie_chain.moc"
