// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/life_step.h"
#include "ledger/wishes.h"

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

namespace
{

const QString hash = QString(64, u'a');

Result<StepOutcome> stepped(Session &session, const LifeStep &step)
{
    return transact(session, [&](Session &s) { return apply(s, step); });
}

LifeStep headDone(const Lease &lease)
{
    LifeStep step;
    step.lease = lease;
    step.path = {JobState::HeadDone, JobState::Streaming};
    step.ops = {OpDone{core::OpType::Head, u"head-"_s + lease.job.value, {{u"status"_s, 200}}},
                OpIntent{core::OpType::Stream, u"stream-"_s + lease.job.value, {{u"size"_s, 10}}}};
    step.facts.bytesTotal = 10;
    step.facts.contentType = u"application/pdf"_s;
    return step;
}

LifeStep streamDone(const Lease &lease, const QString &wanted = u"paper.pdf"_s)
{
    LifeStep step;
    step.lease = lease;
    step.ops = {
        OpDone{core::OpType::Stream, u"stream-"_s + lease.job.value, {{u"sha256"_s, hash}}},
        OpIntent{core::OpType::Finalize, u"finalize-"_s + lease.job.value, {{u"name"_s, QString(u""_s)}}}};
    step.facts.sha256 = hash;
    step.facts.bytesDone = 10;
    step.name = NameAllocation{wanted, {}};
    return step;
}

LifeStep filed(const Lease &lease)
{
    LifeStep step;
    step.lease = lease;
    step.path = {JobState::Finalized, JobState::Indexed};
    step.ops = {
        OpDone{core::OpType::Finalize, u"finalize-"_s + lease.job.value, {{u"path"_s, u"paper.pdf"_s}}},
        OpDone{core::OpType::Index, u"index-"_s + lease.job.value, {}}};
    step.facts.verification = u"verified"_s;
    step.forgetPart = true;
    step.index = true;
    return step;
}

QStringList dump(const Scratch &scratch)
{
    const OtherProgram program(scratch.path());
    QStringList all;
    for (const QString &table : {u"artifact_jobs"_s, u"artifact_ops"_s, u"ingather_events"_s,
                                 u"ingather_parts"_s, u"ingather_hashes"_s, u"ingather_counts"_s})
        all += program.rows(u"SELECT * FROM "_s + table);
    return all;
}

} // namespace

class TestLifeSteps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWholeLife();
    void guardsChangeNothing_data();
    void guardsChangeNothing();
    void replaysWhatIsDone();
    void asksHeadsAnew();
    void distrustsADamagedResult();
    void retriesAFailedOp();
    void refusesAnOpOfAYoungerFence();
    void allocatesNames();
    void namesArePerRoot();
    void passesOverNamesToAvoid();
    void exhaustsNames();
    void needsARootForAName();
    void goesBackAndAbandons();
    void endsAbandonWhatIsOpen();
    void keepsTheRowSigned();
    void failureCountsAndWaits();
    void failureForGood();
    void failureAfterProgressStartsAgain();
    void failureOfALostLease_data();
    void failureOfALostLease();
    void checkpoints();
    void checkpointsNeedLeaseAndPart();
    void progressResetsCrashes();
};

