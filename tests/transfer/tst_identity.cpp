// SPDX-License-Identifier: MIT
// Logins, cookies and headers that are kept by host: how their files are read, and where they go.
#include "support/fake_http_server.h"
#include "transfer/cookie_file.h"
#include "transfer/fetching.h"
#include "transfer/hop_identity.h"
#include "transfer/netrc.h"

#include <QTest>

using namespace ingather;
using support::FakeHttpServer;
using support::RecordedRequest;
using transfer::Cookie;
using transfer::HttpClient;
using transfer::HttpOptions;
using transfer::HttpRequest;

class TestIdentity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void netrcs_data();
    void netrcs();
    void netrcEntryOfAHost();
    void cookieLines_data();
    void cookieLines();
    void cookieDomains_data();
    void cookieDomains();
    void cookiePaths_data();
    void cookiePaths();
    void cookieFields_data();
    void cookieFields();
    void loginOfAHop_data();
    void loginOfAHop();
    void keptLoginOfAHop_data();
    void keptLoginOfAHop();
    void headersOfAHop_data();
    void headersOfAHop();
    void overTheWire();
    void badHeaderOfAHost();

private:
    const QDateTime m_now = QDateTime(QDate(2026, 3, 1), QTime(12, 0), Qt::UTC);
};

void TestIdentity::netrcs_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("outcome"); // machine|login|password; …, * for default
    const auto row = [](const char *name, const char *text, const char *outcome) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(outcome);
    };
    row("one line", "machine a.example login u password p", "a.example|u|p");
    row("one word a line", "machine\na.example\nlogin\nu\npassword\np\n", "a.example|u|p");
    row("tabs and CRLF", "machine\ta.example\r\n\tlogin u\r\n\tpassword p\r\n", "a.example|u|p");
    row("two machines", "machine a login u password p machine b login v password q", "a|u|p; b|v|q");
    row("password first", "machine a password p login u", "a|u|p");
    row("the same machine twice", "machine a login u password p\nmachine a login v password q",
        "a|u|p; a|v|q");
    row("a machine in capitals", "machine A.Example login U password P", "a.example|U|P");
    row("default", "machine a login u password p default login d password q", "a|u|p; *|d|q");
    row("only the first default", "default login d password q default login e password r", "*|d|q");
    row("an account is passed over", "machine a login u account x password p", "a|u|p");
    row("a macro is passed over",
        "machine a login u password p\nmacdef init\ncd /x\nmachine no\n\nmachine b login v", "a|u|p; b|v|");
    row("a macro up to the end", "machine a login u\nmacdef init\nmachine no login x", "a|u|");
    row("a comment", "# machine no login x\nmachine a login u password p\n  \n#machine b", "a|u|p");
    row("a number sign inside a password", "machine a login u password p#q", "a|u|p#q");
    row("a quoted password", "machine a login u password \"p q\"", "a|u|p q");
    row("escapes in it", "machine a login u password \"p\\\"q\\\\r\\ts\"", "a|u|p\"q\\r\ts");
    row("an empty one", "machine a login u password \"\"", "a|u|");
    row("a quote that stays open", "machine a login u password p machine b password \"q login x",
        "a|u|p; b||");
    row("unknown words", "machine a port 21 login u password p", "a|u|p");
    row("a login of nobody", "login u password p machine a", "a||");
    row("ends in the middle", "machine a login", "a||");
    row("machine without a name", "machine", "");
    row("empty", "", "");
}

void TestIdentity::netrcs()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, outcome);
    const transfer::Netrc netrc = transfer::parseNetrc(text);
    QByteArray got;
    const auto add = [&got](const QByteArray &machine, const transfer::NetrcEntry &entry) {
        got += (got.isEmpty() ? "" : "; ") + machine + '|' + entry.login + '|' + entry.password;
    };
    for (const transfer::NetrcEntry &entry : netrc.entries)
        add(entry.machine, entry);
    if (netrc.fallback)
        add("*", *netrc.fallback);
    QCOMPARE(got, outcome);
}

