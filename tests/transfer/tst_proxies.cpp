// SPDX-License-Identifier: MIT
// Which way requests leave: how proxies are named, what goes through them, and how they fail.
#include "support/fake_http_server.h"
#include "support/fake_proxy.h"
#include "transfer/fetching.h"
#include "transfer/proxy_settings.h"

#include <QTcpServer>
#include <QTest>

using namespace ingather;
using namespace std::chrono_literals;
using support::FakeHttpServer;
using support::FakeProxy;
using support::ProxyRules;
using support::Script;
using transfer::HttpClient;
using transfer::HttpOptions;
using transfer::ProxyServer;
using transfer::ProxySettings;

class TestProxies : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addresses_data();
    void addresses();
    void exceptions_data();
    void exceptions();
    void requestsGoThrough_data();
    void requestsGoThrough();
    void namesAreLeftToTheProxy_data();
    void namesAreLeftToTheProxy();
    void exceptionsGoDirectly();
    void noneMeansNone();
    void systemProxyIsUsed();
    void failures_data();
    void failures();
    void closedProxy_data();
    void closedProxy();
    void silentProxy();
    void explicitWithoutServer();
    void longBodyThroughAProxy_data();
    void longBodyThroughAProxy();
    void cutChunksAreNeverClean_data();
    void cutChunksAreNeverClean();
    void secretsAreForTheProxyAlone();

private:
    static QString data(const char *name)
    {
        return QStringLiteral(INGATHER_TEST_DATA "/tls/") + QString::fromLatin1(name);
    }
    static std::optional<support::TlsFiles> files(bool isTls)
    {
        if (!isTls)
            return std::nullopt;
        return support::TlsFiles{data("server.pem"), data("server.key")};
    }
};

namespace
{

HttpOptions through(const QString &proxyUrl)
{
    HttpOptions options;
    options.proxy.mode = ProxySettings::Mode::Explicit;
    options.proxy.server = transfer::parseProxyUrl(proxyUrl).value();
    options.extraCaCertificateFile = QStringLiteral(INGATHER_TEST_DATA "/tls/ca.pem");
    options.headerTimeout = 5s;
    return options;
}

QString withLogin(QString url, const QString &userInfo)
{
    return url.replace(QStringLiteral("://"), QStringLiteral("://") + userInfo + u'@');
}

void addKinds()
{
    QTest::addColumn<QString>("scheme");
    QTest::addColumn<bool>("isTls");
    QTest::newRow("http through HTTP") << QStringLiteral("http") << false;
    QTest::newRow("https through HTTP") << QStringLiteral("http") << true;
    QTest::newRow("http through SOCKS") << QStringLiteral("socks5") << false;
    QTest::newRow("https through SOCKS") << QStringLiteral("socks5") << true;
}

} // namespace

void TestProxies::addresses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("outcome");
    const auto row = [](const char *name, const char *text, const char *outcome) {
        QTest::newRow(name) << QString::fromLatin1(text) << QString::fromLatin1(outcome);
    };
    row("http", "http://proxy.example:3128", "http proxy.example 3128  ");
    row("with a slash behind", " http://proxy.example:3128/ ", "http proxy.example 3128  ");
    row("without a scheme", "proxy.example:3128", "http proxy.example 3128  ");
    row("socks5", "socks5://127.0.0.1:1080", "socks5 127.0.0.1 1080  ");
    row("socks5h", "SOCKS5H://[::1]:1080", "socks5 ::1 1080  ");
    row("with a login", "http://us%40er:p%3Aw%20d@proxy.example:3128", "http proxy.example 3128 us@er p:w d");
    row("a login without a scheme", "user:pw@proxy.example:3128", "http proxy.example 3128 user pw");
    row("no port", "http://proxy.example", "invalid_argument");
    row("port 0", "http://proxy.example:0", "invalid_argument");
    row("port 65536", "http://proxy.example:65536", "invalid_argument");
    row("no host", "http://:3128", "invalid_argument");
    row("https to the proxy", "https://proxy.example:3128", "invalid_argument");
    row("socks4", "socks4://proxy.example:1080", "invalid_argument");
    row("a path", "http://proxy.example:3128/proxy.pac", "invalid_argument");
    row("a query", "http://proxy.example:3128?x", "invalid_argument");
    row("a space inside", "http://proxy .example:3128", "invalid_argument");
    row("empty", "", "invalid_argument");
}

