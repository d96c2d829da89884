// SPDX-License-Identifier: MIT
#include "ledger/life_step.h"

#include "core/host_pace.h"
#include "ledger/bind.h"
#include "ledger/events.h"
#include "ledger/hosts.h"
#include "ledger/lease_guard.h"
#include "ledger/ops_writing.h"
#include "ledger/rows.h"

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::JobState;
using core::Result;

Result<> recordFailure(Session &session, const Failure &failure)
{
    const Lease &lease = failure.lease;
    const QString operation = QStringLiteral("record failure");
    const Result<LeasedJob> job = assertLease(session, lease);
    if (!job)
        return job.error();
    if (!core::isTransitionAllowed(job->state, JobState::Failed))
        return Error{ErrorCode::TransitionRefused, operation, 0, core::jobStateName(job->state)};

    const QString code = core::errorCodeName(failure.error.code);
    const Result<> done = job->hasOpenOps ? failOpen(session, lease, code) : Result<>();
    if (!done)
        return done;
    // A claim with a result, if a sad one: crashes in a row are over.
    static constexpr char sql[] =
        "UPDATE artifact_jobs SET state = 'FAILED', attempts = ?1, crashes = 0, next_attempt_at = ?2, "
        "done_at = ?3, error_code = ?4, error_detail = ?5, lease_owner = NULL, lease_until = NULL, "
        "updated_at = ?6 WHERE job_id = ?7 AND state = ?8 AND fence = ?9 AND lease_owner = ?10";
    const int attempts = failure.hadProgress ? 1 : job->attempts + 1;
    const core::UnixTime nextAttempt =
        session.now() + std::chrono::duration<double>(failure.nextAttemptIn).count();
    const Result<int> changed =
        change(session, sql, "record failure",
               {integer(attempts), failure.isFinal ? real(0) : time(nextAttempt),
                failure.isFinal ? time(session.stamp()) : null(), text(code),
                textOrNull(failure.error.detail), time(session.stamp()), text(lease.job.value),
                text(core::jobStateName(job->state)), integer(lease.fence.value), text(lease.owner)});
    if (!changed)
        return changed.error();
    if (*changed != 1)
        return leaseLost(lease, operation);
    if (core::asksForPatience(failure.error.code)) {
        if (const Result<> noted = noteSetback(session, job->host, failure.error); !noted)
            return noted;
    }
    session.markCrashPoints(platform::CrashPoint::FailureBeforeCommit,
                            platform::CrashPoint::FailureAfterCommit);
    return writeEvent(
        session,
        {"FAILURE", lease.job, lease.fence, lease.owner, code, failure.error.detail, {}, {}, attempts});
}

Result<> recordCheckpoint(Session &session, const Lease &lease, qint64 durableLength,
                          const core::ByteRanges &ranges)
{
    const Result<LeasedJob> job = assertLease(session, lease);
    if (!job)
        return job.error();
    static constexpr char part[] =
        "UPDATE ingather_parts SET durable_length = ?, ranges_json = ?, updated_at = ? WHERE job_id = ?";
    const Result<int> parts =
        change(session, part, "record checkpoint",
               {integer(durableLength), rangesText(ranges), time(session.stamp()), text(lease.job.value)});
    if (!parts)
        return parts.error();
    if (*parts != 1)
        return Error{ErrorCode::PartMissing, QStringLiteral("record checkpoint"), 0, lease.job.value};
    static constexpr char sql[] = "UPDATE artifact_jobs SET crashes = CASE WHEN ?1 > bytes_done THEN 0 ELSE "
                                  "crashes END, bytes_done = ?1, "
                                  "updated_at = ?2 WHERE job_id = ?3 AND fence = ?4 AND lease_owner = ?5";
    const qint64 bytesDone = std::max(durableLength, ranges.total());
    const Result<int> changed = change(session, sql, "record checkpoint",
                                       {integer(bytesDone), time(session.stamp()), text(lease.job.value),
                                        integer(lease.fence.value), text(lease.owner)});
    if (!changed)
        return changed.error();
    if (*changed != 1)
        return leaseLost(lease, QStringLiteral("record checkpoint"));
    session.markCrashPoints(platform::CrashPoint::CheckpointBeforeCommit,
                            platform::CrashPoint::CheckpointAfterCommit);
    return {};
}

} // namespace ingather::ledger
