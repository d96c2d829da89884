// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

struct sqlite3;

namespace ingather::ledger
{

struct KeyColumn {
    int column = 0; ///< of TableIndexes::columns
    bool isDescending = false;
};

struct TableIndex {
    QString name;
    std::vector<KeyColumn> key; ///< without the rowid that ends each entry
    QByteArray where;           ///< SQL of a partial index's condition; empty: every row has an entry
    bool isUnique = false;
    int rootPage = 0;
};

/// The indexes of a table, and the statements that read either side from end to end.
struct TableIndexes {
    QByteArray table;                ///< as SQL names it
    QByteArray rowid;                ///< a word for the rowid that no column bears
    std::vector<QByteArray> columns; ///< as SQL names those that occur in a key
    QByteArray lastColumn;           ///< the right-most one that a record holds
    std::vector<TableIndex> indexes;

    /// The columns, for each index whether the row belongs into it, the type of the last column, the rowid;
    /// in the order of the table's own b-tree.
    QByteArray selectRows() const;
    /// The columns of the key and the rowid of each entry, in the order in which they lie in the index.
    QByteArray selectEntries(const TableIndex &index) const;
};

/// nullopt if a table's entries can't be told from its columns alone: without rowids, with expressions,
/// collations or an encoding other than SQLite's first.
core::Result<std::optional<TableIndexes>> readTableIndexes(sqlite3 *connection, const QString &table);

/// What a statement hands out of an index.
enum class EntryScan {
    All,    ///< every entry, one by one
    Range,  ///< those between two keys
    Unknown ///< perhaps not only what lies in the index: values of the table, or chosen entries
};

/// Decided on the statement's program (EXPLAIN), by the instructions that are known. SQLite leaves the
/// condition of a partial index out where the statement repeats it, or makes a range of it.
core::Result<EntryScan> scanOf(sqlite3 *connection, const QByteArray &sql, int rootPage);

/// How many entries there are, counted on the pages.
core::Result<qint64> entryCount(sqlite3 *connection, const TableIndex &index);

} // namespace ingather::ledger
