// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/life_step.h"
#include "ledger/wishes.h"

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

Q_DECLARE_METATYPE(Wish)

namespace
{

Result<WishReport> wished(Session &session, Wish wish, const JobSelection &selection)
{
    return transact(session, [&](Session &s) { return applyWish(s, wish, selection); });
}

JobSelection only(const core::JobId &id)
{
    return {{id}, false, false};
}

/// A job's whole life in one step: filed as "a.pdf", its hash 64 times "b".
Result<StepOutcome> finish(Session &session, const ClaimedJob &job)
{
    LifeStep step;
    step.lease = job.lease;
    step.path = {JobState::HeadDone, JobState::Streaming, JobState::Finalized, JobState::Indexed};
    step.ops = {OpDone{core::OpType::Stream, u"stream"_s, {}}};
    step.facts.sha256 = QString(64, u'b');
    step.facts.bytesTotal = 3;
    step.name = NameAllocation{u"a.pdf"_s, {}};
    step.index = true;
    return transact(session, [&](Session &s) { return apply(s, step); });
}

} // namespace

class TestWishes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatAWishDoes_data();
    void whatAWishDoes();
    void selectsAllAndFailed();
    void namesTheUnknown();
    void handsOverOrphanedParts();
    void heldLeasesAreSeen();
    void removedIsNeitherListedNorClaimed();
    void priorityDecidesTheOrder();
    void forgetsAllOfAJob();
    void doesNotForgetWhatIsLeased();
    void refetchesADoneJob();
    void refetchesOnlyWhatHasEnded();
    void longSelections();
};

void TestWishes::whatAWishDoes_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<Wish>("wish");
    QTest::addColumn<bool>("changes");
    QTest::addColumn<QString>("after"); // state|hold|attempts|next_attempt_at|done
    const QString failed = u"state = 'FAILED', attempts = 5, error_code = 'x'"_s;

    QTest::newRow("pause holds what runs")
        << u"state = 'STREAMING'"_s << Wish::Pause << true << u"STREAMING|PAUSED|0|0.0|0"_s;
    QTest::newRow("pause twice is once")
        << u"hold = 'PAUSED'"_s << Wish::Pause << false << u"PLANNED|PAUSED|0|0.0|0"_s;
    QTest::newRow("pause does not soften cancel")
        << u"hold = 'CANCELLED'"_s << Wish::Pause << false << u"PLANNED|CANCELLED|0|0.0|0"_s;
    QTest::newRow("pause means nothing for the done")
        << u"state = 'INDEXED'"_s << Wish::Pause << false << u"INDEXED|NULL|0|0.0|1"_s;
    QTest::newRow("pause means nothing for the failed for good")
        << failed + u", done_at = 5"_s << Wish::Pause << false << u"FAILED|NULL|5|0.0|1"_s;
    QTest::newRow("resume lifts a pause")
        << u"hold = 'PAUSED'"_s << Wish::Resume << true << u"PLANNED|NULL|0|0.0|0"_s;
    QTest::newRow("resume leaves the cancelled")
        << u"hold = 'CANCELLED'"_s << Wish::Resume << false << u"PLANNED|CANCELLED|0|0.0|0"_s;
    QTest::newRow("cancel holds") << u"state = 'STREAMING'"_s << Wish::Cancel << true
                                  << u"STREAMING|CANCELLED|0|0.0|0"_s;
    QTest::newRow("cancel overrides a pause")
        << u"hold = 'PAUSED'"_s << Wish::Cancel << true << u"PLANNED|CANCELLED|0|0.0|0"_s;
    QTest::newRow("cancel means nothing for the done")
        << u"state = 'DEDUPED'"_s << Wish::Cancel << false << u"DEDUPED|NULL|0|0.0|1"_s;
    QTest::newRow("retry lifts a pause")
        << u"hold = 'PAUSED'"_s << Wish::Retry << true << u"PLANNED|NULL|0|0.0|0"_s;
    QTest::newRow("retry lifts a cancel")
        << u"state = 'STREAMING', hold = 'CANCELLED'"_s << Wish::Retry << true << u"STREAMING|NULL|0|0.0|0"_s;
    QTest::newRow("retry plans the failed for good anew")
        << failed + u", done_at = 5"_s << Wish::Retry << true << u"PLANNED|NULL|0|0.0|0"_s;
    QTest::newRow("retry ends a backoff")
        << failed + u", next_attempt_at = 9e9"_s << Wish::Retry << true << u"PLANNED|NULL|0|0.0|0"_s;
    QTest::newRow("retry ends a wait for a volume")
        << u"state = 'STREAMING', attempts = 2, next_attempt_at = 9e9"_s << Wish::Retry << true
        << u"STREAMING|NULL|2|0.0|0"_s;
    QTest::newRow("retry means nothing for the planned")
        << u"job_id = job_id"_s << Wish::Retry << false << u"PLANNED|NULL|0|0.0|0"_s;
    QTest::newRow("retry means nothing for the done")
        << u"state = 'INDEXED'"_s << Wish::Retry << false << u"INDEXED|NULL|0|0.0|1"_s;
    QTest::newRow("remove hides whatever it is")
        << u"state = 'INDEXED'"_s << Wish::Remove << true << u"INDEXED|NULL|0|0.0|1"_s;
    QTest::newRow("remove twice is once")
        << u"removed_at = 5"_s << Wish::Remove << false << u"PLANNED|NULL|0|0.0|0"_s;
    QTest::newRow("restore shows it as it was")
        << u"removed_at = 5, hold = 'PAUSED'"_s << Wish::Restore << true << u"PLANNED|PAUSED|0|0.0|0"_s;
    QTest::newRow("restore means nothing for what is shown")
        << u"job_id = job_id"_s << Wish::Restore << false << u"PLANNED|NULL|0|0.0|0"_s;
    QTest::newRow("a removed job hears no other wish")
        << u"removed_at = 5"_s << Wish::Cancel << false << u"PLANNED|NULL|0|0.0|0"_s;
}

