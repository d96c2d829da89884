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

/// How many pages SQLite keeps at hand: in its cache, and in the log before they are written back.
enum class PageRoom {
    Usual, ///< 8 MiB; 4 MiB of log
    Large, ///< 24 MiB; 32 MiB of log
};
/// A connection has PageRoom::Usual from the start.
core::Result<> setPageRoom(sqlite3 *connection, PageRoom room);

/// WAL, except on a network file system, whose shared memory can't be trusted (SQLite, "WAL", 3). Read back:
/// LedgerBusy if it was not granted. Under the write lock.
core::Result<> chooseJournal(sqlite3 *connection, bool isOnNetwork);

/// First column of the first row, for pragmas and other small questions; empty if there is none.
core::Result<QString> ask(sqlite3 *connection, const char *sql);

} // namespace ingather::ledger