void TestLifeSteps::aWholeLife()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    VERIFY_OK(stepped(*session, headDone(job.lease)));
    JobRecord record = reread(*session, job.job.id);
    QCOMPARE(record.state, JobState::Streaming);
    QCOMPARE(record.bytesTotal, std::optional<qint64>(10));
    QCOMPARE(record.contentType, u"application/pdf"_s);
    QCOMPARE(record.leaseOwner, u"owner-a"_s);

    LifeStep part;
    part.lease = job.lease;
    part.part = PartRecord{job.job.id, *job.job.rootId, u"x.part"_s, {}, 0};
    VERIFY_OK(stepped(*session, part));

    const auto named = stepped(*session, streamDone(job.lease));
    VERIFY_OK(named);
    QCOMPARE(named->finalPath, u"paper.pdf"_s);
    QCOMPARE(named->replayed, QList<std::optional<QJsonObject>>{std::nullopt});

    const auto end = stepped(*session, filed(job.lease));
    VERIFY_OK(end);
    QCOMPARE(end->finalPath, u"paper.pdf"_s);
    record = reread(*session, job.job.id);
    QCOMPARE(record.state, JobState::Indexed);
    QVERIFY(record.doneAt.has_value());
    QVERIFY(record.leaseOwner.isEmpty() && !record.leaseUntil);
    QCOMPARE(record.sha256, hash);
    QCOMPARE(record.verification, u"verified"_s);
    QCOMPARE(record.finalPath, u"paper.pdf"_s);

    const auto files = filesWithHash(*session, hash);
    VERIFY_OK(files);
    QCOMPARE(files->size(), 1);
    QCOMPARE(files->first().rootPath, u"/root"_s);
    QCOMPARE(files->first().path, u"paper.pdf"_s);
    QCOMPARE(files->first().size, 10);
    QCOMPARE(heldCopiesOfUrl(*session, record.canonicalUrl)->size(), 1);

    const auto list = ops(*session, job.job.id);
    VERIFY_OK(list);
    QCOMPARE(list->size(), 4);
    for (const OpRecord &op : *list) {
        QCOMPARE(op.phase, core::OpPhase::Done);
        QCOMPARE(op.attempt, 1);
        QCOMPARE(op.fence, job.lease.fence);
        if (op.type == core::OpType::Finalize)
            QCOMPARE(op.intent.value(u"target"_s).toString(), u"paper.pdf"_s);
    }
    QStringList told;
    const auto history = events(*session, job.job.id);
    VERIFY_OK(history);
    for (const EventRecord &event : *history)
        told.append(event.event + (event.opType.isEmpty() ? QString() : u' ' + event.opType));
    QCOMPARE(told, QStringList({u"CLAIM"_s, u"RESULT HEAD"_s, u"INTENT STREAM"_s, u"RESULT STREAM"_s,
                                u"INTENT FINALIZE"_s, u"RESULT FINALIZE"_s, u"RESULT INDEX"_s}));
    QCOMPARE(OtherProgram(scratch.path()).value(u"SELECT count(*) FROM ingather_parts"_s), u"0"_s);
    QCOMPARE(claimed(*session)->size(), 0);
}

void TestLifeSteps::guardsChangeNothing_data()
{
    QTest::addColumn<QString>("change"); // behind the lease's back
    QTest::addColumn<QString>("owner");
    QTest::addColumn<int>("older");
    QTest::addColumn<QList<JobState>>("path");
    QTest::addColumn<ErrorCode>("code");
    const QList<JobState> good{JobState::HeadDone};
    const QString none = u"job_id = job_id"_s;

    QTest::newRow("a stale fence") << none << u"owner-a"_s << 1 << good << ErrorCode::LeaseLost;
    QTest::newRow("another owner") << none << u"owner-b"_s << 0 << good << ErrorCode::LeaseLost;
    QTest::newRow("a lease that was freed")
        << u"lease_owner = NULL"_s << u"owner-a"_s << 0 << good << ErrorCode::LeaseLost;
    QTest::newRow("a lease that another took with a new fence")
        << u"lease_owner = 'owner-b', fence = fence + 1"_s << u"owner-a"_s << 0 << good
        << ErrorCode::LeaseLost;
    QTest::newRow("a stale fence and an empty path still assert the lease")
        << none << u"owner-a"_s << 1 << QList<JobState>() << ErrorCode::LeaseLost;
    QTest::newRow("a hop that is not in the table")
        << none << u"owner-a"_s << 0 << QList{JobState::Indexed} << ErrorCode::TransitionRefused;
    QTest::newRow("a second hop that is not in the table")
        << none << u"owner-a"_s << 0 << QList{JobState::HeadDone, JobState::Finalized}
        << ErrorCode::TransitionRefused;
    QTest::newRow("a state that is not the one thought of")
        << u"state = 'FINALIZED', sha256 = 'x'"_s << u"owner-a"_s << 0 << QList{JobState::Streaming}
        << ErrorCode::TransitionRefused;
}

void TestLifeSteps::guardsChangeNothing()
{
    QFETCH(QString, change);
    QFETCH(QString, owner);
    QFETCH(int, older);
    QFETCH(QList<JobState>, path);
    QFETCH(ErrorCode, code);
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    QCOMPARE(OtherProgram(scratch.path()).run(u"UPDATE artifact_jobs SET "_s + change), SQLITE_OK);
    const QStringList before = dump(scratch);

    LifeStep step = headDone(job.lease);
    step.lease.owner = owner;
    step.lease.fence.value -= older;
    step.path = path;
    step.part = PartRecord{job.job.id, *job.job.rootId, u"x.part"_s, {}, 0};
    step.name = NameAllocation{u"x.pdf"_s, {}};
    COMPARE_ERROR(stepped(*session, step), code);
    QCOMPARE(dump(scratch), before);
}

