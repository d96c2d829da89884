// SPDX-License-Identifier: MIT
#include "engine/engine_fixture.h"
#include "ledger/ledger_fixture.h"

#include "core/keys.h"
#include "ledger/life_step.h"

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;
using core::OpPhase;
using core::OpType;
using support::FakeHttpServer;

namespace
{

constexpr std::chrono::seconds ttl{30};
const QString paper = u"/paper.bin"_s;

Result<StepOutcome> stepped(Session &session, const LifeStep &step)
{
    return transact(session, [&](Session &s) { return apply(s, step); });
}

LifeStep stepTo(const Lease &lease, const QList<JobState> &path)
{
    LifeStep step;
    step.lease = lease;
    step.path = path;
    if (path.contains(JobState::Finalized))
        step.facts.sha256 = QString(64, u'a');
    return step;
}

Result<> checkpointed(Session &session, const Lease &lease)
{
    return transact(session, [&](Session &s) { return recordCheckpoint(s, lease, 1); });
}

Result<QList<Lease>> renewed(Session &session, const core::JobId &id)
{
    return transact(session, [&](Session &s) { return renew(s, s.owner(), {id}, ttl); });
}

Result<> released(Session &session, const Lease &lease)
{
    return transact(session, [&](Session &s) { return release(s, {lease, {}, {}, {}}); });
}

/// The engine over a job that a process left when it died in the middle, as the ledger and the disk show it
/// then.
class LeftOpen : public tests::EngineFixture
{
public:
    /// The paper is fetched and filed; then FINALIZE gets back to where it stood between its two
    /// transactions.
    bool filedButNotRecorded()
    {
        server.serve(paper, QByteArray("the paper"));
        if (!open())
            return false;
        const auto answers = add({request(paper)});
        id = answers.value(0).job.id;
        if (!work({id}) || job(id).state != JobState::Indexed)
            return false;
        engine.reset();
        const OtherProgram crash(settings.ledgerPath);
        for (const QString &sql :
             {u"DELETE FROM artifact_ops WHERE op_type = 'INDEX'"_s, u"DELETE FROM ingather_hashes"_s,
              u"UPDATE artifact_ops SET phase = 'INTENT', finished_at = NULL, result_code = NULL, "
              "result_json = NULL, result_sum = NULL WHERE op_type = 'FINALIZE'"_s,
              u"UPDATE artifact_jobs SET state = 'STREAMING', done_at = NULL, verification = NULL, row_sum = "
              "NULL, lease_owner = 'who died', lease_until = 1"_s}) {
            if (crash.run(sql) != SQLITE_OK)
                return false;
        }
        server.clearRequests();
        return open();
    }

    OpPhase phaseOf(OpType type) { return op(type).phase; }
    engine::OpSnapshot op(OpType type)
    {
        for (const engine::OpSnapshot &found : ops(id)) {
            if (found.type == type)
                return found;
        }
        return {};
    }

    core::JobId id;
};

} // namespace

/// The subjects that the reference's own tests of idempotency had.
class TstSeedIdempotency : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theKeyIsDeterministic();
    void otherInputsGiveOtherKeys_data();
    void otherInputsGiveOtherKeys();
    void aLeaseIsAcquired();
    void aHeldLeaseIsRefused();
    void anExpiredLeaseIsAcquired();
    void onlyTheOwnerRenews_data();
    void onlyTheOwnerRenews();
    void onlyTheOwnerReleases();
    void anAllowedAdvanceIsMade();
    void anotherAdvanceIsRefused_data();
    void anotherAdvanceIsRefused();
    void anEffectHappensOnce();
    void aReplayGivesTheResult();
    void aStaleLeaseIsReconciled();
    void anOpenFinalizeIsReconciled_data();
    void anOpenFinalizeIsReconciled();
    void anOpenStreamIsReconciled();
};