void TestProxies::addresses()
{
    QFETCH(QString, text);
    QFETCH(QString, outcome);
    const auto server = transfer::parseProxyUrl(text);
    if (!server) {
        QCOMPARE(core::errorCodeName(server.error().code), outcome);
        QVERIFY(text.isEmpty() || !server.error().detail.contains(text));
        return;
    }
    const QString kind =
        server->kind == ProxyServer::Kind::Http ? QStringLiteral("http") : QStringLiteral("socks5");
    QCOMPARE(QStringLiteral("%1 %2 %3 %4 %5")
                 .arg(kind, server->host)
                 .arg(server->port)
                 .arg(server->user, server->password),
             outcome);
}

void TestProxies::exceptions_data()
{
    QTest::addColumn<QString>("list");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<bool>("isException");
    const auto row = [](const char *name, const char *list, const char *host, int port, bool isException) {
        QTest::newRow(name) << QString::fromLatin1(list) << QString::fromLatin1(host) << port << isException;
    };
    row("nothing", "", "example.org", 80, false);
    row("everything", "*", "example.org", 80, true);
    row("the host", "localhost, example.org", "example.org", 80, true);
    row("in capitals", "EXAMPLE.org", "Example.ORG", 80, true);
    row("with a dot at its end", "example.org", "example.org.", 80, true);
    row("a host below", "example.org", "www.example.org", 80, true);
    row("a host below, with a dot", ".example.org", "www.example.org", 80, true);
    row("itself, with a dot", ".example.org", "example.org", 80, true);
    row("another host that ends so", "example.org", "notexample.org", 80, false);
    row("a host above", "www.example.org", "example.org", 80, false);
    row("its port", "example.org:8080", "example.org", 8080, true);
    row("another port", "example.org:8080", "example.org", 80, false);
    row("a port that is none", "example.org:x", "example.org", 80, false);
    row("an address", "127.0.0.1", "127.0.0.1", 80, true);
    row("an address is no domain", "0.0.1", "127.0.0.1", 80, false);
    row("a network", "10.0.0.0/8", "10.1.2.3", 80, true);
    row("another network", "10.0.0.0/8", "11.1.2.3", 80, false);
    row("a network of names", "10.0.0.0/8", "example.org", 80, false);
    row("a network that is none", "example/8", "10.1.2.3", 80, false);
    row("IPv6", "::1", "::1", 80, true);
    row("IPv6 in brackets, with a port", "[::1]:8080", "::1", 8080, true);
    row("IPv6 with another port", "[::1]:8080", "::1", 80, false);
    row("a network of IPv6", "fd00::/8", "fd12::1", 80, true);
    row("separated by blanks", "a.example b.example", "b.example", 80, true);
    row("only separators", " , ,", "example.org", 80, false);
    row("a lonely dot", ".", "example.org", 80, false);
}

void TestProxies::exceptions()
{
    QFETCH(QString, list);
    QFETCH(QString, host);
    QFETCH(int, port);
    QFETCH(bool, isException);
    QCOMPARE(transfer::isProxyException(transfer::parseProxyExceptions(list), host, port), isException);
}

void TestProxies::requestsGoThrough_data()
{
    addKinds();
}

