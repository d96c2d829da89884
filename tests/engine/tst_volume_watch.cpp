// SPDX-License-Identifier: MIT
#include "engine/volumes/volume_watch.h"

#include <QTest>

using namespace ingather;
using namespace ingather::engine;
using namespace Qt::StringLiterals;
using core::BootTime;
using core::ErrorCode;

namespace
{

constexpr qint64 mebibyte = 1024 * 1024;
const core::JobId first{u"first"_s};
const core::JobId second{u"second"_s};

BootTime at(int seconds)
{
    return std::chrono::seconds(seconds);
}

QHash<qint64, int> left(qint64 root, int jobs)
{
    return {{root, jobs}};
}

} // namespace

class TestVolumeWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void leavesARootAloneAndTriesIt();
    void waitsLongerEachTime();
    void onlyTheProbeHasASay();
    void aProbeThatTellsNothingIsReplaced();
    void sharesWhatIsTheDevices();
    void aLookBringsTheProbeForward();
    void aLookThatNeverSawTheTroubleIsNoWitness();
    void aLookSparesTheProbe();
    void oneFileThatIsTooLargeIsNoFullVolume_data();
    void oneFileThatIsTooLargeIsNoFullVolume();
};

void TestVolumeWatch::leavesARootAloneAndTriesIt()
{
    VolumeWatch watch;
    QVERIFY(watch.mayStart(first, 1));
    QVERIFY(watch.failed(1, u"/one"_s, first, ErrorCode::VolumeAbsent, at(0)));
    QVERIFY(!watch.failed(1, u"/one"_s, second, ErrorCode::VolumeAbsent, at(1)));
    QVERIFY(!watch.mayStart(second, 1));
    QVERIFY(watch.mayStart(second, 2));
    QCOMPARE(watch.leftOfRoots(at(14)), left(1, 0));
    QCOMPARE(watch.leftOfRoots(at(15)), left(1, 1));
    watch.claimed(second, 1, at(15));
    watch.claimed(first, 1, at(15)); // one is enough
    QVERIFY(watch.mayStart(second, 1));
    QVERIFY(!watch.mayStart(first, 1));
    QCOMPARE(watch.leftOfRoots(at(16)), left(1, 0));
    const auto over = watch.worked(1, second);
    QVERIFY(over);
    QCOMPARE(over->folder, u"/one"_s);
    QVERIFY(watch.isEmpty());
}

void TestVolumeWatch::waitsLongerEachTime()
{
    VolumeWatch watch;
    watch.failed(1, u"/one"_s, first, ErrorCode::VolumeFailing, at(0));
    int now = 0;
    for (const int wait : {15, 30, 60, 60}) {
        QCOMPARE(watch.leftOfRoots(at(now + wait - 1)), left(1, 0));
        now += wait;
        QCOMPARE(watch.leftOfRoots(at(now)), left(1, 1));
        watch.claimed(first, 1, at(now));
        QVERIFY(!watch.failed(1, u"/one"_s, first, ErrorCode::VolumeFailing, at(now)));
    }
}

void TestVolumeWatch::onlyTheProbeHasASay()
{
    VolumeWatch watch;
    watch.failed(1, u"/one"_s, first, ErrorCode::DiskFull, at(0));
    // It had begun before, and had its room.
    QVERIFY(!watch.worked(1, second));
    QVERIFY(!watch.isEmpty());
    watch.claimed(second, 1, at(15));
    QVERIFY(!watch.failed(1, u"/one"_s, first, ErrorCode::DiskFull, at(15)));
    QVERIFY(watch.mayStart(second, 1));
    QVERIFY(watch.worked(1, second));
}

void TestVolumeWatch::aProbeThatTellsNothingIsReplaced()
{
    VolumeWatch watch;
    watch.failed(1, u"/one"_s, first, ErrorCode::DiskFull, at(0));
    watch.claimed(second, 1, at(15));
    watch.ended(first, at(16));
    QCOMPARE(watch.leftOfRoots(at(16)), left(1, 0));
    watch.ended(second, at(17));
    QCOMPARE(watch.leftOfRoots(at(17)), left(1, 1));
}

void TestVolumeWatch::sharesWhatIsTheDevices()
{
    VolumeWatch watch;
    watch.failed(1, u"/one"_s, first, ErrorCode::DiskFull, at(0));
    watch.failed(3, u"/three"_s, second, ErrorCode::VolumeAbsent, at(0));
    watch.share(1, 42, {{1, u"/one"_s}, {2, u"/two"_s}, {3, u"/three"_s}});
    QCOMPARE(watch.troubles().size(), 2);
    QVERIFY(!watch.mayStart(second, 2));
    watch.claimed(second, 2, at(15));
    const auto over = watch.worked(2, second);
    QVERIFY(over);
    QCOMPARE(over->roots.size(), 2);
    QVERIFY(watch.mayStart(first, 1));
    QVERIFY(!watch.mayStart(first, 3));
}

void TestVolumeWatch::aLookBringsTheProbeForward()
{
    VolumeWatch watch;
    watch.failed(1, u"/one"_s, first, ErrorCode::VolumeAbsent, at(0));
    QVERIFY(!watch.looked(1, false, at(0)));
    QVERIFY(watch.looked(1, true, at(3)));
    QVERIFY(!watch.looked(1, true, at(4))); // told once
    QCOMPARE(watch.leftOfRoots(at(4)), left(1, 1));
    QVERIFY(!watch.isEmpty()); // what lifts it is the probe
}

void TestVolumeWatch::aLookThatNeverSawTheTroubleIsNoWitness()
{
    VolumeWatch watch;
    watch.failed(1, u"/one"_s, first, ErrorCode::DiskFull, at(0)); // a quota, say
    QVERIFY(!watch.looked(1, true, at(2)));
    QVERIFY(!watch.looked(1, true, at(4)));
    QCOMPARE(watch.leftOfRoots(at(14)), left(1, 0));
    QCOMPARE(watch.leftOfRoots(at(15)), left(1, 1));
}

void TestVolumeWatch::aLookSparesTheProbe()
{
    VolumeWatch watch;
    watch.failed(1, u"/one"_s, first, ErrorCode::VolumeAbsent, at(0));
    watch.looked(1, false, at(14));
    QCOMPARE(watch.leftOfRoots(at(15)), left(1, 0));
    watch.looked(1, false, at(16));
    QCOMPARE(watch.troubleOf(1)->until, at(46));
    QVERIFY(watch.looked(1, true, at(20)));
    QCOMPARE(watch.leftOfRoots(at(20)), left(1, 1));
}

void TestVolumeWatch::oneFileThatIsTooLargeIsNoFullVolume_data()
{
    QTest::addColumn<qint64>("left");
    QTest::addColumn<QList<bool>>("isFull");
    QTest::newRow("much is left, until three in a row") << 500 * mebibyte << QList<bool>{false, false, true};
    QTest::newRow("next to nothing is left") << mebibyte << QList<bool>{true};
    QTest::newRow("it is below the floor") << -mebibyte << QList<bool>{true};
}

void TestVolumeWatch::oneFileThatIsTooLargeIsNoFullVolume()
{
    QFETCH(qint64, left);
    QFETCH(QList<bool>, isFull);
    VolumeWatch watch;
    for (const bool expected : std::as_const(isFull))
        QCOMPARE(watch.isFull(1, left), expected);
    watch.worked(1, first); // one in between starts the count again
    QCOMPARE(watch.isFull(1, 500 * mebibyte), false);
}

QTEST_GUILESS_MAIN(TestVolumeWatch)
#include "tst_volume_watch.moc"
