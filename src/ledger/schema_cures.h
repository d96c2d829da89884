// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "ledger/validation/drift.h"

struct sqlite3;

namespace ingather::ledger
{

/// Carries out one cure that leaves the rows where they are: everything but RebuildTable.
core::Result<> carryOut(sqlite3 *connection, const SchemaCure &cure);

/// The counters anew, from the rows: they are kept by triggers, and wrong after a time without one.
core::Result<> countAnew(sqlite3 *connection);

/// What the triggers would have done to jobs that a program of v1 finished while there were none.
core::Result<> endFinishedJobs(sqlite3 *connection);

/// Carries out the cures of a drift that canBeCuredUnasked(), inside the caller's transaction. What follows
/// from them is put right too: jobs that finished while a trigger was missing are ended, and the counters
/// counted.
core::Result<> cureUnasked(sqlite3 *connection, const SchemaDrift &drift);

} // namespace ingather::ledger
