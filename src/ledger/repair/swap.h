// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/repair/ledger_hold.h"
#include "ledger/repair/repair_folder.h"

namespace ingather::ledger
{

/// Puts place.fresh() where the ledger is. From the moment in which `pending` is on disk the swap is decided
/// and will be finished, by this process or by the next start: the old -wal, -shm and -journal move into the
/// place first, as a stale one beside the new file would be read into it, then the new file takes the name,
/// the folder is synced and the generation rises. Killed at any point, a start that finds `pending` goes on
/// where it was.
core::Result<> swapIn(LedgerHold &hold, const RepairFolder &folder, const RepairFolder::Place &place,
                      qint64 epoch, const QString &owner);

/// Whether a swap was cut off. Cheap: one look for one file.
bool isSwapPending(const QString &ledgerPath);

/// Finishes it. If the old file has changed since (a program that does not know of the swap wrote into it),
/// the swap is called off instead: nothing is put over what somebody wrote, the new file stays in its place.
/// Errors of LedgerHold::take().
core::Result<> finishSwap(const OpenOptions &options);

} // namespace ingather::ledger
