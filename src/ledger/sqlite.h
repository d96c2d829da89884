// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "ledger/sql_value.h"

#include <QByteArray>
#include <QString>
#include <QVariant>

struct sqlite3;
struct sqlite3_stmt;

namespace ingather::ledger
{

/// What QtSql has no words for, said to the C library that it is linked to: scripts of several
/// statements, statements outside any QSqlDatabase, the header of a file.

/// SQLite's (extended) result code as a typed error. Decides on the number, never on the text.
core::Error sqliteError(int code, const QString &operation, const QString &message = {});

/// The last error of that connection.
core::Error sqliteError(sqlite3 *connection, const QString &operation);

/// A prepared statement of the C interface. Finalized by the destructor.
class SqliteStatement final
{
public:
    SqliteStatement() = default;
    ~SqliteStatement();
    Q_DISABLE_COPY_MOVE(SqliteStatement)

    core::Result<> prepare(sqlite3 *connection, const char *sql);
    void bind(int position, const QString &text);
    void bind(int position, qint64 value);
    void bind(int position, double value);
    void bindNull(int position);
    /// By what is in it: nothing, qint64, int, double, QString or QByteArray. Positions count from 1.
    void bind(int position, const QVariant &value);
    /// Bit for bit.
    void bind(int position, const SqlValue &value);
    bool isPrepared() const { return m_statement != nullptr; }
    int parameterCount() const;
    /// True: a row is there. The statement is reset at its end, so that it can be stepped anew.
    core::Result<bool> step(const char *operation);
    /// Steps to the end and resets.
    core::Result<> run(const char *operation);
    void reset();
    void finalize();

    qint64 integer(int column) const;
    double real(int column) const;
    bool isNull(int column) const;
    QString text(int column) const;
    /// Invalid for NULL.
    QVariant value(int column) const;
    SqlValue sqlValue(int column) const;
    /// Rows changed by the last INSERT, UPDATE or DELETE of the connection, triggers not counted.
    int changes() const;

private:
    sqlite3 *m_connection = nullptr;
    sqlite3_stmt *m_statement = nullptr;
};

/// A connection of the C interface, for looking at a file before it is trusted. Closed by the destructor.
class SqliteConnection final
{
public:
    SqliteConnection() = default;
    ~SqliteConnection();
    Q_DISABLE_COPY_MOVE(SqliteConnection)

    enum class Mode {
        ReadOnly,
        Immutable, ///< read-only, without locks, -wal or -shm: creates nothing beside the file
        ReadWrite, ///< an existing file
        Create,
    };
    core::Result<> open(const QString &path, Mode mode);
    void close();
    sqlite3 *handle() const { return m_handle; }
    /// Whether the system let us open the file for writing. Touches nothing.
    bool isWritable() const;

private:
    sqlite3 *m_handle = nullptr;
};

/// Executes all statements of a script, in order, up to the first error.
core::Result<> runScript(sqlite3 *connection, const QByteArray &script, const QString &operation);

/// Executes one statement of others; what follows a semicolon is not run.
core::Result<> runStatement(sqlite3 *connection, const QByteArray &sql, const QString &operation);

/// Whether the statement is to blame, not the file or the machine: a text that does not parse, a name that is
/// taken, a value that is refused.
bool blamesStatement(const core::Error &error);

/// The first bytes of a file, read through SQLite's own file layer: closing a descriptor of our own would
/// drop the POSIX locks of every other connection of this process (SQLite, "How To Corrupt", 2.2).
core::Result<QByteArray> readHeader(const QString &path, int bytes);

} // namespace ingather::ledger