void TstSeedIdempotency::theKeyIsDeterministic()
{
    QCOMPARE(core::jobKey(u"w"_s, u"a"_s, u"https://example.org/"_s),
             core::jobKey(u"w"_s, u"a"_s, u"https://example.org/"_s));
    // In every process and on every machine: SHA-256 of
    // {"artifact_id":"a","kind":"JOB","role":"artifact","url":"https://example.org/","v":1,"work_id":"w"}.
    QCOMPARE(core::jobKey(u"w"_s, u"a"_s, u"https://example.org/"_s),
             u"3e42ffb06bb0987e72c1323f6f4d323b21053e2e731ac1c3b27b8847ddae4e0e"_s);
    const core::JobId job{u"j"_s};
    QCOMPARE(core::opKey(OpType::Stream, job, {{u"size"_s, 1}, {u"etag"_s, u"x"_s}}),
             core::opKey(OpType::Stream, job, {{u"etag"_s, u"x"_s}, {u"size"_s, 1}}));

    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId first = plannedId(*session, request(1));
    QCOMPARE(plannedId(*session, request(1)), first);
    QCOMPARE(plannedId(*Scratch().open(), request(1)), first);
    QCOMPARE(jobs(*session, {})->size(), 1);
}

void TstSeedIdempotency::otherInputsGiveOtherKeys_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    const auto job = [](const char *work, const char *artifact, const char *url) {
        return core::jobKey(QString::fromLatin1(work), QString::fromLatin1(artifact),
                            QString::fromLatin1(url));
    };
    QTest::newRow("work") << job("w", "a", "u") << job("W", "a", "u");
    QTest::newRow("artifact") << job("w", "a", "u") << job("w", "b", "u");
    QTest::newRow("URL") << job("w", "a", "u") << job("w", "a", "u/");
    QTest::newRow("where one ends") << job("wa", "a", "u") << job("w", "aa", "u");
    QTest::newRow("kind of op") << core::opKey(OpType::Head, {u"j"_s}, {})
                                << core::opKey(OpType::Stream, {u"j"_s}, {});
    QTest::newRow("job of an op") << core::opKey(OpType::Head, {u"j"_s}, {})
                                  << core::opKey(OpType::Head, {u"k"_s}, {});
    QTest::newRow("content of an op") << core::opKey(OpType::Head, {u"j"_s}, {{u"generation"_s, 0}})
                                      << core::opKey(OpType::Head, {u"j"_s}, {{u"generation"_s, 1}});
}

void TstSeedIdempotency::otherInputsGiveOtherKeys()
{
    QFETCH(QString, first);
    QFETCH(QString, second);
    QVERIFY(first != second);
    QCOMPARE(first.size(), 64);
    QCOMPARE(second.size(), 64);
}

void TstSeedIdempotency::aLeaseIsAcquired()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    const JobRecord record = reread(*session, job.job.id);
    QCOMPARE(record.state, JobState::Leased);
    QCOMPARE(record.leaseOwner, u"owner-a"_s);
    QCOMPARE(record.leaseUntil, std::optional(scratch.clock.now() + 30));
    QCOMPARE(record.fence, job.lease.fence);
}

void TstSeedIdempotency::aHeldLeaseIsRefused()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto other = scratch.open(u"owner-b"_s);
    const ClaimedJob job = claimOne(*session);
    ClaimRequest wanted;
    for (const QList<core::JobId> &these : {QList<core::JobId>(), QList<core::JobId>{job.job.id}}) {
        wanted.onlyThese = these;
        QCOMPARE(claimed(*other, wanted)->size(), 0);
        QCOMPARE(claimed(*session, wanted)->size(), 0); // not even by who holds it
    }
    QCOMPARE(reread(*session, job.job.id).leaseOwner, u"owner-a"_s);
}

