// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/life_step.h"
#include "platform/process_identity.h"

#include <QRegularExpression>
#include <QSet>

#include <latch>
#include <mutex>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

namespace
{

ClaimRequest many(int limit)
{
    ClaimRequest wanted;
    wanted.limit = limit;
    return wanted;
}

} // namespace

class TestClaims : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesByPriorityThenAge();
    void givesTheJobAsItStandsThen();
    void leavesAlone_data();
    void leavesAlone();
    void claimsTheseAndNoOthers();
    void seeksTheReadyIndex();
    void setsLeaseAndFence();
    void fenceOnlyGrows();
    void promotesDueBackoffs();
    void freesExpiredLeases();
    void freesTheDeadAtOnce();
    void timeIsSuspendedAfterAClockJump();
    void leasesFollowTheClock_data();
    void leasesFollowTheClock();
    void othersLeasesWaitForTheClock();
    void backoffsFollowTheClock_data();
    void backoffsFollowTheClock();
    void aJumpIsAnsweredOnce();
    void crashesDelayButNeverEnd();
    void keepsProgress();
    void takesOverOpenOps();
    void abandonsOpenOpsOfV1();
    void givesTheDefaultRoot();
    void bringsThePart();
    void renewsWhatIsLeft();
    void releaseGivesBack_data();
    void releaseGivesBack();
    void releaseOfALostLease();
    void ownersAreKnown();
    void retiringReleases();
    void neverTheSameJobTwice();
};

void TestClaims::takesByPriorityThenAge()
{
    Scratch scratch;
    const auto session = scratch.open();
    const QList<int> priorities{0, 5, 0, -3, 5, 0};
    for (int i = 0; i < priorities.size(); ++i) {
        JobRequest wanted = request(i);
        wanted.priority = priorities.at(i);
        planned(*session, {wanted});
        scratch.clock.advance(1);
    }
    QStringList order;
    for (const int limit : {1, 3, 10}) {
        const auto claims = claimed(*session, many(limit));
        VERIFY_OK(claims);
        for (const ClaimedJob &job : *claims)
            order.append(job.job.canonicalUrl.section(u'/', -1).section(u'.', 0, 0));
    }
    QCOMPARE(order.join(u' '), u"1 4 0 2 5 3"_s);
}

void TestClaims::givesTheJobAsItStandsThen()
{
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId id = plannedId(*session, request(1));
    const auto claims = claimed(*session, many(1));
    VERIFY_OK(claims);
    QCOMPARE(claims->size(), 1);
    const JobRecord given = claims->first().job;
    const JobRecord stands = reread(*session, id);
    QCOMPARE(given.id, id);
    QCOMPARE(given.state, stands.state);
    QCOMPARE(given.fence, stands.fence);
    QCOMPARE(given.leaseOwner, stands.leaseOwner);
    QCOMPARE(given.leaseUntil, stands.leaseUntil);
    QCOMPARE(given.updatedAt, stands.updatedAt);
    QCOMPARE(given.sourceUrl, stands.sourceUrl);
    QCOMPARE(given.rootId, stands.rootId);
    QVERIFY(!given.rootPath.isEmpty());
    QCOMPARE(given.rootPath, stands.rootPath);
    QCOMPARE(given.batchId, stands.batchId); // the last column
}

void TestClaims::leavesAlone_data()
{
    QTest::addColumn<QString>("change");
    QTest::newRow("paused") << u"hold = 'PAUSED'"_s;
    QTest::newRow("cancelled") << u"hold = 'CANCELLED'"_s;
    QTest::newRow("removed") << u"removed_at = 5"_s;
    QTest::newRow("in backoff") << u"state = 'FAILED', next_attempt_at = 9e9"_s;
    QTest::newRow("failed for good") << u"state = 'FAILED', done_at = 5"_s;
    QTest::newRow("leased by another who lives")
        << u"state = 'LEASED', lease_owner = 'other', lease_until = 9e9"_s;
    QTest::newRow("indexed") << u"state = 'INDEXED'"_s;
    QTest::newRow("deduped") << u"state = 'DEDUPED'"_s;
    QTest::newRow("skipped") << u"state = 'SKIPPED_DUPLICATE'"_s;
    QTest::newRow("without a root, and no default for it") << u"root_id = NULL"_s;
}

