// SPDX-License-Identifier: MIT
// What happens over time: timers, stops, backpressure, lost servers, many exchanges at once.
#include "support/fake_http_server.h"
#include "transfer/fetching.h"

#include <QFile>
#include <QNetworkReply>
#include <QTcpServer>
#include <QTest>

#include <thread>
#include <vector>

using namespace ingather;
using namespace std::chrono_literals;
using support::FakeHttpServer;
using support::Script;
using transfer::Exchange;
using transfer::HttpClient;
using transfer::HttpOptions;

class TestFlow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noHeadersInTime_data();
    void noHeadersInTime();
    void stalledBody();
    void stallTimerRestsWhileNobodyReads();
    void stoppedBeforeTheRequest();
    void stoppedByAnotherThread_data();
    void stoppedByAnotherThread();
    void stoppedBetweenReads();
    void readAfterTheEndRepeatsIt();
    void senderIsHeldBackWhileNobodyReads();
    void longStreamNeedsLittleMemory();
    void chunksFitTheCallersBuffer();
    void destroyingAnExchangeClosesItsConnection();
    void destroyingAnExchangeEndsItsRead();
    void destroyingTheClientEndsEverything();
    void unknownHost();
    void refusedConnection();
    void serverGoneBetweenRequests();
    void manyExchangesAtOnce();
    void connectionsAreReused();

private:
    static QUrl file(const FakeHttpServer &server) { return server.url(QStringLiteral("/file")); }
    static qint64 residentBytes();
};

namespace
{

const QString gate = QStringLiteral("gate");

/// Collects an exchange from the coroutine it comes from.
std::unique_ptr<Exchange> open(HttpClient *client, const QUrl &url)
{
    auto answer = test::await(client->get(test::requestFor(url), {}));
    return answer ? std::move(*answer) : nullptr;
}

} // namespace

qint64 TestFlow::residentBytes()
{
    QFile statm(QStringLiteral("/proc/self/statm"));
    return statm.open(QIODevice::ReadOnly) ? statm.readAll().split(' ').value(1).toLongLong() * 4096 : -1;
}

void TestFlow::noHeadersInTime_data()
{
    QTest::addColumn<Script>("script");
    QTest::newRow("not a byte") << Script().stall();
    QTest::newRow("half a header") << Script("HTTP/1.1 200 OK\r\nContent-Le").stall();
    QTest::newRow("only 100 Continue") << Script("HTTP/1.1 100 Continue\r\n\r\n").stall();
    QTest::newRow("no blank line") << Script("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n").stall();
}

void TestFlow::noHeadersInTime()
{
    QFETCH(Script, script);
    FakeHttpServer server;
    server.raw(QStringLiteral("/file"), script);
    HttpOptions options;
    options.headerTimeout = 150ms;
    HttpClient client(options);
    QCOMPARE(test::fetchNow(&client, test::requestFor(file(server))).summary(),
             QStringLiteral("get header_timeout"));
    QTRY_COMPARE(server.openConnections(), 0);
}

void TestFlow::stalledBody()
{
    FakeHttpServer server;
    server.raw(QStringLiteral("/file"), Script().head(200, {{"Content-Length", "11"}}).send("hello").stall());
    HttpOptions options;
    options.stallTimeout = 150ms;
    HttpClient client(options);
    const auto fetched = test::fetchNow(&client, test::requestFor(file(server)));
    QCOMPARE(fetched.summary(), QStringLiteral("200 5 bytes, then stalled"));
    QCOMPARE(fetched.body, QByteArray("hello"));
    QTRY_COMPARE(server.openConnections(), 0);
}

// A lane that is slow itself must not take its server for a dead one.
void TestFlow::stallTimerRestsWhileNobodyReads()
{
    FakeHttpServer server;
    server.raw(QStringLiteral("/file"),
               Script().head(200, {{"Content-Length", "11"}}).send("hello").pause(gate).send(" world"));
    HttpOptions options;
    options.stallTimeout = 100ms;
    HttpClient client(options);
    const auto exchange = open(&client, file(server));
    QVERIFY(exchange);
    QByteArray buffer;
    QCOMPARE(test::await(exchange->read(&buffer, 5)).value(), 5);
    // Our own pause: until a request that gets no answer has run out of three times the stall timeout.
    options.headerTimeout = 300ms;
    HttpClient patient(options);
    server.raw(QStringLiteral("/silent"), Script().stall());
    QCOMPARE(test::fetchNow(&patient, test::requestFor(server.url(QStringLiteral("/silent")))).summary(),
             QStringLiteral("get header_timeout"));
    server.release(gate);
    QCOMPARE(test::await(exchange->read(&buffer, 100)).value(), 6);
    QCOMPARE(buffer, QByteArray(" world"));
    QCOMPARE(test::await(exchange->read(&buffer, 100)).value(), 0);
}

