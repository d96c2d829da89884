// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/work_control.h"

struct sqlite3;

namespace ingather::ledger
{

enum class CopyCheck {
    Quick,    ///< quick_check: the pages, and the rows in them
    Thorough, ///< integrity_check: and that the indexes belong to the rows
};

/// Whether SQLite itself finds the database sound; up to the first fault. LedgerCorrupt; Cancelled.
core::Result<> checkCopy(sqlite3 *connection, CopyCheck check, const core::WorkControl &control);

} // namespace ingather::ledger