void TestClaims::leavesAlone()
{
    QFETCH(QString, change);
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId id = plannedId(*session, request(1));
    QCOMPARE(OtherProgram(scratch.path()).run(u"UPDATE artifact_jobs SET "_s + change), SQLITE_OK);
    QCOMPARE(claimed(*session, many(5))->size(), 0);
    ClaimRequest this1 = many(5);
    this1.onlyThese = {id};
    QCOMPARE(claimed(*session, this1)->size(), 0);
    QVERIFY(reread(*session, id).leaseOwner != u"owner-a"_s);
}

void TestClaims::claimsTheseAndNoOthers()
{
    Scratch scratch;
    const auto session = scratch.open();
    QList<core::JobId> ids;
    for (int i = 0; i < 5; ++i)
        ids.append(plannedId(*session, request(i)));
    ClaimRequest these = many(10);
    these.onlyThese = {ids.at(3), ids.at(1), {u"nobody"_s}};
    const auto claims = claimed(*session, these);
    VERIFY_OK(claims);
    QCOMPARE(claims->size(), 2);
    QCOMPARE(claims->at(0).job.id, ids.at(1));
    QCOMPARE(claims->at(1).job.id, ids.at(3));
    these.limit = 1;
    QCOMPARE(claimed(*session, these)->size(), 0);
    QCOMPARE(claimed(*session, many(10))->size(), 3);
}

void TestClaims::seeksTheReadyIndex()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, {request(1), request(2)});
    ClaimRequest these = many(1);
    these.onlyThese = {plannedId(*session, request(2))};
    const StatementLog log(*session);
    VERIFY_OK(claimed(*session, many(1)));
    VERIFY_OK(claimed(*session, these));
    const OtherProgram program(scratch.path());
    const auto planOf = [&](const QString &part) { return log.planOf(part, program); };
    const QString any = planOf(u"SELECT rowid, host, root_id FROM artifact_jobs WHERE lease_owner IS NULL"_s);
    QVERIFY2(any.contains(u"USING INDEX ingather_ready"_s) && !any.contains(u"TEMP B-TREE"_s),
             qPrintable(any));
    const QString byIds = planOf(u"AS wanted CROSS JOIN artifact_jobs AS j"_s);
    QVERIFY2(byIds.contains(u"SEARCH j USING INDEX sqlite_autoindex_artifact_jobs_1"_s), qPrintable(byIds));
    const QString backoffs = planOf(u"SET next_attempt_at = 0"_s);
    QVERIFY2(backoffs.contains(u"SEARCH artifact_jobs USING INDEX ingather_backoff"_s), qPrintable(backoffs));
    const QString lost = planOf(u"lease_until <= "_s);
    QVERIFY2(lost.contains(u"ingather_lease"_s), qPrintable(lost));
}

void TestClaims::setsLeaseAndFence()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    QCOMPARE(job.lease.owner, u"owner-a"_s);
    QCOMPARE(job.lease.fence, core::Fence::firstOfEpoch(1));
    QCOMPARE(job.lease.job, job.job.id);
    const JobRecord record = reread(*session, job.job.id);
    QCOMPARE(record.state, JobState::Leased);
    QCOMPARE(record.leaseOwner, u"owner-a"_s);
    QCOMPARE(*record.leaseUntil, scratch.clock.now() + 30);
    QCOMPARE(record.fence, job.lease.fence);
    QCOMPARE(record.attempts, 0);
    const auto history = events(*session, job.job.id);
    VERIFY_OK(history);
    QCOMPARE(history->last().event, u"CLAIM"_s);
    QCOMPARE(history->last().fence, job.lease.fence);
}