void TestLifeSteps::replaysWhatIsDone()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    VERIFY_OK(stepped(*session, headDone(job.lease)));
    VERIFY_OK(stepped(*session, streamDone(job.lease)));
    LifeStep again;
    again.lease = job.lease;
    again.ops = {OpIntent{core::OpType::Stream, u"stream-"_s + job.job.id.value, {{u"other"_s, 1}}},
                 OpIntent{core::OpType::Dedupe, u"dedupe"_s, {}}};
    const auto outcome = stepped(*session, again);
    VERIFY_OK(outcome);
    QCOMPARE(outcome->replayed.size(), 2);
    QCOMPARE(outcome->replayed.at(0), std::optional(QJsonObject{{u"sha256"_s, hash}}));
    QCOMPARE(outcome->replayed.at(1), std::nullopt);
    const auto list = ops(*session, job.job.id);
    VERIFY_OK(list);
    for (const OpRecord &op : *list) {
        if (op.type == core::OpType::Stream) {
            QCOMPARE(op.phase, core::OpPhase::Done);
            QCOMPARE(op.intent, (QJsonObject{{u"size"_s, 10}}));
        }
    }
}

void TestLifeSteps::asksHeadsAnew()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    LifeStep step;
    step.lease = job.lease;
    step.ops = {OpDone{core::OpType::Head, u"head"_s, {{u"status"_s, 200}}}};
    VERIFY_OK(stepped(*session, step));
    step.ops = {OpIntent{core::OpType::Head, u"head"_s, {}}};
    const auto announced = stepped(*session, step);
    VERIFY_OK(announced);
    QCOMPARE(announced->replayed.at(0), std::nullopt);
    step.ops = {OpDone{core::OpType::Head, u"head"_s, {{u"status"_s, 206}}}};
    VERIFY_OK(stepped(*session, step));
    const auto list = ops(*session, job.job.id);
    VERIFY_OK(list);
    QCOMPARE(list->size(), 1);
    QCOMPARE(list->first().attempt, 2);
    QCOMPARE(list->first().result, (QJsonObject{{u"status"_s, 206}}));
}

void TestLifeSteps::distrustsADamagedResult()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    VERIFY_OK(stepped(*session, headDone(job.lease)));
    VERIFY_OK(stepped(*session, streamDone(job.lease)));
    QCOMPARE(
        OtherProgram(scratch.path())
            .run(
                u"UPDATE artifact_ops SET result_json = replace(result_json, 'aaaa', 'aaab') WHERE op_type = "
                "'STREAM'"_s),
        SQLITE_OK);
    LifeStep again;
    again.lease = job.lease;
    again.ops = {OpIntent{core::OpType::Stream, u"stream-"_s + job.job.id.value, {}}};
    const auto outcome = stepped(*session, again);
    VERIFY_OK(outcome);
    QCOMPARE(outcome->replayed.at(0), std::nullopt);
}

void TestLifeSteps::retriesAFailedOp()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob first = claimOne(*session);
    VERIFY_OK(stepped(*session, headDone(first.lease)));
    Failure failure;
    failure.lease = first.lease;
    failure.error = {ErrorCode::ConnectionLost, u"read body"_s, 0, u"gone"_s};
    VERIFY_OK(transact(*session, [&](Session &s) { return recordFailure(s, failure); }));
    const auto failed = ops(*session, first.job.id);
    VERIFY_OK(failed);
    QCOMPARE(failed->last().phase, core::OpPhase::Failed);
    QCOMPARE(failed->last().resultCode, u"connection_lost"_s);

    const auto second = claimed(*session);
    VERIFY_OK(second);
    const auto outcome = stepped(*session, headDone(second->first().lease));
    VERIFY_OK(outcome);
    QCOMPARE(outcome->replayed.at(0), std::nullopt); // a failure is never replayed as a result
    const auto list = ops(*session, first.job.id);
    VERIFY_OK(list);
    for (const OpRecord &op : *list)
        QCOMPARE(op.attempt, 2);
}

