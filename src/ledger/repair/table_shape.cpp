// SPDX-License-Identifier: MIT
#include "ledger/repair/table_shape.h"

#include "core/error.h"
#include "ledger/sqlite.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <sqlite3.h>

namespace ingather::ledger
{

using core::Result;

namespace
{

const QString reading = QStringLiteral("read table columns");

/// A default of our own schema's text: a constant.
Result<SqlValue> constant(sqlite3 *connection, const QString &expression)
{
    if (expression.isEmpty())
        return SqlValue();
    sqlite3_stmt *statement = nullptr;
    const QByteArray sql = "SELECT " + expression.toUtf8();
    if (sqlite3_prepare_v2(connection, sql.constData(), -1, &statement, nullptr) != SQLITE_OK)
        return sqliteError(connection, reading);
    SqlValue value;
    if (sqlite3_step(statement) == SQLITE_ROW)
        value = valueAt(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

// https://www.sqlite.org/datatype3.html, 3.1, as far as it can be REAL.
bool hasRealAffinity(const QString &type)
{
    const QString upper = type.toUpper();
    for (const char *other : {"INT", "CHAR", "CLOB", "TEXT", "BLOB"})
        if (upper.contains(QLatin1StringView(other)))
            return false;
    return upper.contains(QLatin1StringView("REAL")) || upper.contains(QLatin1StringView("FLOA")) ||
           upper.contains(QLatin1StringView("DOUB"));
}

} // namespace

int TableShape::indexOf(const char *column) const
{
    const qsizetype index = columns.indexOf(QLatin1StringView(column));
    Q_ASSERT_X(index >= 0, "TableShape::indexOf", column);
    return static_cast<int>(index);
}

bool TableShape::has(const char *column) const
{
    return columns.contains(QLatin1StringView(column));
}

Result<TableShape> tableShape(sqlite3 *connection, const QString &table)
{
    SqliteStatement statement;
    Result<> prepared = statement.prepare(
        connection,
        "SELECT name, type, dflt_value, pk FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY cid");
    if (!prepared)
        return prepared.error();
    statement.bind(1, table);
    TableShape shape;
    shape.name = table;
    QString keyType;
    for (;;) {
        const Result<bool> row = statement.step("read table columns");
        if (!row)
            return row.error();
        if (!*row)
            break;
        const QString type = statement.text(1);
        if (statement.integer(3) > 0) {
            shape.key.append(static_cast<int>(shape.columns.size()));
            keyType = type;
        }
        shape.columns.append(statement.text(0));
        shape.isReal.append(hasRealAffinity(type));
        shape.types.append(type.toUpper());
        Result<SqlValue> value = constant(connection, statement.text(2));
        if (!value)
            return value.error();
        if (shape.isReal.last() && value->type == SqlValue::Type::Integer)
            value = SqlValue::ofReal(static_cast<double>(value->integer));
        shape.defaults.append(*value);
    }
    if (shape.key.size() == 1 && keyType.compare(QLatin1StringView("INTEGER"), Qt::CaseInsensitive) == 0)
        shape.rowidColumn = shape.key.first();
    return shape;
}

int mistypedColumn(const TableShape &shape, const SqlRow &row)
{
    for (int i = 0; i < row.size(); ++i) {
        const SqlValue::Type type = row.at(i).type;
        const QString &declared = shape.types.at(i);
        const bool fits = type == SqlValue::Type::Null || declared.isEmpty() ||
                          (declared == QStringLiteral("TEXT") && type == SqlValue::Type::Text) ||
                          (declared == QStringLiteral("INTEGER") && type == SqlValue::Type::Integer) ||
                          (declared == QStringLiteral("REAL") && row.at(i).isNumber());
        if (!fits)
            return i;
    }
    return -1;
}

SqlRow toShape(const TableShape &shape, const QStringList &stored, const SqlRow &record, qint64 rowid,
               SqlRow *leftOver)
{
    const QStringList &names = stored.isEmpty() ? shape.columns : stored;
    SqlRow row = shape.defaults;
    for (qsizetype i = 0; i < record.size(); ++i) {
        const qsizetype column = i < names.size() ? shape.columns.indexOf(names.at(i), 0) : -1;
        if (column < 0) {
            if (leftOver)
                leftOver->append(record.at(i));
            continue;
        }
        SqlValue &value = row[column];
        value = record.at(i);
        if (shape.isReal.at(column) && value.type == SqlValue::Type::Integer)
            value = SqlValue::ofReal(static_cast<double>(value.integer));
    }
    if (shape.rowidColumn >= 0)
        row[shape.rowidColumn] = SqlValue::ofInteger(rowid);
    return row;
}

QStringList ownTables(int version)
{
    static const QStringList first{QStringLiteral("artifact_jobs"), QStringLiteral("artifact_ops"),
                                   QStringLiteral("__schema_version__")};
    static const QStringList second{QStringLiteral("ingather_meta"),   QStringLiteral("ingather_migrations"),
                                    QStringLiteral("ingather_owners"), QStringLiteral("ingather_events"),
                                    QStringLiteral("ingather_parts"),  QStringLiteral("ingather_roots"),
                                    QStringLiteral("ingather_hashes"), QStringLiteral("ingather_urls"),
                                    QStringLiteral("ingather_hosts"),  QStringLiteral("ingather_batches"),
                                    QStringLiteral("ingather_salvage")};
    return version < 2 ? first : first + second;
}

QByteArray rowJson(const QStringList &columns, const SqlRow &row)
{
    QJsonObject object;
    for (qsizetype i = 0; i < row.size(); ++i)
        object.insert(i < columns.size() ? columns.at(i) : QStringLiteral("value_%1").arg(i + 1),
                      toJson(row.at(i)));
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace ingather::ledger