void TestProxies::requestsGoThrough()
{
    QFETCH(QString, scheme);
    QFETCH(bool, isTls);
    FakeHttpServer server(files(isTls));
    server.serve(QStringLiteral("/file"), "hello");
    server.redirect(QStringLiteral("/old"), 302, "/file");
    const QByteArray host = "127.0.0.1:" + QByteArray::number(server.port());
    for (const char *userInfo : {"", "us er:p@ss"}) {
        FakeProxy proxy(ProxyRules{.userInfo = userInfo});
        QString url = proxy.url(scheme);
        if (*userInfo)
            url = withLogin(url, QStringLiteral("us%20er:p%40ss"));
        HttpClient client(through(url));
        for (const char *path : {"/file", "/old"}) {
            const auto fetched =
                test::fetchNow(&client, test::requestFor(server.url(QString::fromLatin1(path))));
            QVERIFY2(!fetched.error, qPrintable(core::toLogText(fetched.error.value_or(core::Error{}))));
            QCOMPARE(fetched.summary(), QStringLiteral("200 hello"));
        }
        QVERIFY(!proxy.asked().isEmpty());
        const QByteArray first = proxy.asked().first();
        if (scheme == QLatin1StringView("socks5"))
            QCOMPARE(first, "SOCKS " + host);
        else if (isTls)
            QCOMPARE(first, "CONNECT " + host);
        else
            QCOMPARE(first, "GET http://" + host + "/file");
    }
}

void TestProxies::namesAreLeftToTheProxy_data()
{
    QTest::addColumn<QString>("scheme");
    QTest::newRow("HTTP") << QStringLiteral("http");
    QTest::newRow("SOCKS") << QStringLiteral("socks5");
}

// A name that only the proxy's network knows.
void TestProxies::namesAreLeftToTheProxy()
{
    QFETCH(QString, scheme);
    FakeHttpServer server;
    server.serve(QStringLiteral("/file"), "hello");
    FakeProxy proxy(ProxyRules{.target = server.port()});
    HttpClient client(through(proxy.url(scheme)));
    const auto fetched =
        test::fetchNow(&client, test::requestFor(QUrl(QStringLiteral("http://files.invalid/file"))));
    QCOMPARE(fetched.summary(), QStringLiteral("200 hello"));
    QVERIFY2(proxy.asked().first().contains("files.invalid"), proxy.asked().first().constData());
}

void TestProxies::exceptionsGoDirectly()
{
    FakeHttpServer server;
    server.serve(QStringLiteral("/file"), "hello");
    FakeProxy proxy;
    HttpOptions options = through(proxy.url(QStringLiteral("http")));
    options.proxy.exceptions = {QStringLiteral("127.0.0.0/8")};
    HttpClient client(options);
    QCOMPARE(test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file")))).summary(),
             QStringLiteral("200 hello"));
    QVERIFY(proxy.asked().isEmpty());
}

// The names of these variables are the system's word on Linux without a desktop. Loopback would be direct
// anyhow, so a name that does not exist tells the two apart.
void TestProxies::noneMeansNone()
{
    FakeHttpServer server;
    FakeProxy proxy(ProxyRules{.target = server.port()});
    qputenv("http_proxy", proxy.url(QStringLiteral("http")).toLatin1());
    qputenv("all_proxy", proxy.url(QStringLiteral("http")).toLatin1());
    HttpOptions options;
    options.proxy.mode = ProxySettings::Mode::None;
    HttpClient client(options);
    const auto fetched =
        test::fetchNow(&client, test::requestFor(QUrl(QStringLiteral("http://files.invalid/file"))));
    qunsetenv("http_proxy");
    qunsetenv("all_proxy");
    QCOMPARE(fetched.summary(), QStringLiteral("get host_not_found"));
    QVERIFY(proxy.asked().isEmpty());
}