void TestIdentity::netrcEntryOfAHost()
{
    const auto netrc =
        transfer::parseNetrc("machine a.example login u\nmachine a.example login v\ndefault login d");
    QCOMPARE(netrc.entryFor("A.example")->login, QByteArray("u"));
    QVERIFY(!netrc.entryFor("b.example"));
    QVERIFY(!netrc.entryFor("www.a.example"));
    QVERIFY(!netrc.entryFor(""));
}

void TestIdentity::cookieLines_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("outcome");
    const auto row = [](const char *name, const char *line, const char *outcome) {
        QTest::newRow(name) << QByteArray(line) << QByteArray(outcome);
    };
    row("a cookie", "a.example\tFALSE\t/\tFALSE\t1900000000\tid\t1", "a.example host / any 1900000000 id=1");
    row("for hosts below", ".a.example\tTRUE\t/x\tTRUE\t0\tid\t1", "a.example below /x secure none id=1");
    row("of HTTP alone", "#HttpOnly_.a.example\tTRUE\t/\tFALSE\t0\tid\t1", "a.example below / any none id=1");
    row("with CR", "a.example\tFALSE\t/\tFALSE\t0\tid\t1\r", "a.example host / any none id=1");
    row("an empty value", "a.example\tFALSE\t/\tFALSE\t0\tid\t", "a.example host / any none id=");
    row("an empty value whose tab is gone", "a.example\tFALSE\t/\tFALSE\t0\tid",
        "a.example host / any none id=");
    row("an equals sign in the value", "a.example\tFALSE\t/\tFALSE\t0\tid\ta=b",
        "a.example host / any none id=a=b");
    row("seconds with a fraction", "a.example\tFALSE\t/\tFALSE\t1900000000.5\tid\t1",
        "a.example host / any 1900000000 id=1");
    row("a comment", "# Netscape HTTP Cookie File", "");
    row("an empty line", "", "");
    row("spaces for tabs", "a.example FALSE / FALSE 0 id 1", "");
    row("too many fields", "a.example\tFALSE\t/\tFALSE\t0\tid\t1\t2", "");
    row("no domain", "\tFALSE\t/\tFALSE\t0\tid\t1", "");
    row("a dot for a domain", ".\tTRUE\t/\tFALSE\t0\tid\t1", "");
    row("no name", "a.example\tFALSE\t/\tFALSE\t0\t\t1", "");
    row("no path", "a.example\tFALSE\tx\tFALSE\t0\tid\t1", "");
    row("an expiry that is none", "a.example\tFALSE\t/\tFALSE\tnever\tid\t1", "");
    row("a second cookie in the value", "a.example\tFALSE\t/\tFALSE\t0\tid\t1; x=2", "");
    row("a control character", "a.example\tFALSE\t/\tFALSE\t0\tid\t1\x01", "");
}

void TestIdentity::cookieLines()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, outcome);
    QByteArray got;
    for (const Cookie &cookie : transfer::parseCookieFile(line)) {
        got = cookie.domain + (cookie.isForSubdomains ? " below " : " host ") + cookie.path +
              (cookie.isSecure ? " secure " : " any ") +
              (cookie.expires ? QByteArray::number(*cookie.expires) : QByteArray("none")) + ' ' +
              cookie.name + '=' + cookie.value;
    }
    QCOMPARE(got, outcome);
}

void TestIdentity::cookieDomains_data()
{
    QTest::addColumn<QByteArray>("domain");
    QTest::addColumn<bool>("isForSubdomains");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("isMatch");
    const auto row = [](const char *name, const char *domain, bool below, const char *host, bool isMatch) {
        QTest::newRow(name) << QByteArray(domain) << below << QByteArray(host) << isMatch;
    };
    row("the host", "a.example", false, "a.example", true);
    row("a host below", "a.example", true, "www.a.example", true);
    row("far below", "a.example", true, "x.www.a.example", true);
    row("a host below, of the host alone", "a.example", false, "www.a.example", false);
    row("the host above", "www.a.example", true, "a.example", false);
    row("a name that ends so", "a.example", true, "nota.example", false);
    row("a whole top level", "example", true, "a.example", false);
    row("one label, the host", "localhost", true, "localhost", true);
    row("an address", "127.0.0.1", true, "127.0.0.1", true);
    row("the end of an address", "0.0.1", true, "127.0.0.1", false);
}

