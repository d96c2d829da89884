// SPDX-License-Identifier: MIT
#include "core/token_bucket.h"

#include <QtTest>

using namespace ingather::core;
using namespace std::chrono_literals;

namespace
{

/// A reader that takes a block as soon as the one before is paid for. Returns the bytes it got in `span`.
qint64 readFor(TokenBucket &bucket, BootTime from, BootTime span, qint64 block, BootTime wakeUpDelay)
{
    qint64 got = 0;
    BootTime now = from;
    while (now < from + span) {
        const qint64 mark = bucket.book(block, now);
        got += block;
        for (BootTime left = bucket.timeUntilPaid(mark, now); left.count() > 0;
             left = bucket.timeUntilPaid(mark, now))
            now += left + wakeUpDelay;
    }
    return got;
}

} // namespace

class TestTokenBucket : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsTheRate_data();
    void keepsTheRate();
    void sharesTheRate();
    void withoutALimitNobodyWaits();
    void idleTimeIsNotSaved();
    void aWaiterFollowsANewRate();
    void aLimitThatComesOnlyCountsFromThen();
    void clocksThatStandStillDoNoHarm();
};

void TestTokenBucket::keepsTheRate_data()
{
    QTest::addColumn<qint64>("rate");
    QTest::addColumn<qint64>("block");
    QTest::addColumn<int>("delayMs");
    constexpr qint64 mebibyte = 1024 * 1024;
    QTest::newRow("small blocks") << mebibyte << qint64(4096) << 0;
    QTest::newRow("blocks of a twentieth of a second") << mebibyte << mebibyte / 20 << 0;
    QTest::newRow("late timers") << mebibyte << mebibyte / 20 << 15;
    QTest::newRow("a slow rate") << qint64(10'000) << qint64(500) << 1;
    QTest::newRow("a fast rate") << 1024 * mebibyte << mebibyte / 4 << 1;
}

void TestTokenBucket::keepsTheRate()
{
    QFETCH(qint64, rate);
    QFETCH(qint64, block);
    QFETCH(int, delayMs);
    constexpr BootTime begin = 1000s;
    TokenBucket bucket(rate, begin);
    const double got = double(readFor(bucket, begin, 2s, block, std::chrono::milliseconds(delayMs)));
    const double wanted = double(rate) * 2;
    QVERIFY2(got >= 0.95 * wanted && got <= 1.05 * wanted, QByteArray::number(got / wanted));
}

/// Two that book in turn: each waits for what stands before its mark, and together they keep the rate.
void TestTokenBucket::sharesTheRate()
{
    TokenBucket bucket(1000, 0s);
    const qint64 first = bucket.book(1000, 0s);
    const qint64 second = bucket.book(1000, 0s);
    QCOMPARE(bucket.timeUntilPaid(first, 0s).count(), BootTime(1s).count());
    QCOMPARE(bucket.timeUntilPaid(second, 0s).count(), BootTime(2s).count());
    QCOMPARE(bucket.timeUntilPaid(first, 1s).count(), 0);
    QCOMPARE(bucket.timeUntilPaid(second, 1s).count(), BootTime(1s).count());
}

void TestTokenBucket::withoutALimitNobodyWaits()
{
    TokenBucket bucket(0, 0s);
    QVERIFY(!bucket.isLimited());
    QCOMPARE(bucket.timeUntilPaid(bucket.book(qint64(1) << 40, 0s), 0s).count(), 0);
}

void TestTokenBucket::idleTimeIsNotSaved()
{
    TokenBucket bucket(1000, 0s);
    const qint64 mark = bucket.book(1000, 1h);
    QCOMPARE(bucket.timeUntilPaid(mark, 1h).count(), BootTime(950ms).count());
}

void TestTokenBucket::aWaiterFollowsANewRate()
{
    TokenBucket bucket(1000, 0s);
    const qint64 mark = bucket.book(10'000, 0s);
    bucket.setRate(4000, 2s); // 8,000 are left
    QCOMPARE(bucket.timeUntilPaid(mark, 2s).count(), BootTime(2s).count());
    bucket.setRate(0, 3s);
    QCOMPARE(bucket.timeUntilPaid(mark, 3s).count(), 0);
}

void TestTokenBucket::aLimitThatComesOnlyCountsFromThen()
{
    TokenBucket bucket(0, 0s);
    bucket.book(1'000'000, 1s);
    bucket.setRate(1000, 2s);
    QCOMPARE(bucket.timeUntilPaid(bucket.book(500, 2s), 2s).count(), BootTime(500ms).count());
}

void TestTokenBucket::clocksThatStandStillDoNoHarm()
{
    TokenBucket bucket(1000, 5s);
    const qint64 mark = bucket.book(1000, 5s);
    QCOMPARE(bucket.timeUntilPaid(mark, 4s).count(), BootTime(1s).count());
    QCOMPARE(bucket.timeUntilPaid(mark, 5s).count(), BootTime(1s).count());
}

QTEST_APPLESS_MAIN(TestTokenBucket)
#include "tst_token_bucket.moc"