void TestFlow::stoppedBeforeTheRequest()
{
    FakeHttpServer server;
    server.serve(QStringLiteral("/file"), "hello");
    HttpClient client({});
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(test::fetchNow(&client, test::requestFor(file(server)), stop.get_token()).summary(),
             QStringLiteral("get stopped"));
    QCOMPARE(server.requests().size(), 0);
}

void TestFlow::stoppedByAnotherThread_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<int>("arrived"); // bytes of the body; -1: not even the headers
    QTest::addColumn<QString>("outcome");
    const auto row = [](const char *name, Script script, int arrived, const char *outcome) {
        QTest::newRow(name) << script.pause(gate) << arrived << QString::fromLatin1(outcome);
    };
    row("before any byte", Script(), -1, "get stopped");
    row("inside the headers", Script("HTTP/1.1 200 OK\r\nCont"), -1, "get stopped");
    row("after the headers", Script().head(200, {{"Content-Length", "9"}}), 0, "200 0 bytes, then stopped");
    row("inside the body", Script().head(200, {{"Content-Length", "9"}}).send("hello"), 5,
        "200 5 bytes, then stopped");
    row("inside a chunked body",
        Script().head(200, {{"Transfer-Encoding", "chunked"}}).send("5\r\nhello\r\n"), 5,
        "200 5 bytes, then stopped");
}

void TestFlow::stoppedByAnotherThread()
{
    QFETCH(Script, script);
    QFETCH(QString, outcome);
    FakeHttpServer server;
    server.redirect(QStringLiteral("/old"), 302, "/file"); // the second hop is stopped like the first
    server.raw(QStringLiteral("/file"), script);
    HttpClient client({});
    std::stop_source stop;
    qint64 received = -1;
    auto task = test::fetch(&client, test::requestFor(server.url(QStringLiteral("/old"))), stop.get_token(),
                            100, &received);
    QTRY_COMPARE(server.waitingAt(gate), 1);
    QFETCH(int, arrived);
    QTRY_COMPARE(received, arrived);
    std::thread([&stop] { stop.request_stop(); }).join();
    QVERIFY(!task.isReady()); // the callback posts, it does not run the coroutine on its thread
    QCOMPARE(test::await(std::move(task)).summary(), outcome);
    QTRY_COMPARE(server.openConnections(), 0);
}

void TestFlow::stoppedBetweenReads()
{
    FakeHttpServer server;
    server.serve(QStringLiteral("/file"), "hello world");
    HttpClient client({});
    std::stop_source stop;
    auto answer = test::await(client.get(test::requestFor(file(server)), stop.get_token()));
    QVERIFY(answer);
    QByteArray buffer;
    QCOMPARE(test::await((*answer)->read(&buffer, 5)).value(), 5);
    stop.request_stop();
    QCOMPARE(test::await((*answer)->read(&buffer, 5)).error().code, core::ErrorCode::Stopped);
}

void TestFlow::readAfterTheEndRepeatsIt()
{
    FakeHttpServer server;
    server.serve(QStringLiteral("/file"), "hello");
    server.raw(QStringLiteral("/short"), Script().head(200, {{"Content-Length", "9"}}).send("hello").close());
    HttpClient client({});
    QByteArray buffer;
    const auto good = open(&client, file(server));
    QCOMPARE(test::await(good->read(&buffer, 100)).value(), 5);
    QCOMPARE(test::await(good->read(&buffer, 100)).value(), 0);
    QCOMPARE(buffer, QByteArray());
    QCOMPARE(test::await(good->read(&buffer, 100)).value(), 0);
    const auto cut = open(&client, server.url(QStringLiteral("/short")));
    QCOMPARE(test::await(cut->read(&buffer, 100)).value(), 5);
    QCOMPARE(test::await(cut->read(&buffer, 100)).error().code, core::ErrorCode::BodyTooShort);
    QCOMPARE(test::await(cut->read(&buffer, 100)).error().code, core::ErrorCode::BodyTooShort);
}

