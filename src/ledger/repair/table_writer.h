// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/repair/table_shape.h"
#include "ledger/sqlite.h"

#include <functional>
#include <optional>

namespace ingather::ledger
{

/// The statements that write into one of our tables while it is filled from another file.
class TableWriter final
{
public:
    TableWriter() = default;
    Q_DISABLE_COPY_MOVE(TableWriter)

    core::Result<> prepare(sqlite3 *connection, const TableShape &shape);
    /// The new row's rowid; nullopt if a constraint refused it: complaint() says which.
    core::Result<std::optional<qint64>> insert(const SqlRow &row);
    QString complaint() const { return m_complaint; }
    /// The row that has one of the keys of this one, primary or UNIQUE.
    core::Result<std::optional<qint64>> rivalOf(const SqlRow &row);
    core::Result<> remove(qint64 rowid);
    /// All rows, with their rowids.
    core::Result<> readAll(const std::function<void(qint64 rowid, const SqlRow &row)> &sink);
    /// Rows for which the SQL condition (of our own) holds.
    core::Result<> readWhere(const char *condition,
                             const std::function<void(qint64 rowid, const SqlRow &row)> &sink);

private:
    sqlite3 *m_connection = nullptr;
    QByteArray m_name;
    QByteArray m_columns;
    int m_count = 0;
    SqliteStatement m_insert;
    SqliteStatement m_find;
    SqliteStatement m_remove;
    QString m_complaint;
};

} // namespace ingather::ledger
