// SPDX-License-Identifier: MIT
#include "ledger/backups/snapshot.h"

#include "core/error.h"
#include "ledger/log.h"
#include "platform/file_system.h"

#include <sqlite3.h>

#include <utility>

namespace ingather::ledger
{

using core::ErrorCode;
using core::Result;

namespace
{

/// Whether there are commits that are not in the main file yet.
bool hasWal(const QString &path)
{
    const auto wal = platform::fileFacts(path + QStringLiteral("-wal"));
    return !wal || (*wal && (*wal)->size > 0);
}

} // namespace

Snapshot::~Snapshot()
{
    end();
}

void Snapshot::end()
{
    sqlite3 *connection = std::exchange(m_connection, nullptr);
    if (connection == nullptr || sqlite3_get_autocommit(connection) != 0)
        return;
    const Result<> ended =
        runScript(connection, QByteArrayLiteral("ROLLBACK"), QStringLiteral("end reading"));
    if (!ended)
        logError(ended.error());
}

Result<> Snapshot::begin(sqlite3 *connection)
{
    if (sqlite3_get_autocommit(connection) == 0)
        return {};
    // BEGIN alone reads nothing and so sees nothing yet.
    const Result<> begun =
        runScript(connection, QByteArrayLiteral("BEGIN; SELECT count(*) FROM sqlite_schema"),
                  QStringLiteral("begin reading"));
    m_connection = connection;
    return begun;
}

Result<> openForReading(SqliteConnection &connection, const QString &path, FileUse use)
{
    using Mode = SqliteConnection::Mode;
    // A file in WAL mode is given a -wal and a -shm by whoever reads it; without a WAL there is nothing in
    // them.
    if (use == FileUse::AtRest && !hasWal(path))
        return connection.open(path, Mode::Immutable);
    const Result<> opened = connection.open(path, Mode::ReadOnly);
    if (!opened)
        return opened;
    const Result<> looked =
        runScript(connection.handle(), QByteArrayLiteral("SELECT count(*) FROM sqlite_schema"),
                  QStringLiteral("open for reading"));
    if (!looked && looked.error().code == ErrorCode::LedgerCannotOpen && !hasWal(path))
        return connection.open(path, Mode::Immutable);
    return looked;
}

} // namespace ingather::ledger