void TstSeedIdempotency::anExpiredLeaseIsAcquired()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto other = scratch.open(u"owner-b"_s);
    const ClaimedJob old = claimOne(*session);
    scratch.clock.advance(31);
    const auto claims = claimed(*other);
    VERIFY_OK(claims);
    QCOMPARE(claims->size(), 1);
    QCOMPARE(claims->first().job.id, old.job.id);
    QVERIFY(claims->first().lease.fence > old.lease.fence);
    COMPARE_ERROR(stepped(*session, stepTo(old.lease, {JobState::HeadDone})), ErrorCode::LeaseLost);
}

void TstSeedIdempotency::onlyTheOwnerRenews_data()
{
    QTest::addColumn<QList<JobState>>("path");
    QList<JobState> path;
    QTest::newRow("LEASED") << path;
    for (const JobState state :
         {JobState::HeadDone, JobState::ResumeOk, JobState::Streaming, JobState::Finalized}) {
        path.append(state);
        QTest::newRow(qPrintable(core::jobStateName(state))) << path;
    }
}

void TstSeedIdempotency::onlyTheOwnerRenews()
{
    QFETCH(QList<JobState>, path);
    Scratch scratch;
    const auto session = scratch.open();
    const auto other = scratch.open(u"owner-b"_s);
    const ClaimedJob job = claimOne(*session);
    VERIFY_OK(stepped(*session, stepTo(job.lease, path)));
    scratch.clock.advance(20);
    QCOMPARE(renewed(*other, job.job.id)->size(), 0);
    QCOMPARE(reread(*session, job.job.id).leaseUntil, std::optional(scratch.clock.now() + 10));
    QCOMPARE(renewed(*session, job.job.id)->size(), 1);
    const JobRecord record = reread(*session, job.job.id);
    QCOMPARE(record.leaseUntil, std::optional(scratch.clock.now() + 30));
    QCOMPARE(record.state, path.isEmpty() ? JobState::Leased : path.last());
    QCOMPARE(record.fence, job.lease.fence);
}

void TstSeedIdempotency::onlyTheOwnerReleases()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    Lease foreign = job.lease;
    foreign.owner = u"owner-b"_s;
    COMPARE_ERROR(released(*session, foreign), ErrorCode::LeaseLost);
    Lease stale = job.lease;
    --stale.fence.value;
    COMPARE_ERROR(released(*session, stale), ErrorCode::LeaseLost);
    QCOMPARE(reread(*session, job.job.id).leaseOwner, u"owner-a"_s);
    VERIFY_OK(released(*session, job.lease));
    const JobRecord record = reread(*session, job.job.id);
    QVERIFY(record.leaseOwner.isEmpty() && !record.leaseUntil);
    QCOMPARE(record.state, JobState::Planned);
    COMPARE_ERROR(released(*session, job.lease), ErrorCode::LeaseLost);
}

void TstSeedIdempotency::anAllowedAdvanceIsMade()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    for (const JobState state :
         {JobState::HeadDone, JobState::Streaming, JobState::Finalized, JobState::Indexed}) {
        VERIFY_OK(stepped(*session, stepTo(job.lease, {state})));
        QCOMPARE(reread(*session, job.job.id).state, state);
    }
    const JobRecord record = reread(*session, job.job.id);
    QVERIFY(record.doneAt && record.leaseOwner.isEmpty());
}

void TstSeedIdempotency::anotherAdvanceIsRefused_data()
{
    QTest::addColumn<QList<JobState>>("before");
    QTest::addColumn<JobState>("wanted");
    QTest::addColumn<ErrorCode>("code");
    const QList<JobState> streaming{JobState::HeadDone, JobState::Streaming};
    QTest::newRow("past what comes between")
        << QList<JobState>() << JobState::Finalized << ErrorCode::TransitionRefused;
    QTest::newRow("from STREAMING to INDEXED")
        << streaming << JobState::Indexed << ErrorCode::TransitionRefused;
    QTest::newRow("back to the plan") << streaming << JobState::Planned << ErrorCode::TransitionRefused;
    // Who ends a job gives its lease back.
    QTest::newRow("out of a terminal state") << streaming + QList{JobState::Finalized, JobState::Indexed}
                                             << JobState::HeadDone << ErrorCode::LeaseLost;
}