void TestWishes::whatAWishDoes()
{
    QFETCH(QString, before);
    QFETCH(Wish, wish);
    QFETCH(bool, changes);
    QFETCH(QString, after);
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId id = plannedId(*session, request(1));
    const OtherProgram program(scratch.path());
    QCOMPARE(program.run(u"UPDATE artifact_jobs SET "_s + before), SQLITE_OK);
    const double updatedAt = reread(*session, id).updatedAt.seconds;
    const auto report = wished(*session, wish, only(id));
    VERIFY_OK(report);
    QCOMPARE(report->changed.contains(id), changes);
    QCOMPARE(report->unchanged.contains(id), !changes);
    QCOMPARE(
        program.value(
            u"SELECT state || '|' || coalesce(hold, 'NULL') || '|' || attempts || '|' || next_attempt_at "
            "|| '|' || (done_at IS NOT NULL) FROM artifact_jobs"_s),
        after);
    QCOMPARE(reread(*session, id).updatedAt.seconds > updatedAt, changes);
    QCOMPARE(program.value(u"SELECT count(*) FROM ingather_events WHERE event = 'WISH'"_s),
             changes ? u"1"_s : u"0"_s);
}

void TestWishes::selectsAllAndFailed()
{
    Scratch scratch;
    const auto session = scratch.open();
    for (int i = 0; i < 4; ++i)
        plannedId(*session, request(i));
    const OtherProgram program(scratch.path());
    QCOMPARE(
        program.run(
            u"UPDATE artifact_jobs SET state = 'FAILED', done_at = 5 WHERE canonical_url LIKE '%/1.pdf'"_s),
        SQLITE_OK);
    QCOMPARE(program.run(u"UPDATE artifact_jobs SET removed_at = 5 WHERE canonical_url LIKE '%/2.pdf'"_s),
             SQLITE_OK);
    const auto paused = wished(*session, Wish::Pause, {{}, true, false});
    VERIFY_OK(paused);
    QCOMPARE(paused->changed.size(), 2);
    QCOMPARE(paused->unchanged.size(), 1);
    const auto retried = wished(*session, Wish::Retry, {{}, false, true});
    VERIFY_OK(retried);
    QCOMPARE(retried->changed.size(), 1);
    QCOMPARE(status(*session)->held, 2);
}

