// SPDX-License-Identifier: MIT
// Certificates are checked, always, and one more authority can be trusted.
#include "support/fake_http_server.h"
#include "support/own_memory.h"
#include "transfer/fetching.h"
#include "transfer/trust.h"

#include <QCryptographicHash>
#include <QEventLoop>
#include <QNetworkReply>
#include <QSslCertificate>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <utility>

using namespace ingather;
using support::FakeHttpServer;
using support::Script;
using transfer::HttpClient;
using transfer::HttpOptions;

class TestTls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void trust_data();
    void trust();
    void systemAuthoritiesStay();
    void badCertificateFile_data();
    void badCertificateFile();
    void bodyOverTls();
    void senderIsHeldBackOverTls();
    void aPauseCostsNoMemory();
    void cutChunksAreNeverClean();
    void downgradeIsRefused();
    void upgradeIsFollowedWithoutSecrets();
    void acceptedCertificate_data();
    void acceptedCertificate();
    void refusedCertificateIsNamed();
    void keptIdentityFollowsToTls();

private:
    static QString data(const char *name)
    {
        return QStringLiteral(INGATHER_TEST_DATA "/tls/") + QString::fromLatin1(name);
    }
    static support::TlsFiles goodFiles() { return {data("server.pem"), data("server.key")}; }
    static HttpOptions trusting(const char *authority)
    {
        HttpOptions options;
        if (*authority)
            options.extraCaCertificateFile = data(authority);
        return options;
    }
};

void TestTls::trust_data()
{
    QTest::addColumn<QByteArray>("authority");
    QTest::addColumn<QByteArray>("server");
    QTest::addColumn<QString>("outcome");
    QTest::newRow("an unknown authority")
        << QByteArray() << QByteArray("server") << QStringLiteral("get tls_failed");
    QTest::newRow("another authority trusted")
        << QByteArray("other-ca.pem") << QByteArray("server") << QStringLiteral("get tls_failed");
    QTest::newRow("its authority trusted")
        << QByteArray("ca.pem") << QByteArray("server") << QStringLiteral("200 hello");
    QTest::newRow("its authority trusted, but it is another host's")
        << QByteArray("ca.pem") << QByteArray("wrong-host") << QStringLiteral("get tls_failed");
}

void TestTls::trust()
{
    QFETCH(QByteArray, authority);
    QFETCH(QByteArray, server);
    QFETCH(QString, outcome);
    FakeHttpServer https(
        support::TlsFiles{data((server + ".pem").constData()), data((server + ".key").constData())});
    https.serve(QStringLiteral("/file"), "hello");
    HttpClient client(trusting(authority.constData()));
    const auto fetched = test::fetchNow(&client, test::requestFor(https.url(QStringLiteral("/file"))));
    QCOMPARE(fetched.summary(), outcome);
    if (fetched.error) {
        QCOMPARE(https.requests().size(), 0);
        QCOMPARE(fetched.error->native, static_cast<int>(QNetworkReply::SslHandshakeFailedError));
        QVERIFY2(fetched.error->detail.contains(QStringLiteral("certificate"), Qt::CaseInsensitive),
                 qPrintable(fetched.error->detail));
    }
}

void TestTls::systemAuthoritiesStay()
{
    const auto configuration = transfer::tlsTrust(data("ca.pem"));
    const QList<QSslCertificate> trusted = configuration.value().caCertificates();
    const QList<QSslCertificate> system = QSslConfiguration::systemCaCertificates();
    QCOMPARE(trusted.size(), system.size() + 1);
    QCOMPARE(trusted.last().subjectInfo(QSslCertificate::CommonName),
             QStringList{QStringLiteral("Ingather test authority")});
}

void TestTls::badCertificateFile_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("missing") << QByteArray();
    QTest::newRow("empty of certificates") << QByteArray("hello");
    QTest::newRow("a broken certificate")
        << QByteArray("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
}