void TestLifeSteps::refusesAnOpOfAYoungerFence()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    VERIFY_OK(stepped(*session, headDone(job.lease)));
    QCOMPARE(OtherProgram(scratch.path()).run(u"UPDATE artifact_ops SET fence = fence + 1"_s), SQLITE_OK);
    const QStringList before = dump(scratch);
    COMPARE_ERROR(stepped(*session, streamDone(job.lease)), ErrorCode::LeaseLost);
    QCOMPARE(dump(scratch), before);
}

void TestLifeSteps::allocatesNames()
{
    Scratch scratch;
    const auto session = scratch.open();
    QStringList names;
    for (int i = 1; i <= 3; ++i) {
        const ClaimedJob job = claimOne(*session, i);
        VERIFY_OK(stepped(*session, headDone(job.lease)));
        const auto outcome = stepped(*session, streamDone(job.lease));
        VERIFY_OK(outcome);
        names.append(outcome->finalPath);
        // A job that has a name keeps it.
        LifeStep again;
        again.lease = job.lease;
        again.name = NameAllocation{u"other.pdf"_s, {}};
        const auto same = stepped(*session, again);
        VERIFY_OK(same);
        QCOMPARE(same->finalPath, outcome->finalPath);
    }
    QCOMPARE(names, QStringList({u"paper.pdf"_s, u"paper (2).pdf"_s, u"paper (3).pdf"_s}));
}

void TestLifeSteps::namesArePerRoot()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, {request(1, u"/one"_s), request(2, u"/two"_s)});
    ClaimRequest both;
    both.limit = 2;
    const auto claims = claimed(*session, both);
    VERIFY_OK(claims);
    for (const ClaimedJob &job : *claims) {
        LifeStep step;
        step.lease = job.lease;
        step.name = NameAllocation{u"paper.pdf"_s, {}};
        QCOMPARE(stepped(*session, step)->finalPath, u"paper.pdf"_s);
    }
}

void TestLifeSteps::passesOverNamesToAvoid()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    LifeStep step;
    step.lease = job.lease;
    step.name = NameAllocation{u"a.tar.gz"_s, {u"a.tar.gz"_s, u"a (2).tar.gz"_s}};
    QCOMPARE(stepped(*session, step)->finalPath, u"a (3).tar.gz"_s);
    // The disk says that this one is taken, too.
    step.name->avoid.append(u"a (3).tar.gz"_s);
    QCOMPARE(stepped(*session, step)->finalPath, u"a (4).tar.gz"_s);
    QCOMPARE(reread(*session, job.job.id).finalPath, u"a (4).tar.gz"_s);
}

void TestLifeSteps::exhaustsNames()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    const OtherProgram other(scratch.path());
    QCOMPARE(
        other.run(
            u"INSERT INTO artifact_jobs(job_id, work_id, artifact_id, canonical_url, created_at, updated_at, "
            "idempotency_key, root_id, final_path) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
            "FROM n WHERE i < 10000) SELECT 'j' || i, 'w' || i, 'a', 'u', 1, 1, 'k' || i, %1, CASE i WHEN 1 "
            "THEN 'x.pdf' ELSE 'x (' || i || ').pdf' END FROM n"_s.arg(*job.job.rootId)),
        SQLITE_OK);
    LifeStep step;
    step.lease = job.lease;
    step.name = NameAllocation{u"x.pdf"_s, {}};
    COMPARE_ERROR(stepped(*session, step), ErrorCode::NameExhausted);
}

void TestLifeSteps::needsARootForAName()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    QCOMPARE(OtherProgram(scratch.path()).run(u"UPDATE artifact_jobs SET root_id = NULL"_s), SQLITE_OK);
    LifeStep step;
    step.lease = job.lease;
    step.name = NameAllocation{u"x.pdf"_s, {}};
    COMPARE_ERROR(stepped(*session, step), ErrorCode::InvalidArgument);
}

