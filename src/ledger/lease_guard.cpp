// SPDX-License-Identifier: MIT
#include "ledger/lease_guard.h"

#include "core/error.h"
#include "ledger/bind.h"

namespace ingather::ledger
{

using core::Result;

Result<LeasedJob> assertLease(Session &session, const Lease &lease)
{
    static constexpr char sql[] =
        "SELECT state, root_id, final_path, sha256, bytes_total, bytes_done, attempts, host, EXISTS (SELECT "
        "1 FROM "
        "artifact_ops AS o WHERE o.job_id = j.job_id AND o.finished_at IS NULL) FROM artifact_jobs AS j "
        "WHERE job_id = ? AND fence = ? AND lease_owner = ?";
    const Result<SqliteStatement *> rows =
        query(session, sql, {text(lease.job.value), integer(lease.fence.value), text(lease.owner)});
    if (!rows)
        return rows.error();
    const Result<bool> row = (*rows)->step("assert lease");
    if (!row)
        return row.error();
    if (!*row)
        return leaseLost(lease, QStringLiteral("assert lease"));
    const SqliteStatement &at = **rows;
    LeasedJob job;
    job.state = core::jobStateFromName(at.value(0).toString()).value_or(core::JobState::Planned);
    if (!at.value(1).isNull())
        job.rootId = at.value(1).toLongLong();
    job.finalPath = at.value(2).toString();
    job.sha256 = at.value(3).toString();
    if (!at.value(4).isNull())
        job.bytesTotal = at.value(4).toLongLong();
    job.bytesDone = at.value(5).toLongLong();
    job.attempts = at.value(6).toInt();
    job.host = at.value(7).toString();
    job.hasOpenOps = at.value(8).toBool();
    (*rows)->reset();
    return job;
}

core::Error leaseLost(const Lease &lease, const QString &operation)
{
    return {core::ErrorCode::LeaseLost, operation, 0, lease.job.value};
}

} // namespace ingather::ledger
