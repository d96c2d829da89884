// SPDX-License-Identifier: MIT
#pragma once

#include "core/repair_report.h"
#include "core/work_control.h"
#include "ledger/session.h"

namespace ingather::ledger
{

/// Repairs, and restores, which are the same from the moment in which a new file is there. The rules:
///  - Others that have the file open, or owners that live, are named and nothing is done (LedgerInUse).
///  - Before anything else the ledger and all that belongs to it are set aside as one set, read back and
///    compared; there has to be room for three times its size (LedgerFull).
///  - All work happens on a copy. The cheapest cure that is enough is taken.
///  - The new file is verified: pages, keys, schema, rules, and every row that could be read is there with
///  equal
///    content, or in ingather_salvage with a reason, or counted as altered.
///  - Only then it takes the ledger's name (see swapIn()). Before that, a kill or a failure changes nothing.

/// What repairLedger() would do and why. Writes nothing but a copy in the folder for temporary files.
core::Result<core::RepairPlan> planRepair(const OpenOptions &options, const core::WorkControl &control);

/// Nothing to repair is a success with RepairKind::Nothing. LedgerUnmigrated where there is no ledger;
/// LedgerCorrupt if nothing in the file can be read and there is no backup; Cancelled before the swap.
core::Result<core::RepairReport> repairLedger(const OpenOptions &options, const core::WorkControl &control);

/// Puts a backup (plain or compressed, of this version or an older one) in place of the ledger, which is set
/// aside. BackupUnusable if it is damaged, newer or no ledger.
core::Result<core::RestoreReport> restoreLedger(const OpenOptions &options, const QString &backup,
                                                const core::WorkControl &control);

} // namespace ingather::ledger
