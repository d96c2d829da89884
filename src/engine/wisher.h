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

/// Writes wishes into the ledger; a worker that has the job sees them there. The parts of cancelled jobs
/// that no worker has are removed here, so it runs on a thread that may block.
core::Result<WishAnswer> applyWish(ledger::LedgerThread &writer, Wish wish, const JobSelection &selection);

} // namespace ingather::engine