void TestFlow::senderIsHeldBackWhileNobodyReads()
{
    constexpr qint64 mebibyte = 1024 * 1024;
    FakeHttpServer server;
    support::ServedFile large;
    large.patternSize = 256 * mebibyte;
    server.serve(QStringLiteral("/file"), large);
    HttpClient client({});
    const auto exchange = open(&client, file(server));
    QVERIFY(exchange);
    const qint64 before = test::writtenAtHalt(&client, &server);
    // 4 MiB of ours, Qt's socket buffer, and what the kernel keeps for both ends.
    QVERIFY2(before < 32 * mebibyte, qPrintable(QString::number(before)));
    QVERIFY(before > 0);

    // And it goes on when we do.
    QByteArray buffer;
    qint64 received = 0;
    while (received < 64 * mebibyte) {
        const auto got = test::await(exchange->read(&buffer, mebibyte));
        QVERIFY(got && got.value() > 0);
        received += got.value();
    }
    QVERIFY(server.bytesWritten() >= 64 * mebibyte);
    QVERIFY(server.bytesWritten() < 64 * mebibyte + 32 * mebibyte);
}

void TestFlow::longStreamNeedsLittleMemory()
{
    constexpr qint64 mebibyte = 1024 * 1024;
    constexpr qint64 size = 512 * mebibyte;
    FakeHttpServer server;
    support::ServedFile large;
    large.patternSize = size;
    server.serve(QStringLiteral("/file"), large);
    HttpClient client({});
    const auto exchange = open(&client, file(server));
    const qint64 idle = residentBytes();
    qint64 most = 0;
    qint64 received = 0;
    QByteArray buffer;
    for (;;) {
        const auto got = test::await(exchange->read(&buffer, mebibyte));
        QVERIFY(got);
        if (got.value() == 0)
            break;
        // Each block must be what belongs at that offset; comparing all of them would measure us.
        if ((received / mebibyte) % 16 == 0)
            QVERIFY(buffer == FakeHttpServer::pattern(received, buffer.size()));
        received += got.value();
        most = std::max(most, residentBytes());
    }
    QCOMPARE(received, size);
#ifdef __SANITIZE_ADDRESS__ // which keeps 256 MiB of freed memory on purpose
    constexpr qint64 allowed = 400 * mebibyte;
#else
    constexpr qint64 allowed = 64 * mebibyte;
#endif
    QVERIFY2(most - idle < allowed, qPrintable(QString::number((most - idle) / mebibyte)));
}

