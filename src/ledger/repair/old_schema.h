// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/work_control.h"
#include "ledger/repair/page_image.h"
#include "ledger/sql_value.h"
#include "ledger/validation/schema_objects.h"

#include <QHash>
#include <QStringList>

struct sqlite3;

namespace ingather::ledger
{

/// type, name, tbl_name, rootpage, sql: a row of sqlite_schema.
bool isSchemaRow(const SqlRow &row);

/// What the old file said about its own tables, from whatever tells: SQLite, the b-tree of sqlite_schema, or
/// rows of it that lie about in pages whose root is gone.
class OldSchema final
{
public:
    /// `source` and `image` may each be null.
    static core::Result<OldSchema> read(sqlite3 *source, const PageImage *image,
                                        const core::WorkControl &control);

    /// Tables, indexes, views and triggers with a text of their own.
    const QList<SchemaObject> &objects() const { return m_objects; }
    /// Root pages of tables and of indexes, autoindexes included, by page.
    const QHash<int, QString> &tableRoots() const { return m_tableRoots; }
    const QHash<int, QString> &indexRoots() const { return m_indexRoots; }
    QList<int> roots() const { return m_tableRoots.keys() + m_indexRoots.keys(); }
    /// Null if its text is gone.
    const SchemaObject *table(const QString &name) const;
    bool has(const QString &name) const;

private:
    void add(const QString &type, const QString &name, const QString &table, int rootPage,
             const QByteArray &sql);

    QList<SchemaObject> m_objects;
    QHash<int, QString> m_tableRoots;
    QHash<int, QString> m_indexRoots;
};

} // namespace ingather::ledger
