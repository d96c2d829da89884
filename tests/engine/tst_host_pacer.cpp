// SPDX-License-Identifier: MIT
#include "engine/hosts/host_pacer.h"

#include <QtTest>

using namespace ingather;
using namespace ingather::engine;
using namespace std::chrono_literals;
using core::BootTime;

namespace
{

const QString slow = QStringLiteral("slow.example");
const QString other = QStringLiteral("other.example");

} // namespace

class TestHostPacer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nobodyWaitsWithoutReason();
    void requestsAreSpaced();
    void failuresMakeItSlower();
    void aClosedHostIsWaitedFor();
    void aRefusalHoldsUntilMoreIsKnown();
    void whatIsForgottenGoesAtFullSpeed();
};

void TestHostPacer::nobodyWaitsWithoutReason()
{
    HostPacer pacer(0ms, 4);
    for (int request = 0; request < 10; ++request) {
        pacer.started(slow, 1s);
        QCOMPARE(pacer.timeUntilNext(slow, 1s).count(), 0);
    }
    QCOMPARE(pacer.connectionsTo(slow), 4);
    QVERIFY(pacer.hosts().isEmpty()); // nothing is kept of hosts that go at full speed
}

void TestHostPacer::requestsAreSpaced()
{
    HostPacer pacer(500ms, 4);
    QCOMPARE(pacer.timeUntilNext(slow, 1s).count(), 0);
    pacer.started(slow, 1s);
    QCOMPARE(pacer.timeUntilNext(slow, 1s).count(), BootTime(500ms).count());
    QCOMPARE(pacer.timeUntilNext(slow, 1400ms).count(), BootTime(100ms).count());
    QCOMPARE(pacer.timeUntilNext(slow, 1500ms).count(), 0);
    QCOMPARE(pacer.timeUntilNext(other, 1s).count(), 0);
}

void TestHostPacer::failuresMakeItSlower()
{
    HostPacer pacer(0ms, 4);
    pacer.learn(slow, 2, {}, 1s);
    QCOMPARE(pacer.connectionsTo(slow), 1);
    QCOMPARE(pacer.connectionsTo(other), 4);
    pacer.started(slow, 1s);
    QCOMPARE(pacer.timeUntilNext(slow, 1s).count(), BootTime(500ms).count());
    pacer.learn(slow, 1, {}, 1s); // a file came: half as long, from the same request on
    QCOMPARE(pacer.timeUntilNext(slow, 1s).count(), BootTime(250ms).count());
    QCOMPARE(pacer.connectionsTo(slow), 2);
}

void TestHostPacer::aClosedHostIsWaitedFor()
{
    HostPacer pacer(0ms, 4);
    pacer.learn(slow, 1, 60s, 1s);
    QVERIFY(pacer.isClosed(slow, 60s));
    QCOMPARE(pacer.timeUntilNext(slow, 1s).count(), BootTime(60s).count());
    QVERIFY(!pacer.isClosed(slow, 61s));
    QCOMPARE(pacer.timeUntilNext(slow, 61s).count(), 0);
    QVERIFY(!pacer.isClosed(other, 1s));
}

void TestHostPacer::aRefusalHoldsUntilMoreIsKnown()
{
    HostPacer pacer(0ms, 4);
    pacer.hold(slow, 1s);
    QVERIFY(pacer.isClosed(slow, 1s));
    QVERIFY(pacer.connectionsTo(slow) < 4);
    pacer.learn(slow, 1, 0s, 1s);
    QVERIFY(!pacer.isClosed(slow, 1s));
}

void TestHostPacer::whatIsForgottenGoesAtFullSpeed()
{
    HostPacer pacer(0ms, 4);
    pacer.learn(slow, 5, 60s, 1s);
    pacer.learn(slow, 0, 0s, 2s);
    QCOMPARE(pacer.connectionsTo(slow), 4);
    QCOMPARE(pacer.timeUntilNext(slow, 2s).count(), 0);
    QVERIFY(pacer.hosts().isEmpty());
}

QTEST_APPLESS_MAIN(TestHostPacer)
#include "tst_host_pacer.moc"
