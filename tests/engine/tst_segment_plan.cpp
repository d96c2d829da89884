// SPDX-License-Identifier: MIT
#include "engine/segments/segment_plan.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace ingather;
using core::ByteRanges;
using core::ByteSpan;
using engine::SegmentPlan;

namespace
{

constexpr qint64 mebibyte = 1024 * 1024;

} // namespace

class TestSegmentPlan final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lanesHalveWhatThereIs();
    void whatIsSmallIsLeftAlone();
    void aGapThatGoesOnComesFirst();
    void whatWasGivenBackIsTakenByOthers();
    void aConnectionMayGoOnWithAnothersPiece();
    void everyByteIsFetchedOnce_data();
    void everyByteIsFetchedOnce();
};

void TestSegmentPlan::lanesHalveWhatThereIs()
{
    SegmentPlan plan({}, 16 * mebibyte, 4);
    QCOMPARE(plan.take(0), (ByteSpan{0, 16 * mebibyte}));
    QCOMPARE(plan.take(1), (ByteSpan{8 * mebibyte, 16 * mebibyte}));
    QCOMPARE(plan.take(2)->size(), 4 * mebibyte);
    QCOMPARE(plan.take(3)->size(), 4 * mebibyte);
    QCOMPARE(plan.left(0).size(), 4 * mebibyte);
}

void TestSegmentPlan::whatIsSmallIsLeftAlone()
{
    SegmentPlan plan({}, 2 * SegmentPlan::smallestPiece - 1, 2);
    QVERIFY(plan.take(0));
    QVERIFY(!plan.take(1));
    plan.advance(0, 2 * SegmentPlan::smallestPiece - 1);
    QVERIFY(plan.isComplete());
    QVERIFY(!plan.take(0));
}

void TestSegmentPlan::aGapThatGoesOnComesFirst()
{
    ByteRanges done;
    done.add({0, 10});
    done.add({100, 200});
    SegmentPlan plan(done, 300, 1);
    QCOMPARE(plan.take(0, 200), (ByteSpan{200, 300}));
    plan.advance(0, 300);
    QCOMPARE(plan.take(0, 300), (ByteSpan{10, 100}));
}

void TestSegmentPlan::whatWasGivenBackIsTakenByOthers()
{
    SegmentPlan plan({}, 8 * mebibyte, 2);
    plan.take(0);
    plan.take(1);
    plan.advance(1, 5 * mebibyte);
    plan.giveBack(1);
    plan.advance(0, 4 * mebibyte);
    QCOMPARE(plan.take(0, 4 * mebibyte), (ByteSpan{5 * mebibyte, 8 * mebibyte}));
}

void TestSegmentPlan::aConnectionMayGoOnWithAnothersPiece()
{
    SegmentPlan plan({}, 16 * mebibyte, 3);
    plan.take(0);
    plan.take(1); // from 8
    plan.take(2); // from 4
    plan.advance(0, 4 * mebibyte);
    QCOMPARE(plan.takeOver(0, 4 * mebibyte), (ByteSpan{4 * mebibyte, 8 * mebibyte}));
    QCOMPARE(plan.left(2).size(), qint64(0));
    QCOMPARE(plan.left(1), (ByteSpan{8 * mebibyte, 16 * mebibyte}));
    QVERIFY(!plan.takeOver(0, 3 * mebibyte)); // it is there
}

void TestSegmentPlan::everyByteIsFetchedOnce_data()
{
    QTest::addColumn<int>("lanes");
    QTest::addColumn<bool>("fails");
    for (const int lanes : {1, 2, 3, 7, 16}) {
        QTest::addRow("%d lanes", lanes) << lanes << false;
        QTest::addRow("%d lanes, some fail", lanes) << lanes << true;
    }
}

/// Lanes of different speed, as the network has them.
void TestSegmentPlan::everyByteIsFetchedOnce()
{
    QFETCH(int, lanes);
    QFETCH(bool, fails);
    const quint32 seed = std::random_device{}();
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 50; ++round) {
        const auto size = static_cast<qint64>(random() % (40 * mebibyte) + 1);
        SegmentPlan plan({}, size, lanes);
        std::vector<bool> isIdle(static_cast<std::size_t>(lanes), true);
        qint64 fetched = 0;
        while (!plan.isComplete()) {
            const int lane = static_cast<int>(random() % static_cast<quint32>(lanes));
            const auto at = static_cast<std::size_t>(lane);
            if (isIdle[at]) {
                isIdle[at] = !plan.take(lane);
                continue;
            }
            if (fails && random() % 50 == 0) {
                plan.giveBack(lane);
                isIdle[at] = true;
                continue;
            }
            const ByteSpan left = plan.left(lane);
            const qint64 got = std::min<qint64>(left.size(), random() % (300 * 1024) * (at + 1));
            const qint64 before = plan.done().total();
            plan.advance(lane, left.first + got);
            QCOMPARE(plan.done().total() - before, got); // none of it was there already
            fetched += got;
            isIdle[at] = plan.left(lane).size() == 0;
        }
        QCOMPARE(fetched, size);
        for (int lane = 0; lane < lanes; ++lane)
            QVERIFY(!plan.take(lane) || plan.left(lane).size() == 0);
    }
}

QTEST_APPLESS_MAIN(TestSegmentPlan)
#include "tst_segment_plan.moc"