void TestClaims::fenceOnlyGrows()
{
    Scratch scratch;
    core::Fence last;
    {
        const auto session = scratch.open();
        for (int i = 0; i < 3; ++i) {
            const ClaimedJob job = claimOne(*session);
            QVERIFY(job.lease.fence > last);
            last = job.lease.fence;
            VERIFY_OK(transact(*session, [&](Session &s) { return release(s, {job.lease, {}, {}, {}}); }));
        }
    }
    QCOMPARE(OtherProgram(scratch.path()).run(u"UPDATE ingather_meta SET value = '5' WHERE key = 'epoch'"_s),
             SQLITE_OK);
    const auto repaired = scratch.open();
    QCOMPARE(claimOne(*repaired).lease.fence, core::Fence::firstOfEpoch(5));
}

void TestClaims::promotesDueBackoffs()
{
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId id = plannedId(*session, request(1));
    const double due = scratch.clock.now().seconds + 60;
    QCOMPARE(
        OtherProgram(scratch.path())
            .run(u"UPDATE artifact_jobs SET state = 'FAILED', next_attempt_at = %1"_s.arg(due, 0, 'f', 3)),
        SQLITE_OK);
    scratch.clock.advance(59);
    QCOMPARE(claimed(*session)->size(), 0);
    scratch.clock.advance(1);
    const auto claims = claimed(*session);
    VERIFY_OK(claims);
    QCOMPARE(claims->size(), 1);
    QCOMPARE(claims->first().job.id, id);
    QCOMPARE(claims->first().job.state, JobState::Leased);
}

void TestClaims::freesExpiredLeases()
{
    Scratch scratch;
    const auto first = scratch.open();
    const auto second = scratch.open(u"owner-b"_s);
    const ClaimedJob old = claimOne(*first);
    scratch.clock.advance(29);
    QCOMPARE(claimed(*second)->size(), 0);
    scratch.clock.advance(1);
    const auto claims = claimed(*second);
    VERIFY_OK(claims);
    QCOMPARE(claims->size(), 1);
    QVERIFY(claims->first().lease.fence > old.lease.fence);
    QCOMPARE(claims->first().job.crashes, 1);
    QStringList history;
    const auto told = events(*second, old.job.id);
    VERIFY_OK(told);
    for (const EventRecord &event : *told)
        history.append(event.event + u':' + event.owner);
    QCOMPARE(history, QStringList({u"CLAIM:owner-a"_s, u"LOST_LEASE:owner-a"_s, u"CLAIM:owner-b"_s}));
}

void TestClaims::freesTheDeadAtOnce()
{
    Scratch scratch;
    const auto dead = scratch.open(u"dead"_s);
    const auto living = scratch.open(u"living"_s);
    const auto session = scratch.open();
    const ClaimedJob lost = claimOne(*dead, 1);
    claimOne(*living, 2);
    ClaimRequest wanted = many(5);
    wanted.deadOwners = {u"dead"_s, u"somebody else"_s};
    const auto claims = claimed(*session, wanted);
    VERIFY_OK(claims);
    QCOMPARE(claims->size(), 1);
    QCOMPARE(claims->first().job.id, lost.job.id);
}

void TestClaims::timeIsSuspendedAfterAClockJump()
{
    Scratch scratch;
    const auto owner = scratch.open(u"owner"_s);
    const auto session = scratch.open();
    claimOne(*owner);
    QCOMPARE(claimed(*session)->size(), 0);
    scratch.clock.jump(3600); // somebody set the clock: the lease only seems to have ended
    QCOMPARE(claimed(*session)->size(), 0);
    ClaimRequest wanted = many(1);
    wanted.deadOwners = {u"owner"_s};
    QCOMPARE(claimed(*session, wanted)->size(), 1);

    const ClaimedJob other = claimOne(*owner, 2);
    scratch.clock.advance(31);
    const auto claims = claimed(*session);
    VERIFY_OK(claims);
    QCOMPARE(claims->size(), 1);
}

void TestClaims::leasesFollowTheClock_data()
{
    QTest::addColumn<double>("jump");
    QTest::newRow("an hour ahead") << 3600.0;
    QTest::newRow("an hour back") << -3600.0;
}

