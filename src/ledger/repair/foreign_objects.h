// SPDX-License-Identifier: MIT
#pragma once

#include "core/repair_report.h"
#include "core/work_control.h"
#include "ledger/repair/new_ledger.h"
#include "ledger/repair/page_scanner.h"

namespace ingather::ledger
{

/// Tables, indexes, views and triggers that others keep in the ledger's file, moved into a new one with the
/// same care as ours: rows with their rowids, what can't be moved into ingather_salvage.
class ForeignObjects final
{
public:
    /// `schema`: all objects of the old file, as SQLite or the scanner found them.
    ForeignObjects(NewLedger &target, const QList<SchemaObject> &schema);
    Q_DISABLE_COPY_MOVE(ForeignObjects)

    /// Makes the tables, empty.
    core::Result<> createTables();
    /// Rows that SQLite still reads. `source` may be null.
    core::Result<> readRows(sqlite3 *source, const core::WorkControl &control);
    /// A row that the scanner found in a table of theirs; taken if SQLite had not read it.
    core::Result<> addCell(const TableCell &cell);
    /// The same for an entry of a table WITHOUT ROWID, whose b-tree is like an index's.
    core::Result<> addEntry(const IndexCell &entry);
    /// Whether this is the root page of one of their tables that SQLite did not read whole.
    bool ownsRoot(int rootPage) const { return m_byRoot.contains(rootPage); }
    /// For a row whose b-tree has lost its root: that page, if just one of their tables was not read whole
    /// and has rows of this form; else 0.
    int likelyRoot(const SqlRow &values) const;
    /// Indexes, views, triggers and virtual tables; after NewLedger::finish().
    core::Result<> finish();

    QList<core::TableAccount> accounts() const;

private:
    struct Table {
        SchemaObject object;
        TableShape shape;
        QSet<qint64> rowids;
        core::TableAccount account;
        bool hasRowid = true; ///< one that can be written
        bool isWithoutRowid = false;
        std::unique_ptr<SqliteStatement> insert;
    };
    core::Result<> createTable(const SchemaObject &object);
    core::Result<> add(Table &table, qint64 rowid, const SqlRow &row);
    core::Result<> copySequences(sqlite3 *source);
    core::Result<> make(const SchemaObject &object);

    NewLedger &m_target;
    QList<SchemaObject> m_objects;
    QList<std::shared_ptr<Table>> m_tables;
    QHash<int, std::shared_ptr<Table>> m_byRoot;
};

} // namespace ingather::ledger
