// SPDX-License-Identifier: MIT
#include "ledger/migrations/kept_content.h"

#include "core/error.h"
#include "ledger/sql_value.h"
#include "ledger/sqlite.h"
#include "ledger/validation/schema_objects.h"

#include <sqlite3.h>

#include <functional>

namespace ingather::ledger
{

using core::Result;

namespace
{

using Row = std::function<Result<>(const SqliteStatement &row)>;

Result<> forEach(sqlite3 *connection, const QByteArray &sql, const Row &take)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(connection, sql.constData());
    if (!prepared)
        return prepared;
    for (;;) {
        const Result<bool> row = statement.step("read what is to be kept");
        if (!row)
            return row.error();
        if (!*row)
            return {};
        const Result<> taken = take(statement);
        if (!taken)
            return taken;
    }
}

Result<> readNumber(sqlite3 *connection, const QByteArray &sql, qint64 &number)
{
    return forEach(connection, sql, [&number](const SqliteStatement &row) {
        number = row.integer(0);
        return Result<>();
    });
}

// Their rows are the steps' own to write.
bool isBookkeeping(const QString &table)
{
    static const QSet<QString> names{QStringLiteral("__schema_version__"),
                                     QStringLiteral("ingather_migrations"), QStringLiteral("ingather_meta"),
                                     QStringLiteral("ingather_counts")};
    return names.contains(table);
}

/// A digest over types and bytes, in the order of the rows. Only ever compared within this process.
Result<size_t> digestOf(sqlite3 *connection, const char *sql, qint64 &rows)
{
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_prepare_v2(connection, sql, -1, &statement, nullptr) != SQLITE_OK)
        return sqliteError(connection, QStringLiteral("prepare statement"));
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt *)> owned(statement, sqlite3_finalize);
    const int columns = sqlite3_column_count(statement);
    size_t digest = 0;
    int code = SQLITE_OK;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        ++rows;
        for (int i = 0; i < columns; ++i) {
            const int type = sqlite3_column_type(statement, i);
            digest = qHash(type, digest);
            if (type == SQLITE_INTEGER) {
                const sqlite3_int64 value = sqlite3_column_int64(statement, i);
                digest = qHashBits(&value, sizeof value, digest);
            } else if (type == SQLITE_FLOAT) {
                const double value = sqlite3_column_double(statement, i);
                digest = qHashBits(&value, sizeof value, digest);
            } else if (type != SQLITE_NULL) {
                const void *bytes = sqlite3_column_blob(statement, i);
                digest = qHashBits(bytes, static_cast<size_t>(sqlite3_column_bytes(statement, i)), digest);
            }
        }
    }
    if (code != SQLITE_DONE)
        return sqliteError(connection, QStringLiteral("read what is to be kept"));
    return digest;
}

Result<> readDigests(sqlite3 *connection, KeptContent &content)
{
    struct Table {
        const char *name;
        const char *sql;
    };
    static constexpr Table tables[]{
        {"artifact_jobs",
         "SELECT rowid, job_id, work_id, artifact_id, canonical_url, state, lease_owner, lease_until, "
         "created_at, updated_at, idempotency_key FROM artifact_jobs ORDER BY rowid"},
        {"artifact_ops", "SELECT rowid, op_key, job_id, op_type, started_at, finished_at, result_code, "
                         "result_json FROM artifact_ops ORDER BY rowid"},
    };
    for (const Table &table : tables) {
        const QString name = QString::fromLatin1(table.name);
        if (!content.rows.contains(name))
            continue;
        qint64 rows = 0;
        const Result<size_t> digest = digestOf(connection, table.sql, rows);
        if (!digest)
            return digest.error();
        content.rows[name] = rows;
        content.digests.insert(name, *digest);
    }
    return {};
}

Result<> readReferences(sqlite3 *connection, const QString &table, bool withOrphans, KeptContent &content)
{
    const QByteArray name = quotedName(table);
    const auto columns = [](const SqliteStatement &row, int count) {
        QStringList values;
        for (int i = 0; i < count; ++i)
            values.append(row.text(i));
        return values.join(u'|');
    };
    constexpr int columnsOfList = 8;
    Result<> done =
        forEach(connection, "PRAGMA foreign_key_list(" + name + ')', [&](const SqliteStatement &row) {
            content.references[table].append(columns(row, columnsOfList));
            return Result<>();
        });
    if (!done || !withOrphans)
        return done;
    constexpr int columnsOfCheck = 4;
    return forEach(connection, "PRAGMA foreign_key_check(" + name + ')', [&](const SqliteStatement &row) {
        content.orphans[table].insert(columns(row, columnsOfCheck));
        return Result<>();
    });
}

} // namespace

Result<KeptContent> readKeptContent(sqlite3 *connection, bool withOps)
{
    KeptContent content;
    Result<> done = readNumber(connection, "PRAGMA user_version", content.userVersion);
    if (done)
        done = readNumber(connection, "PRAGMA application_id", content.applicationId);
    if (!done)
        return done.error();
    const Result<QList<SchemaObject>> objects = schemaObjects(connection);
    if (!objects)
        return objects.error();
    const QString opsTable = QStringLiteral("artifact_ops");
    for (const SchemaObject &object : *objects) {
        const bool isOwn = isOwnObject(object);
        if (!isOwn) {
            content.foreignObjects.append(
                QStringList{object.type, object.name, object.table, QString::fromUtf8(object.sql)}.join(
                    u'|'));
        }
        // A virtual table's rows may need a module that is not here.
        const bool isTable = object.type == QStringLiteral("table") && object.rootPage != 0;
        if (!isTable || isBookkeeping(object.name))
            continue;
        qint64 &rows = content.rows[object.name];
        if (object.name != opsTable && object.name != QStringLiteral("artifact_jobs"))
            done = readNumber(connection, "SELECT count(*) FROM " + quotedName(object.name), rows);
        if (done && isOwn)
            done = readReferences(connection, object.name, withOps || object.name != opsTable, content);
        if (!done)
            return done.error();
    }
    done = readDigests(connection, content);
    if (!done)
        return done.error();
    content.foreignObjects.sort();
    return content;
}

QString differenceOf(const KeptContent &before, const KeptContent &after)
{
    if (after.userVersion != before.userVersion || after.applicationId != before.applicationId)
        return QStringLiteral("user_version or application_id");
    if (after.foreignObjects != before.foreignObjects)
        return QStringLiteral("objects of others");
    for (auto it = before.rows.constBegin(); it != before.rows.constEnd(); ++it) {
        const auto now = after.rows.constFind(it.key());
        if (now == after.rows.constEnd())
            return QStringLiteral("table %1 is gone").arg(it.key());
        if (*now != *it)
            return QStringLiteral("%1 had %2 rows, has %3").arg(it.key()).arg(*it).arg(*now);
    }
    for (auto it = before.digests.constBegin(); it != before.digests.constEnd(); ++it) {
        if (after.digests.value(it.key()) != *it)
            return QStringLiteral("columns of v1 in %1").arg(it.key());
    }
    for (auto it = after.orphans.constBegin(); it != after.orphans.constEnd(); ++it) {
        const QSet<QString> fresh = *it - before.orphans.value(it.key());
        if (!fresh.isEmpty())
            return QStringLiteral("%1 rows of %2 break a foreign key").arg(fresh.size()).arg(it.key());
    }
    return {};
}

} // namespace ingather::ledger