void TestClaims::leasesFollowTheClock()
{
    QFETCH(double, jump);
    Scratch scratch;
    const QString self = platform::ProcessIdentity::current().toString();
    const auto owner = scratch.open(self);
    const ClaimedJob job = claimOne(*owner);
    scratch.clock.advance(10);
    scratch.clock.jump(jump);
    // It comes after the jump and has seen nothing of it.
    const auto fresh = scratch.open();
    QCOMPARE(claimed(*fresh)->size(), 0);
    const JobRecord record = reread(*fresh, job.job.id);
    QCOMPARE(record.leaseOwner, self);
    QVERIFY2(qAbs(record.leaseUntil->seconds - scratch.clock.now().seconds - 20) < 0.001,
             qPrintable(QString::number(record.leaseUntil->seconds - scratch.clock.now().seconds)));
    // It is not renewed: a process that stands still loses it, and neither at once nor after an hour.
    scratch.clock.advance(29);
    QCOMPARE(claimed(*fresh)->size(), 0);
    scratch.clock.advance(1);
    QCOMPARE(claimed(*fresh)->size(), 1);
    QCOMPARE(reread(*fresh, job.job.id).crashes, 1);
}

void TestClaims::othersLeasesWaitForTheClock()
{
    Scratch scratch;
    const auto abroad = scratch.open(u"elsewhere/boot/1/2/3/0123456789abcdef"_s);
    const auto first = scratch.open();
    const ClaimedJob job = claimOne(*abroad);
    const double until = reread(*first, job.job.id).leaseUntil->seconds;
    scratch.clock.jump(3600);
    QCOMPARE(claimed(*first)->size(), 0);
    scratch.clock.advance(10);
    // The jump is known to who comes later, too.
    const auto fresh = scratch.open(u"fresh"_s);
    QCOMPARE(claimed(*fresh)->size(), 0);
    QCOMPARE(reread(*fresh, job.job.id).leaseUntil->seconds, until); // another host has another clock
    scratch.clock.advance(20);
    QCOMPARE(claimed(*fresh)->size(), 1);
}

void TestClaims::backoffsFollowTheClock_data()
{
    QTest::addColumn<bool>("isFailure");
    QTest::newRow("a failure") << true;
    QTest::newRow("a wait for a volume") << false;
}

void TestClaims::backoffsFollowTheClock()
{
    QFETCH(bool, isFailure);
    Scratch scratch;
    const auto session = scratch.open();
    const auto wait60 = [&](const Lease &lease) {
        Failure failure;
        failure.lease = lease;
        failure.error = {ErrorCode::HttpServerError, u"get"_s, 503, {}};
        failure.nextAttemptIn = std::chrono::seconds(60);
        const Release wait{lease, std::chrono::seconds(60), u"volume_absent"_s, {}};
        VERIFY_OK(transact(
            *session, [&](Session &s) { return isFailure ? recordFailure(s, failure) : release(s, wait); }));
    };
    const ClaimedJob before = claimOne(*session, 1);
    wait60(before.lease);
    scratch.clock.advance(20);
    scratch.clock.jump(-3600);
    const auto fresh = scratch.open(u"fresh"_s);
    QCOMPARE(claimed(*fresh)->size(), 0);
    // What is written now carries stamps of the hour to come and is not touched by the next claims.
    const ClaimedJob after = claimOne(*session, 2);
    wait60(after.lease);
    scratch.clock.advance(39);
    QCOMPARE(claimed(*fresh)->size(), 0);
    scratch.clock.advance(1.01);
    const auto first = claimed(*fresh);
    VERIFY_OK(first);
    QCOMPARE(first->size(), 1);
    QCOMPARE(first->first().job.id, before.job.id);
    scratch.clock.advance(19);
    QCOMPARE(claimed(*session)->size(), 0);
    scratch.clock.advance(1);
    const auto second = claimed(*session);
    VERIFY_OK(second);
    QCOMPARE(second->size(), 1);
    QCOMPARE(second->first().job.id, after.job.id);

    // Ahead: it is due, and is not put off.
    wait60(second->first().lease);
    scratch.clock.jump(3600);
    QCOMPARE(claimed(*fresh)->size(), 1);
}