void TestWishes::namesTheUnknown()
{
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId id = plannedId(*session, request(1));
    const auto report = wished(*session, Wish::Pause, {{id, {u"nobody"_s}, id}, false, false});
    VERIFY_OK(report);
    QCOMPARE(report->changed, QList<core::JobId>{id});
    QCOMPARE(report->unknown, QList<core::JobId>{{u"nobody"_s}});
}

void TestWishes::handsOverOrphanedParts()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    LifeStep step;
    step.lease = job.lease;
    step.part = PartRecord{job.job.id, *job.job.rootId, u"x.part"_s, {}, 5};
    VERIFY_OK(transact(*session, [&](Session &s) { return apply(s, step); }));
    const auto leased = wished(*session, Wish::Cancel, only(job.job.id));
    VERIFY_OK(leased);
    QCOMPARE(leased->changed.size(), 1);
    QCOMPARE(leased->orphanedParts.size(), 0); // its lane still writes into it
    VERIFY_OK(transact(*session, [&](Session &s) { return release(s, {job.lease, {}, {}, {}}); }));
    const auto free = wished(*session, Wish::Cancel, only(job.job.id));
    VERIFY_OK(free);
    QCOMPARE(free->orphanedParts, QList<PartRecord>{*step.part});
    VERIFY_OK(transact(*session, [&](Session &s) { return forgetPart(s, job.job.id, u"newer.part"_s); }));
    QCOMPARE(wished(*session, Wish::Cancel, only(job.job.id))->orphanedParts.size(), 1);
    VERIFY_OK(transact(*session, [&](Session &s) { return forgetPart(s, job.job.id, u"x.part"_s); }));
    QCOMPARE(wished(*session, Wish::Cancel, only(job.job.id))->orphanedParts.size(), 0);
}

void TestWishes::heldLeasesAreSeen()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob paused = claimOne(*session, 1);
    const ClaimedJob cancelled = claimOne(*session, 2);
    const ClaimedJob removed = claimOne(*session, 3);
    claimOne(*session, 4);
    VERIFY_OK(wished(*session, Wish::Remove, only(removed.job.id)));
    VERIFY_OK(wished(*session, Wish::Pause, only(paused.job.id)));
    VERIFY_OK(wished(*session, Wish::Cancel, only(cancelled.job.id)));
    const auto held = heldLeases(*session, u"owner-a"_s);
    VERIFY_OK(held);
    QCOMPARE(*held, (QHash<core::JobId, core::Hold>{{paused.job.id, core::Hold::Paused},
                                                    {cancelled.job.id, core::Hold::Cancelled},
                                                    {removed.job.id, core::Hold::Cancelled}}));
    QCOMPARE(heldLeases(*session, u"owner-b"_s)->size(), 0);
}

void TestWishes::removedIsNeitherListedNorClaimed()
{
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId id = plannedId(*session, request(1));
    VERIFY_OK(wished(*session, Wish::Remove, only(id)));
    QCOMPARE(jobs(*session, {})->size(), 0);
    QCOMPARE(claimed(*session)->size(), 0);
    VERIFY_OK(wished(*session, Wish::Restore, only(id)));
    QCOMPARE(jobs(*session, {})->size(), 1);
    QCOMPARE(claimed(*session)->size(), 1);
}

void TestWishes::priorityDecidesTheOrder()
{
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId first = plannedId(*session, request(1));
    const core::JobId second = plannedId(*session, request(2));
    const auto set = [&](int priority, const core::JobId &id) {
        return transact(*session, [&](Session &s) { return setPriority(s, priority, only(id)); });
    };
    QCOMPARE(set(3, second)->changed, QList<core::JobId>{second});
    QCOMPARE(set(3, second)->unchanged, QList<core::JobId>{second});
    QCOMPARE(claimed(*session)->first().job.id, second);
    QCOMPARE(reread(*session, second).priority, 3);
    QCOMPARE(events(*session, second)->first().code, u"priority"_s);
    QCOMPARE(events(*session, second)->first().detail, u"3"_s);
    QVERIFY(events(*session, first)->isEmpty());
}

