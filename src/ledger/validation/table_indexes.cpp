// SPDX-License-Identifier: MIT
#include "ledger/validation/table_indexes.h"

#include "ledger/sql_value.h"
#include "ledger/sqlite.h"
#include "ledger/validation/schema_tokens.h"

#include <QStringList>

#include <algorithm>
#include <functional>

namespace ingather::ledger
{

using core::Result;

namespace
{

Result<> forEachRow(sqlite3 *connection, const QByteArray &sql,
                    const std::function<void(const SqliteStatement &)> &visit)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(connection, sql.constData());
    if (!prepared)
        return prepared;
    for (;;) {
        const Result<bool> row = statement.step("read indexes");
        if (!row)
            return row.error();
        if (!*row)
            return {};
        visit(statement);
    }
}

/// The condition of a partial index: what follows the WHERE behind the bracket of its columns.
QByteArray conditionOf(const QByteArray &createIndex)
{
    int depth = 0;
    bool isBehindColumns = false;
    for (const SchemaToken &token : tokenList(createIndex)) {
        if (token.text == "(")
            ++depth;
        else if (token.text == ")")
            isBehindColumns = --depth == 0;
        else if (isBehindColumns && token.text == "where")
            return createIndex.sliced(token.end);
    }
    return {};
}

/// What the schema says of one table.
class Reader
{
public:
    Reader(sqlite3 *connection, const QString &table) : m_connection(connection), m_table(table)
    {
        m_indexes.table = "main." + quotedName(table);
    }

    Result<std::optional<TableIndexes>> read()
    {
        Result<> done = readEncoding();
        if (done)
            done = readColumns();
        if (done)
            done = readIndexes();
        for (TableIndex &index : m_indexes.indexes) {
            if (done)
                done = readKey(index);
            if (done)
                done = readText(index);
        }
        if (!done)
            return done.error();
        return m_isComparable ? std::optional(std::move(m_indexes)) : std::nullopt;
    }

private:
    Result<> readEncoding()
    {
        return forEachRow(m_connection, "PRAGMA encoding", [this](const SqliteStatement &row) {
            m_isComparable = m_isComparable && row.text(0) == QLatin1StringView("UTF-8");
        });
    }

    Result<> readColumns()
    {
        QStringList names;
        constexpr int virtualColumn = 2; // SQLite, "PRAGMA table_xinfo": computed, and in no record
        const Result<> done = forEachRow(m_connection, "PRAGMA main.table_xinfo(" + quotedName(m_table) + ')',
                                         [&](const SqliteStatement &row) {
                                             names.append(row.text(1).toLower());
                                             if (row.integer(6) != virtualColumn)
                                                 m_indexes.lastColumn = quotedName(row.text(1));
                                         });
        for (const char *word : {"rowid", "_rowid_", "oid"}) {
            if (m_indexes.rowid.isEmpty() && !names.contains(QLatin1StringView(word)))
                m_indexes.rowid = word;
        }
        m_isComparable = m_isComparable && !m_indexes.rowid.isEmpty() && !m_indexes.lastColumn.isEmpty();
        return done;
    }

    Result<> readIndexes()
    {
        return forEachRow(m_connection, "PRAGMA main.index_list(" + quotedName(m_table) + ')',
                          [this](const SqliteStatement &row) {
                              TableIndex index;
                              index.name = row.text(1);
                              index.isUnique = row.integer(2) != 0;
                              m_isPartial.push_back(row.integer(4) != 0);
                              m_indexes.indexes.push_back(index);
                          });
    }

    Result<> readKey(TableIndex &index)
    {
        return forEachRow(
            m_connection, "PRAGMA main.index_xinfo(" + quotedName(index.name) + ')',
            [&](const SqliteStatement &row) {
                const bool isOfKey = row.integer(5) != 0;
                if (!isOfKey)
                    return;
                const bool isColumn = row.integer(1) >= 0;
                m_isComparable = m_isComparable && isColumn && row.text(4) == QLatin1StringView("BINARY");
                index.key.push_back({columnNamed(quotedName(row.text(2))), row.integer(3) != 0});
            });
    }

    int columnNamed(const QByteArray &name)
    {
        std::vector<QByteArray> &columns = m_indexes.columns;
        const auto at = std::find(columns.begin(), columns.end(), name);
        const auto column = static_cast<int>(at - columns.begin());
        if (at == columns.end())
            columns.push_back(name);
        return column;
    }

