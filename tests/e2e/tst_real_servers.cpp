// SPDX-License-Identifier: MIT
#include "e2e/cli.h"
#include "e2e/content.h"
#include "e2e/counting_relay.h"
#include "e2e/web_server.h"

#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <csignal>
#include <map>

using namespace ingather::e2e;
using namespace Qt::StringLiterals;

/// Debian's own servers and proxies, as people meet them. One that is not installed makes its rows skip.
class TestRealServers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void downloads_data() { addServers(); }
    void downloads();
    void proxies_data();
    void proxies();
    void kills_data() { addServers(); }
    void kills();

private:
    static void addServers();
    /// Started at its first use; nullptr if its package is missing, which is then in m_missing.
    WebServer *server(const ServerKind &kind);
    QString folder() const { return m_home->filePath(u"files"_s); }
    void verifyFile(const QString &name, const QString &source);
    CommandResult get(const QStringList &arguments);
    bool killedBeforeItsEnd(const QStringList &arguments, int milliseconds);

    static constexpr qint64 bigSize = 30 * 1024 * 1024;
    static constexpr int smallFiles = 50;
    QTemporaryDir m_documents;
    std::map<QByteArray, std::unique_ptr<WebServer>> m_servers;
    QString m_missing;
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<Cli> m_cli;
};

Q_DECLARE_METATYPE(ServerKind)

namespace
{

const QString oddName = u"Übung 1, 作品 a+b.bin"_s;

QString data(const char *name)
{
    return QStringLiteral(INGATHER_TEST_DATA "/tls/") + QString::fromLatin1(name);
}

/// Waits with this thread's event loop, which a relay needs, and without the naps of qWaitFor().
bool hasEndedWithin(QProcess &process, int milliseconds)
{
    QEventLoop loop;
    QObject::connect(&process, &QProcess::finished, &loop, &QEventLoop::quit);
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    if (process.state() != QProcess::NotRunning)
        loop.exec();
    return process.state() == QProcess::NotRunning;
}

} // namespace

