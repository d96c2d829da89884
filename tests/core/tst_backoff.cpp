// SPDX-License-Identifier: MIT
#include "core/backoff.h"

#include <QTest>

#include <limits>

using namespace ingather::core;
using namespace std::chrono_literals;

class TestBackoff final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void boundsDouble_data()
    {
        QTest::addColumn<int>("failures");
        QTest::addColumn<qint64>("bound");
        QTest::newRow("the first waits up to a second") << 1 << qint64(1000);
        QTest::newRow("the second up to two") << 2 << qint64(2000);
        QTest::newRow("the sixth up to 32") << 6 << qint64(32'000);
        QTest::newRow("the seventh meets the ceiling") << 7 << qint64(60'000);
        QTest::newRow("the hundredth does too") << 100 << qint64(60'000);
        QTest::newRow("no number overflows") << std::numeric_limits<int>::max() << qint64(60'000);
        QTest::newRow("no failure counts as one") << 0 << qint64(1000);
        QTest::newRow("a negative number counts as one") << -5 << qint64(1000);
    }

    void boundsDouble()
    {
        QFETCH(int, failures);
        QFETCH(qint64, bound);
        const BackoffPolicy policy;
        QCOMPARE(backoffDelay(policy, failures, 0.0), 0ms);
        QCOMPARE(backoffDelay(policy, failures, 0.5), std::chrono::milliseconds(bound / 2));
        QVERIFY(backoffDelay(policy, failures, 0.999999) < std::chrono::milliseconds(bound));
        QVERIFY(backoffDelay(policy, failures, 0.999999) > std::chrono::milliseconds(bound - 100));
    }

    void ceilingIsThePolicys()
    {
        const BackoffPolicy run{1000ms, 3'600'000ms};
        QCOMPARE(backoffDelay(run, 12, 0.5), 1'024'000ms);
        QCOMPARE(backoffDelay(run, 13, 0.5), 1'800'000ms);
        QCOMPARE(backoffDelay({5000ms, 2000ms}, 1, 0.5), 1000ms);
        QCOMPARE(backoffDelay({1000ms, std::chrono::milliseconds::max()}, 500, 0.0), 0ms);
    }

    void retryAfterIsAMinimum()
    {
        const BackoffPolicy policy;
        QCOMPARE(backoffDelay(policy, 1, 0.5, 120s), 120'000ms);
        QCOMPARE(backoffDelay(policy, 7, 0.5, 10s), 30'000ms);
        QCOMPARE(backoffDelay(policy, 1, 0.5, 0s), 500ms);
        QCOMPARE(backoffDelay(policy, 1, 0.5, -10s), 500ms);
        QVERIFY(backoffDelay(policy, 1, 0.5, std::chrono::seconds::max()) > 24h * 365 * 1000);
    }

    void crashesDelayFromTheThird_data()
    {
        QTest::addColumn<int>("crashes");
        QTest::addColumn<int>("seconds");
        const int expected[] = {0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60};
        for (int crashes = 0; crashes < int(std::size(expected)); ++crashes)
            QTest::addRow("after %d crashes", crashes) << crashes << expected[crashes];
        QTest::newRow("after more than anybody counts") << std::numeric_limits<int>::max() << 60;
        QTest::newRow("after less than none") << -1 << 0;
    }

    void crashesDelayFromTheThird()
    {
        QFETCH(int, crashes);
        QFETCH(int, seconds);
        QCOMPARE(crashDelay(crashes), std::chrono::seconds(seconds));
    }
};

QTEST_APPLESS_MAIN(TestBackoff)
#include "tst_backoff.moc"
