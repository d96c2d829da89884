// SPDX-License-Identifier: MIT
#include "ledger/acceptance.h"

#include "ledger/bind.h"
#include "ledger/queries.h"
#include "ledger/row_sum.h"
#include "ledger/rows.h"
#include "ledger/wishes.h"

namespace ingather::ledger
{

using core::Result;

Result<bool> acceptRefused(Session &session, const PartRecord &part)
{
    const Result<std::optional<JobRecord>> job = ledger::job(session, part.job);
    if (!job)
        return job.error();
    const bool hasFailed =
        *job && (*job)->state == core::JobState::Failed && (*job)->leaseOwner.isEmpty() && !(*job)->removedAt;
    if (!hasFailed)
        return false;
    const Result<WishReport> retried = applyWish(session, Wish::Retry, {.ids = {part.job}});
    if (!retried)
        return retried.error();
    static constexpr char wish[] = "UPDATE artifact_jobs SET expect_type = 'any', expected_digest = NULL, "
                                   "updated_at = ? WHERE job_id = ?";
    Result<> done = execute(session, wish, "accept file", {time(session.stamp()), text(part.job.value)});
    if (done)
        done = signRow(session, part.job.value);
    static constexpr char row[] =
        "INSERT OR REPLACE INTO ingather_parts(job_id, root_id, name, size, durable_length, updated_at) "
        "VALUES (?, ?, ?, ?, ?, ?)";
    if (done)
        done = execute(session, row, "accept file",
                       {text(part.job.value), integer(part.rootId), text(part.name),
                        integer(part.durableLength), integer(part.durableLength), time(session.stamp())});
    return done ? Result<bool>(true) : Result<bool>(done.error());
}

} // namespace ingather::ledger
