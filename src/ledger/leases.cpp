// SPDX-License-Identifier: MIT
#include "ledger/leases.h"

#include "core/error.h"
#include "ledger/bind.h"
#include "ledger/events.h"

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

double secondsOf(std::chrono::seconds span)
{
    return static_cast<double>(span.count());
}

} // namespace

Result<QList<Lease>> renew(Session &session, const QString &owner, const QList<core::JobId> &jobs,
                           std::chrono::seconds ttl)
{
    // updated_at stays: a beat is no change that anybody wants to see.
    static constexpr char sql[] = "UPDATE artifact_jobs INDEXED BY ingather_lease SET lease_until = ? "
                                  "WHERE lease_owner = ? AND job_id IN (SELECT value FROM json_each(?)) "
                                  "RETURNING job_id, fence";
    const double until = session.now().seconds + secondsOf(ttl);
    QStringList ids;
    for (const core::JobId &job : jobs)
        ids.append(job.value);
    const Result<SqliteStatement *> rows = query(session, sql, {real(until), text(owner), jsonList(ids)});
    if (!rows)
        return rows.error();
    QList<Lease> renewed;
    for (;;) {
        const Result<bool> row = (*rows)->step("renew leases");
        if (!row)
            return row.error();
        if (!*row)
            return renewed;
        renewed.append({{(*rows)->value(0).toString()}, {(*rows)->value(1).toLongLong()}, owner});
    }
}

Result<> release(Session &session, const Release &release)
{
    static constexpr char sql[] =
        "UPDATE artifact_jobs SET lease_owner = NULL, lease_until = NULL, next_attempt_at = ?1, "
        "error_code = coalesce(?2, error_code), "
        "error_detail = CASE WHEN ?2 IS NULL THEN error_detail ELSE ?3 END, updated_at = ?4, "
        "state = CASE state WHEN 'LEASED' THEN 'PLANNED' ELSE state END "
        "WHERE job_id = ?5 AND fence = ?6 AND lease_owner = ?7";
    const double nextAttempt =
        release.nextAttemptIn.count() > 0 ? session.now().seconds + secondsOf(release.nextAttemptIn) : 0;
    const Lease &lease = release.lease;
    const Result<int> changed =
        change(session, sql, "release lease",
               {real(nextAttempt), textOrNull(release.errorCode), textOrNull(release.errorDetail),
                time(session.stamp()), text(lease.job.value), integer(lease.fence.value), text(lease.owner)});
    if (!changed)
        return changed.error();
    if (*changed == 0)
        return Error{ErrorCode::LeaseLost, QStringLiteral("release lease"), 0, lease.job.value};
    static constexpr char giveUp[] =
        "UPDATE artifact_ops SET phase = 'ABANDONED', finished_at = ? WHERE job_id = ? "
        "AND finished_at IS NULL AND op_type NOT IN ('FINALIZE','DEDUPE')";
    const Result<> done = release.isGivenUp ? execute(session, giveUp, "give up ops",
                                                      {time(session.stamp()), text(lease.job.value)})
                                            : Result<>();
    if (!done)
        return done;
    return writeEvent(
        session,
        {"RELEASE", lease.job, lease.fence, lease.owner, release.errorCode, release.errorDetail, {}, {}});
}

Result<QStringList> knownOwners(Session &session)
{
    static constexpr char sql[] =
        "SELECT lease_owner FROM artifact_jobs INDEXED BY ingather_lease WHERE lease_owner IS NOT NULL "
        "UNION SELECT owner FROM ingather_owners";
    const Result<SqliteStatement *> rows = query(session, sql, {});
    if (!rows)
        return rows.error();
    QStringList owners;
    for (;;) {
        const Result<bool> row = (*rows)->step("list owners");
        if (!row)
            return row.error();
        if (!*row)
            return owners;
        const QString owner = (*rows)->value(0).toString();
        if (owner != session.owner())
            owners.append(owner);
    }
}

Result<> registerOwner(Session &session, const QString &owner, const QString &program)
{
    static constexpr char sql[] =
        "INSERT INTO ingather_owners(owner, program, started_at) VALUES (?, ?, ?) "
        "ON CONFLICT(owner) DO UPDATE SET program = excluded.program, started_at = excluded.started_at";
    return execute(session, sql, "register owner", {text(owner), text(program), time(session.stamp())});
}

Result<> retireOwner(Session &session, const QString &owner)
{
    static constexpr char note[] =
        "INSERT INTO ingather_events(at, job_id, fence, owner, event, code) "
        "SELECT ?1, job_id, fence, lease_owner, 'RELEASE', 'owner_retired' FROM artifact_jobs "
        "INDEXED BY ingather_lease WHERE lease_owner = ?2";
    Result<> done = execute(session, note, "retire owner", {time(session.stamp()), text(owner)});
    if (!done)
        return done;
    static constexpr char free[] =
        "UPDATE artifact_jobs INDEXED BY ingather_lease SET lease_owner = NULL, lease_until = NULL, "
        "updated_at = ?1, state = CASE state WHEN 'LEASED' THEN 'PLANNED' ELSE state END WHERE lease_owner = "
        "?2";
    done = execute(session, free, "retire owner", {time(session.stamp()), text(owner)});
    if (!done)
        return done;
    static constexpr char forget[] = "DELETE FROM ingather_owners WHERE owner = ?";
    return execute(session, forget, "retire owner", {text(owner)});
}

Result<> forgetOwners(Session &session, const QStringList &owners)
{
    static constexpr char sql[] =
        "DELETE FROM ingather_owners WHERE owner IN (SELECT value FROM json_each(?))";
    return execute(session, sql, "forget owners", {jsonList(owners)});
}

} // namespace ingather::ledger
