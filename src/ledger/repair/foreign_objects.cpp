// SPDX-License-Identifier: MIT
#include "ledger/repair/foreign_objects.h"

#include "core/error.h"
#include "ledger/repair/engine_rows.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <sqlite3.h>

namespace ingather::ledger
{

using core::ErrorCode;
using core::Result;

namespace
{

const QString moving = QStringLiteral("move objects of others");

bool isVirtual(const SchemaObject &object)
{
    return object.type == QStringLiteral("table") &&
           schemaTokens(object.sql).startsWith("create virtual table ");
}

QByteArray objectJson(const SchemaObject &object)
{
    return QJsonDocument(QJsonObject{{QStringLiteral("type"), object.type},
                                     {QStringLiteral("name"), object.name},
                                     {QStringLiteral("sql"), QString::fromUtf8(object.sql)}})
        .toJson(QJsonDocument::Compact);
}

// A name for the rowid that no column of the table has taken.
QByteArray rowidName(const TableShape &shape)
{
    for (const char *name : {"rowid", "_rowid_", "oid"})
        if (!shape.columns.contains(QLatin1StringView(name), Qt::CaseInsensitive))
            return name;
    return {};
}

} // namespace

ForeignObjects::ForeignObjects(NewLedger &target, const QList<SchemaObject> &schema) : m_target(target)
{
    for (const SchemaObject &object : schema)
        if (!isOwnObject(object) && !object.name.startsWith(QStringLiteral("sqlite_")) &&
            !object.sql.isEmpty())
            m_objects.append(object);
}

Result<> ForeignObjects::createTables()
{
    for (const SchemaObject &object : std::as_const(m_objects)) {
        if (object.type != QStringLiteral("table") || isVirtual(object))
            continue;
        const Result<> done = createTable(object);
        if (!done)
            return done;
    }
    return {};
}

Result<> ForeignObjects::createTable(const SchemaObject &object)
{
    const Result<> made = runStatement(m_target.handle(), object.sql, moving);
    if (!made) {
        if (!blamesStatement(made.error()))
            return made;
        return m_target.reject(QStringLiteral("sqlite_schema"), objectJson(object), made.error().detail);
    }
    Result<TableShape> shape = tableShape(m_target.handle(), object.name);
    if (!shape)
        return shape.error();
    auto table = std::make_shared<Table>();
    table->object = object;
    table->shape = std::move(*shape);
    table->account.table = object.name;
    table->isWithoutRowid = tableText(object.sql).options.contains("without rowid");

    QByteArray columns;
    QByteArray marks;
    for (const QString &column : std::as_const(table->shape.columns)) {
        columns += (columns.isEmpty() ? "" : ", ") + quotedName(column);
        marks += marks.isEmpty() ? "?" : ", ?";
    }
    const QByteArray into = "INSERT OR IGNORE INTO " + quotedName(object.name);
    const QByteArray withRowid =
        into + " (" + columns + ", " + rowidName(table->shape) + ") VALUES (" + marks + ", ?)";
    const QByteArray without = into + " (" + columns + ") VALUES (" + marks + ')';
    table->insert = std::make_unique<SqliteStatement>();
    table->hasRowid = table->shape.rowidColumn < 0 && !rowidName(table->shape).isEmpty() &&
                      table->insert->prepare(m_target.handle(), withRowid.constData()).has_value();
    if (!table->hasRowid) {
        const Result<> prepared = table->insert->prepare(m_target.handle(), without.constData());
        if (!prepared)
            return prepared;
    }
    m_tables.append(table);
    if (object.rootPage > 0)
        m_byRoot.insert(object.rootPage, table);
    return {};
}

Result<> ForeignObjects::add(Table &table, qint64 rowid, const SqlRow &row)
{
    for (int i = 0; i < row.size(); ++i)
        table.insert->bind(i + 1, row.at(i));
    if (table.hasRowid)
        table.insert->bind(static_cast<int>(row.size()) + 1, rowid);
    const Result<> done = table.insert->run("move row of others");
    if (!done && !blamesStatement(done.error()))
        return done;
    ++table.account.readable;
    if (done && table.insert->changes() == 1) {
        ++table.account.kept;
        return {};
    }
    ++table.account.rejected;
    return m_target.reject(table.object.name, rowJson(table.shape.columns, row),
                           done ? QStringLiteral("constraint") : done.error().detail);
}

Result<> ForeignObjects::readRows(sqlite3 *source, const core::WorkControl &control)
{
    if (source == nullptr)
        return {};
    for (const std::shared_ptr<Table> &table : std::as_const(m_tables)) {
        const auto take = [&](qint64 rowid, SqlRow &&row) -> Result<> {
            table->rowids.insert(rowid);
            return add(*table, rowid, row);
        };
        const Result<EngineReading> reading = readTable(source, table->shape, {}, take, control);
        if (!reading)
            return reading.error();
        if (reading->isComplete)
            m_byRoot.remove(table->object.rootPage); // the scanner has nothing to add
    }
    return copySequences(source);
}

/// The last AUTOINCREMENT numbers: a table that was emptied goes on counting where it was.
Result<> ForeignObjects::copySequences(sqlite3 *source)
{
    SqliteStatement read;
    if (!read.prepare(source, "SELECT name, seq FROM sqlite_sequence"))
        return {}; // there is none
    SqliteStatement write;
    const Result<> prepared = write.prepare(
        m_target.handle(), "INSERT OR REPLACE INTO sqlite_sequence(rowid, name, seq) "
                           "VALUES ((SELECT rowid FROM sqlite_sequence WHERE name = ?1), ?1, ?2)");
    if (!prepared)
        return {}; // no such table came along
    for (;;) {
        const Result<bool> row = read.step("read sequences");
        if (!row || !*row)
            return {};
        write.bind(1, read.sqlValue(0));
        write.bind(2, read.sqlValue(1));
        const Result<> done = write.run("move sequences");
        if (!done)
            return done;
    }
}

Result<> ForeignObjects::addCell(const TableCell &cell)
{
    const std::shared_ptr<Table> table =
        m_byRoot.value(cell.source.root != 0 ? cell.source.root : likelyRoot(cell.values));
    if (!table || table->rowids.contains(cell.rowid) || cell.source.isOnFreePage)
        return {};
    const SqlRow row = toShape(table->shape, {}, cell.values, cell.rowid);
    // A cell that only a search of a broken page found may be anything.
    if (!cell.source.isListed || cell.values.size() > table->shape.columns.size()) {
        ++table->account.readable;
        ++table->account.rejected;
        return m_target.reject(table->object.name, rowJson(table->shape.columns, cell.values),
                               QStringLiteral("uncertain"));
    }
    table->rowids.insert(cell.rowid);
    return add(*table, cell.rowid, row);
}

int ForeignObjects::likelyRoot(const SqlRow &values) const
{
    int likely = 0;
    for (auto it = m_byRoot.begin(); it != m_byRoot.end(); ++it) {
        const TableShape &shape = it.value()->shape;
        const bool fits = !it.value()->isWithoutRowid && values.size() == shape.columns.size() &&
                          (shape.rowidColumn < 0 || values.at(shape.rowidColumn).isNull());
        if (!fits)
            continue;
        if (likely != 0)
            return 0;
        likely = it.key();
    }
    return likely;
}

Result<> ForeignObjects::addEntry(const IndexCell &entry)
{
    const std::shared_ptr<Table> table = m_byRoot.value(entry.source.root);
    if (!table || !table->isWithoutRowid || !entry.source.isListed || entry.source.isOnFreePage ||
        entry.values.size() > table->shape.columns.size())
        return {};
    // The key's columns come first in the record, then the others in their order.
    QStringList stored;
    for (const int column : std::as_const(table->shape.key))
        stored.append(table->shape.columns.at(column));
    for (const QString &column : std::as_const(table->shape.columns))
        if (!stored.contains(column))
            stored.append(column);
    const SqlRow row = toShape(table->shape, stored, entry.values, 0);
    for (int i = 0; i < row.size(); ++i)
        table->insert->bind(i + 1, row.at(i));
    const Result<> done = table->insert->run("move row of others");
    if (done && table->insert->changes() == 1) { // else SQLite had read it already
        ++table->account.readable;
        ++table->account.kept;
    }
    return done || blamesStatement(done.error()) ? Result<>() : done;
}

Result<> ForeignObjects::make(const SchemaObject &object)
{
    Result<> made;
    if (isVirtual(object)) {
        // Its own tables are there already, so it must not be made anew; the entry is all that is missing.
        SqliteStatement entry;
        made = runScript(m_target.handle(), QByteArrayLiteral("PRAGMA writable_schema = ON"), moving);
        if (made)
            made = entry.prepare(m_target.handle(),
                                 "INSERT INTO sqlite_schema(type, name, tbl_name, rootpage, sql) "
                                 "VALUES ('table', ?1, ?1, 0, ?2)");
        if (made) {
            entry.bind(1, object.name);
            entry.bind(2, QString::fromUtf8(object.sql));
            made = entry.run("move virtual table");
        }
        entry.finalize();
        const Result<> reset =
            runScript(m_target.handle(), QByteArrayLiteral("PRAGMA writable_schema = RESET"), moving);
        if (!reset)
            return reset;
    } else {
        made = runStatement(m_target.handle(), object.sql, moving);
    }
    if (made || !blamesStatement(made.error()))
        return made;
    return m_target.reject(QStringLiteral("sqlite_schema"), objectJson(object), made.error().detail);
}

Result<> ForeignObjects::finish()
{
    for (const std::shared_ptr<Table> &table : std::as_const(m_tables))
        table->insert.reset();
    for (const char *type : {"table", "index", "view", "trigger"}) {
        for (const SchemaObject &object : std::as_const(m_objects)) {
            const bool isMade = object.type == QStringLiteral("table") && !isVirtual(object);
            if (object.type != QLatin1StringView(type) || isMade)
                continue;
            const Result<> done = make(object);
            if (!done)
                return done;
        }
    }
    return m_target.writeRejected();
}

QList<core::TableAccount> ForeignObjects::accounts() const
{
    QList<core::TableAccount> list;
    for (const std::shared_ptr<Table> &table : m_tables)
        list.append(table->account);
    return list;
}

} // namespace ingather::ledger
