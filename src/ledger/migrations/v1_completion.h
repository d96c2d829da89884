// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/result.h"

struct sqlite3;

namespace ingather::ledger
{

/// Makes an exact v1 of a ledger that is nearly one, inside the caller's transaction: the reference's other
/// creator wrote its version into `_meta` (left alone: it is somebody's table), gave the index over the
/// leases another text and left two indexes out; and a program that was killed while it made its tables left
/// the first few of them. Version table, the empty table of ops and the indexes are made; no row of a job or
/// an op is touched. LedgerNeedsRepair, with the findings, if it is not v1 even then.
core::Result<> completeV1(sqlite3 *connection, core::UnixTime now);

} // namespace ingather::ledger
