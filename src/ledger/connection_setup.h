// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>

struct sqlite3;

namespace ingather::ledger
{

/// Everything about a connection that writes nothing into the file: foreign keys, synchronous=FULL, limits,
/// no checkpoint on close, the function ingather_row_sum().
core::Result<> configureConnection(sqlite3 *connection);

/// WAL, except on a network file system, whose shared memory can't be trusted (SQLite, "WAL", 3). Read back:
/// LedgerBusy if it was not granted. Under the write lock.
core::Result<> chooseJournal(sqlite3 *connection, bool isOnNetwork);

/// First column of the first row, for pragmas and other small questions; empty if there is none.
core::Result<QString> ask(sqlite3 *connection, const char *sql);

} // namespace ingather::ledger
