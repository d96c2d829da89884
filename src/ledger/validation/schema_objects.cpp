// SPDX-License-Identifier: MIT
#include "ledger/validation/schema_objects.h"

#include "ledger/log.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"

#include <QCryptographicHash>
#include <QHash>
#include <QMutex>

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <tuple>

namespace ingather::ledger
{

using core::Result;

namespace
{

constexpr std::array v1Names{
    "artifact_jobs",           "artifact_ops",
    "__schema_version__",      "idx_artifact_jobs_state",
    "idx_artifact_jobs_lease", "idx_artifact_jobs_idempotency",
    "idx_artifact_ops_job",    "idx_artifact_ops_type",
};

constexpr QByteArrayView digestOfCurrentVersion =
    "62980812f3e8d2a50ff84968e7284e7972d29ecb5e32ee85232539ccf2093287";

/// Runs the chain up to that version on a connection in memory.
Result<QList<SchemaObject>> build(int version)
{
    const QString operation = QStringLiteral("build schema in memory");
    sqlite3 *connection = nullptr;
    const int code = sqlite3_open_v2(
        ":memory:", &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> owner(connection, sqlite3_close);
    if (code != SQLITE_OK)
        return sqliteError(code, operation);
    for (const Migration &step : migrations()) {
        if (step.version > version)
            break;
        const Result<> done = runScript(connection, step.script, operation);
        if (!done)
            return done.error();
    }
    return schemaObjects(connection);
}

} // namespace

Result<QList<SchemaObject>> schemaObjects(sqlite3 *connection)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(
        connection, "SELECT type, name, tbl_name, sql, rootpage FROM sqlite_schema "
                    "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid");
    if (!prepared)
        return prepared.error();
    QList<SchemaObject> objects;
    for (;;) {
        const Result<bool> row = statement.step("read schema");
        if (!row)
            return row.error();
        if (!*row)
            return objects;
        objects.append({statement.text(0), statement.text(1), statement.text(2), statement.text(3).toUtf8(),
                        static_cast<int>(statement.integer(4))});
    }
}

const QList<SchemaObject> &expectedSchema(int version)
{
    // Kept for good, and never moved: callers hold references.
    static QMutex mutex;
    static QHash<int, std::shared_ptr<const QList<SchemaObject>>> known;
    const QMutexLocker lock(&mutex);
    const int wanted = std::clamp(version, 0, currentSchemaVersion);
    std::shared_ptr<const QList<SchemaObject>> &schema = known[wanted];
    if (!schema) {
        Result<QList<SchemaObject>> built = build(wanted);
        if (!built)
            logError(built.error()); // out of memory: the chain itself is tested
        schema = std::make_shared<const QList<SchemaObject>>(built.value_or(QList<SchemaObject>()));
    }
    return *schema;
}

Result<QByteArray> schemaDigest(sqlite3 *connection)
{
    const Result<QList<SchemaObject>> objects = schemaObjects(connection);
    if (!objects)
        return objects.error();
    using Entry = std::tuple<QByteArray, QByteArray, QByteArray>;
    QList<Entry> entries;
    for (const SchemaObject &object : *objects) {
        if (isOwnObject(object))
            entries.append({object.type.toUtf8(), object.name.toUtf8().toLower(), schemaTokens(object.sql)});
    }
    std::sort(entries.begin(), entries.end());
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const auto &[type, name, tokens] : entries)
        hash.addData(type + '\0' + name + '\0' + tokens + '\0');
    return hash.result().toHex();
}

QByteArrayView currentSchemaDigest()
{
    return digestOfCurrentVersion;
}

bool isOwnObject(const SchemaObject &object)
{
    if (object.name.startsWith(QLatin1StringView("ingather_"), Qt::CaseInsensitive))
        return true;
    return std::any_of(v1Names.begin(), v1Names.end(), [&](const char *name) {
        return object.name.compare(QLatin1StringView(name), Qt::CaseInsensitive) == 0;
    });
}

} // namespace ingather::ledger