void TestWishes::forgetsAllOfAJob()
{
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId other = plannedId(*session, request(2));
    const ClaimedJob job = claimOne(*session, 1);
    VERIFY_OK(finish(*session, job));

    const auto forgotten = transact(*session, [&](Session &s) {
        return forgetJobs(s, {{job.job.id}, false, false});
    });
    VERIFY_OK(forgotten);
    QCOMPARE(forgotten->changed, QList<core::JobId>{job.job.id});
    const OtherProgram program(scratch.path());
    QCOMPARE(program.value(u"SELECT count(*) FROM artifact_jobs"_s), u"1"_s);
    QCOMPARE(program.value(u"SELECT count(*) FROM artifact_ops"_s), u"0"_s);
    QCOMPARE(program.value(u"SELECT count(*) FROM ingather_hashes"_s), u"0"_s);
    QCOMPARE(
        program.value(u"SELECT group_concat(event || ' ' || code) FROM ingather_events WHERE job_id = '"_s +
                      job.job.id.value + u'\''),
        u"WISH forget"_s);
    QCOMPARE(reread(*session, other).state, JobState::Planned);
    // Asked for again, it is a new job under its old id.
    QCOMPARE(planned(*session, {request(1)}).first().outcome, PlanOutcome::Added);
}

void TestWishes::doesNotForgetWhatIsLeased()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    const auto report = transact(*session, [&](Session &s) { return forgetJobs(s, only(job.job.id)); });
    VERIFY_OK(report);
    QCOMPARE(report->unchanged, QList<core::JobId>{job.job.id});
    QCOMPARE(reread(*session, job.job.id).state, JobState::Leased);
}

void TestWishes::refetchesADoneJob()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    VERIFY_OK(finish(*session, job));
    QCOMPARE(filesWithHash(*session, QString(64, u'B'))->size(), 1);

    VERIFY_OK(transact(*session, [&](Session &s) { return refetch(s, job.job.id, u"the file is gone"_s); }));
    const JobRecord record = reread(*session, job.job.id);
    QCOMPARE(record.state, JobState::Planned);
    QCOMPARE(record.generation, 1);
    QVERIFY(!record.doneAt && record.finalPath.isEmpty() && record.sha256.isEmpty() && !record.bytesTotal);
    QCOMPARE(filesWithHash(*session, QString(64, u'b'))->size(), 0);
    const auto claims = claimed(*session);
    VERIFY_OK(claims);
    QCOMPARE(claims->size(), 1);
    for (const OpRecord &op : claims->first().ops) // those of the generation before are over
        QCOMPARE(op.phase, core::OpPhase::Abandoned);
    QCOMPARE(ops(*session, job.job.id)->first().phase, core::OpPhase::Abandoned);
    QVERIFY(claims->first().lease.fence > job.lease.fence);
    bool isTold = false;
    const auto history = events(*session, job.job.id);
    VERIFY_OK(history);
    for (const EventRecord &event : *history)
        isTold = isTold || (event.event == u"REFETCH"_s && event.detail == u"the file is gone"_s);
    QVERIFY(isTold);
}

void TestWishes::refetchesOnlyWhatHasEnded()
{
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId id = plannedId(*session, request(1));
    COMPARE_ERROR(transact(*session, [&](Session &s) { return refetch(s, id, {}); }),
                  ErrorCode::TransitionRefused);
    COMPARE_ERROR(transact(*session, [&](Session &s) { return refetch(s, {u"nobody"_s}, {}); }),
                  ErrorCode::UnknownJob);
    QCOMPARE(OtherProgram(scratch.path()).run(u"UPDATE artifact_jobs SET state = 'FAILED', done_at = 5"_s),
             SQLITE_OK);
    VERIFY_OK(transact(*session, [&](Session &s) { return refetch(s, id, {}); }));
}

void TestWishes::longSelections()
{
    Scratch scratch;
    const auto session = scratch.open();
    QList<JobRequest> list;
    for (int i = 0; i < 2500; ++i)
        list.append(request(i));
    planned(*session, list);
    const auto paused = wished(*session, Wish::Pause, {{}, true, false});
    VERIFY_OK(paused);
    QCOMPARE(paused->changed.size(), 2500);
    QCOMPARE(status(*session)->held, 2500);
    const auto resumed = wished(*session, Wish::Resume, {paused->changed, false, false});
    VERIFY_OK(resumed);
    QCOMPARE(resumed->changed.size(), 2500);
    QCOMPARE(status(*session)->held, 0);
}

QTEST_GUILESS_MAIN(TestWishes)
#include "tst_wishes.moc"
