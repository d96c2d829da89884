// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"
#include "ledger/leases.h"
#include "ledger/life_step.h"

#include <QList>
#include <QString>

#include <optional>

namespace ingather::ledger
{

/// What is written by somebody who has no lease, because nobody fetches the job: the reconciler, and who
/// deletes a file on wish. It looks at the world first, which may take its time, and writes only if the job
/// is still as it was seen; each deed is an operation of the job, so that the history shows it.

/// A job as it was when it was decided what to do.
struct SeenJob {
    core::JobId id;
    core::Fence fence;
    core::JobState state = core::JobState::Planned;

    static SeenJob of(const JobRecord &job) { return {job.id, job.fence, job.state}; }
};

/// Writes intents and results as they stand in the list, and `settled` open ops as ABANDONED (of a FAILED
/// job: FAILED). False, and nothing is written, if somebody leases the job or it went on meanwhile.
core::Result<bool> writeCare(Session &session, const SeenJob &seen, const QList<OpWrite> &ops);

/// Takes the lease of the job, applies the step with it (its own `lease` counts for nothing), and gives it
/// back, all in this transaction. False, and nothing is written, as above.
core::Result<bool> settleJob(Session &session, const SeenJob &seen, LifeStep step);

/// Marks a done job whose file is not what was filed, or takes the mark off (nullopt), with the op that tells
/// of it. False as above, or if it is marked so already.
core::Result<bool> markFile(Session &session, const SeenJob &seen, const std::optional<core::Error> &what,
                            const OpDone &op);

/// Forgets the registered hash of a file that was deleted.
core::Result<> forgetHash(Session &session, const JobRecord &job);

/// A job that nobody leases and whose record asks something that only the world can answer.
struct UnsettledJob {
    JobRecord job;
    QList<OpRecord> ops; ///< oldest first; those that were given up are left out
    std::optional<PartRecord> part;
};

/// Jobs that nobody leases and that no claim will settle, or not for sure: with an open operation that put a
/// file somewhere or removed one; FINALIZED and not registered; at their end (done, cancelled, removed) with
/// any operation open. What programs of v1 left open is theirs.
core::Result<QList<core::JobId>> unsettledJobs(Session &session);
/// nullopt if it is gone or leased by now.
core::Result<std::optional<UnsettledJob>> unsettledJob(Session &session, const core::JobId &id);

/// Jobs that nobody leases and that have a part on record.
core::Result<QList<core::JobId>> jobsWithPart(Session &session);

/// Expired and dead leases, as a claim frees them; returns what was freed.
struct FreedLease {
    core::JobId job;
    QString owner;
    bool isExpired = false; ///< else its owner is dead
};
core::Result<QList<FreedLease>> freeLostLeases(Session &session, const ClaimRequest &request);

} // namespace ingather::ledger
