// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/health/check_context.h"

namespace ingather::ledger
{

// How the work goes on: who has which job, what was begun and not ended, and what nobody will ever take.

/// LeasesExpired, LeaseFarAhead; counts the leases.
core::Result<> checkLeases(CheckContext &context);
/// OpsOpenTooLong: open for more than ten minutes, of a job that somebody wants done, and whoever opened it
/// is dead or has lost the lease. Counts the open ones.
core::Result<> checkOpenOps(CheckContext &context);
/// JobsStuck: marked as ended without having ended, ended without being marked, or waiting for a time that
/// nobody will see. Version 2 and up.
core::Result<> checkStuckJobs(CheckContext &context);
/// ClaimPlanWrong: SQLite would look for work in another way than by the index that was made for it. Version
/// 2 and up.
core::Result<> checkClaimPlan(CheckContext &context);
/// RowsSalvaged. Version 2 and up.
core::Result<> checkSalvaged(CheckContext &context);

} // namespace ingather::ledger
