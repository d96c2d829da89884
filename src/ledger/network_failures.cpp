// SPDX-License-Identifier: MIT
#include "ledger/network_failures.h"

#include "core/error.h"
#include "ledger/bind.h"
#include "ledger/events.h"
#include "ledger/queries.h"
#include "ledger/wishes.h"

namespace ingather::ledger
{

using core::Result;

namespace
{

QString networkCode()
{
    return core::errorCodeName(core::ErrorCode::NetworkUnreachable);
}

} // namespace

Result<QList<core::JobId>> takeBackFailures(Session &session, const QList<RecordedFailures> &failures,
                                            std::chrono::seconds nextAttemptIn)
{
#define INGATHER_IS_AS_IT_FAILED "state = 'FAILED' AND fence = ?5 AND lease_owner IS NULL"
    static constexpr char sql[] =
        "UPDATE artifact_jobs SET attempts = max(attempts - ?1, 0), "
        "done_at = CASE WHEN " INGATHER_IS_AS_IT_FAILED " THEN NULL ELSE done_at END, "
        "next_attempt_at = CASE WHEN " INGATHER_IS_AS_IT_FAILED " THEN ?2 ELSE next_attempt_at END, "
        "error_code = CASE WHEN " INGATHER_IS_AS_IT_FAILED " THEN ?3 ELSE error_code END, "
        "updated_at = ?4 WHERE job_id = ?6 AND attempts > 0";
#undef INGATHER_IS_AS_IT_FAILED
    const core::UnixTime next = session.now() + std::chrono::duration<double>(nextAttemptIn).count();
    QList<core::JobId> changed;
    for (const RecordedFailures &failure : failures) {
        const Result<int> rows =
            change(session, sql, "take back failure",
                   {integer(failure.count), time(next), text(networkCode()), time(session.stamp()),
                    integer(failure.fence.value), text(failure.job.value)});
        if (!rows)
            return rows.error();
        if (*rows == 0)
            continue;
        const Result<> noted = writeEvent(
            session, {"EXCUSE", failure.job, failure.fence, session.owner(), networkCode(), {}, {}, {}});
        if (!noted)
            return noted.error();
        changed.append(failure.job);
    }
    return changed;
}

Result<int> wakeWaitingForNetwork(Session &session, std::chrono::seconds span)
{
    static constexpr char sql[] =
        "UPDATE artifact_jobs SET next_attempt_at = 0, updated_at = ?1 "
        "WHERE next_attempt_at > 0 AND next_attempt_at <= ?2 AND done_at IS NULL AND error_code = ?3";
    const core::UnixTime latest = session.now() + std::chrono::duration<double>(span).count();
    return change(session, sql, "wake jobs", {time(session.stamp()), time(latest), text(networkCode())});
}

Result<qint64> waitingForNetwork(Session &session)
{
    static constexpr char sql[] = "SELECT count(*) FROM artifact_jobs WHERE next_attempt_at > 0 "
                                  "AND done_at IS NULL AND error_code = ?";
    return number(session, sql, {text(networkCode())});
}

Result<QList<JobRecord>> latestDeliveries(Session &session)
{
    // The newest changes only: how many jobs there are must not matter at a start.
    static constexpr char sql[] =
        "SELECT max(rowid), host, canonical_url FROM (SELECT rowid, host, canonical_url, state, content_type "
        "FROM artifact_jobs ORDER BY updated_at DESC LIMIT 500) WHERE state = 'INDEXED' AND host IS NOT NULL "
        "AND coalesce(content_type, '') NOT LIKE 'text/html%' GROUP BY host LIMIT 3";
    const Result<SqliteStatement *> rows = query(session, sql, {});
    if (!rows)
        return rows.error();
    QList<JobRecord> jobs;
    for (;;) {
        const Result<bool> row = (*rows)->step("find latest deliveries");
        if (!row)
            return row.error();
        if (!*row)
            return jobs;
        JobRecord job;
        job.host = (*rows)->value(1).toString();
        job.canonicalUrl = (*rows)->value(2).toString();
        jobs.append(job);
    }
}

Result<bool> takeBackDelivery(Session &session, const core::JobId &id, const QString &sha256)
{
    const Result<std::optional<JobRecord>> found = job(session, id);
    if (!found)
        return found.error();
    const bool isStillSo = *found && (*found)->state == core::JobState::Indexed &&
                           (*found)->sha256 == sha256 && (*found)->leaseOwner.isEmpty() &&
                           !(*found)->removedAt;
    if (!isStillSo)
        return false;
    const Result<> done = refetch(session, id, QStringLiteral("a portal answered"));
    if (!done)
        return done.error();
    return true;
}

} // namespace ingather::ledger
