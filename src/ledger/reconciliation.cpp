// SPDX-License-Identifier: MIT
#include "ledger/reconciliation.h"

#include "core/fence.h"
#include "ledger/bind.h"
#include "ledger/events.h"
#include "ledger/lease_guard.h"
#include "ledger/ops_writing.h"
#include "ledger/queries.h"
#include "ledger/rows.h"

namespace ingather::ledger
{

using core::JobId;
using core::Result;

namespace
{

Lease asLease(const Session &session, const SeenJob &seen)
{
    return {seen.id, seen.fence, session.owner()};
}

Result<bool> isAsSeen(Session &session, const SeenJob &seen)
{
    static constexpr char sql[] = "SELECT 1 FROM artifact_jobs WHERE job_id = ? AND fence = ? AND state = ? "
                                  "AND lease_owner IS NULL";
    const Result<SqliteStatement *> rows = query(
        session, sql, {text(seen.id.value), integer(seen.fence.value), text(core::jobStateName(seen.state))});
    if (!rows)
        return rows.error();
    const Result<bool> row = (*rows)->step("look at job");
    (*rows)->reset();
    return row;
}

Result<> giveUp(Session &session, const SeenJob &seen, const QString &opKey)
{
    // A job that failed keeps the question open whether its file got there: the next try looks at it.
    const char *sql = seen.state == core::JobState::Failed
                          ? "UPDATE artifact_ops SET phase = 'FAILED', result_code = 'reconciled', "
                            "finished_at = ? WHERE op_key = ? AND finished_at IS NULL"
                          : "UPDATE artifact_ops SET phase = 'ABANDONED', finished_at = ? "
                            "WHERE op_key = ? AND finished_at IS NULL";
    return execute(session, sql, "settle op", {time(session.stamp()), text(opKey)});
}

Result<> write(Session &session, const SeenJob &seen, const OpWrite &op)
{
    const Lease lease = asLease(session, seen);
    if (const auto *intent = std::get_if<OpIntent>(&op)) {
        const Result<std::optional<QJsonObject>> announced = announce(session, lease, *intent);
        return announced ? Result<>() : Result<>(announced.error());
    }
    if (const auto *result = std::get_if<OpDone>(&op))
        return finish(session, lease, *result);
    return giveUp(session, seen, std::get<OpAbandoned>(op).opKey);
}

Result<QList<JobId>> readIds(const Result<SqliteStatement *> &rows)
{
    if (!rows)
        return rows.error();
    QList<JobId> ids;
    for (;;) {
        const Result<bool> row = (*rows)->step("find unsettled jobs");
        if (!row)
            return row.error();
        if (!*row)
            return ids;
        ids.append({(*rows)->value(0).toString()});
    }
}

} // namespace

Result<bool> writeCare(Session &session, const SeenJob &seen, const QList<OpWrite> &ops)
{
    const Result<bool> isSame = isAsSeen(session, seen);
    if (!isSame || !*isSame)
        return isSame;
    for (const OpWrite &op : ops) {
        if (const Result<> done = write(session, seen, op); !done)
            return done.error();
    }
    session.markCrashPoints(platform::CrashPoint::CareBeforeCommit, platform::CrashPoint::CareAfterCommit);
    return true;
}

Result<bool> settleJob(Session &session, const SeenJob &seen, LifeStep step)
{
    // The time of the lease means nothing: it ends with this transaction.
    static constexpr char take[] =
        "UPDATE artifact_jobs SET lease_owner = ?1, lease_until = ?2, fence = max(fence + 1, ?3) "
        "WHERE job_id = ?4 AND fence = ?5 AND state = ?6 AND lease_owner IS NULL RETURNING fence";
    const Result<SqliteStatement *> rows =
        query(session, take,
              {text(session.owner()), time(session.now()),
               integer(core::Fence::firstOfEpoch(session.epoch()).value), text(seen.id.value),
               integer(seen.fence.value), text(core::jobStateName(seen.state))});
    if (!rows)
        return rows.error();
    const Result<bool> taken = (*rows)->step("take job for settling");
    if (!taken || !*taken)
        return taken;
    step.lease = {seen.id, {(*rows)->value(0).toLongLong()}, session.owner()};
    if (const Result<bool> end = (*rows)->step("take job for settling"); !end)
        return end.error();

    const Result<StepOutcome> applied = apply(session, step);
    if (!applied)
        return applied.error();
    session.markCrashPoints(platform::CrashPoint::CareBeforeCommit, platform::CrashPoint::CareAfterCommit);
    if (!step.path.isEmpty() && core::isTerminal(step.path.last()))
        return true;
    const Result<> given = release(session, {.lease = step.lease, .errorCode = {}, .errorDetail = {}});
    return given ? Result<bool>(true) : Result<bool>(given.error());
}

Result<bool> markFile(Session &session, const SeenJob &seen, const std::optional<core::Error> &what,
                      const OpDone &op)
{
    const Result<bool> isSame = isAsSeen(session, seen);
    if (!isSame || !*isSame)
        return isSame;
    static constexpr char sql[] =
        "UPDATE artifact_jobs SET error_code = ?1, error_detail = ?2, updated_at = ?3 "
        "WHERE job_id = ?4 AND error_code IS NOT ?1";
    const Result<int> changed =
        change(session, sql, "mark file",
               {what ? text(core::errorCodeName(what->code)) : null(),
                what ? textOrNull(what->detail) : null(), time(session.stamp()), text(seen.id.value)});
    if (!changed)
        return changed.error();
    if (*changed == 0)
        return false;
    const Result<> told = finish(session, asLease(session, seen), op);
    if (!told)
        return told.error();
    session.markCrashPoints(platform::CrashPoint::CareBeforeCommit, platform::CrashPoint::CareAfterCommit);
    return true;
}

Result<> forgetHash(Session &session, const JobRecord &job)
{
    static constexpr char sql[] = "DELETE FROM ingather_hashes WHERE sha256 = ? AND root_id = ? AND path = ?";
    return execute(session, sql, "forget hash",
                   {text(job.sha256), integerOrNull(job.rootId), text(job.finalPath)});
}

Result<QList<JobId>> unsettledJobs(Session &session)
{
    static constexpr char sql[] =
        "SELECT DISTINCT j.job_id FROM artifact_ops AS o INDEXED BY ingather_open_ops "
        "CROSS JOIN artifact_jobs AS j ON j.job_id = o.job_id "
        "WHERE o.finished_at IS NULL AND o.phase = 'INTENT' AND j.lease_owner IS NULL "
        "AND (o.op_type IN ('FINALIZE','DEDUPE','REMOVE','RECONCILE') OR j.done_at IS NOT NULL "
        "OR j.removed_at IS NOT NULL OR j.hold = 'CANCELLED') "
        // What version 1 left FINALIZED is done and may be long: the counters say whether there are others.
        "UNION SELECT job_id FROM artifact_jobs INDEXED BY idx_artifact_jobs_state "
        "WHERE EXISTS (SELECT 1 FROM ingather_counts WHERE state = 'FINALIZED' AND kind <> 'DONE' AND jobs > "
        "0) "
        "AND state = 'FINALIZED' AND done_at IS NULL AND lease_owner IS NULL";
    return readIds(query(session, sql, {}));
}

Result<std::optional<UnsettledJob>> unsettledJob(Session &session, const JobId &id)
{
    Result<std::optional<JobRecord>> found = job(session, id);
    if (!found)
        return found.error();
    if (!*found || !(*found)->leaseOwner.isEmpty())
        return std::optional<UnsettledJob>();
    Result<QList<OpRecord>> list = ops(session, id);
    if (!list)
        return list.error();
    list->removeIf([](const OpRecord &op) { return op.phase == core::OpPhase::Abandoned; });
    Result<std::optional<PartRecord>> part = partOf(session, id);
    if (!part)
        return part.error();
    return std::optional(UnsettledJob{std::move(**found), std::move(*list), std::move(*part)});
}

Result<QList<JobId>> jobsWithPart(Session &session)
{
    static constexpr char sql[] = "SELECT p.job_id FROM ingather_parts AS p CROSS JOIN artifact_jobs AS j "
                                  "ON j.job_id = p.job_id WHERE j.lease_owner IS NULL";
    return readIds(query(session, sql, {}));
}

} // namespace ingather::ledger
