// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/work_control.h"

#include <QString>
#include <QStringList>

namespace ingather::ledger
{

/// A database file and what SQLite keeps beside it. Only together are they what was committed: a database
/// without its -wal, or with another one's, is damaged (SQLite, "How To Corrupt", 1.4). So they are copied
/// and set aside together, never alone.

/// "", "-wal", "-shm", "-journal".
const QStringList &fileSetSuffixes();
/// Bytes of all that are there.
core::Result<qint64> fileSetSize(const QString &database);

/// A repair keeps the old set, works on a copy of it and writes a new file: three times `size`.
qint64 roomNeededFor(qint64 size);
/// LedgerFull unless that much is free.
core::Result<> checkRoomFor(qint64 size, qint64 free);

/// Copies all that are there to `target` + suffix, durably. The copy's modes are 0600.
core::Result<> copyFileSet(const QString &database, const QString &target, const core::WorkControl &control);

/// The same into an existing folder under the database's own names, then read back and compared byte by byte,
/// made read-only, and listed in `SHA256SUMS`, which sha256sum(1) can check.
core::Result<> setAsideFileSet(const QString &database, const QString &folder,
                               const core::WorkControl &control);

} // namespace ingather::ledger
