// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "engine/snapshots.h"

namespace ingather::ledger
{
class LedgerThread;
}

namespace ingather::engine
{

/// Writes wishes into the ledger; a worker that has the job sees them there. The parts of cancelled and
/// removed jobs that no worker has are removed here, and a retry looks whether the files of done jobs that it
/// names are still there (those that are not are fetched again), so it runs on a thread that may block.
core::Result<WishAnswer> applyWish(ledger::LedgerThread &writer, Wish wish, const JobSelection &selection);

core::Result<WishAnswer> setPriority(ledger::LedgerThread &writer, int priority,
                                     const JobSelection &selection);

/// Removes, then forgets (ledger/wishes.h). What a worker still has is in `unchanged`.
core::Result<WishAnswer> forgetJobs(ledger::LedgerThread &writer, const JobSelection &selection);

} // namespace ingather::engine
