// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>

struct sqlite3;

namespace ingather::ledger
{

/// Copies what the connection sees into a new file by SQLite's online backup, checks the copy (quick_check),
/// and syncs it and its folder. The copy stands alone, without -wal, with mode 0600. FileExists if there is
/// something at `path`; after any other error nothing is left there.
core::Result<> backupTo(sqlite3 *connection, const QString &path);

} // namespace ingather::ledger
