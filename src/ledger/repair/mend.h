// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/repair_report.h"
#include "core/result.h"
#include "ledger/repair/diagnosis.h"

namespace ingather::ledger
{

/// Carries out what RepairKind::Mend asks for, on a copy, in one transaction: what is missing is made, what
/// differs made anew, damaged indexes are built again, counters, epoch and version stores corrected, jobs
/// that no rule would move are made ready. Every row that was there is there afterwards with equal content
/// (compared before the commit), but for the columns that say when a job may be tried again or was done.
/// Returns the account of the tables.
core::Result<QList<core::TableAccount>> mend(sqlite3 *connection, const Diagnosis &diagnosis,
                                             core::UnixTime now);

} // namespace ingather::ledger