void TestProxies::systemProxyIsUsed()
{
    FakeHttpServer server;
    server.serve(QStringLiteral("/file"), "hello");
    FakeProxy proxy(ProxyRules{.target = server.port()});
    qputenv("http_proxy", proxy.url(QStringLiteral("http")).toLatin1());
    HttpClient client({});
    const auto named =
        test::fetchNow(&client, test::requestFor(QUrl(QStringLiteral("http://files.invalid/file"))));
    const auto own = test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file"))));
    qunsetenv("http_proxy");
    QCOMPARE(named.summary(), QStringLiteral("200 hello"));
    QCOMPARE(own.summary(), QStringLiteral("200 hello"));
    QCOMPARE(proxy.asked(), QList<QByteArray>{"GET http://files.invalid/file"});
}

void TestProxies::failures_data()
{
    QTest::addColumn<QString>("scheme");
    QTest::addColumn<bool>("isTls");
    QTest::addColumn<QByteArray>("demanded");
    QTest::addColumn<int>("refusal");
    QTest::addColumn<QString>("outcome");
    const auto row = [](const char *name, const char *scheme, bool isTls, const char *demanded, int refusal,
                        const char *outcome) {
        QTest::newRow(name) << QString::fromLatin1(scheme) << isTls << QByteArray(demanded) << refusal
                            << QString::fromLatin1(outcome);
    };
    row("HTTP wants another login", "http", false, "a:b", 0, "get proxy_failed");
    row("CONNECT wants another login", "http", true, "a:b", 0, "get proxy_failed");
    row("SOCKS wants another login", "socks5", false, "a:b", 0, "get proxy_failed");
    row("CONNECT is forbidden", "http", true, "", 403, "get proxy_failed");
    row("CONNECT is not known", "http", true, "", 405, "get proxy_failed");
    row("CONNECT finds no server", "http", true, "", 502, "get proxy_failed");
    row("CONNECT has no time", "http", true, "", 504, "get proxy_failed");
    row("SOCKS fails", "socks5", false, "", 1, "get proxy_failed");
    row("SOCKS forbids", "socks5", false, "", 2, "get proxy_failed");
    row("SOCKS finds no network", "socks5", false, "", 3, "get proxy_failed");
    row("SOCKS finds no host", "socks5", false, "", 4, "get host_not_found");
    row("SOCKS is refused", "socks5", false, "", 5, "get connection_refused");
    // To a plain request a proxy answers as if it were the server.
    row("HTTP forbids", "http", false, "", 403, "get http_forbidden");
    row("HTTP finds no server", "http", false, "", 502, "get http_server_error");
}

void TestProxies::failures()
{
    QFETCH(QString, scheme);
    QFETCH(bool, isTls);
    QFETCH(QByteArray, demanded);
    QFETCH(int, refusal);
    QFETCH(QString, outcome);
    FakeHttpServer server(files(isTls));
    server.serve(QStringLiteral("/file"), "hello");
    FakeProxy proxy(
        ProxyRules{.userInfo = demanded, .refusal = refusal ? std::optional(refusal) : std::nullopt});
    for (const bool hasLogin : {false, true}) {
        if (hasLogin && demanded.isEmpty())
            break;
        QString url = proxy.url(scheme);
        if (hasLogin)
            url = withLogin(url, QStringLiteral("user:s3cret"));
        HttpClient client(through(url));
        const auto fetched = test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file"))));
        QVERIFY(fetched.error);
        QVERIFY2(fetched.summary() == outcome, qPrintable(core::toLogText(*fetched.error)));
        QVERIFY(!fetched.error->detail.isEmpty());
        QVERIFY(!core::toLogText(*fetched.error).contains(QStringLiteral("s3cret")));
    }
    QCOMPARE(server.requests().size(), 0);
}

void TestProxies::closedProxy_data()
{
    addKinds();
}

