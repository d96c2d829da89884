// SPDX-License-Identifier: MIT
#include "ledger/repair/old_schema.h"

#include "ledger/repair/page_scanner.h"
#include "ledger/repair/table_shape.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"

#include <algorithm>

namespace ingather::ledger
{

using core::Result;

namespace
{

bool isSchemaType(const SqlValue &value)
{
    return value.isText() && (value.bytes == "table" || value.bytes == "index" || value.bytes == "view" ||
                              value.bytes == "trigger");
}

bool isOwnTable(const QString &name)
{
    return ownTables(currentSchemaVersion).contains(name);
}

} // namespace

bool isSchemaRow(const SqlRow &row)
{
    return row.size() == 5 && isSchemaType(row.at(0)) && row.at(1).isText() && row.at(2).isText() &&
           (row.at(3).type == SqlValue::Type::Integer || row.at(3).isNull()) &&
           (row.at(4).isNull() || row.at(4).bytes.toUpper().startsWith("CREATE "));
}

void OldSchema::add(const QString &type, const QString &writtenName, const QString &table, int rootPage,
                    const QByteArray &sql)
{
    // A table's row has its name twice.
    const bool isHit = type == QStringLiteral("table") && !isOwnTable(writtenName) && isOwnTable(table);
    const QString &name = isHit ? table : writtenName;
    if (has(name))
        return;
    if (rootPage > 1 && type == QStringLiteral("table"))
        m_tableRoots.insert(rootPage, name);
    if (rootPage > 1 && type == QStringLiteral("index"))
        m_indexRoots.insert(rootPage, name);
    if (!sql.isEmpty())
        m_objects.append({type, name, table, sql, rootPage});
}

bool OldSchema::has(const QString &name) const
{
    return std::any_of(m_objects.begin(), m_objects.end(),
                       [&name](const SchemaObject &object) { return object.name == name; });
}

Result<OldSchema> OldSchema::read(sqlite3 *source, const PageImage *image, const core::WorkControl &control)
{
    OldSchema schema;
    if (source != nullptr) {
        SqliteStatement statement;
        bool isPrepared =
            statement
                .prepare(source,
                         "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema ORDER BY rowid")
                .has_value();
        while (isPrepared) {
            const Result<bool> row = statement.step("read old schema");
            isPrepared = row && *row; // what can't be read here may be found in the pages
            if (isPrepared)
                schema.add(statement.text(0), statement.text(1), statement.text(2),
                           static_cast<int>(statement.integer(3)), statement.sqlValue(4).bytes);
        }
    }
    if (image == nullptr)
        return schema;
    const QList<ScannedSchemaRow> rows = scanSchema(*image);
    for (const ScannedSchemaRow &row : rows)
        schema.add(row.type, row.name, row.table, row.rootPage, row.sql);
    ScanSink sink;
    sink.tableCell = [&schema](TableCell &&cell) {
        if (cell.source.isListed && !cell.source.isOnFreePage && isSchemaRow(cell.values))
            schema.add(cell.values.at(0).text(), cell.values.at(1).text(), cell.values.at(2).text(),
                       static_cast<int>(cell.values.at(3).integer), cell.values.at(4).bytes);
    };
    // Pages that a known table holds have no row of the schema.
    sink.wantsTable = [&tables = schema.m_tableRoots](int root) { return !tables.contains(root); };
    const QList<int> known = schema.roots();
    const Result<ScanCounts> counts = scanPages(*image, known, sink, control);
    if (!counts)
        return counts.error();
    return schema;
}

const SchemaObject *OldSchema::table(const QString &name) const
{
    const auto found = std::find_if(m_objects.begin(), m_objects.end(), [&name](const SchemaObject &object) {
        return object.type == QStringLiteral("table") && object.name == name;
    });
    return found == m_objects.end() ? nullptr : &*found;
}

} // namespace ingather::ledger
