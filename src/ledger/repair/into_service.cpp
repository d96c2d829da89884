// SPDX-License-Identifier: MIT
#include "ledger/repair/into_service.h"

#include "core/fence.h"
#include "ledger/schema_cures.h"
#include "ledger/sqlite.h"

#include <initializer_list>

namespace ingather::ledger
{

using core::Result;

namespace
{

const QString operation = QStringLiteral("put ledger into service");

// Epochs beyond this are damage: one is added with each repair.
constexpr qint64 mostEpochs = qint64{1} << 30;

qint64 number(sqlite3 *connection, const char *sql)
{
    SqliteStatement statement;
    if (!statement.prepare(connection, sql))
        return 0;
    const Result<bool> row = statement.step("read epoch");
    return row && *row ? statement.integer(0) : 0;
}

Result<> run(sqlite3 *connection, const char *sql, std::initializer_list<SqlValue> values)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(connection, sql);
    if (!prepared)
        return prepared;
    int position = 0;
    for (const SqlValue &value : values)
        statement.bind(++position, value);
    return statement.run("put ledger into service");
}

} // namespace

qint64 largestEpoch(sqlite3 *connection)
{
    qint64 largest = 0;
    for (const char *sql : {"SELECT CAST(value AS INTEGER) FROM ingather_meta WHERE key = 'epoch'",
                            "SELECT max(fence) >> 32 FROM artifact_jobs WHERE typeof(fence) = 'integer'",
                            "SELECT max(fence) >> 32 FROM artifact_ops WHERE typeof(fence) = 'integer'"}) {
        const qint64 epoch = number(connection, sql);
        if (epoch > largest && epoch < mostEpochs)
            largest = epoch;
    }
    return largest;
}

Result<> putIntoService(sqlite3 *connection, qint64 epoch, const char *event, const QString &detail,
                        const QString &owner, core::UnixTime now)
{
    const SqlValue fence = SqlValue::ofInteger(core::Fence::firstOfEpoch(epoch).value);
    Result<> done = runScript(connection, QByteArrayLiteral("BEGIN IMMEDIATE"), operation);
    // SQLite rewrites the index entries of each column that is named, changed or not: so leases by
    // themselves.
    if (done)
        done = run(connection,
                   "UPDATE artifact_jobs SET lease_owner = NULL, lease_until = NULL, "
                   "state = CASE state WHEN 'LEASED' THEN 'PLANNED' ELSE state END "
                   "WHERE state = 'LEASED' OR lease_owner IS NOT NULL OR lease_until IS NOT NULL",
                   {});
    if (done)
        done = run(connection, "UPDATE artifact_jobs SET fence = ?1", {fence});
    if (done)
        done = run(connection, "UPDATE artifact_ops SET fence = ?1 WHERE finished_at IS NULL OR fence > ?1",
                   {fence});
    if (done)
        done = run(connection,
                   "INSERT INTO ingather_meta(key, value) VALUES ('epoch', ?1) "
                   "ON CONFLICT(key) DO UPDATE SET value = excluded.value",
                   {SqlValue::ofText(QByteArray::number(epoch))});
    if (done)
        done = run(connection,
                   "INSERT INTO ingather_meta(key, value) VALUES ('install_id', lower(hex(randomblob(16)))) "
                   "ON CONFLICT(key) DO NOTHING",
                   {});
    if (done)
        done = run(connection, "DELETE FROM ingather_owners", {});
    if (done)
        done = run(connection,
                   "INSERT INTO ingather_events(at, fence, owner, event, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
                   {SqlValue::ofReal(now.seconds), fence, SqlValue::ofText(owner.toUtf8()),
                    SqlValue::ofText(event), SqlValue::ofText(detail.toUtf8())});
    if (done)
        done = countAnew(connection);
    if (done)
        done = runScript(connection, QByteArrayLiteral("COMMIT"), operation);
    if (done)
        done = runScript(connection,
                         QByteArrayLiteral("PRAGMA synchronous = EXTRA; PRAGMA journal_mode = DELETE"),
                         operation);
    return done;
}

} // namespace ingather::ledger