void TestClaims::aJumpIsAnsweredOnce()
{
    Scratch scratch;
    const QString self = platform::ProcessIdentity::current().toString();
    const auto first = scratch.open(self);
    const auto second = scratch.open(u"second"_s);
    const auto third = scratch.open(u"third"_s);
    const ClaimedJob job = claimOne(*first);
    const auto left = [&] {
        const double until = reread(*first, job.job.id).leaseUntil->seconds;
        return qRound(until - scratch.clock.now().seconds);
    };
    for (const double jump : {3600.0, -7200.0, 3600.0, 3.0, -3.0}) {
        scratch.clock.jump(jump);
        VERIFY_OK(second->begin());
        second->rollback(); // whoever is next has to answer it
        for (Session *session : {third.get(), second.get(), first.get()}) {
            VERIFY_OK(session->begin());
            VERIFY_OK(session->commit());
            QCOMPARE(left(), 30);
        }
    }
    // It need not be seen by all: who slept through two jumps meets the ledger as it is.
    scratch.clock.jump(3600);
    VERIFY_OK(second->begin());
    VERIFY_OK(second->commit());
    scratch.clock.jump(-3600);
    VERIFY_OK(first->begin());
    VERIFY_OK(first->commit());
    VERIFY_OK(second->begin());
    VERIFY_OK(second->commit());
    QCOMPARE(left(), 30);
}

void TestClaims::crashesDelayButNeverEnd()
{
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId id = plannedId(*session, request(1));
    QList<double> delays;
    for (int crash = 1; crash <= 12; ++crash) {
        QCOMPARE(claimed(*session)->size(), 1);
        scratch.clock.advance(30); // its owner is gone
        const double now = scratch.clock.now().seconds;
        const auto claims = claimed(*session);
        VERIFY_OK(claims);
        const JobRecord record = reread(*session, id);
        QCOMPARE(record.crashes, crash);
        QVERIFY(!record.doneAt);
        if (!claims->isEmpty()) {
            delays.append(0);
            const Release back{claims->first().lease, {}, {}, {}};
            VERIFY_OK(transact(*session, [&](Session &s) { return release(s, back); }));
            continue;
        }
        delays.append(record.nextAttemptAt.seconds - now);
        scratch.clock.advance(delays.last());
    }
    QCOMPARE(delays, QList<double>({0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60}));
}

void TestClaims::keepsProgress()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    LifeStep step;
    step.lease = job.lease;
    step.path = {JobState::HeadDone, JobState::Streaming};
    VERIFY_OK(transact(*session, [&](Session &s) { return apply(s, step); }));
    scratch.clock.advance(31);
    const auto claims = claimed(*session);
    VERIFY_OK(claims);
    QCOMPARE(claims->size(), 1);
    QCOMPARE(claims->first().job.state, JobState::Streaming);
}

void TestClaims::takesOverOpenOps()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    const QJsonObject intent{{u"etag"_s, u"\"x\""_s}};
    LifeStep step;
    step.lease = job.lease;
    step.path = {JobState::HeadDone, JobState::Streaming};
    step.ops = {OpDone{core::OpType::Head, u"head"_s, {{u"status"_s, 200}}},
                OpIntent{core::OpType::Stream, u"stream"_s, intent}};
    VERIFY_OK(transact(*session, [&](Session &s) { return apply(s, step); }));
    scratch.clock.advance(31);
    const auto second = scratch.open(u"owner-b"_s);
    const auto claims = claimed(*second);
    VERIFY_OK(claims);
    QCOMPARE(claims->size(), 1);
    const ClaimedJob &again = claims->first();
    QCOMPARE(again.ops.size(), 2);
    QCOMPARE(again.ops.at(0).phase, core::OpPhase::Done);
    QCOMPARE(again.ops.at(0).attempt, 1);
    QCOMPARE(again.ops.at(1).phase, core::OpPhase::Intent);
    QCOMPARE(again.ops.at(1).attempt, 2);
    QCOMPARE(again.ops.at(1).fence, again.lease.fence);
    QCOMPARE(again.ops.at(1).owner, u"owner-b"_s);
    QCOMPARE(again.ops.at(1).intent, intent);
}