void TestRealServers::initTestCase()
{
    // A server that changes its user reads them, too.
    const QString path = m_documents.path();
    QVERIFY(QFile::setPermissions(path, QFile::permissions(path) | QFile::ReadOther | QFile::ExeOther));
    QVERIFY(writeContent(path + u"/big.bin"_s, bigSize, 1));
    QVERIFY(writeContent(path + u'/' + oddName, 100'000, 2));
    for (int i = 0; i < smallFiles; ++i)
        QVERIFY(writeContent(path + u"/small%1.bin"_s.arg(i), 1000 + 977 * i, 10 + quint64(i)));
}

void TestRealServers::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    m_cli = std::make_unique<Cli>(m_home->path());
    QVERIFY(QDir().mkpath(folder()));
}

void TestRealServers::addServers()
{
    QTest::addColumn<ServerKind>("kind");
    QTest::addColumn<bool>("isTls");
    for (const ServerKind &kind : {nginxKind(), apacheKind(), lighttpdKind(), caddyKind()}) {
        QTest::addRow("%s", kind.name) << kind << false;
        QTest::addRow("%s over TLS", kind.name) << kind << true;
    }
}

WebServer *TestRealServers::server(const ServerKind &kind)
{
    std::unique_ptr<WebServer> &server = m_servers[kind.name];
    if (!server) {
        auto started = std::make_unique<WebServer>(kind);
        m_missing = started->missingPackage();
        if (!m_missing.isEmpty())
            return nullptr;
        const bool isUp = started->start(m_documents.path(), data("server.pem"), data("server.key"));
        if (!isUp) {
            QTest::qFail(started->errorText().toUtf8().constData(), __FILE__, __LINE__);
            return nullptr;
        }
        server = std::move(started);
    }
    return server.get();
}

void TestRealServers::verifyFile(const QString &name, const QString &source)
{
    QCOMPARE(sha256Of(folder() + u'/' + name), sha256Of(m_documents.filePath(source)));
}

CommandResult TestRealServers::get(const QStringList &arguments)
{
    const auto process = m_cli->start(QStringList{u"get"_s, u"-q"_s, u"-d"_s, folder()} + arguments);
    hasEndedWithin(*process, 60'000);
    return finish(*process, 0);
}

bool TestRealServers::killedBeforeItsEnd(const QStringList &arguments, int milliseconds)
{
    const auto process = m_cli->start(QStringList{u"get"_s, u"-q"_s, u"-d"_s, folder()} + arguments);
    const bool hasEnded = hasEndedWithin(*process, milliseconds);
    sendSignal(*process, SIGKILL);
    process->waitForFinished();
    return !hasEnded;
}

void TestRealServers::downloads()
{
    QFETCH(ServerKind, kind);
    QFETCH(bool, isTls);
    const WebServer *const web = server(kind);
    if (!web && m_missing.isEmpty())
        return; // it is there and does not start: that has failed
    if (!web)
        QSKIP(qPrintable(u"install the package "_s + m_missing));
    const QString base =
        isTls ? u"https://127.0.0.1:%1/"_s.arg(web->tlsPort()) : u"http://127.0.0.1:%1/"_s.arg(web->port());
    QStringList trust;
    if (isTls) {
        const CommandResult refused = get({u"--max-attempts"_s, u"1"_s, base + u"big.bin"_s});
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(refused.err.contains("tls_failed"), refused.report());
        trust = {u"--ca-certificate"_s, data("ca.pem")};
    }

    QStringList urls{base + u"big.bin"_s, base + u"%C3%9Cbung%201,%20%E4%BD%9C%E5%93%81%20a+b.bin"_s,
                     base + u"old"_s};
    for (int i = 0; i < smallFiles; ++i)
        urls.append(base + u"small%1.bin"_s.arg(i));
    const CommandResult got = get(trust + urls);
    QVERIFY2(got.exitCode == 0, got.report());
    verifyFile(u"big.bin"_s, u"big.bin"_s);
    verifyFile(oddName, oddName);
    for (int i = 0; i < smallFiles; ++i)
        verifyFile(u"small%1.bin"_s.arg(i), u"small%1.bin"_s.arg(i));
    verifyFile(u"old"_s, u"big.bin"_s);
    QCOMPARE(entriesOf(folder()).size(), smallFiles + 3);
    if (QByteArrayView(kind.name) == "nginx") {
        // It offers HTTP/2, over which QNAM would take in a body as fast as it comes.
        QVERIFY(web->accessLog().count("HTTP/1.1 200") >= smallFiles);
        QVERIFY2(!web->accessLog().contains("HTTP/2"), web->accessLog().constData());
    }
}

void TestRealServers::proxies_data()
{
    QTest::addColumn<ServerKind>("proxy");
    QTest::addColumn<bool>("isTls");
    QTest::addColumn<QString>("address");
    QTest::newRow("squid") << squidKind() << false << u"http://127.0.0.1:%1"_s;
    QTest::newRow("squid, TLS through a tunnel") << squidKind() << true << u"http://127.0.0.1:%1"_s;
    QTest::newRow("microsocks") << microsocksKind() << false << u"socks5://127.0.0.1:%1"_s;
    QTest::newRow("microsocks, TLS through it") << microsocksKind() << true << u"socks5://127.0.0.1:%1"_s;
}

void TestRealServers::proxies()
{
    QFETCH(ServerKind, proxy);
    QFETCH(bool, isTls);
    QFETCH(QString, address);
    const WebServer *const web = server(nginxKind());
    if (!web && m_missing.isEmpty())
        return; // it is there and does not start: that has failed
    if (!web)
        QSKIP(qPrintable(u"install the package "_s + m_missing));
    WebServer between(proxy);
    if (!between.missingPackage().isEmpty())
        QSKIP(qPrintable(u"install the package "_s + between.missingPackage()));
    QVERIFY2(between.start(), qPrintable(between.errorText()));
    CountingRelay relay(between.port());

    const QString base =
        isTls ? u"https://127.0.0.1:%1/"_s.arg(web->tlsPort()) : u"http://127.0.0.1:%1/"_s.arg(web->port());
    QStringList arguments{u"--proxy"_s, address.arg(relay.port()), base + u"big.bin"_s,
                          base + u"small7.bin"_s};
    if (isTls)
        arguments = QStringList{u"--ca-certificate"_s, data("ca.pem")} + arguments;
    const CommandResult got = get(arguments);
    QVERIFY2(got.exitCode == 0, got.report());
    verifyFile(u"big.bin"_s, u"big.bin"_s);
    verifyFile(u"small7.bin"_s, u"small7.bin"_s);
    QVERIFY2(relay.bytesGiven() > bigSize, QByteArray::number(relay.bytesGiven()));
}

/// Kills at random moments, 3 of them, or 20 with INGATHER_TORTURE=long; INGATHER_SEED repeats a run. What
/// one may cost: the last second, and what lies in buffers.
void TestRealServers::kills()
{
    QFETCH(ServerKind, kind);
    QFETCH(bool, isTls);
    const WebServer *const web = server(kind);
    if (!web && m_missing.isEmpty())
        return; // it is there and does not start: that has failed
    if (!web)
        QSKIP(qPrintable(u"install the package "_s + m_missing));
    constexpr qint64 rate = 12 * 1024 * 1024;
    constexpr qint64 inBuffers = 8 * 1024 * 1024;
    const int wished = qgetenv("INGATHER_TORTURE") == "long" ? 20 : 3;
    const QByteArray given = qgetenv("INGATHER_SEED");
    const quint32 seed = given.isEmpty() ? QRandomGenerator::global()->generate() : given.toUInt();
    qInfo("INGATHER_SEED=%u", seed);
    QRandomGenerator random(seed);

    CountingRelay relay(isTls ? web->tlsPort() : web->port());
    const QStringList arguments{
        u"--limit-rate"_s,
        QString::number(rate),
        u"--ca-certificate"_s,
        data("ca.pem"),
        (isTls ? u"https"_s : u"http"_s) + u"://127.0.0.1:%1/big.bin"_s.arg(relay.port()),
    };
    int kills = 0;
    while (kills < wished && killedBeforeItsEnd(arguments, random.bounded(50, 1400)))
        ++kills;
    const CommandResult got = get(arguments);
    QVERIFY2(got.exitCode == 0, got.report());
    verifyFile(u"big.bin"_s, u"big.bin"_s);
    QCOMPARE(entriesOf(folder()), QStringList{u"big.bin"_s});
    const qint64 most = bigSize + kills * (rate + inBuffers) + 1024 * 1024;
    QVERIFY2(relay.bytesGiven() <= most, QByteArray::number(relay.bytesGiven()));
    qInfo("%d kills, %lld bytes for %lld", kills, static_cast<long long>(relay.bytesGiven()),
          static_cast<long long>(bigSize));
}

QTEST_GUILESS_MAIN(TestRealServers)
#include "tst_real_servers.moc"
