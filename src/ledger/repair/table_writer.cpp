// SPDX-License-Identifier: MIT
#include "ledger/repair/table_writer.h"

#include "core/error.h"

#include <sqlite3.h>

#include <algorithm>

namespace ingather::ledger
{

using core::ErrorCode;
using core::Result;

namespace
{

// Unique sets of a table besides its primary key.
QList<QStringList> furtherKeys(const QString &table)
{
    if (table == QStringLiteral("artifact_jobs"))
        return {{QStringLiteral("idempotency_key")},
                {QStringLiteral("work_id"), QStringLiteral("artifact_id"), QStringLiteral("canonical_url")}};
    if (table == QStringLiteral("ingather_roots"))
        return {{QStringLiteral("path")}};
    return {};
}

/// "a = ?1 AND b = ?2": parameters are numbered as the columns of a row.
QByteArray matches(const TableShape &shape, const QStringList &key)
{
    QByteArray condition;
    for (const QString &column : key)
        condition += (condition.isEmpty() ? "" : " AND ") + quotedName(column) + " = ?" +
                     QByteArray::number(shape.columns.indexOf(column) + 1);
    return '(' + condition + ')';
}

} // namespace

Result<> TableWriter::prepare(sqlite3 *connection, const TableShape &shape)
{
    m_connection = connection;
    m_name = quotedName(shape.name);
    m_count = static_cast<int>(shape.columns.size());
    QByteArray marks;
    for (const QString &column : shape.columns) {
        m_columns += (m_columns.isEmpty() ? "" : ", ") + quotedName(column);
        marks += marks.isEmpty() ? "?" : ", ?";
    }
    QStringList primary;
    for (const int column : shape.key)
        primary.append(shape.columns.at(column));
    QByteArray rivals = matches(shape, primary);
    for (const QStringList &key : furtherKeys(shape.name))
        rivals += " OR " + matches(shape, key);

    const QByteArray insert = "INSERT INTO " + m_name + " (" + m_columns + ") VALUES (" + marks + ')';
    const QByteArray find = "SELECT rowid FROM " + m_name + " WHERE " + rivals + " LIMIT 1";
    const QByteArray remove = "DELETE FROM " + m_name + " WHERE rowid = ?";
    Result<> done = m_insert.prepare(connection, insert.constData());
    if (done)
        done = m_find.prepare(connection, find.constData());
    if (done)
        done = m_remove.prepare(connection, remove.constData());
    return done;
}

Result<std::optional<qint64>> TableWriter::insert(const SqlRow &row)
{
    for (int i = 0; i < row.size(); ++i)
        m_insert.bind(i + 1, row.at(i));
    const Result<> done = m_insert.run("write row");
    if (done)
        return std::optional(static_cast<qint64>(sqlite3_last_insert_rowid(m_connection)));
    if (done.error().code != ErrorCode::LedgerConstraint)
        return done.error();
    m_complaint = done.error().detail;
    return std::optional<qint64>();
}

Result<std::optional<qint64>> TableWriter::rivalOf(const SqlRow &row)
{
    const int most = std::min(static_cast<int>(row.size()), m_find.parameterCount());
    for (int i = 0; i < most; ++i)
        m_find.bind(i + 1, row.at(i));
    const Result<bool> found = m_find.step("look for row");
    if (!found)
        return found.error();
    std::optional<qint64> rowid;
    if (*found)
        rowid = m_find.integer(0);
    m_find.reset();
    return rowid;
}

Result<> TableWriter::remove(qint64 rowid)
{
    m_remove.bind(1, rowid);
    return m_remove.run("remove row");
}

Result<> TableWriter::readAll(const std::function<void(qint64, const SqlRow &)> &sink)
{
    return readWhere("1", sink);
}

Result<> TableWriter::readWhere(const char *condition,
                                const std::function<void(qint64, const SqlRow &)> &sink)
{
    const QByteArray sql =
        "SELECT rowid, " + m_columns + " FROM " + m_name + " NOT INDEXED WHERE " + condition;
    SqliteStatement select;
    const Result<> prepared = select.prepare(m_connection, sql.constData());
    if (!prepared)
        return prepared;
    for (;;) {
        const Result<bool> row = select.step("read back");
        if (!row)
            return row.error();
        if (!*row)
            return {};
        SqlRow values;
        for (int i = 0; i < m_count; ++i)
            values.append(select.sqlValue(i + 1));
        sink(select.integer(0), values);
    }
}

} // namespace ingather::ledger
