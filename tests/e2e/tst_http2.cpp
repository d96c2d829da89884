// SPDX-License-Identifier: MIT
// HTTP/2 needs a real server, and it is not what the program does by itself: transfer/ against Debian's
// servers.
#include "e2e/content.h"
#include "e2e/web_server.h"
#include "transfer/fetching.h"
#include "transfer/outgoing_request.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <map>

using namespace ingather;
using namespace ingather::e2e;
using namespace Qt::StringLiterals;
using transfer::ByteRange;
using transfer::HttpClient;
using transfer::HttpOptions;
using transfer::HttpRequest;

Q_DECLARE_METATYPE(ServerKind)

class TestHttp2 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void smallRangesAndHeads_data() { addServers(); }
    void smallRangesAndHeads();
    void aServerThatGivesTheWhole_data() { addServers(); }
    void aServerThatGivesTheWhole();
    void whatGoesOverIt();
    void notWithoutTheSetting();

private:
    static void addServers()
    {
        QTest::addColumn<ServerKind>("kind");
        QTest::newRow("nginx") << nginxKind();
        QTest::newRow("caddy") << caddyKind();
    }
    /// nullptr: its package is missing, or it has failed.
    WebServer *server(const ServerKind &kind);
    QByteArray bytes(qint64 first, qint64 count) const
    {
        QFile file(m_documents.filePath(u"big.bin"_s));
        return file.open(QIODevice::ReadOnly) && file.seek(first) ? file.read(count) : QByteArray();
    }
    static HttpOptions options(bool allowsHttp2)
    {
        HttpOptions options;
        options.extraCaCertificateFile = QStringLiteral(INGATHER_TEST_DATA "/tls/ca.pem");
        options.allowsHttp2 = allowsHttp2;
        options.proxy.mode = transfer::ProxySettings::Mode::None;
        return options;
    }
    static HttpRequest request(const WebServer &web, const QString &path)
    {
        return test::requestFor(QUrl(u"https://127.0.0.1:%1%2"_s.arg(web.tlsPort()).arg(path)));
    }

    static constexpr qint64 mebibyte = 1024 * 1024;
    QTemporaryDir m_documents;
    std::map<QByteArray, std::unique_ptr<WebServer>> m_servers;
};

void TestHttp2::initTestCase()
{
    QVERIFY(writeContent(m_documents.filePath(u"big.bin"_s), 30 * mebibyte, 1));
}

WebServer *TestHttp2::server(const ServerKind &kind)
{
    std::unique_ptr<WebServer> &known = m_servers[kind.name];
    if (!known) {
        auto started = std::make_unique<WebServer>(kind);
        if (!started->missingPackage().isEmpty())
            return nullptr;
        const QString tls = QStringLiteral(INGATHER_TEST_DATA "/tls/");
        if (!started->start(m_documents.path(), tls + u"server.pem"_s, tls + u"server.key"_s)) {
            QTest::qFail(started->errorText().toUtf8().constData(), __FILE__, __LINE__);
            return nullptr;
        }
        known = std::move(started);
    }
    return known.get();
}

void TestHttp2::smallRangesAndHeads()
{
    QFETCH(ServerKind, kind);
    WebServer *const web = server(kind);
    if (!web)
        QSKIP("not installed");
    HttpClient client(options(true));
    const auto head = test::await(client.head(request(*web, u"/old"_s), {}));
    QVERIFY(head);
    QCOMPARE(head->status, 200);
    QCOMPARE(head->validators.size, std::optional<qint64>(30 * mebibyte));
    for (const qint64 first : {qint64(0), 7 * mebibyte, 26 * mebibyte}) {
        HttpRequest small = request(*web, u"/big.bin"_s);
        small.range = ByteRange{first, first + 4 * mebibyte - 1};
        const test::Fetched fetched = test::fetchNow(&client, small);
        QVERIFY2(!fetched.error, qPrintable(fetched.summary().left(200)));
        QVERIFY(fetched.body == bytes(first, 4 * mebibyte));
    }
    const test::Fetched whole = test::fetchNow(&client, request(*web, u"/big.bin"_s));
    QVERIFY(!whole.error);
    QVERIFY(whole.body == bytes(0, 30 * mebibyte));
    if (QByteArrayView(kind.name) == "nginx") {
        const QByteArray log = web->accessLog();
        QVERIFY2(log.count("HTTP/2.0 206") == 3 && log.count("HTTP/2.0 301") == 1 &&
                     log.count("HTTP/2.0 200") == 1 && log.count("HTTP/1.1 200") == 1,
                 log.constData());
    }
}

/// It would fill the memory: the answer is given up and asked for anew over HTTP/1.1.
void TestHttp2::aServerThatGivesTheWhole()
{
    QFETCH(ServerKind, kind);
    WebServer *const web = server(kind);
    if (!web)
        QSKIP("not installed");
    HttpClient client(options(true));
    HttpRequest small = request(*web, u"/big.bin"_s);
    small.range = ByteRange{0, 999};
    small.ifRange = "\"another\""; // does not hold: the whole
    const QByteArray before = web->accessLog();
    const test::Fetched fetched = test::fetchNow(&client, small);
    QVERIFY2(!fetched.error, qPrintable(fetched.summary().left(200)));
    QCOMPARE(fetched.head->status, 200);
    QVERIFY(fetched.body == bytes(0, 30 * mebibyte));
    if (QByteArrayView(kind.name) == "nginx") {
        QTRY_VERIFY(web->accessLog().count("HTTP/2.0 200") == before.count("HTTP/2.0 200") + 1);
        QCOMPARE(web->accessLog().count("HTTP/1.1 200"), before.count("HTTP/1.1 200") + 1);
    }
}

void TestHttp2::whatGoesOverIt()
{
    const QUrl url(u"https://a.example/x"_s);
    HttpRequest request = test::requestFor(url);
    QVERIFY(transfer::mayUseHttp2(request, transfer::HttpMethod::Head, url));
    QVERIFY(!transfer::mayUseHttp2(request, transfer::HttpMethod::Head, QUrl(u"http://a.example/x"_s)));
    QVERIFY(!transfer::mayUseHttp2(request, transfer::HttpMethod::Get, url));
    request.range = ByteRange{5};
    QVERIFY(!transfer::mayUseHttp2(request, transfer::HttpMethod::Get, url));
    request.range = ByteRange{5, 5 + 4 * mebibyte - 1};
    QVERIFY(transfer::mayUseHttp2(request, transfer::HttpMethod::Get, url));
    request.range = ByteRange{5, 5 + 4 * mebibyte};
    QVERIFY(!transfer::mayUseHttp2(request, transfer::HttpMethod::Get, url));
}

void TestHttp2::notWithoutTheSetting()
{
    WebServer *const web = server(nginxKind());
    if (!web)
        QSKIP("not installed");
    const QByteArray before = web->accessLog();
    HttpClient client(options(false));
    HttpRequest small = request(*web, u"/big.bin"_s);
    small.range = ByteRange{0, 999};
    QVERIFY(!test::fetchNow(&client, small).error);
    QVERIFY(test::await(client.head(request(*web, u"/big.bin"_s), {})));
    QCOMPARE(web->accessLog().count("HTTP/2"), before.count("HTTP/2"));
    QVERIFY(web->accessLog().size() > before.size());
}

QTEST_GUILESS_MAIN(TestHttp2)
#include "tst_http2.moc"