void TestIdentity::cookieDomains()
{
    QFETCH(QByteArray, domain);
    QFETCH(bool, isForSubdomains);
    QFETCH(QByteArray, host);
    Cookie cookie;
    cookie.domain = domain;
    cookie.isForSubdomains = isForSubdomains;
    QTEST(transfer::isCookieDomain(cookie, host), "isMatch");
}

void TestIdentity::cookiePaths_data()
{
    QTest::addColumn<QByteArray>("cookiePath");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("isMatch");
    const auto row = [](const char *name, const char *cookiePath, const char *path, bool isMatch) {
        QTest::newRow(name) << QByteArray(cookiePath) << QByteArray(path) << isMatch;
    };
    row("the root", "/", "/a/b", true);
    row("the same", "/a", "/a", true);
    row("below", "/a", "/a/b", true);
    row("below, with a slash", "/a/", "/a/b", true);
    row("the folder without its slash", "/a/", "/a", false);
    row("a name that begins so", "/a", "/ab", false);
    row("elsewhere", "/a", "/b/a", false);
}

void TestIdentity::cookiePaths()
{
    QFETCH(QByteArray, cookiePath);
    QFETCH(QByteArray, path);
    QTEST(transfer::isCookiePath(cookiePath, path), "isMatch");
}

void TestIdentity::cookieFields_data()
{
    QTest::addColumn<QUrl>("url");
    QTest::addColumn<QByteArray>("field");
    const auto row = [](const char *name, const char *url, const char *field) {
        QTest::newRow(name) << QUrl(QString::fromLatin1(url)) << QByteArray(field);
    };
    row("longest path first, over https", "https://www.a.example/x/y", "deep=3; all=1; safe=2; below=5");
    row("not the secure one over http", "http://www.a.example/x/y", "deep=3; all=1; below=5");
    row("another path", "https://www.a.example/z", "all=1; safe=2; below=5");
    row("no path", "https://www.a.example", "all=1; safe=2; below=5");
    row("another host below", "https://b.a.example/", "below=5");
    row("another port is the same host", "http://www.a.example:8080/", "all=1; below=5");
    row("capitals", "https://WWW.A.example/", "all=1; safe=2; below=5");
    row("another domain", "https://a.example.org/", "");
}

void TestIdentity::cookieFields()
{
    QFETCH(QUrl, url);
    const auto cookies = transfer::parseCookieFile("www.a.example\tFALSE\t/\tFALSE\t0\tall\t1\n"
                                                   "www.a.example\tFALSE\t/\tTRUE\t1900000000\tsafe\t2\n"
                                                   "www.a.example\tFALSE\t/x\tFALSE\t0\tdeep\t3\n"
                                                   "www.a.example\tFALSE\t/\tFALSE\t1000000000\told\t4\n"
                                                   ".a.example\tTRUE\t/\tFALSE\t0\tbelow\t5\n");
    QCOMPARE(cookies.size(), 5);
    QTEST(transfer::cookieField(cookies, url, m_now), "field");
}

