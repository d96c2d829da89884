// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "ledger/sqlite.h"

namespace ingather::ledger
{

/// A copy of a ledger that nobody else knows of, opened with SQLite for looking and mending. Whatever SQLite
/// has to recover (a hot journal, a write-ahead log) is recovered in the copy.
class WorkCopy final
{
public:
    WorkCopy() = default;
    Q_DISABLE_COPY_MOVE(WorkCopy)

    /// Fails for what SQLite can't read as a database at all.
    core::Result<> open(const QString &path);
    /// Read-only, for a file that others work with.
    core::Result<> openForLooking(const QString &path);
    void close() { m_connection.close(); }
    sqlite3 *handle() const { return m_connection.handle(); }
    /// The log is written back and gone: the file stands alone.
    core::Result<> intoOneFile();

private:
    SqliteConnection m_connection;
};

/// Brings a file that nobody else knows of up to the current version, without a backup of its own.
core::Result<> migrateFile(const QString &path, core::UnixTime now);

/// fsync.
core::Result<> syncWholeFile(const QString &path);

} // namespace ingather::ledger