// Plain http fails as well: the program was told to trust what it cannot read.
void TestTls::badCertificateFile()
{
    QFETCH(QByteArray, content);
    const QTemporaryDir dir;
    HttpOptions options;
    options.extraCaCertificateFile = dir.filePath(QStringLiteral("ca.pem"));
    if (!content.isEmpty()) {
        QFile file(options.extraCaCertificateFile);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(content), content.size());
    }
    FakeHttpServer server;
    server.serve(QStringLiteral("/file"), "hello");
    HttpClient client(options);
    for (int i = 0; i < 2; ++i) {
        const auto fetched = test::fetchNow(&client, test::requestFor(server.url(QStringLiteral("/file"))));
        QCOMPARE(fetched.summary(), QStringLiteral("get invalid_argument"));
        QVERIFY(fetched.error->detail.contains(QStringLiteral("ca.pem")));
    }
    QCOMPARE(server.requests().size(), 0);
}

void TestTls::bodyOverTls()
{
    constexpr qint64 size = 20'000'000;
    FakeHttpServer https(goodFiles());
    support::ServedFile file;
    file.patternSize = size;
    https.serve(QStringLiteral("/file"), file);
    https.raw(QStringLiteral("/cut"),
              Script().head(200, {{"Content-Length", "1000000"}}).sendPattern(0, 500'000).reset());
    HttpClient client(trusting("ca.pem"));
    auto fetched = test::fetchNow(&client, test::requestFor(https.url(QStringLiteral("/file"))));
    QVERIFY2(!fetched.error, qPrintable(core::toLogText(fetched.error.value_or(core::Error{}))));
    QVERIFY(fetched.body == FakeHttpServer::pattern(0, size));
    fetched = test::fetchNow(&client, test::requestFor(https.url(QStringLiteral("/file")), 19'000'000));
    QCOMPARE(fetched.head->status, 206);
    QVERIFY(fetched.body == FakeHttpServer::pattern(19'000'000, 1'000'000));
    fetched = test::fetchNow(&client, test::requestFor(https.url(QStringLiteral("/cut"))));
    QCOMPARE(core::errorCodeName(fetched.error->code), QStringLiteral("body_too_short"));
    QVERIFY(fetched.body == FakeHttpServer::pattern(0, fetched.body.size()));
}

void TestTls::senderIsHeldBackOverTls()
{
    constexpr qint64 mebibyte = 1024 * 1024;
    FakeHttpServer https(goodFiles());
    support::ServedFile file;
    file.patternSize = 256 * mebibyte;
    https.serve(QStringLiteral("/file"), file);
    HttpClient client(trusting("ca.pem"));
    auto answer = test::await(client.get(test::requestFor(https.url(QStringLiteral("/file"))), {}));
    QVERIFY(answer);
    const qint64 before = test::writtenAtHalt(&client, &https);
    QVERIFY(before > 0);
    QVERIFY2(before < 32 * mebibyte, qPrintable(QString::number(before)));
    QByteArray buffer;
    qint64 received = 0;
    while (received < 48 * mebibyte) {
        const auto got = test::await((*answer)->read(&buffer, mebibyte));
        QVERIFY(got && got.value() > 0);
        received += got.value();
    }
}

/// 1 GiB with a pause of 2 s in it, which is time enough for a sender that nobody holds back. The server lies
/// in this process: what it keeps is counted along.
void TestTls::aPauseCostsNoMemory()
{
    constexpr qint64 mebibyte = 1024 * 1024;
    FakeHttpServer https(goodFiles());
    support::ServedFile file;
    file.patternSize = 1024 * mebibyte;
    https.serve(QStringLiteral("/file"), file);
    HttpClient client(trusting("ca.pem"));
    test::fetchNow(&client, test::requestFor(https.url(QStringLiteral("/nothing"))));

    const qint64 before = support::residentBytes();
    QVERIFY(before > 0);
    QVERIFY(support::forgetResidentPeak());
    auto answer = test::await(client.get(test::requestFor(https.url(QStringLiteral("/file"))), {}));
    QVERIFY(answer);
    QByteArray buffer;
    qint64 received = 0;
    bool hasPaused = false;
    while (received < *file.patternSize) {
        const auto got = test::await((*answer)->read(&buffer, mebibyte));
        QVERIFY(got && got.value() > 0);
        received += got.value();
        if (received > 100 * mebibyte && !std::exchange(hasPaused, true)) {
            QEventLoop loop;
            QTimer::singleShot(std::chrono::seconds(2), &loop, &QEventLoop::quit);
            loop.exec();
        }
    }
    const qint64 peak = support::residentPeakBytes();
    QVERIFY2(
        peak - before <= 64 * mebibyte,
        qPrintable(QStringLiteral("%1 MiB over %2").arg((peak - before) / mebibyte).arg(before / mebibyte)));
    qInfo("%lld MiB over %lld", (peak - before) / mebibyte, before / mebibyte);
}

void TestTls::cutChunksAreNeverClean()
{
    FakeHttpServer https(goodFiles());
    const Script cut = Script().head(200, {{"Transfer-Encoding", "chunked"}}).send("5\r\nhello\r\n");
    https.raw(QStringLiteral("/closed"), Script(cut).close());
    https.raw(QStringLiteral("/reset"), Script(cut).reset());
    HttpClient client(trusting("ca.pem"));
    for (int i = 0; i < 20; ++i) {
        for (const char *path : {"/closed", "/reset"}) {
            const auto fetched =
                test::fetchNow(&client, test::requestFor(https.url(QString::fromLatin1(path))));
            QVERIFY2(fetched.error, qPrintable(fetched.summary()));
            QCOMPARE(core::errorCodeName(fetched.error->code), QStringLiteral("connection_lost"));
        }
    }
}

void TestTls::downgradeIsRefused()
{
    FakeHttpServer https(goodFiles());
    FakeHttpServer http;
    http.serve(QStringLiteral("/file"), "hello");
    https.redirect(QStringLiteral("/file"), 302, http.url(QStringLiteral("/file")).toEncoded());
    HttpClient client(trusting("ca.pem"));
    const auto fetched = test::fetchNow(&client, test::requestFor(https.url(QStringLiteral("/file"))));
    QCOMPARE(fetched.summary(), QStringLiteral("get redirect_downgrade"));
    QCOMPARE(http.requests().size(), 0);
}

void TestTls::upgradeIsFollowedWithoutSecrets()
{
    FakeHttpServer https(goodFiles());
    FakeHttpServer http;
    https.serve(QStringLiteral("/file"), "hello");
    http.redirect(QStringLiteral("/file"), 301, https.url(QStringLiteral("/file")).toEncoded());
    HttpClient client(trusting("ca.pem"));
    transfer::HttpRequest request = test::requestFor(http.url(QStringLiteral("/file")));
    request.userInfo = "user:password";
    QCOMPARE(test::fetchNow(&client, request).summary(), QStringLiteral("200 hello"));
    QVERIFY(!https.requests().first().hasHeader("Authorization"));
}

void TestTls::acceptedCertificate_data()
{
    QTest::addColumn<QByteArray>("shown");    // the certificate of the server
    QTest::addColumn<QByteArray>("accepted"); // the one that was accepted
    QTest::addColumn<int>("portsAside");      // where it was accepted
    QTest::addColumn<QString>("outcome");
    const auto row = [](const char *name, const char *shown, const char *accepted, int portsAside,
                        const char *outcome) {
        QTest::newRow(name) << QByteArray(shown) << QByteArray(accepted) << portsAside
                            << QString::fromLatin1(outcome);
    };
    row("of an unknown authority", "server", "server", 0, "200 hello");
    row("of another host", "wrong-host", "wrong-host", 0, "200 hello");
    row("another certificate than accepted", "server", "wrong-host", 0, "get tls_failed");
    row("accepted at another port", "server", "server", 1, "get tls_failed");
    row("its authority instead of itself", "server", "ca", 0, "get tls_failed");
}

void TestTls::acceptedCertificate()
{
    QFETCH(QByteArray, shown);
    QFETCH(QByteArray, accepted);
    QFETCH(int, portsAside);
    QFETCH(QString, outcome);
    FakeHttpServer https(
        support::TlsFiles{data((shown + ".pem").constData()), data((shown + ".key").constData())});
    https.serve(QStringLiteral("/file"), "hello");
    const QSslCertificate leaf = QSslCertificate::fromPath(data((accepted + ".pem").constData())).first();
    HttpOptions options;
    options.acceptedCertificates.insert(QStringLiteral("127.0.0.1:%1").arg(https.port() + portsAside),
                                        leaf.digest(QCryptographicHash::Sha256));
    HttpClient client(options);
    for (int i = 0; i < 2; ++i)
        QCOMPARE(test::fetchNow(&client, test::requestFor(https.url(QStringLiteral("/file")))).summary(),
                 outcome);
    // A server that is trusted anyhow is not asked for its fingerprint.
    HttpOptions both = trusting("ca.pem");
    both.acceptedCertificates = {{QStringLiteral("127.0.0.1:%1").arg(https.port()), QByteArray(32, 'x')}};
    HttpClient trustful(both);
    const auto fetched = test::fetchNow(&trustful, test::requestFor(https.url(QStringLiteral("/file"))));
    QCOMPARE(fetched.summary(),
             shown == "server" ? QStringLiteral("200 hello") : QStringLiteral("get tls_failed"));
}

// Without it nobody could accept what was refused.
void TestTls::refusedCertificateIsNamed()
{
    FakeHttpServer https(goodFiles());
    HttpClient client({});
    const auto fetched = test::fetchNow(&client, test::requestFor(https.url(QStringLiteral("/file"))));
    const QSslCertificate leaf = QSslCertificate::fromPath(data("server.pem")).first();
    const QString fingerprint = QString::fromLatin1(leaf.digest(QCryptographicHash::Sha256).toHex());
    QVERIFY2(fetched.error->detail.contains(fingerprint), qPrintable(fetched.error->detail));
}

// A login service that data servers send to: its login is in the netrc, not with the request.
void TestTls::keptIdentityFollowsToTls()
{
    FakeHttpServer https(goodFiles());
    FakeHttpServer http;
    https.serve(QStringLiteral("/login"), "hello");
    http.redirect(QStringLiteral("/file"), 302, https.url(QStringLiteral("/login")).toEncoded());
    HttpOptions options = trusting("ca.pem");
    options.netrc = transfer::parseNetrc("machine 127.0.0.1 login u password p");
    options.cookies = transfer::parseCookieFile("127.0.0.1\tFALSE\t/\tTRUE\t0\tsafe\t2\n");
    options.hostHeaders = {{QStringLiteral("127.0.0.1:%1").arg(https.port()), {{"X-Key", "k"}}}};
    HttpClient client(options);
    QCOMPARE(test::fetchNow(&client, test::requestFor(http.url(QStringLiteral("/file")))).summary(),
             QStringLiteral("200 hello"));
    QVERIFY(!http.requests().first().hasHeader("Cookie"));
    QVERIFY(!http.requests().first().hasHeader("X-Key"));
    const support::RecordedRequest secure = https.requests().first();
    QCOMPARE(secure.header("Authorization"), "Basic " + QByteArray("u:p").toBase64());
    QCOMPARE(secure.header("Cookie"), QByteArray("safe=2"));
    QCOMPARE(secure.header("X-Key"), QByteArray("k"));
}

QTEST_GUILESS_MAIN(TestTls)
#include "tst_tls.moc"