void TestFlow::chunksFitTheCallersBuffer()
{
    FakeHttpServer server;
    support::ServedFile large;
    large.patternSize = 8 * 1024 * 1024;
    server.serve(QStringLiteral("/file"), large);
    HttpClient client({});
    const auto exchange = open(&client, file(server));
    QByteArray buffer;
    buffer.reserve(10'000);
    const char *memory = buffer.constData();
    qint64 received = 0;
    for (;;) {
        const auto got = test::await(exchange->read(&buffer, 10'000));
        QVERIFY(got);
        QVERIFY(got.value() <= 10'000);
        QCOMPARE(buffer.size(), got.value());
        QCOMPARE(buffer.constData(), memory);
        if (got.value() == 0)
            break;
        QVERIFY(buffer == FakeHttpServer::pattern(received, buffer.size()));
        received += got.value();
    }
    QCOMPARE(received, *large.patternSize);
}

void TestFlow::destroyingAnExchangeClosesItsConnection()
{
    FakeHttpServer server;
    server.raw(QStringLiteral("/file"), Script().head(200, {{"Content-Length", "11"}}).send("hello").stall());
    HttpClient client({});
    auto exchange = open(&client, file(server));
    QVERIFY(exchange);
    QCOMPARE(server.openConnections(), 1);
    exchange.reset();
    QTRY_COMPARE(server.openConnections(), 0);
}

void TestFlow::destroyingAnExchangeEndsItsRead()
{
    FakeHttpServer server;
    server.raw(QStringLiteral("/file"), Script().head(200, {{"Content-Length", "11"}}).stall());
    HttpClient client({});
    auto exchange = open(&client, file(server));
    QByteArray buffer;
    auto reading = exchange->read(&buffer, 100);
    QVERIFY(!reading.isReady());
    exchange.reset();
    QVERIFY(reading.isReady());
    QCOMPARE(test::await(std::move(reading)).error().code, core::ErrorCode::Stopped);
}

void TestFlow::destroyingTheClientEndsEverything()
{
    FakeHttpServer server;
    server.raw(QStringLiteral("/silent"), Script().stall());
    server.raw(QStringLiteral("/file"), Script().head(200, {{"Content-Length", "11"}}).send("hello").stall());
    auto client = std::make_unique<HttpClient>(HttpOptions{});
    auto asking = client->get(test::requestFor(server.url(QStringLiteral("/silent"))), {});
    const auto exchange = open(client.get(), file(server));
    const auto idle = open(client.get(), file(server));
    QByteArray buffer;
    QCOMPARE(test::await(exchange->read(&buffer, 100)).value(), 5);
    auto reading = exchange->read(&buffer, 100);
    QVERIFY(!asking.isReady() && !reading.isReady());
    client.reset();
    QVERIFY(asking.isReady() && reading.isReady());
    QCOMPARE(test::await(std::move(asking)).error().code, core::ErrorCode::Stopped);
    QCOMPARE(test::await(std::move(reading)).error().code, core::ErrorCode::Stopped);
    QCOMPARE(test::await(idle->read(&buffer, 100)).error().code, core::ErrorCode::Stopped);
    QTRY_COMPARE(server.openConnections(), 0);
}

void TestFlow::unknownHost()
{
    HttpClient client({});
    const QUrl url(QStringLiteral("http://nowhere.invalid/file?token=hidden"));
    const auto fetched = test::fetchNow(&client, test::requestFor(url));
    QCOMPARE(fetched.summary(), QStringLiteral("get host_not_found"));
    QCOMPARE(fetched.error->native, static_cast<int>(QNetworkReply::HostNotFoundError));
    QVERIFY(fetched.error->detail.contains(QStringLiteral("nowhere.invalid")));
    QVERIFY(!fetched.error->detail.contains(QStringLiteral("hidden")));
}

void TestFlow::refusedConnection()
{
    quint16 port = 0;
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost, 0));
        port = server.serverPort();
    }
    HttpClient client({});
    const QUrl url(QStringLiteral("http://127.0.0.1:%1/").arg(port));
    const auto fetched = test::fetchNow(&client, test::requestFor(url));
    QCOMPARE(fetched.summary(), QStringLiteral("get connection_refused"));
    QCOMPARE(fetched.error->native, static_cast<int>(QNetworkReply::ConnectionRefusedError));
}

// An idle connection that the server has closed in the meantime is no error of the next request.
void TestFlow::serverGoneBetweenRequests()
{
    FakeHttpServer server;
    server.raw(QStringLiteral("/file"), Script().head(200, {{"Content-Length", "5"}}).send("hello").close());
    HttpClient client({});
    for (int i = 0; i < 20; ++i)
        QCOMPARE(test::fetchNow(&client, test::requestFor(file(server))).summary(),
                 QStringLiteral("200 hello"));
}

void TestFlow::manyExchangesAtOnce()
{
    constexpr int count = 20;
    FakeHttpServer server;
    for (int i = 0; i < count; ++i) {
        server.raw(QStringLiteral("/%1").arg(i), Script()
                                                     .head(200, {{"Content-Length", "100000"}})
                                                     .sendPattern(i * 1000, 50'000)
                                                     .pause(gate)
                                                     .sendPattern(i * 1000 + 50'000, 50'000));
    }
    HttpOptions options;
    options.connectionsPerHost = count; // four managers, six connections each
    HttpClient client(options);
    std::vector<QCoro::Task<test::Fetched>> tasks;
    for (int i = 0; i < count; ++i) {
        const QUrl url = server.url(QStringLiteral("/%1").arg(i));
        tasks.push_back(test::fetch(&client, test::requestFor(url), {}, 4096));
    }
    QTRY_COMPARE(server.waitingAt(gate), count);
    QCOMPARE(server.connectionCount(), count);
    server.release(gate);
    for (int i = 0; i < count; ++i) {
        const auto fetched = test::await(std::move(tasks[static_cast<std::size_t>(i)]));
        QVERIFY2(!fetched.error, qPrintable(fetched.summary()));
        QVERIFY(fetched.body == FakeHttpServer::pattern(i * 1000, 100'000));
    }
}

void TestFlow::connectionsAreReused()
{
    FakeHttpServer server;
    server.serve(QStringLiteral("/file"), "hello");
    HttpClient client({});
    for (int i = 0; i < 200; ++i)
        QCOMPARE(test::fetchNow(&client, test::requestFor(file(server))).summary(),
                 QStringLiteral("200 hello"));
    QCOMPARE(server.connectionCount(), 1);
}

QTEST_GUILESS_MAIN(TestFlow)
#include "tst_flow.moc"