void TestClaims::abandonsOpenOpsOfV1()
{
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId id = plannedId(*session, request(1));
    const OtherProgram v1(scratch.path());
    QCOMPARE(
        v1.run(
            u"INSERT INTO artifact_ops(op_key, job_id, op_type, started_at) VALUES ('open', '%1', 'STREAM', 1)"_s
                .arg(id.value)),
        SQLITE_OK);
    const QList<OpRecord> left = claimed(*session)->first().ops;
    QCOMPARE(left.size(), 1); // only it may name parts
    QCOMPARE(left.first().phase, core::OpPhase::Abandoned);
    const auto list = ops(*session, id);
    VERIFY_OK(list);
    QCOMPARE(list->first().phase, core::OpPhase::Abandoned);
    QVERIFY(list->first().finishedAt.has_value());
}

void TestClaims::givesTheDefaultRoot()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, {request(1, {}), request(2, u"/own"_s)});
    const auto root = transact(*session, [](Session &s) { return rootIdFor(s, u"/default"_s); });
    ClaimRequest wanted = many(5);
    wanted.defaultRootId = *root;
    const auto claims = claimed(*session, wanted);
    VERIFY_OK(claims);
    QCOMPARE(claims->size(), 2);
    QCOMPARE(claims->at(0).job.rootPath, u"/default"_s);
    QCOMPARE(claims->at(1).job.rootPath, u"/own"_s);
}

void TestClaims::bringsThePart()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    QVERIFY(!job.part);
    LifeStep step;
    step.lease = job.lease;
    step.part =
        PartRecord{job.job.id, *job.job.rootId, u"x.part"_s, {u"\"e\""_s, u"date"_s, 5'000'000'000}, 42};
    VERIFY_OK(transact(*session, [&](Session &s) { return apply(s, step); }));
    scratch.clock.advance(31);
    const auto claims = claimed(*session);
    VERIFY_OK(claims);
    QCOMPARE(claims->first().part, step.part);
}

void TestClaims::renewsWhatIsLeft()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto thief = scratch.open(u"thief"_s);
    const ClaimedJob kept = claimOne(*session, 1);
    const ClaimedJob lost = claimOne(*session, 2);
    scratch.clock.advance(40); // late, but nobody has taken the first
    ClaimRequest one;
    one.onlyThese = {lost.job.id};
    const QList<core::JobId> both{kept.job.id, lost.job.id};
    const auto renewFirst = transact(
        *session, [&](Session &s) { return renew(s, u"owner-a"_s, both, std::chrono::seconds(30)); });
    VERIFY_OK(renewFirst);
    QCOMPARE(renewFirst->size(), 2);
    const auto renewOne = transact(*session, [&](Session &s) {
        return renew(s, u"owner-a"_s, {lost.job.id}, std::chrono::seconds(30));
    });
    VERIFY_OK(renewOne);
    QCOMPARE(renewOne->size(), 1); // a lease that nobody works under is left to expire
    QCOMPARE(renewOne->first().job, lost.job.id);
    scratch.clock.advance(31);
    QCOMPARE(claimed(*thief, one)->size(), 1);
    const JobRecord before = reread(*session, kept.job.id);
    const auto renewed = transact(
        *session, [&](Session &s) { return renew(s, u"owner-a"_s, both, std::chrono::seconds(30)); });
    VERIFY_OK(renewed);
    // The sweep of the thief's claim freed both: nothing is left to renew.
    QCOMPARE(renewed->size(), 0);
    QCOMPARE(before.leaseOwner, QString());
    QCOMPARE(reread(*session, lost.job.id).leaseOwner, u"thief"_s);
}

void TestClaims::releaseGivesBack_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("after");
    QTest::newRow("leased goes back to planned") << u"LEASED"_s << u"PLANNED"_s;
    QTest::newRow("progress is kept") << u"STREAMING"_s << u"STREAMING"_s;
}