void TestIdentity::loginOfAHop_data()
{
    QTest::addColumn<QString>("named");
    QTest::addColumn<QByteArray>("userInfo");
    QTest::addColumn<QString>("hop");
    QTest::addColumn<QByteArray>("login");
    const auto row = [](const char *name, const char *named, const char *userInfo, const char *hop,
                        const char *login) {
        QTest::newRow(name) << QString::fromLatin1(named) << QByteArray(userInfo) << QString::fromLatin1(hop)
                            << QByteArray(login);
    };
    row("the named host", "http://a.example/f", "", "http://a.example/f", "u:p");
    row("the named host, at another path", "http://a.example/f", "", "http://a.example/g", "u:p");
    row("what the request has comes first", "http://a.example/f", "x:y", "http://a.example/g", "x:y");
    row("sent to a host with an entry, over https", "https://data.example/f", "", "https://a.example/login",
        "u:p");
    row("sent there with a login of the named origin", "https://data.example/f", "x:y",
        "https://a.example/login", "u:p");
    row("sent there over http", "http://data.example/f", "", "http://a.example/login", "");
    row("another port is another origin", "http://a.example/f", "", "http://a.example:8080/f", "");
    row("another port over https", "https://a.example/f", "x:y", "https://a.example:8443/f", "u:p");
    row("the default for the named host", "http://data.example/f", "", "http://data.example/f", "d:q");
    row("the default for nobody else", "https://data.example/f", "", "https://other.example/f", "");
    row("an entry without login", "https://empty.example/f", "", "https://empty.example/f", "");
    row("upgraded to https", "http://a.example/f", "x:y", "https://a.example/f", "u:p");
}

void TestIdentity::loginOfAHop()
{
    QFETCH(QString, named);
    QFETCH(QByteArray, userInfo);
    QFETCH(QString, hop);
    HttpOptions options;
    options.netrc = transfer::parseNetrc("machine a.example login u password p\nmachine empty.example\n"
                                         "default login d password q");
    HttpRequest request = test::requestFor(QUrl(named));
    request.userInfo = userInfo;
    QTEST(transfer::identityFor(request, options, QUrl(hop), m_now).userInfo, "login");
}

void TestIdentity::keptLoginOfAHop_data()
{
    QTest::addColumn<QString>("named");
    QTest::addColumn<QByteArray>("userInfo");
    QTest::addColumn<QString>("hop");
    QTest::addColumn<bool>("isAsked");
    QTest::addColumn<QByteArray>("login");
    const auto row = [](const char *name, const char *named, const char *userInfo, const char *hop,
                        bool isAsked, const char *login) {
        QTest::newRow(name) << QString::fromLatin1(named) << QByteArray(userInfo) << QString::fromLatin1(hop)
                            << isAsked << QByteArray(login);
    };
    row("before the netrc", "https://a.example/f", "", "https://a.example/f", true, "kept:k");
    row("behind the request's", "https://a.example/f", "x:y", "https://a.example/f", false, "x:y");
    row("of the named place over http", "http://a.example/f", "", "http://a.example/f", true, "kept:k");
    row("of another place over https", "https://b.example/f", "x:y", "https://a.example/l", true, "kept:k");
    row("of another place over http", "http://b.example/f", "", "http://a.example/l", false, "");
}

void TestIdentity::keptLoginOfAHop()
{
    QFETCH(QString, named);
    QFETCH(QByteArray, userInfo);
    QFETCH(QString, hop);
    HttpOptions options;
    options.netrc = transfer::parseNetrc("machine a.example login u password p");
    HttpRequest request = test::requestFor(QUrl(named));
    request.userInfo = userInfo;
    QTEST(transfer::mayUseKeptLogin(request, QUrl(hop)), "isAsked");
    const auto identity = transfer::identityFor(request, options, QUrl(hop), m_now, "kept:k");
    QTEST(identity.userInfo, "login");
    if (identity.userInfo == "kept:k")
        QVERIFY(identity.loginOrigin == transfer::LoginOrigin::Kept);
}