    Result<> readText(TableIndex &index)
    {
        SqliteStatement statement;
        const Result<> prepared = statement.prepare(
            m_connection, "SELECT rootpage, sql FROM main.sqlite_schema WHERE type = 'index' AND name = ?1");
        if (!prepared)
            return prepared;
        statement.bind(1, index.name);
        const Result<bool> row = statement.step("read indexes");
        if (!row)
            return row.error();
        if (*row) {
            index.rootPage = static_cast<int>(statement.integer(0));
            index.where = conditionOf(statement.text(1).toUtf8());
        }
        const auto at = static_cast<std::size_t>(&index - m_indexes.indexes.data());
        m_isComparable = m_isComparable && index.rootPage > 0 && m_isPartial[at] == !index.where.isEmpty();
        return {};
    }

    sqlite3 *m_connection;
    QString m_table;
    TableIndexes m_indexes;
    std::vector<bool> m_isPartial; ///< by index
    bool m_isComparable = true;
};

} // namespace

// A condition may end in a comment: hence the line breaks.
QByteArray TableIndexes::selectRows() const
{
    QByteArray sql = "SELECT ";
    for (const QByteArray &column : columns)
        sql += column + ", ";
    for (const TableIndex &index : indexes)
        sql += index.where.isEmpty() ? QByteArray("1, ") : '(' + index.where + "\n) IS TRUE, ";
    return sql + "typeof(" + lastColumn + "), " + rowid + " FROM " + table + " NOT INDEXED";
}

QByteArray TableIndexes::selectEntries(const TableIndex &index) const
{
    QByteArray sql = "SELECT ";
    for (const KeyColumn &part : index.key)
        sql += columns[static_cast<std::size_t>(part.column)] + ", ";
    sql += rowid + " FROM " + table + " INDEXED BY " + quotedName(index.name);
    return index.where.isEmpty() ? sql : sql + " WHERE " + index.where;
}

Result<std::optional<TableIndexes>> readTableIndexes(sqlite3 *connection, const QString &table)
{
    return Reader(connection, table).read();
}

Result<EntryScan> scanOf(sqlite3 *connection, const QByteArray &sql, int rootPage)
{
    // SQLite, "The SQLite Bytecode Engine". DeferredSeek only notes where the row would be.
    static const QStringList harmless{
        QStringLiteral("Init"),         QStringLiteral("Transaction"), QStringLiteral("Goto"),
        QStringLiteral("Noop"),         QStringLiteral("Explain"),     QStringLiteral("OpenRead"),
        QStringLiteral("DeferredSeek"), QStringLiteral("IdxRowid"),    QStringLiteral("RealAffinity"),
        QStringLiteral("ResultRow"),    QStringLiteral("Halt"),        QStringLiteral("Integer"),
        QStringLiteral("Real"),         QStringLiteral("Null"),        QStringLiteral("String8"),
        QStringLiteral("Affinity")};
    static const QStringList ofEntries{QStringLiteral("Rewind"), QStringLiteral("Column"),
                                       QStringLiteral("Next")};
    static const QStringList ofRanges{QStringLiteral("SeekGE"), QStringLiteral("SeekGT"),
                                      QStringLiteral("IdxGE"), QStringLiteral("IdxGT")};
    qint64 cursor = -1;
    int loops = 0;
    bool isOfIndex = true;
    bool isRange = false;
    const Result<> done = forEachRow(connection, "EXPLAIN " + sql, [&](const SqliteStatement &row) {
        const QString opcode = row.text(1);
        if (opcode == QLatin1StringView("OpenRead") && row.integer(3) == rootPage)
            cursor = row.integer(2);
        if (harmless.contains(opcode))
            return;
        const bool isBound = ofRanges.contains(opcode);
        isRange = isRange || isBound;
        isOfIndex =
            isOfIndex && (isBound || ofEntries.contains(opcode)) && cursor >= 0 && row.integer(2) == cursor;
        loops += opcode == QLatin1StringView("Next") ? 1 : 0;
    });
    if (!done)
        return done.error();
    if (!isOfIndex || loops != 1)
        return EntryScan::Unknown;
    return isRange ? EntryScan::Range : EntryScan::All;
}

Result<qint64> entryCount(sqlite3 *connection, const TableIndex &index)
{
    SqliteStatement statement;
    const Result<> prepared =
        statement.prepare(connection, "SELECT coalesce(sum(ncell), 0) FROM dbstat('main') WHERE name = ?1");
    if (!prepared)
        return prepared.error();
    statement.bind(1, index.name);
    const Result<bool> row = statement.step("count entries");
    if (!row)
        return row.error();
    return *row ? statement.integer(0) : 0;
}

} // namespace ingather::ledger