void TestProxies::closedProxy()
{
    QFETCH(QString, scheme);
    QFETCH(bool, isTls);
    FakeHttpServer server(files(isTls));
    QTcpServer closed;
    QVERIFY(closed.listen(QHostAddress::LocalHost, 0));
    const QString url = QStringLiteral("%1://127.0.0.1:%2").arg(scheme).arg(closed.serverPort());
    closed.close();
    HttpClient client(through(url));
    const auto fetched = test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file"))));
    QVERIFY2(fetched.summary() == QStringLiteral("get proxy_failed"),
             qPrintable(core::toLogText(*fetched.error)));
}

void TestProxies::silentProxy()
{
    FakeHttpServer server;
    for (const char *scheme : {"http", "socks5"}) {
        FakeProxy proxy(ProxyRules{.isSilent = true});
        HttpOptions options = through(proxy.url(QString::fromLatin1(scheme)));
        options.headerTimeout = 150ms;
        HttpClient client(options);
        QCOMPARE(test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file")))).summary(),
                 QStringLiteral("get header_timeout"));
    }
}

// A wish for a proxy that names none must not end in a direct connection.
void TestProxies::explicitWithoutServer()
{
    FakeHttpServer server;
    server.serve(QStringLiteral("/file"), "hello");
    HttpOptions options;
    options.proxy.mode = ProxySettings::Mode::Explicit;
    HttpClient client(options);
    QCOMPARE(test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file")))).summary(),
             QStringLiteral("get invalid_argument"));
    QCOMPARE(server.requests().size(), 0);
}

void TestProxies::longBodyThroughAProxy_data()
{
    addKinds();
}

void TestProxies::longBodyThroughAProxy()
{
    QFETCH(QString, scheme);
    QFETCH(bool, isTls);
    constexpr qint64 size = 40'000'000;
    FakeHttpServer server(files(isTls));
    support::ServedFile file;
    file.patternSize = size;
    server.serve(QStringLiteral("/file"), file);
    server.raw(QStringLiteral("/cut"),
               Script().head(200, {{"Content-Length", "1000"}}).send("hello").close());
    FakeProxy proxy;
    HttpClient client(through(proxy.url(scheme)));
    auto fetched = test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file"))));
    QVERIFY2(!fetched.error, qPrintable(fetched.summary()));
    QVERIFY(fetched.body == FakeHttpServer::pattern(0, size));
    fetched = test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/cut"))));
    QCOMPARE(fetched.summary(), QStringLiteral("200 5 bytes, then body_too_short"));
}

void TestProxies::cutChunksAreNeverClean_data()
{
    addKinds();
}

void TestProxies::cutChunksAreNeverClean()
{
    QFETCH(QString, scheme);
    QFETCH(bool, isTls);
    FakeHttpServer server(files(isTls));
    server.raw(QStringLiteral("/file"),
               Script().head(200, {{"Transfer-Encoding", "chunked"}}).send("5\r\nhello\r\n").close());
    FakeProxy proxy;
    HttpClient client(through(proxy.url(scheme)));
    for (int i = 0; i < 10; ++i) {
        const auto fetched = test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file"))));
        QVERIFY2(fetched.error, qPrintable(fetched.summary()));
        // Qt's tunnels may lose what had arrived when the connection ends: fewer bytes, never a clean end.
        QCOMPARE(fetched.error->code, core::ErrorCode::ConnectionLost);
    }
}

void TestProxies::secretsAreForTheProxyAlone()
{
    FakeHttpServer server;
    server.serve(QStringLiteral("/file"), "hello");
    FakeProxy proxy(ProxyRules{.userInfo = "user:s3cret"});
    HttpClient client(through(withLogin(proxy.url(QStringLiteral("socks5")), QStringLiteral("user:s3cret"))));
    QCOMPARE(test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file")))).summary(),
             QStringLiteral("200 hello"));
    for (const auto &request : server.requests()) {
        QVERIFY(!request.hasHeader("Proxy-Authorization"));
        QVERIFY(!request.hasHeader("Authorization"));
    }
}

QTEST_GUILESS_MAIN(TestProxies)
#include "tst_proxies.moc"
