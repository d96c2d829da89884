// SPDX-License-Identifier: MIT
#include "engine/engine_fixture.h"

#include <atomic>
#include <memory>
#include <vector>

using namespace ingather;
using namespace ingather::tests;
using namespace Qt::StringLiterals;
using core::NetworkState;

/// Dead hosts that look like a dead network, in one process. What is the other way round is in the torture
/// tests.
class TestNetwork : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deadHostsFailAfterOthersHaveAnswered();
    void deadHostsFailInANewProcessThatKnowsSomebody();
    void oneDeadHostIsNoDeadNetwork();
    void aPortalsPageIsNotFiledLater();

private:
    /// Jobs at so many addresses where nobody listens.
    static QList<core::JobId> addDead(EngineFixture &fixture, int hosts)
    {
        QList<core::JobId> ids;
        for (int host = 0; host < hosts; ++host) {
            engine::AddRequest request = fixture.request(u"/dead.bin"_s);
            request.url = u"http://127.0.0.%1:%2/dead.bin"_s.arg(20 + host).arg(fixture.server.port());
            ids.append(fixture.add({request}).first().job.id);
        }
        return ids;
    }
    static void checkFailed(EngineFixture &fixture, const QList<core::JobId> &ids)
    {
        for (const core::JobId &id : ids) {
            QVERIFY(fixture.job(id).isFailedForGood());
            QCOMPARE(fixture.job(id).errorCode, u"connection_refused"_s);
            QCOMPARE(fixture.job(id).attempts, fixture.settings.maxAttempts);
        }
    }
};

void TestNetwork::deadHostsFailAfterOthersHaveAnswered()
{
    EngineFixture fixture;
    fixture.settings.maxAttempts = 2;
    fixture.server.serve(u"/a.bin"_s, "text");
    QVERIFY(fixture.open());
    const core::JobId good = fixture.add({fixture.request(u"/a.bin"_s)}).first().job.id;
    QVERIFY(fixture.work({good}));
    QCOMPARE(fixture.job(good).state, core::JobState::Indexed);

    const QList<core::JobId> dead = addDead(fixture, 5);
    QSignalSpy states(fixture.engine.get(), &engine::Facade::networkChanged);
    QVERIFY(fixture.work(dead));
    checkFailed(fixture, dead);
    // For a moment it looked like the network; who had answered before was asked, and answered.
    QVERIFY(!states.isEmpty());
    QCOMPARE(states.last().first().value<NetworkState>(), NetworkState::Online);
    QVERIFY(fixture.server.requests(u"/a.bin"_s).size() >= 2);
}

void TestNetwork::deadHostsFailInANewProcessThatKnowsSomebody()
{
    EngineFixture fixture;
    fixture.settings.maxAttempts = 2;
    fixture.server.serve(u"/a.bin"_s, "text");
    QVERIFY(fixture.open());
    QVERIFY(fixture.work({fixture.add({fixture.request(u"/a.bin"_s)}).first().job.id}));
    QVERIFY(fixture.open());
    const QList<core::JobId> dead = addDead(fixture, 3);
    QVERIFY(fixture.work(dead));
    checkFailed(fixture, dead);
}

void TestNetwork::oneDeadHostIsNoDeadNetwork()
{
    EngineFixture fixture;
    fixture.settings.maxAttempts = 3;
    QVERIFY(fixture.open());
    const QList<core::JobId> dead = addDead(fixture, 2); // nor are two
    QSignalSpy states(fixture.engine.get(), &engine::Facade::networkChanged);
    QVERIFY(fixture.work(dead));
    checkFailed(fixture, dead);
    QVERIFY(states.isEmpty());
}

/// Pages that come so slowly that a checkpoint is made of all that there is. The next run finds a complete
/// part then, and must not take it for the document.
void TestNetwork::aPortalsPageIsNotFiledLater()
{
    constexpr int hosts = 5;
    const QByteArray page = "<html><title>Welcome</title>" + QByteArray(600, ' ') + "Room number?</html>";
    auto isPortal = std::make_shared<std::atomic<bool>>(true);
    const auto answer = [isPortal, page](const support::RecordedRequest &request) {
        if (*isPortal)
            return support::Script()
                .head(200,
                      {{"Content-Length", QByteArray::number(page.size())}, {"Content-Type", "text/html"}})
                .send(page);
        return support::Script().head(200, {{"Content-Length", "7"}}).send("file " + request.path.mid(1, 2));
    };
    EngineFixture fixture;
    QVERIFY(fixture.open());
    std::vector<std::unique_ptr<support::FakeHttpServer>> servers;
    QList<core::JobId> ids;
    for (int host = 0; host < hosts; ++host) {
        const support::Endpoint endpoint{u"127.0.0.%1"_s.arg(30 + host), 0};
        servers.push_back(std::make_unique<support::FakeHttpServer>(std::nullopt, endpoint));
        const QString path = u"/%1.bin"_s.arg(10 + host);
        servers.back()->handle(path, answer);
        engine::AddRequest request = fixture.request(path);
        request.url = servers.back()->url(path).toString();
        request.rateLimit = 500;
        ids.append(fixture.add({request}).first().job.id);
    }
    QSignalSpy states(fixture.engine.get(), &engine::Facade::networkChanged);
    QVERIFY(fixture.startWorker(ids));
    QTRY_VERIFY_WITH_TIMEOUT(
        !states.isEmpty() && states.last().first().value<NetworkState>() == NetworkState::Portal, 20'000);
    *isPortal = false;
    QTRY_VERIFY_WITH_TIMEOUT(std::all_of(ids.begin(), ids.end(),
                                         [&fixture](const core::JobId &id) {
                                             return fixture.job(id).state == core::JobState::Indexed &&
                                                    fixture.job(id).bytesTotal == 7;
                                         }),
                             60'000);
    QVERIFY(fixture.stopWorker());
    for (int host = 0; host < hosts; ++host) {
        QCOMPARE(fixture.fileContent(u"%1.bin"_s.arg(10 + host)), "file " + QByteArray::number(10 + host));
        QCOMPARE(fixture.job(ids[host]).attempts, 0);
    }
    QCOMPARE(fixture.folderEntries().size(), hosts);
}

QTEST_GUILESS_MAIN(TestNetwork)
#include "tst_network.moc"