void TestLifeSteps::goesBackAndAbandons()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    VERIFY_OK(stepped(*session, headDone(job.lease)));
    VERIFY_OK(stepped(*session, streamDone(job.lease)));
    LifeStep back;
    back.lease = job.lease;
    back.path = {JobState::HeadDone};
    back.ops = {OpAbandoned{u"stream-"_s + job.job.id.value}, OpAbandoned{u"finalize-"_s + job.job.id.value},
                OpAbandoned{u"never heard of"_s}};
    VERIFY_OK(stepped(*session, back));
    QCOMPARE(reread(*session, job.job.id).state, JobState::HeadDone);
    LifeStep again = headDone(job.lease);
    again.path = {JobState::Streaming};
    const auto outcome = stepped(*session, again);
    VERIFY_OK(outcome);
    QCOMPARE(outcome->replayed.at(0), std::nullopt);
}

void TestLifeSteps::endsAbandonWhatIsOpen()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    VERIFY_OK(stepped(*session, headDone(job.lease)));
    LifeStep back;
    back.lease = job.lease;
    back.path = {JobState::HeadDone, JobState::Deduped};
    VERIFY_OK(stepped(*session, back));
    const auto list = ops(*session, job.job.id);
    VERIFY_OK(list);
    QCOMPARE(list->last().phase, core::OpPhase::Abandoned);
    QCOMPARE(
        OtherProgram(scratch.path()).value(u"SELECT count(*) FROM artifact_ops WHERE finished_at IS NULL"_s),
        u"0"_s);
    const auto history = events(*session, job.job.id);
    VERIFY_OK(history);
    QCOMPARE(history->last().event, u"STATE"_s);
    QCOMPARE(history->last().detail, u"HEAD_DONE > DEDUPED"_s);
}

void TestLifeSteps::keepsTheRowSigned()
{
    Scratch scratch;
    const auto session = scratch.open();
    static constexpr char unsound[] =
        "SELECT count(*) FROM artifact_jobs WHERE row_sum IS NOT ingather_row_sum(job_id, work_id, "
        "artifact_id, canonical_url, idempotency_key, created_at, source_url, root_id, file_name, "
        "final_path, "
        "bytes_total, sha256, expected_digest, content_type, verification, generation)";
    const auto count = [&] {
        const auto rows = session->prepare(unsound);
        if (!rows || !session->exec(**rows, "count") || !(*rows)->next())
            return -1;
        const int n = (*rows)->value(0).toInt();
        (*rows)->finish();
        return n;
    };
    const ClaimedJob job = claimOne(*session);
    QCOMPARE(count(), 0);
    VERIFY_OK(stepped(*session, headDone(job.lease)));
    QCOMPARE(count(), 0);
    VERIFY_OK(stepped(*session, streamDone(job.lease)));
    QCOMPARE(count(), 0);
    VERIFY_OK(stepped(*session, filed(job.lease)));
    QCOMPARE(count(), 0);
    VERIFY_OK(transact(*session, [&](Session &s) { return refetch(s, job.job.id, u"test"_s); }));
    QCOMPARE(count(), 0);
}

void TestLifeSteps::failureCountsAndWaits()
{
    Scratch scratch;
    const auto session = scratch.open();
    for (int n = 1; n <= 3; ++n) {
        const ClaimedJob job = claimOne(*session);
        Failure failure;
        failure.lease = job.lease;
        failure.error = {ErrorCode::HttpServerError, u"get"_s, 503, u"503 from example.org"_s};
        failure.nextAttemptIn = std::chrono::seconds(60);
        VERIFY_OK(transact(*session, [&](Session &s) { return recordFailure(s, failure); }));
        const JobRecord record = reread(*session, job.job.id);
        QCOMPARE(record.state, JobState::Failed);
        QCOMPARE(record.attempts, n);
        QCOMPARE(record.errorCode, u"http_server_error"_s);
        QCOMPARE(record.errorDetail, u"503 from example.org"_s);
        QCOMPARE(record.nextAttemptAt, scratch.clock.now() + 60);
        QVERIFY(record.leaseOwner.isEmpty() && !record.doneAt);
        QCOMPARE(claimed(*session)->size(), 0);
        scratch.clock.advance(60);
    }
}

void TestLifeSteps::failureForGood()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    Failure failure;
    failure.lease = job.lease;
    failure.error = {ErrorCode::HttpGone, u"get"_s, 410, {}};
    failure.isFinal = true;
    failure.nextAttemptIn = std::chrono::seconds(60);
    VERIFY_OK(transact(*session, [&](Session &s) { return recordFailure(s, failure); }));
    const JobRecord record = reread(*session, job.job.id);
    QVERIFY(record.doneAt.has_value());
    QCOMPARE(record.nextAttemptAt.seconds, 0.0);
    scratch.clock.advance(1e6);
    QCOMPARE(claimed(*session)->size(), 0);
    const auto now = status(*session);
    QCOMPARE(now->failedForGood, 1);
    QCOMPARE(now->unfinished, 0);
}

