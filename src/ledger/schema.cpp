// SPDX-License-Identifier: MIT
#include "ledger/schema.h"

#include "core/error.h"
#include "ledger/backups/online_backup.h"
#include "ledger/inspection.h"
#include "ledger/log.h"
#include "ledger/sqlite.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>

#include <array>

// A static library's resources are dropped by the linker unless somebody asks for them, and the macro
// only works outside any namespace.
static void registerSchemaResources()
{
    Q_INIT_RESOURCE(ledger_schema);
}

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

struct Step {
    int version;
    const char *name;
    bool breaking;
};

constexpr std::array steps{Step{1, "001_v1", false}, Step{2, "002_v2", false}};
static_assert(steps.back().version == currentSchemaVersion);

// Several programs may be set up in one second; the backup of each keeps its own name.
QString backupPath(const QString &ledgerPath, int version, core::UnixTime now)
{
    const QString stem =
        QStringLiteral("%1.v%2-%3")
            .arg(ledgerPath)
            .arg(version)
            .arg(QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(now.seconds * 1000), Qt::UTC)
                     .toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'")));
    QString path = stem + QStringLiteral(".backup");
    for (int n = 2; QFileInfo::exists(path); ++n)
        path = QStringLiteral("%1-%2.backup").arg(stem).arg(n);
    return path;
}

Result<> record(sqlite3 *connection, const Migration &step, core::UnixTime now, const QString &backup)
{
    SqliteStatement version;
    Result<> done = version.prepare(
        connection, "INSERT INTO __schema_version__(schema_version, updated_at) VALUES (?, ?)");
    if (!done)
        return done;
    version.bind(1, qint64{step.version});
    version.bind(2, now.seconds);
    done = version.run("record schema version");
    if (!done || step.version < 2)
        return done;

    // The table came with this step: what came before it is entered now.
    SqliteStatement entry;
    done = entry.prepare(
        connection, "INSERT INTO ingather_migrations(version, name, checksum, breaking, app_version, "
                    "applied_at, backup) SELECT ?1, ?2, ?3, ?4, ?5, "
                    "coalesce((SELECT updated_at FROM __schema_version__ WHERE schema_version = ?1), ?6), ?7 "
                    "WHERE NOT EXISTS (SELECT 1 FROM ingather_migrations WHERE version = ?1)");
    if (!done)
        return done;
    for (const Migration &each : migrations()) {
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

} // namespace

QList<Migration> migrations()
{
    static const bool registered = [] {
        registerSchemaResources();
        return true;
    }();
    Q_UNUSED(registered);

    QList<Migration> chain;
    for (const Step &step : steps) {
        Migration migration;
        migration.version = step.version;
        migration.name = QString::fromLatin1(step.name);
        migration.breaking = step.breaking;
        QFile file(QStringLiteral(":/ingather/ledger/schema/%1.sql").arg(migration.name));
        const bool isThere = file.open(QIODevice::ReadOnly);
        Q_ASSERT(isThere);
        migration.script = file.readAll();
        migration.checksum = QString::fromLatin1(
            QCryptographicHash::hash(migration.script, QCryptographicHash::Sha256).toHex());
        chain.append(migration);
    }
    return chain;
}

Result<> migrate(sqlite3 *connection, const QString &ledgerPath, core::UnixTime now)
{
    QString backup;
    bool isFirst = true;
    for (const Migration &step : migrations()) {
        const QString operation = QStringLiteral("migrate ledger to version %1").arg(step.version);
        Result<> done = runScript(connection, QByteArrayLiteral("BEGIN IMMEDIATE"), operation);
        if (!done)
            return done;
        const auto fail = [&](const Error &error) {
            const Result<> undone = runScript(connection, QByteArrayLiteral("ROLLBACK"), operation);
            if (!undone)
                logError(undone.error());
            return error;
        };

        const Result<SchemaFacts> facts = readSchemaFacts(connection);
        if (!facts)
            return fail(facts.error());
        done = checkSchemaFacts(*facts, true);
        if (!done)
            return fail(done.error());
        if (facts->version < step.version) {
            if (isFirst && !facts->isEmpty) {
                // Read by a connection of its own: SQLite copies none that is writing. The write lock is
                // ours, so both see the same.
                SqliteConnection source;
                backup = backupPath(ledgerPath, facts->version, now);
                done = source.open(ledgerPath, SqliteConnection::Mode::ReadOnly);
                if (done)
                    done = backupTo(source.handle(), backup);
                if (!done)
                    return fail(done.error());
            }
            isFirst = false;
            done = runScript(connection, step.script, operation);
            if (done)
                done = record(connection, step, now, backup);
            if (!done)
                return fail(done.error());
        }
        done = runScript(connection, QByteArrayLiteral("COMMIT"), operation);
        if (!done)
            return fail(done.error());
        if (facts->version < step.version)
            qCInfo(logLedger, "migrated to schema version %d", step.version);
    }
    return {};
}

} // namespace ingather::ledger
