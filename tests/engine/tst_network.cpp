// SPDX-License-Identifier: MIT
#include "engine/engine_fixture.h"

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

QTEST_GUILESS_MAIN(TestNetwork)
#include "tst_network.moc"
