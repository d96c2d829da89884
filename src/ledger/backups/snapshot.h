// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "ledger/sqlite.h"

#include <QString>

namespace ingather::ledger
{

/// A read transaction: as long as it lives, its connection sees the database as it was at the beginning. In
/// WAL mode nobody waits for it; with a rollback journal (network file systems) commits wait for its end.
class Snapshot final
{
public:
    Snapshot() = default;
    ~Snapshot();
    Q_DISABLE_COPY_MOVE(Snapshot)

    /// Does nothing on a connection that is in a transaction already.
    core::Result<> begin(sqlite3 *connection);
    void end();

private:
    sqlite3 *m_connection = nullptr;
};

/// Who else may be at a database file.
enum class FileUse {
    InUse,  ///< a ledger: others may write while it is read
    AtRest, ///< a backup: nothing is left beside it that was not there before
};

/// Opens a database for nothing but reading, also where its folder can't be written to.
core::Result<> openForReading(SqliteConnection &connection, const QString &path, FileUse use);

} // namespace ingather::ledger
