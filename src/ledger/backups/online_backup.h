// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/work_control.h"

#include <QString>

struct sqlite3;

namespace ingather::ledger
{

class UnfinishedFile;

/// Copies what the connection sees into a new file by SQLite's online backup, in steps, checks the copy
/// (quick_check, schema version) and makes it durable. What others commit meanwhile neither gets in nor
/// starts the copy anew: the connection keeps its snapshot for the whole copy. The copy stands alone, without
/// -wal, with mode 0600, and has its name only once it is complete. FileExists if there is something at
/// `path`; Cancelled; LedgerCorrupt if the copy does not pass. After any error nothing is left at `path`.
core::Result<> backupTo(sqlite3 *connection, const QString &path, const core::WorkControl &control = {});

/// The two halves of it, for a file that has no name yet. The copy is as the connection says that the
/// original is; whether it is sound is not known before it was checked.
core::Result<> copyDatabase(sqlite3 *connection, const UnfinishedFile &target,
                            const core::WorkControl &control);
/// Also for a database that got there in another way: quick_check, and nothing is left to be read beside it.
core::Result<> checkDatabase(const UnfinishedFile &copy, const core::WorkControl &control);

} // namespace ingather::ledger
