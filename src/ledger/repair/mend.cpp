// SPDX-License-Identifier: MIT
#include "ledger/repair/mend.h"

#include "core/error.h"
#include "ledger/repair/table_shape.h"
#include "ledger/schema.h"
#include "ledger/schema_cures.h"
#include "ledger/sqlite.h"

#include <QCoreApplication>
#include <QMap>

#include <algorithm>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::FindingId;
using core::Result;

namespace
{

const QString mending = QStringLiteral("mend ledger");

/// Sums over the rows of every table, in no order: what a repair in place must leave as it was.
struct Content {
    QMap<QString, QStringList> columns;
    QMap<QString, QPair<qint64, qint64>> digests; ///< rows, sum

    friend bool operator==(const Content &, const Content &) = default;
};

Result<QStringList> tables(sqlite3 *connection)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(
        connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
                    "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
                    "AND name NOT IN ('ingather_counts', 'ingather_meta', 'ingather_migrations', "
                    "'__schema_version__') ORDER BY name");
    if (!prepared)
        return prepared.error();
    QStringList names;
    for (;;) {
        const Result<bool> row = statement.step("list tables");
        if (!row)
            return row.error();
        if (!*row)
            return names;
        names.append(statement.text(0));
    }
}

Result<QPair<qint64, qint64>> digest(sqlite3 *connection, const QString &table, const QStringList &columns)
{
    QByteArray list;
    for (const QString &column : columns)
        list += (list.isEmpty() ? "" : ", ") + quotedName(column);
    const QByteArray sql = "SELECT count(*), total(ingather_row_sum(" + list + ")) FROM " + quotedName(table);
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(connection, sql.constData());
    if (!prepared)
        return prepared.error();
    const Result<bool> row = statement.step("sum up table");
    if (!row)
        return row.error();
    return QPair<qint64, qint64>(statement.integer(0), static_cast<qint64>(statement.real(1)));
}

Result<Content> contentOf(sqlite3 *connection, const Content *like)
{
    Content content;
    if (like) {
        content.columns = like->columns;
    } else {
        const Result<QStringList> names = tables(connection);
        if (!names)
            return names.error();
        for (const QString &name : *names) {
            const Result<TableShape> shape = tableShape(connection, name);
            if (!shape)
                return shape.error();
            QStringList columns = shape->columns;
            if (name == QStringLiteral("artifact_jobs"))
                for (const char *column : {"done_at", "verification", "row_sum", "next_attempt_at", "fence"})
                    columns.removeAll(QLatin1StringView(column));
            content.columns.insert(name, columns);
        }
    }
    for (auto it = content.columns.cbegin(); it != content.columns.cend(); ++it) {
        const Result<QPair<qint64, qint64>> sum = digest(connection, it.key(), it.value());
        if (!sum)
            return sum.error();
        content.digests.insert(it.key(), *sum);
    }
    return content;
}

/// The chain's own entries, for a schema that is the chain's.
Result<> writeVersions(sqlite3 *connection, int version, core::UnixTime now)
{
    for (const Migration &step : migrations()) {
        if (step.version > version)
            break;
        SqliteStatement number;
        Result<> done =
            number.prepare(connection, "INSERT INTO __schema_version__(schema_version, updated_at) "
                                       "VALUES (?, ?) ON CONFLICT(schema_version) DO NOTHING");
        if (!done)
            return done;
        number.bind(1, qint64{step.version});
        number.bind(2, now.seconds);
        done = number.run("write version");
        if (!done || version < 2)
            return done;
        SqliteStatement entry;
        done = entry.prepare(
            connection, "INSERT INTO ingather_migrations(version, name, checksum, breaking, app_version, "
                        "applied_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(version) DO UPDATE SET "
                        "name = excluded.name, checksum = excluded.checksum, breaking = excluded.breaking");
        if (!done)
            return done;
        entry.bind(1, qint64{step.version});
        entry.bind(2, step.name);
        entry.bind(3, step.checksum);
        entry.bind(4, qint64{step.breaking});
        entry.bind(5, QCoreApplication::applicationVersion());
        entry.bind(6, now.seconds);
        done = entry.run("write migration");
        if (!done)
            return done;
    }
    return {};
}

Result<> freeStuckJobs(sqlite3 *connection)
{
    return runScript(
        connection,
        QByteArrayLiteral(
            "UPDATE artifact_jobs SET next_attempt_at = 0 WHERE done_at IS NULL AND next_attempt_at > 0; "
            "UPDATE artifact_jobs SET done_at = NULL WHERE done_at IS NOT NULL AND state NOT IN "
            "('INDEXED','DEDUPED','SKIPPED_DUPLICATE','FAILED') "
            "AND NOT (state = 'FINALIZED' AND verification = 'legacy')"),
        mending);
}

Result<> change(sqlite3 *connection, const Diagnosis &diagnosis, core::UnixTime now)
{
    Result<> done;
    for (const SchemaCure &cure : diagnosis.drift.cures) {
        done = carryOut(connection, cure);
        if (!done)
            return done;
    }
    if (!diagnosis.damagedIndexes.isEmpty())
        done = runScript(connection, QByteArrayLiteral("REINDEX"), mending);
    const auto has = [&diagnosis](FindingId id) {
        return std::any_of(diagnosis.findings.begin(), diagnosis.findings.end(),
                           [id](const core::Finding &finding) { return finding.id == id; });
    };
    if (done && diagnosis.version >= 2)
        done = endFinishedJobs(connection);
    if (done && has(FindingId::JobsStuck))
        done = freeStuckJobs(connection);
    if (done && diagnosis.version >= 2)
        done = countAnew(connection);
    if (done &&
        (has(FindingId::VersionMismatch) || has(FindingId::MigrationGap) || has(FindingId::MigrationChanged)))
        done = writeVersions(connection, diagnosis.version, now);
    return done; // the epoch is written anew when the ledger goes into service
}

} // namespace

Result<QList<core::TableAccount>> mend(sqlite3 *connection, const Diagnosis &diagnosis, core::UnixTime now)
{
    Result<> done = runScript(connection, QByteArrayLiteral("BEGIN IMMEDIATE"), mending);
    if (!done)
        return done.error();
    const auto undo = [connection](const Error &error) {
        const Result<> undone = runScript(connection, QByteArrayLiteral("ROLLBACK"), mending);
        return undone ? error : undone.error();
    };
    const Result<Content> before = contentOf(connection, nullptr);
    if (!before)
        return undo(before.error());
    done = change(connection, diagnosis, now);
    if (!done)
        return undo(done.error());
    const Result<Content> after = contentOf(connection, &*before);
    if (!after)
        return undo(after.error());
    if (*after != *before)
        return undo({ErrorCode::Internal, mending, 0, QStringLiteral("a row is not as it was")});
    done = runScript(connection, QByteArrayLiteral("COMMIT"), mending);
    if (!done)
        return done.error();
    QList<core::TableAccount> accounts;
    for (auto it = after->digests.cbegin(); it != after->digests.cend(); ++it) {
        core::TableAccount account;
        account.table = it.key();
        account.readable = account.kept = it.value().first;
        accounts.append(account);
    }
    return accounts;
}

} // namespace ingather::ledger