void TstSeedIdempotency::anotherAdvanceIsRefused()
{
    QFETCH(QList<JobState>, before);
    QFETCH(JobState, wanted);
    QFETCH(ErrorCode, code);
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    VERIFY_OK(stepped(*session, stepTo(job.lease, before)));
    const JobRecord stood = reread(*session, job.job.id);
    COMPARE_ERROR(stepped(*session, stepTo(job.lease, {wanted})), code);
    const JobRecord stands = reread(*session, job.job.id);
    QCOMPARE(stands.state, stood.state);
    QCOMPARE(stands.updatedAt, stood.updatedAt);
}

void TstSeedIdempotency::anEffectHappensOnce()
{
    LeftOpen fixture;
    fixture.server.serve(paper, QByteArray("the paper"));
    QVERIFY(fixture.open());
    QList<core::JobId> ids;
    for (int round = 0; round < 3; ++round) {
        const auto answers = fixture.add({fixture.request(paper)});
        QCOMPARE(answers.size(), 1);
        ids.append(answers.first().job.id);
        QVERIFY(fixture.work({ids.last()}));
    }
    QCOMPARE(ids, QList<core::JobId>(3, ids.first()));
    QCOMPARE(fixture.history(ids.first()), u"HEAD DONE, STREAM DONE, FINALIZE DONE, INDEX DONE"_s);
    QCOMPARE(fixture.server.requests().size(), 1);
    QCOMPARE(fixture.folderEntries(), QStringList{u"paper.bin"_s});
}

