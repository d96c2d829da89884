// SPDX-License-Identifier: MIT
#include "ledger/validation/row_checks.h"

#include "core/error.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"
#include "ledger/validation/schema_objects.h"
#include "ledger/validation/table_pass.h"

#include <QMap>

#include <algorithm>
#include <optional>

namespace ingather::ledger
{

using core::Finding;
using core::FindingId;
using core::found;
using core::Result;

namespace
{

struct Entry {
    QString name;
    QString checksum;
};

using Entries = QMap<int, Entry>;

/// Rows by version; nullopt if there is no such store. `sql` gives version, name, checksum.
Result<std::optional<Entries>> read(sqlite3 *connection, const char *sql)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(connection, sql);
    if (!prepared) {
        if (isOfSchema(prepared.error()))
            return std::optional<Entries>();
        return prepared.error();
    }
    Entries entries;
    for (;;) {
        const Result<bool> row = statement.step("read version store");
        if (!row)
            return row.error();
        if (!*row)
            return std::optional(entries);
        entries.insert(static_cast<int>(statement.integer(0)), {statement.text(1), statement.text(2)});
    }
}

int highest(const std::optional<Entries> &entries)
{
    return entries && !entries->isEmpty() ? entries->lastKey() : 0;
}

void compareWithChain(QList<Finding> &findings, const Entries &entries, const QList<Migration> &chain)
{
    const QString place = QStringLiteral("ingather_migrations");
    QStringList missing;
    for (int version = 1; version < entries.lastKey(); ++version) {
        if (!entries.contains(version))
            missing.append(QString::number(version));
    }
    if (!missing.isEmpty()) {
        findings.append(found(FindingId::MigrationGap, place,
                              QStringLiteral("no entry for version ") + missing.join(QStringLiteral(", ")),
                              missing.size(), missing));
    }
    for (const Migration &step : chain) {
        const auto entry = entries.find(step.version);
        if (entry == entries.end() || (entry->checksum == step.checksum && entry->name == step.name))
            continue;
        findings.append(found(FindingId::MigrationChanged, place,
                              QStringLiteral("version %1: expected %2 %3, found %4 %5")
                                  .arg(step.version)
                                  .arg(step.name, step.checksum, entry->name, entry->checksum)));
    }
}

} // namespace

Result<QList<Finding>> checkVersionStores(sqlite3 *connection)
{
    return checkVersionStores(connection, migrations());
}

Result<QList<Finding>> checkVersionStores(sqlite3 *connection, const QList<Migration> &chain)
{
    QList<Finding> findings;
    const auto unreadable = [&](const char *table, const core::Error &error) -> Result<QList<Finding>> {
        if (!isOfPages(error))
            return error;
        findings.append(found(FindingId::PageDamaged, QString::fromLatin1(table), core::toLogText(error)));
        return findings;
    };
    const auto versions =
        read(connection, "SELECT schema_version, '', '' FROM __schema_version__ WHERE schema_version > 0");
    if (!versions)
        return unreadable("__schema_version__", versions.error());
    const auto entries =
        read(connection, "SELECT version, name, checksum FROM ingather_migrations WHERE version > 0");
    if (!entries)
        return unreadable("ingather_migrations", entries.error());
    const Result<QList<SchemaObject>> objects = schemaObjects(connection);
    if (!objects)
        return unreadable("sqlite_schema", objects.error());

    // A ledger of version 1 has one store. The other came with version 2, and so did all of these tables.
    const bool isOfVersionTwo =
        highest(*versions) > 1 ||
        std::any_of(objects->begin(), objects->end(), [](const SchemaObject &object) {
            return object.name.startsWith(QLatin1StringView("ingather_"), Qt::CaseInsensitive);
        });
    if (isOfVersionTwo && highest(*versions) != highest(*entries)) {
        findings.append(found(FindingId::VersionMismatch, QStringLiteral("__schema_version__"),
                              QStringLiteral("version %1 here, %2 in ingather_migrations")
                                  .arg(highest(*versions))
                                  .arg(highest(*entries))));
    }
    if (*entries && !(*entries)->isEmpty())
        compareWithChain(findings, **entries, chain);
    return findings;
}

} // namespace ingather::ledger