void TestClaims::releaseGivesBack()
{
    QFETCH(QString, state);
    QFETCH(QString, after);
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    QCOMPARE(OtherProgram(scratch.path()).run(u"UPDATE artifact_jobs SET state = '%1'"_s.arg(state)),
             SQLITE_OK);
    const Release wait{job.lease, std::chrono::seconds(15), u"volume_absent"_s, u"/root"_s};
    VERIFY_OK(transact(*session, [&](Session &s) { return release(s, wait); }));
    JobRecord record = reread(*session, job.job.id);
    QCOMPARE(core::jobStateName(record.state), after);
    QVERIFY(record.leaseOwner.isEmpty() && !record.leaseUntil);
    QCOMPARE(record.nextAttemptAt, scratch.clock.now() + 15);
    QCOMPARE(record.errorCode, u"volume_absent"_s);
    QCOMPARE(record.attempts, 0);
    QCOMPARE(record.crashes, 0);
    QCOMPARE(claimed(*session)->size(), 0);
    scratch.clock.advance(15);
    QCOMPARE(claimed(*session)->size(), 1);
}

void TestClaims::releaseOfALostLease()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    scratch.clock.advance(31);
    const auto other = scratch.open(u"owner-b"_s);
    QCOMPARE(claimed(*other)->size(), 1);
    const auto gone = transact(*session, [&](Session &s) { return release(s, {job.lease, {}, {}, {}}); });
    COMPARE_ERROR(gone, ErrorCode::LeaseLost);
    QCOMPARE(reread(*session, job.job.id).leaseOwner, u"owner-b"_s);
}

void TestClaims::ownersAreKnown()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto other = scratch.open(u"other"_s);
    claimOne(*session, 1);
    claimOne(*other, 2);
    VERIFY_OK(transact(*session, [](Session &s) { return registerOwner(s, u"idle"_s, u"cli"_s); }));
    VERIFY_OK(transact(*session, [](Session &s) { return registerOwner(s, u"idle"_s, u"cli"_s); }));
    VERIFY_OK(transact(*session, [](Session &s) { return registerOwner(s, u"owner-a"_s, u"cli"_s); }));
    auto owners = knownOwners(*session);
    VERIFY_OK(owners);
    owners->sort();
    QCOMPARE(*owners, QStringList({u"idle"_s, u"other"_s}));
}

void TestClaims::retiringReleases()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto other = scratch.open(u"other"_s);
    VERIFY_OK(transact(*session, [](Session &s) { return registerOwner(s, u"owner-a"_s, u"cli"_s); }));
    const ClaimedJob mine = claimOne(*session, 1);
    const ClaimedJob theirs = claimOne(*other, 2);
    VERIFY_OK(transact(*session, [](Session &s) { return retireOwner(s, u"owner-a"_s); }));
    QCOMPARE(reread(*session, mine.job.id).state, JobState::Planned);
    QCOMPARE(reread(*session, mine.job.id).leaseOwner, QString());
    QCOMPARE(reread(*session, theirs.job.id).leaseOwner, u"other"_s);
    QCOMPARE(*knownOwners(*other), QStringList());
    QCOMPARE(reread(*session, mine.job.id).crashes, 0);
}

void TestClaims::neverTheSameJobTwice()
{
    Scratch scratch;
    constexpr int count = 400;
    constexpr int threads = 4;
    {
        const auto session = scratch.open();
        QList<JobRequest> list;
        for (int i = 0; i < count; ++i)
            list.append(request(i));
        planned(*session, list);
    }
    std::latch start(threads);
    std::mutex guard;
    QSet<QString> seen;
    int total = 0;
    QByteArray trouble;
    std::vector<std::thread> workers;
    for (int t = 0; t < threads; ++t) {
        workers.emplace_back([&, t] {
            const auto session = scratch.open(u"worker-%1"_s.arg(t));
            start.arrive_and_wait();
            for (;;) {
                const auto claims = claimed(*session, many(t + 1));
                const std::lock_guard lock(guard);
                if (!claims)
                    trouble = why(claims);
                if (!claims || claims->isEmpty())
                    return;
                for (const ClaimedJob &job : *claims) {
                    seen.insert(job.job.id.value);
                    ++total;
                }
            }
        });
    }
    for (std::thread &worker : workers)
        worker.join();
    QCOMPARE(trouble, QByteArray());
    QCOMPARE(total, count);
    QCOMPARE(seen.size(), count);
}

QTEST_GUILESS_MAIN(TestClaims)
#include "tst_claims.moc"
