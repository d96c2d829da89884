// SPDX-License-Identifier: MIT
#include "ledger/migrations/history.h"

#include "core/error.h"
#include "ledger/sqlite.h"

#include <QCoreApplication>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Finding;
using core::FindingId;
using core::Result;

namespace
{

constexpr int firstRecordedVersion = 2;

Result<> recordVersion(sqlite3 *connection, int version, core::UnixTime now)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(
        connection, "INSERT INTO __schema_version__(schema_version, updated_at) VALUES (?, ?)");
    if (!prepared)
        return prepared;
    statement.bind(1, qint64{version});
    statement.bind(2, now.seconds);
    return statement.run("record schema version");
}

} // namespace

Result<> recordStep(sqlite3 *connection, const QList<Migration> &chain, const Migration &step,
                    core::UnixTime now, const QString &backup)
{
    Result<> done = recordVersion(connection, step.version, now);
    if (!done || step.version < firstRecordedVersion)
        return done;

    SqliteStatement entry;
    done = entry.prepare(
        connection, "INSERT INTO ingather_migrations(version, name, checksum, breaking, app_version, "
                    "applied_at, backup) SELECT ?1, ?2, ?3, ?4, ?5, "
                    "coalesce((SELECT updated_at FROM __schema_version__ WHERE schema_version = ?1), ?6), ?7 "
                    "WHERE NOT EXISTS (SELECT 1 FROM ingather_migrations WHERE version = ?1)");
    if (!done)
        return done;
    for (const Migration &each : chain) {
        if (each.version > step.version)
            break;
        entry.bind(1, qint64{each.version});
        entry.bind(2, each.name);
        entry.bind(3, each.checksum);
        entry.bind(4, qint64{each.breaking});
        entry.bind(5, QCoreApplication::applicationVersion());
        entry.bind(6, now.seconds);
        if (each.version == step.version && !backup.isEmpty())
            entry.bind(7, backup);
        else
            entry.bindNull(7);
        done = entry.run("record migration");
        if (!done)
            return done;
    }
    return {};
}

Result<> errorOfFindings(const QList<Finding> &findings, const QString &operation)
{
    QStringList details;
    ErrorCode code = ErrorCode::LedgerNeedsRepair;
    for (const Finding &finding : findings) {
        if (finding.severity <= core::Severity::Info)
            continue;
        if (finding.id == FindingId::MigrationChanged)
            code = ErrorCode::LedgerSchema;
        details.append(QStringLiteral("%1 %2 %3")
                           .arg(core::findingName(finding.id), finding.place, finding.detail)
                           .trimmed());
    }
    if (details.isEmpty())
        return {};
    return Error{code, operation, 0, details.join(QStringLiteral("; "))};
}

} // namespace ingather::ledger
