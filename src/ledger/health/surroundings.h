// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/health/check_list.h"
#include "ledger/health/health.h"

namespace ingather::ledger
{

/// A swap of the ledger's file that was cut off: RepairUnfinished. The ledger itself may be absent then.
void checkUnfinishedRepair(const HealthRequest &request, CheckList &checks);

/// What the ledger lives among: WalLarge, DiskLow, NetworkFileSystem, WalResetBug. `ledgerBytes`: size of its
/// file.
core::Result<> checkSurroundings(const HealthRequest &request, qint64 ledgerBytes, bool isWal,
                                 CheckList &checks);

} // namespace ingather::ledger
