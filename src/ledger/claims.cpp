// SPDX-License-Identifier: MIT
#include "ledger/leases.h"

#include "core/backoff.h"
#include "core/canonical_url.h"
#include "core/fence.h"
#include "core/log_line.h"
#include "ledger/bind.h"
#include "ledger/choice.h"
#include "ledger/events.h"
#include "ledger/log.h"
#include "ledger/queries.h"
#include "ledger/reconciliation.h"
#include "ledger/row_sum.h"
#include "ledger/rows.h"

#include <QDebug>

#include <algorithm>

namespace ingather::ledger
{

using core::JobState;
using core::Result;

namespace
{

/// Backoffs that are over: 0 means ready, so that the claim's index needs no clock.
Result<> promote(Session &session)
{
    static constexpr char sql[] = "UPDATE artifact_jobs SET next_attempt_at = 0, updated_at = ?1 "
                                  "WHERE next_attempt_at > 0 AND next_attempt_at <= ?2 AND done_at IS NULL";
    return execute(session, sql, "promote backoffs", {time(session.stamp()), time(session.now())});
}

struct LostLease {
    QString jobId;
    QString owner;
    qint64 fence = 0;
    QString state;
    int crashes = 0;
    bool isOver = false; ///< the job has ended; only the lease was left (programs of v1 do that)
    bool isExpired = false;
};

#define INGATHER_LOST                                                                                        \
    "SELECT job_id, lease_owner, fence, state, crashes, done_at IS NOT NULL, "                               \
    "coalesce(lease_until <= ?1, 1) FROM artifact_jobs INDEXED BY ingather_lease "                           \
    "WHERE lease_owner IS NOT NULL AND "

Result<QList<LostLease>> findLost(Session &session, const ClaimRequest &request)
{
    // After a jump of the wall clock nobody's time can be trusted for a while; the dead stay dead.
    const bool byTime = session.isClockSteady(request.ttl);
    const core::UnixTime horizon = byTime ? session.now() : core::UnixTime{-1e18};
    // Only the dead ask for a look at every lease: whose time is over stands together in the index.
    static constexpr char byTimeOnly[] =
        INGATHER_LOST "lease_until <= ?1 UNION ALL " INGATHER_LOST "lease_until IS NULL";
    static constexpr char byTimeOrDeath[] =
        INGATHER_LOST "(lease_until <= ?1 OR lease_until IS NULL "
                      "OR lease_owner IN (SELECT value FROM json_each(?2)))";
    const Result<SqliteStatement *> rows =
        request.deadOwners.isEmpty()
            ? query(session, byTimeOnly, {time(horizon)})
            : query(session, byTimeOrDeath, {time(horizon), jsonList(request.deadOwners)});
    if (!rows)
        return rows.error();
    QList<LostLease> lost;
    for (;;) {
        const Result<bool> row = (*rows)->step("find lost leases");
        if (!row)
            return row.error();
        if (!*row)
            return lost;
        const SqliteStatement &at = **rows;
        LostLease lease;
        lease.jobId = at.value(0).toString();
        lease.owner = at.value(1).toString();
        lease.fence = at.value(2).toLongLong();
        lease.state = at.value(3).toString();
        lease.crashes = at.value(4).toInt();
        const std::optional<JobState> state = core::jobStateFromName(lease.state);
        lease.isOver = at.value(5).toBool() || (state && core::isTerminal(*state));
        lease.isExpired = at.value(6).toBool();
        lost.append(lease);
    }
}

} // namespace

/// A claim that ended without a result counts as a crash, which delays the next one from the third in a row
/// on, and never ends the job.
Result<QList<FreedLease>> freeLostLeases(Session &session, const ClaimRequest &request)
{
    const Result<QList<LostLease>> lost = findLost(session, request);
    if (!lost)
        return lost.error();
    QList<FreedLease> freed;
    static constexpr char sql[] =
        "UPDATE artifact_jobs SET lease_owner = NULL, lease_until = NULL, crashes = ?1, "
        "next_attempt_at = max(next_attempt_at, ?2), updated_at = ?3, "
        "state = CASE state WHEN 'LEASED' THEN 'PLANNED' ELSE state END WHERE job_id = ?4";
    for (const LostLease &lease : *lost) {
        const int crashes = lease.isOver ? lease.crashes : lease.crashes + 1;
        const auto delay = lease.isOver ? std::chrono::seconds(0) : core::crashDelay(crashes);
        const double until =
            delay.count() > 0 ? session.now().seconds + static_cast<double>(delay.count()) : 0;
        Result<> done = execute(session, sql, "free lost lease",
                                {integer(crashes), real(until), time(session.stamp()), text(lease.jobId)});
        if (done) {
            done = writeEvent(session,
                              {"LOST_LEASE",
                               {lease.jobId},
                               {lease.fence},
                               lease.owner,
                               lease.isExpired ? QStringLiteral("expired") : QStringLiteral("owner_dead"),
                               lease.state,
                               {},
                               {}});
        }
        if (!done)
            return done.error();
        freed.append({{lease.jobId}, lease.owner, lease.isExpired});
        qCInfo(logLedger).noquote() << core::LogContext{.job = {lease.jobId}, .fence = {lease.fence}}
                                    << "freed a lease"
                                    << (lease.isExpired ? "that expired" : "of a dead process") << "in state"
                                    << lease.state;
    }
    return freed;
}

namespace
{

/// The claimed jobs as they stand now.
Result<QList<JobRecord>> take(Session &session, const ClaimRequest &request, const QList<qint64> &chosen)
{
    if (chosen.isEmpty())
        return QList<JobRecord>();
    // The whole record comes back, so that it is not looked up again.
    static constexpr char sql[] =
        "UPDATE artifact_jobs SET lease_owner = ?1, lease_until = ?2, fence = max(fence + 1, ?3), "
        "updated_at = ?4, state = CASE WHEN state IN ('PLANNED','FAILED') THEN 'LEASED' ELSE state END "
        "WHERE rowid IN (SELECT value FROM json_each(?5)) RETURNING " INGATHER_JOB_COLUMNS_OF(
            "", "(SELECT path FROM ingather_roots AS r WHERE r.root_id = artifact_jobs.root_id)");
    const double until = session.now().seconds + static_cast<double>(request.ttl.count());
    const qint64 firstFence = core::Fence::firstOfEpoch(session.epoch()).value;
    const Result<SqliteStatement *> rows = query(
        session, sql,
        {text(session.owner()), real(until), integer(firstFence), time(session.stamp()), jsonList(chosen)});
    if (!rows)
        return rows.error();
    return readJobs(**rows, "claim");
}

/// What a job lacks: the folder that this run files into, if it came without one, and its host, if a program
/// of v1 has planned it.
Result<> complete(Session &session, JobRecord &record, const std::optional<qint64> &defaultRoot)
{
    const bool needsRoot = defaultRoot && !record.rootId;
    if (!needsRoot && !record.host.isEmpty())
        return {};
    const core::Result<core::CanonicalUrl> url = core::canonicalUrl(record.canonicalUrl);
    static constexpr char sql[] =
        "UPDATE artifact_jobs SET root_id = coalesce(root_id, ?), host = coalesce(host, ?) WHERE job_id = ?";
    Result<> done =
        execute(session, sql, "complete job",
                {integerOrNull(defaultRoot), textOrNull(url ? url->host : QString()), text(record.id.value)});
    if (done && needsRoot)
        done = signRow(session, record.id.value);
    if (!done)
        return done;
    Result<std::optional<JobRecord>> anew = job(session, record.id);
    if (!anew)
        return anew.error();
    Q_ASSERT(anew->has_value());
    record = std::move(**anew);
    return {};
}

/// What earlier runs left open: ours from now on, or given up if v1 announced it (its keys say nothing
/// about content).
Result<> takeOverOps(Session &session, const Lease &lease)
{
    static constexpr char abandon[] = "UPDATE artifact_ops SET phase = 'ABANDONED', finished_at = ? "
                                      "WHERE job_id = ? AND finished_at IS NULL AND phase IS NULL";
    const Result<> done =
        execute(session, abandon, "abandon ops of v1", {time(session.stamp()), text(lease.job.value)});
    if (!done)
        return done;
    static constexpr char adopt[] = "UPDATE artifact_ops SET fence = ?, owner = ?, attempt = attempt + 1 "
                                    "WHERE job_id = ? AND finished_at IS NULL AND phase = 'INTENT'";
    return execute(session, adopt, "take over ops",
                   {integer(lease.fence.value), text(lease.owner), text(lease.job.value)});
}

Result<QList<OpRecord>> opsOf(Session &session, const Lease &lease)
{
    Result<QList<OpRecord>> list = ops(session, lease.job);
    const auto isOpen = [](const OpRecord &op) { return !op.finishedAt; };
    if (!list || std::none_of(list->cbegin(), list->cend(), isOpen))
        return list;
    const Result<> done = takeOverOps(session, lease);
    if (!done)
        return done.error();
    return ops(session, lease.job);
}

Result<ClaimedJob> describe(Session &session, JobRecord record)
{
    ClaimedJob claimed;
    claimed.job = std::move(record);
    claimed.lease = {claimed.job.id, claimed.job.fence, session.owner()};

    Result<QList<OpRecord>> list = opsOf(session, claimed.lease);
    if (!list)
        return list.error();
    // A STREAM that was given up may still name parts that nobody has removed.
    list->removeIf([](const OpRecord &op) {
        return op.phase == core::OpPhase::Abandoned && op.type != core::OpType::Stream;
    });
    claimed.ops = std::move(*list);
    Result<std::optional<PartRecord>> part = partOf(session, claimed.job.id);
    if (!part)
        return part.error();
    claimed.part = std::move(*part);
    const Result<> done = writeEvent(session, {"CLAIM",
                                               claimed.job.id,
                                               claimed.job.fence,
                                               session.owner(),
                                               core::jobStateName(claimed.job.state),
                                               {},
                                               {},
                                               {}});
    if (!done)
        return done.error();
    return claimed;
}

} // namespace

Result<ClaimAnswer> claimSome(Session &session, const ClaimRequest &request)
{
    Q_ASSERT(!session.owner().isEmpty());
    Result<> done = promote(session);
    if (!done)
        return done.error();
    if (const Result<QList<FreedLease>> freed = freeLostLeases(session, request); !freed)
        return freed.error();
    const Result<ChosenJobs> chosen = chooseJobs(session, request);
    if (!chosen)
        return chosen.error();
    Result<QList<JobRecord>> taken = take(session, request, chosen->rows);
    if (!taken)
        return taken.error();

    QList<ClaimedJob> claimed;
    claimed.reserve(taken->size());
    for (JobRecord &record : *taken) {
        done = complete(session, record, request.defaultRootId);
        if (!done)
            return done.error();
        Result<ClaimedJob> one = describe(session, std::move(record));
        if (!one)
            return one.error();
        one->hostFailures = chosen->hostFailures.value(one->job.host);
        claimed.append(std::move(*one));
    }
    // RETURNING keeps no order.
    std::stable_sort(claimed.begin(), claimed.end(), [](const ClaimedJob &a, const ClaimedJob &b) {
        if (a.job.priority != b.job.priority)
            return a.job.priority > b.job.priority;
        return a.job.createdAt < b.job.createdAt;
    });
    if (!claimed.isEmpty())
        session.markCrashPoints(platform::CrashPoint::ClaimBeforeCommit,
                                platform::CrashPoint::ClaimAfterCommit);
    return ClaimAnswer{std::move(claimed), chosen->stoppedAt};
}

Result<QList<ClaimedJob>> claim(Session &session, const ClaimRequest &request)
{
    Result<ClaimAnswer> answer = claimSome(session, request);
    if (!answer)
        return answer.error();
    return std::move(answer->jobs);
}

} // namespace ingather::ledger
