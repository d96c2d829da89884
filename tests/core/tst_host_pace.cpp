// SPDX-License-Identifier: MIT
#include "core/host_pace.h"

#include <QtTest>

using namespace ingather::core;
using namespace std::chrono_literals;

class TestHostPace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsTheFailures_data();
    void followsTheFailures();
    void whoAsksForPatience_data();
    void whoAsksForPatience();
};

void TestHostPace::followsTheFailures_data()
{
    QTest::addColumn<int>("failures");
    QTest::addColumn<int>("baseMs");
    QTest::addColumn<int>("connections");
    QTest::addColumn<int>("intervalMs");
    QTest::addColumn<int>("left");
    QTest::newRow("none: as set") << 0 << 0 << 4 << 0 << 4;
    QTest::newRow("none, with an interval set") << 0 << 700 << 4 << 700 << 4;
    QTest::newRow("the first") << 1 << 0 << 4 << 250 << 2;
    QTest::newRow("the second") << 2 << 0 << 4 << 500 << 1;
    QTest::newRow("the third") << 3 << 0 << 4 << 1000 << 1;
    QTest::newRow("never below what is set") << 1 << 700 << 4 << 700 << 2;
    QTest::newRow("then above it") << 3 << 700 << 4 << 1000 << 1;
    QTest::newRow("at most 30 s") << 8 << 0 << 4 << 30'000 << 1;
    QTest::newRow("however many") << 2'000'000'000 << 0 << 64 << 30'000 << 1;
    QTest::newRow("a longer one that was set stays") << 50 << 60'000 << 4 << 60'000 << 1;
    QTest::newRow("many connections") << 3 << 0 << 64 << 1000 << 8;
    QTest::newRow("a number that is none") << -1 << 0 << 4 << 0 << 4;
}

void TestHostPace::followsTheFailures()
{
    QFETCH(int, failures);
    QFETCH(int, baseMs);
    QFETCH(int, connections);
    const HostPace pace = hostPace(failures, std::chrono::milliseconds(baseMs), connections);
    QTEST(int(pace.interval.count()), "intervalMs");
    QTEST(pace.connections, "left");
}

void TestHostPace::whoAsksForPatience_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("asks");
    QTest::newRow("429") << int(ErrorCode::HttpTooManyRequests) << true;
    QTest::newRow("503") << int(ErrorCode::HttpUnavailable) << true;
    QTest::newRow("500") << int(ErrorCode::HttpServerError) << false;
    QTest::newRow("404") << int(ErrorCode::HttpNotFound) << false;
    QTest::newRow("a connection that broke") << int(ErrorCode::ConnectionLost) << false;
}

void TestHostPace::whoAsksForPatience()
{
    QFETCH(int, code);
    QTEST(asksForPatience(static_cast<ErrorCode>(code)), "asks");
}

QTEST_APPLESS_MAIN(TestHostPace)
#include "tst_host_pace.moc"
