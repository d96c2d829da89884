// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/bind.h"
#include "ledger/volumes.h"

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

namespace
{

/// Claims a job and gives it back as one that waits.
core::JobId waiting(Session &session, int number, const QString &root, const QString &code)
{
    ClaimRequest wanted;
    wanted.onlyThese = {plannedId(session, request(number, root))};
    const auto claims = claimed(session, wanted);
    if (!claims || claims->size() != 1)
        qFatal("not claimed");
    Release back{.lease = claims->first().lease, .errorCode = code, .errorDetail = {}};
    back.nextAttemptIn = std::chrono::seconds(15);
    const Result<> released = transact(session, [&](Session &s) { return release(s, back); });
    if (!released)
        qFatal("not released");
    return claims->first().job.id;
}

core::UnixTime dueAt(Session &session, const core::JobId &id)
{
    const auto found = job(session, id);
    return found && *found ? (*found)->nextAttemptAt : core::UnixTime{-1};
}

} // namespace

class TestVolumes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rootsAndWhatWasMounted();
    void wakesThoseOfARoot();
    void putsThemOff();
    void countsWhoWaits();
    void namesTheWaitingRoots();
};

void TestVolumes::rootsAndWhatWasMounted()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, {request(1, u"/b"_s), request(2, u"/a"_s)});
    const auto before = roots(*session);
    VERIFY_OK(before);
    QCOMPARE(before->size(), 2);
    QCOMPARE(before->first().path, u"/a"_s);
    QCOMPARE(before->first().volumeId, QString());
    VERIFY_OK(
        transact(*session, [&](Session &s) { return noteVolume(s, before->first().id, u"mounted"_s); }));
    const auto after = roots(*session);
    VERIFY_OK(after);
    QCOMPARE(after->first().volumeId, u"mounted"_s);
    QCOMPARE(after->last().volumeId, QString());
}

void TestVolumes::wakesThoseOfARoot()
{
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId full = waiting(*session, 1, u"/full"_s, u"disk_full"_s);
    const core::JobId other = waiting(*session, 2, u"/other"_s, u"volume_absent"_s);
    const core::JobId slow = waiting(*session, 3, u"/full"_s, u"network_unreachable"_s);
    const qint64 root = *(*job(*session, full))->rootId;
    const auto wake = [&](int seconds) {
        return transact(*session, [&](Session &s) {
            return wakeWaitingForVolume(s, {root}, std::chrono::seconds(seconds));
        });
    };
    QCOMPARE(*wake(10), 0); // it is due later than that
    QCOMPARE(*wake(60), 1);
    QCOMPARE(dueAt(*session, full).seconds, 0.0);
    QVERIFY(dueAt(*session, other).seconds > 0);
    QVERIFY(dueAt(*session, slow).seconds > 0);
}

void TestVolumes::putsThemOff()
{
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId full = waiting(*session, 1, u"/full"_s, u"disk_full"_s);
    const core::JobId other = waiting(*session, 2, u"/other"_s, u"disk_full"_s);
    const core::UnixTime before = dueAt(*session, other);
    const qint64 root = *(*job(*session, full))->rootId;
    scratch.clock.advance(10);
    const auto changed = transact(
        *session, [&](Session &s) { return putOffWaitingForVolume(s, {root}, std::chrono::seconds(15)); });
    VERIFY_OK(changed);
    QCOMPARE(*changed, 1);
    QVERIFY(dueAt(*session, full).seconds > before.seconds + 9);
    QCOMPARE(dueAt(*session, other).seconds, before.seconds);
}

void TestVolumes::countsWhoWaits()
{
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId full = waiting(*session, 1, u"/full"_s, u"disk_full"_s);
    planned(*session, {request(2, u"/full"_s), request(3, u"/other"_s), request(4, QString())});
    const qint64 root = *(*job(*session, full))->rootId;
    QCOMPARE(*openJobsOfRoots(*session, {root}, std::nullopt), 2);
    QCOMPARE(*openJobsOfRoots(*session, {root}, root), 3); // with the one that has no root
}

void TestVolumes::namesTheWaitingRoots()
{
    Scratch scratch;
    const auto session = scratch.open();
    VERIFY_OK(waitingRoots(*session));
    QCOMPARE(waitingRoots(*session)->size(), 0);
    waiting(*session, 1, u"/full"_s, u"disk_full"_s);
    waiting(*session, 2, u"/full"_s, u"disk_full"_s);
    waiting(*session, 3, u"/away"_s, u"volume_absent"_s);
    waiting(*session, 4, u"/well"_s, u"network_unreachable"_s);
    const auto found = waitingRoots(*session);
    VERIFY_OK(found);
    QCOMPARE(found->size(), 2);
    QCOMPARE(found->first().path, u"/away"_s);
    QCOMPARE(found->first().code, ErrorCode::VolumeAbsent);
    QCOMPARE(found->last().path, u"/full"_s);
    QCOMPARE(found->last().code, ErrorCode::DiskFull);
    QVERIFY(found->last().until > scratch.clock.now());
}

QTEST_GUILESS_MAIN(TestVolumes)
#include "tst_volumes.moc"
