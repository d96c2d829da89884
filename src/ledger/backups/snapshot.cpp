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

/// Whether something lies beside the database that belongs to its content; what can't be looked at may.
bool hasCompanion(const QString &path, const char *suffix)
{
    const auto facts = platform::fileFacts(path + QString::fromLatin1(suffix));
    return !facts || (*facts && (*facts)->size > 0);
}

bool isReadyMade(const QString &path)
{
    return !hasCompanion(path, "-wal") && !hasCompanion(path, "-journal");
}

/// A log that was copied without its index: with exclusive locking before the first read the index is made on
/// the heap (SQLite, "WAL-mode File Format"), and nothing beside the file.
Result<> openWithIndexInMemory(SqliteConnection &connection, const QString &path)
{
    Result<> done = connection.open(path, SqliteConnection::Mode::ReadWrite);
    if (!done)
        return done;
    int granted = 0;
    const int code = sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &granted);
    if (code != SQLITE_OK || granted != 1)
        return sqliteError(code, QStringLiteral("open for reading"));
    return runScript(connection.handle(),
                     QByteArrayLiteral("PRAGMA locking_mode = EXCLUSIVE; PRAGMA query_only = ON"),
                     QStringLiteral("open for reading"));
}

Result<> openAtRest(SqliteConnection &connection, const QString &path)
{
    // A file in WAL mode is given a -wal and a -shm by whoever reads it, even if there is nothing in them.
    if (isReadyMade(path))
        return connection.open(path, SqliteConnection::Mode::Immutable);
    if (hasCompanion(path, "-wal") && !hasCompanion(path, "-shm")) {
        const Result<> opened = openWithIndexInMemory(connection, path);
        if (opened && connection.isWritable())
            return opened;
    }
    return connection.open(path, SqliteConnection::Mode::ReadOnly);
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
    if (use == FileUse::AtRest)
        return openAtRest(connection, path);
    const Result<> opened = connection.open(path, SqliteConnection::Mode::ReadOnly);
    if (!opened)
        return opened;
    const Result<> looked =
        runScript(connection.handle(), QByteArrayLiteral("SELECT count(*) FROM sqlite_schema"),
                  QStringLiteral("open for reading"));
    if (!looked && looked.error().code == ErrorCode::LedgerCannotOpen && isReadyMade(path))
        return connection.open(path, SqliteConnection::Mode::Immutable);
    return looked;
}

} // namespace ingather::ledger
