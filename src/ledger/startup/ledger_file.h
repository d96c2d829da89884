// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>

namespace ingather::ledger
{

/// Makes the folder of a ledger and those above it that are missing, for nobody else's eyes.
core::Result<> makeLedgerFolder(const QString &ledgerPath);

/// Makes an empty file, mode 0600 (SQLite would take the umask's), and syncs its folder. Under the write
/// lock.
core::Result<> createLedgerFile(const QString &ledgerPath);

} // namespace ingather::ledger