void TestLifeSteps::failureAfterProgressStartsAgain()
{
    Scratch scratch;
    const auto session = scratch.open();
    for (const bool hadProgress : {false, false, true, false}) {
        const ClaimedJob job = claimOne(*session);
        Failure failure;
        failure.lease = job.lease;
        failure.error = {ErrorCode::Stalled, {}, 0, {}};
        failure.hadProgress = hadProgress;
        VERIFY_OK(transact(*session, [&](Session &s) { return recordFailure(s, failure); }));
    }
    QCOMPARE(jobs(*session, {})->first().attempts, 2);
}

void TestLifeSteps::failureOfALostLease_data()
{
    QTest::addColumn<QString>("owner");
    QTest::addColumn<int>("older");
    QTest::newRow("a stale fence") << u"owner-a"_s << 1;
    QTest::newRow("another owner") << u"owner-b"_s << 0;
}

void TestLifeSteps::failureOfALostLease()
{
    QFETCH(QString, owner);
    QFETCH(int, older);
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    const QStringList before = dump(scratch);
    Failure failure;
    failure.lease = job.lease;
    failure.lease.owner = owner;
    failure.lease.fence.value -= older;
    COMPARE_ERROR(transact(*session, [&](Session &s) { return recordFailure(s, failure); }),
                  ErrorCode::LeaseLost);
    QCOMPARE(dump(scratch), before);
}

void TestLifeSteps::checkpoints()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    LifeStep step;
    step.lease = job.lease;
    step.part = PartRecord{job.job.id, *job.job.rootId, u"x.part"_s, {}, 0};
    VERIFY_OK(stepped(*session, step));
    const qint64 length = (qint64{1} << 40) + 1;
    VERIFY_OK(transact(*session, [&](Session &s) { return recordCheckpoint(s, job.lease, length); }));
    QCOMPARE(reread(*session, job.job.id).bytesDone, length);
    scratch.clock.advance(31);
    const auto claims = claimed(*session);
    VERIFY_OK(claims);
    QCOMPARE(claims->first().part->durableLength, length);
}

void TestLifeSteps::checkpointsNeedLeaseAndPart()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    COMPARE_ERROR(transact(*session, [&](Session &s) { return recordCheckpoint(s, job.lease, 1); }),
                  ErrorCode::PartMissing);
    LifeStep step;
    step.lease = job.lease;
    step.part = PartRecord{job.job.id, *job.job.rootId, u"x.part"_s, {}, 5};
    VERIFY_OK(stepped(*session, step));
    Lease stale = job.lease;
    --stale.fence.value;
    const QStringList before = dump(scratch);
    COMPARE_ERROR(transact(*session, [&](Session &s) { return recordCheckpoint(s, stale, 1); }),
                  ErrorCode::LeaseLost);
    QCOMPARE(dump(scratch), before);
}

void TestLifeSteps::progressResetsCrashes()
{
    Scratch scratch;
    const auto session = scratch.open();
    claimOne(*session);
    scratch.clock.advance(31);
    const auto claims = claimed(*session);
    VERIFY_OK(claims);
    const ClaimedJob job = claims->first();
    QCOMPARE(job.job.crashes, 1);
    VERIFY_OK(stepped(*session, headDone(job.lease)));
    QCOMPARE(reread(*session, job.job.id).crashes, 1); // the server was asked: no progress
    LifeStep part;
    part.lease = job.lease;
    part.part = PartRecord{job.job.id, *job.job.rootId, u"x.part"_s, {}, 0};
    VERIFY_OK(stepped(*session, part));
    VERIFY_OK(transact(*session, [&](Session &s) { return recordCheckpoint(s, job.lease, 0); }));
    QCOMPARE(reread(*session, job.job.id).crashes, 1);
    VERIFY_OK(transact(*session, [&](Session &s) { return recordCheckpoint(s, job.lease, 1); }));
    QCOMPARE(reread(*session, job.job.id).crashes, 0);
}

QTEST_GUILESS_MAIN(TestLifeSteps)
#include "tst_life_steps.moc"