void TestIdentity::headersOfAHop_data()
{
    QTest::addColumn<QString>("named");
    QTest::addColumn<QString>("hop");
    QTest::addColumn<QByteArray>("headers");
    const auto row = [](const char *name, const char *named, const char *hop, const char *headers) {
        QTest::newRow(name) << QString::fromLatin1(named) << QString::fromLatin1(hop) << QByteArray(headers);
    };
    row("the named host", "http://a.example/f", "http://a.example/f", "X-Key=host X-Own=1 ");
    row("its own port", "http://a.example:8080/f", "http://a.example:8080/f",
        "X-Key=host X-Key=port X-Own=1 ");
    row("sent there over https", "https://b.example/f", "https://a.example/f", "X-Key=host ");
    row("sent there over http", "http://b.example/f", "http://a.example/f", "");
    row("another host", "https://a.example/f", "https://b.example/f", "");
    row("an IPv6 address", "http://[::1]:8080/f", "http://[::1]:8080/f", "X-Key=six X-Own=1 ");
    row("another port of it", "http://[::1]/f", "http://[::1]/f", "X-Own=1 ");
    row("a host below", "https://www.a.example/f", "https://www.a.example/f", "X-Own=1 ");
}

void TestIdentity::headersOfAHop()
{
    QFETCH(QString, named);
    QFETCH(QString, hop);
    HttpOptions options;
    options.hostHeaders = {{QStringLiteral("A.example"), {{"X-Key", "host"}}},
                           {QStringLiteral("a.example:8080"), {{"X-Key", "port"}}},
                           {QStringLiteral("[::1]:8080"), {{"X-Key", "six"}}}};
    HttpRequest request = test::requestFor(QUrl(named));
    request.headers = {{"X-Own", "1"}};
    QByteArray got;
    for (const auto &header : transfer::identityFor(request, options, QUrl(hop), m_now).headers)
        got += header.name + '=' + header.value + ' ';
    QTEST(got, "headers");
}

// Both servers are the same host for cookies, which know no ports, and two origins for everything else.
void TestIdentity::overTheWire()
{
    FakeHttpServer home;
    FakeHttpServer elsewhere;
    elsewhere.serve(QStringLiteral("/file"), "hello");
    home.redirect(QStringLiteral("/old"), 302, elsewhere.url(QStringLiteral("/file")).toEncoded());
    home.serve(QStringLiteral("/file"), "hello");
    HttpOptions options;
    options.netrc = transfer::parseNetrc("machine 127.0.0.1 login u password p");
    options.cookies = transfer::parseCookieFile("127.0.0.1\tFALSE\t/\tFALSE\t0\tid\t1\n"
                                                "127.0.0.1\tFALSE\t/\tTRUE\t0\tsafe\t2\n");
    options.hostHeaders = {{QStringLiteral("127.0.0.1"), {{"X-Key", "k"}}}};
    HttpClient client(options);
    QCOMPARE(test::fetchNow(&client, test::requestFor(home.url(QStringLiteral("/old")))).summary(),
             QStringLiteral("200 hello"));
    const RecordedRequest first = home.requests().first();
    QCOMPARE(first.header("Authorization"), "Basic " + QByteArray("u:p").toBase64());
    QCOMPARE(first.header("Cookie"), QByteArray("id=1"));
    QCOMPARE(first.header("X-Key"), QByteArray("k"));
    const RecordedRequest second = elsewhere.requests().first();
    QVERIFY(!second.hasHeader("Authorization"));
    QVERIFY(!second.hasHeader("X-Key"));
    QCOMPARE(second.header("Cookie"), QByteArray("id=1"));

    HttpRequest own = test::requestFor(home.url(QStringLiteral("/file")));
    own.headers = {{"cookie", "own=1"}, {"X-Key", "mine"}};
    QCOMPARE(test::fetchNow(&client, own).summary(), QStringLiteral("200 hello"));
    QCOMPARE(home.requests().last().header("Cookie"), QByteArray("own=1"));
    QCOMPARE(home.requests().last().header("X-Key"), QByteArray("mine"));
}

void TestIdentity::badHeaderOfAHost()
{
    HttpOptions options;
    options.hostHeaders = {{QStringLiteral("a.example"), {{"X-Key", "k\r\nX-Evil: 1"}}}};
    HttpClient client(options);
    FakeHttpServer server;
    QCOMPARE(test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file")))).summary(),
             QStringLiteral("get invalid_argument"));
    QCOMPARE(server.requests().size(), 0);
}

QTEST_GUILESS_MAIN(TestIdentity)
#include "tst_identity.moc"