void TstSeedIdempotency::aReplayGivesTheResult()
{
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    const QJsonObject result{{u"text"_s, QString(100'000, u'x')}}; // whole, whatever its length
    LifeStep step = stepTo(job.lease, {});
    step.ops = {OpIntent{OpType::Stream, u"stream"_s, {}}};
    QCOMPARE(stepped(*session, step)->replayed, QList<std::optional<QJsonObject>>{std::nullopt});
    step.ops = {OpDone{OpType::Stream, u"stream"_s, result}};
    VERIFY_OK(stepped(*session, step));
    VERIFY_OK(released(*session, job.lease));

    const auto other = scratch.open(u"owner-b"_s);
    step.lease = claimed(*other)->first().lease;
    step.ops = {OpIntent{OpType::Stream, u"stream"_s, {}}};
    QCOMPARE(stepped(*other, step)->replayed, QList{std::optional(result)});
    QCOMPARE(ops(*other, job.job.id)->first().attempt, 1);
}

void TstSeedIdempotency::aStaleLeaseIsReconciled()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto other = scratch.open(u"owner-b"_s);
    const ClaimedJob leased = claimOne(*session, 1);
    const ClaimedJob streaming = claimOne(*session, 2);
    VERIFY_OK(stepped(*session, stepTo(streaming.lease, {JobState::HeadDone, JobState::Streaming})));
    scratch.clock.advance(31);
    ClaimRequest nothing; // who looks for work frees what expired, also if it takes none
    nothing.limit = 0;
    VERIFY_OK(claimed(*other, nothing));
    for (const core::JobId &id : {leased.job.id, streaming.job.id}) {
        const JobRecord record = reread(*other, id);
        QVERIFY(record.leaseOwner.isEmpty() && !record.leaseUntil);
        QCOMPARE(record.attempts, 0);
        QCOMPARE(record.crashes, 1);
    }
    QCOMPARE(reread(*other, leased.job.id).state, JobState::Planned);
    QCOMPARE(reread(*other, streaming.job.id).state, JobState::Streaming); // and is claimed as it is
    nothing.limit = 2;
    QCOMPARE(claimed(*other, nothing)->size(), 2);
    COMPARE_ERROR(checkpointed(*session, streaming.lease), ErrorCode::LeaseLost);
}

void TstSeedIdempotency::anOpenFinalizeIsReconciled_data()
{
    QTest::addColumn<bool>("isRenamed");
    QTest::addColumn<int>("requests");
    QTest::addColumn<int>("attempt"); // the claim counts one, a new announcement another
    QTest::newRow("the file is there: only registered") << true << 0 << 2;
    QTest::newRow("neither file nor part: fetched again") << false << 1 << 3;
}

void TstSeedIdempotency::anOpenFinalizeIsReconciled()
{
    QFETCH(bool, isRenamed);
    QFETCH(int, requests);
    QFETCH(int, attempt);
    LeftOpen fixture;
    QVERIFY(fixture.filedButNotRecorded());
    QCOMPARE(fixture.phaseOf(OpType::Finalize), OpPhase::Intent);
    if (!isRenamed)
        QVERIFY(QFile::remove(QDir(fixture.folder()).filePath(u"paper.bin"_s)));
    QVERIFY(fixture.work({fixture.id}));
    const engine::JobSnapshot job = fixture.job(fixture.id);
    QCOMPARE(job.state, JobState::Indexed);
    QCOMPARE(job.attempts, 0);
    QCOMPARE(fixture.phaseOf(OpType::Finalize), OpPhase::Done);
    QCOMPARE(fixture.op(OpType::Finalize).attempt, attempt);
    QCOMPARE(fixture.phaseOf(OpType::Index), OpPhase::Done);
    QCOMPARE(fixture.server.requests().size(), requests);
    QCOMPARE(fixture.folderEntries(), QStringList{u"paper.bin"_s});
    QCOMPARE(fixture.fileContent(u"paper.bin"_s), QByteArray("the paper"));
}

void TstSeedIdempotency::anOpenStreamIsReconciled()
{
    constexpr qint64 size = 8'000'000;
    constexpr qint64 half = size / 2;
    const QString gate = u"half"_s;
    LeftOpen fixture;
    fixture.server.handle(paper, [gate](const support::RecordedRequest &request) {
        support::Script script;
        const QByteArray range = request.header("Range");
        const qint64 from = range.isEmpty() ? 0 : range.mid(6, range.size() - 7).toLongLong();
        const QByteArray length = QByteArray::number(size - from);
        if (range.isEmpty()) {
            script.head(200, {{"Content-Length", length}, {"ETag", "\"v1\""}});
            return script.sendPattern(0, half).pause(gate).sendPattern(half, size - half);
        }
        const QByteArray bytes =
            QByteArray::number(from) + '-' + QByteArray::number(size - 1) + '/' + QByteArray::number(size);
        script.head(206,
                    {{"Content-Length", length}, {"Content-Range", "bytes " + bytes}, {"ETag", "\"v1\""}});
        return script.sendPattern(from, size - from);
    });
    QVERIFY(fixture.open());
    fixture.id = fixture.add({fixture.request(paper)}).value(0).job.id;
    QVERIFY(fixture.startWorker({fixture.id}));
    QTRY_VERIFY(fixture.engine->progress().value(0).bytesDone == half);
    QVERIFY(fixture.stopWorker());
    QCOMPARE(fixture.phaseOf(OpType::Stream), OpPhase::Intent);

    QVERIFY(fixture.open());
    QVERIFY(fixture.work({fixture.id}));
    QCOMPARE(fixture.job(fixture.id).state, JobState::Indexed);
    QCOMPARE(fixture.phaseOf(OpType::Stream), OpPhase::Done);
    QCOMPARE(fixture.op(OpType::Stream).attempt, 2);
    QCOMPARE(fixture.server.requests().size(), 2);
    QVERIFY(fixture.server.requests().last().hasHeader("Range")); // the first half is not fetched twice
    QVERIFY(fixture.fileContent(u"paper.bin"_s) == FakeHttpServer::pattern(0, size));
    QCOMPARE(fixture.folderEntries(), QStringList{u"paper.bin"_s});
}

QTEST_GUILESS_MAIN(TstSeedIdempotency)
#include "tst_seed_idempotency.moc"
