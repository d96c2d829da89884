// SPDX-License-Identifier: MIT
#include "ledger/validation/drift.h"

#include "ledger/inspection.h"
#include "ledger/schema.h"
#include "ledger/sql_value.h"
#include "ledger/sqlite.h"
#include "ledger/validation/table_drift.h"

#include <algorithm>
#include <array>

namespace ingather::ledger
{

using core::Finding;
using core::FindingId;
using core::found;
using core::Result;

namespace
{

using Kind = SchemaCure::Kind;

bool isNamed(const QString &name, const char *wanted)
{
    return name.compare(QLatin1StringView(wanted), Qt::CaseInsensitive) == 0;
}

const SchemaObject *find(const QList<SchemaObject> &objects, const QString &name)
{
    const auto at = std::find_if(objects.begin(), objects.end(), [&](const SchemaObject &object) {
        return object.name.compare(name, Qt::CaseInsensitive) == 0;
    });
    return at == objects.end() ? nullptr : &*at;
}

bool hasTable(const QList<SchemaObject> &objects, const char *name)
{
    const SchemaObject *object = find(objects, QString::fromLatin1(name));
    return object && object->type == QLatin1StringView("table");
}

/// The highest version in that store; 0 if there is none or it can't be read.
int storedVersion(sqlite3 *connection, const char *sql)
{
    SqliteStatement statement;
    if (!statement.prepare(connection, sql))
        return 0;
    const Result<bool> row = statement.step("read ledger version");
    return row && *row ? static_cast<int>(statement.integer(0)) : 0;
}

int versionOf(sqlite3 *connection, const QList<SchemaObject> &objects)
{
    int version = hasTable(objects, "artifact_jobs") || hasTable(objects, "artifact_ops") ? 1 : 0;
    if (std::any_of(objects.begin(), objects.end(), [](const SchemaObject &object) {
            return object.name.startsWith(QLatin1StringView("ingather_"), Qt::CaseInsensitive) &&
                   object.type == QLatin1StringView("table");
        }))
        version = 2;
    for (const char *sql : {"SELECT max(schema_version) FROM __schema_version__",
                            "SELECT max(version) FROM ingather_migrations"})
        version = std::max(version, storedVersion(connection, sql));
    return version;
}

Finding newer(sqlite3 *connection, int version)
{
    const Result<SchemaFacts> facts = readSchemaFacts(connection);
    const bool isHarmless = facts && facts->oddity.isEmpty() && !facts->hasBreakingStep;
    return found(isHarmless ? FindingId::VersionNewer : FindingId::VersionNewerBreaking,
                 QStringLiteral("__schema_version__"),
                 QStringLiteral("version %1, this program knows %2").arg(version).arg(currentSchemaVersion));
}

/// Which finding and which cure belong to a type of object.
struct TypeRules {
    const char *type;
    FindingId missing;
    FindingId changed;
    Kind create;
};

constexpr std::array typeRules{
    TypeRules{"table", FindingId::TableMissing, FindingId::TableChanged, Kind::CreateTable},
    TypeRules{"index", FindingId::IndexMissing, FindingId::IndexChanged, Kind::CreateIndex},
    TypeRules{"trigger", FindingId::TriggerMissing, FindingId::TriggerChanged, Kind::CreateTrigger},
};

QByteArray dropStatement(const SchemaObject &object)
{
    return "DROP " + object.type.toUpper().toUtf8() + ' ' + quotedName(object.name);
}

void addTableCures(SchemaDrift &drift, const SchemaObject &wanted, const TableDrift &table)
{
    if (table.needsRebuild)
        drift.cures.append({Kind::RebuildTable, wanted.name, wanted.sql});
    for (const QByteArray &column : table.columnsToAdd) {
        drift.cures.append(
            {Kind::AddColumn, wanted.name, "ALTER TABLE " + wanted.name.toUtf8() + " ADD COLUMN " + column});
    }
}

void compareObject(SchemaDrift &drift, const TypeRules &rules, const SchemaObject &wanted,
                   const SchemaObject *there)
{
    if (!there) {
        drift.findings.append(
            found(rules.missing, wanted.name,
                  rules.create == Kind::CreateTable ? QString() : QStringLiteral("of ") + wanted.table));
        drift.cures.append({rules.create, wanted.name, wanted.sql});
        if (isNamed(wanted.name, "artifact_jobs") || isNamed(wanted.name, "__schema_version__"))
            drift.isJobsTableMissing = true;
        return;
    }
    if (there->type != wanted.type) {
        drift.findings.append(
            found(rules.changed, wanted.name,
                  QStringLiteral("expected type: %1, found: %2").arg(wanted.type, there->type)));
        // A table in the way holds rows of somebody: nothing that a program could drop.
        if (there->type != QLatin1StringView("table"))
            drift.cures.append({Kind::Recreate, wanted.name, wanted.sql, dropStatement(*there)});
        return;
    }
    if (rules.create == Kind::CreateTable) {
        const TableDrift table = compareTable(wanted, *there);
        drift.findings.append(table.findings);
        addTableCures(drift, wanted, table);
        return;
    }
    const QByteArray expectedTokens = schemaTokens(wanted.sql);
    const QByteArray foundTokens = schemaTokens(there->sql);
    if (expectedTokens == foundTokens)
        return;
    drift.findings.append(found(rules.changed, wanted.name,
                                QStringLiteral("expected: %1; found: %2")
                                    .arg(QString::fromUtf8(expectedTokens), QString::fromUtf8(foundTokens))));
    drift.cures.append({Kind::Recreate, wanted.name, wanted.sql, dropStatement(*there)});
}

/// What the chain does not know. Indexes and triggers that hang on tables of others are their affair.
void findExtra(SchemaDrift &drift, const QList<SchemaObject> &expected, const QList<SchemaObject> &objects)
{
    for (const SchemaObject &object : objects) {
        if (find(expected, object.name))
            continue;
        const bool standsAlone = object.name.compare(object.table, Qt::CaseInsensitive) == 0;
        if (!standsAlone && !isOwnObject(object) && !find(expected, object.table))
            continue;
        drift.findings.append(
            found(FindingId::ObjectExtra, object.name,
                  standsAlone ? object.type : QStringLiteral("%1 on %2").arg(object.type, object.table)));
    }
}

} // namespace

bool SchemaCure::isUnasked() const
{
    static constexpr std::array neverEmpty{"artifact_jobs", "__schema_version__", "ingather_meta",
                                           "ingather_migrations", "ingather_roots"};
    switch (kind) {
    case Kind::CreateTable:
        return std::none_of(neverEmpty.begin(), neverEmpty.end(),
                            [this](const char *table) { return isNamed(name, table); });
    case Kind::AddColumn:
    case Kind::CreateIndex:
    case Kind::CreateTrigger:
        return true;
    case Kind::Recreate:
    case Kind::RebuildTable:
        break;
    }
    return false;
}

QString SchemaCure::description() const
{
    switch (kind) {
    case Kind::CreateTable:
        return QStringLiteral("CREATE TABLE ") + name;
    case Kind::AddColumn:
        return QString::fromUtf8(sql);
    case Kind::CreateIndex:
        return QStringLiteral("CREATE INDEX ") + name;
    case Kind::CreateTrigger:
        return QStringLiteral("CREATE TRIGGER ") + name;
    case Kind::Recreate:
        return QStringLiteral("RECREATE ") + name;
    case Kind::RebuildTable:
        break;
    }
    return QStringLiteral("REBUILD TABLE ") + name;
}

bool SchemaDrift::canBeCuredUnasked() const
{
    const auto isCurable = [](const Finding &finding) {
        return finding.severity <= core::Severity::Info || core::cureOf(finding.id) == core::Cure::Unasked;
    };
    return !isClean() && !isJobsTableMissing && std::all_of(findings.begin(), findings.end(), isCurable) &&
           std::all_of(cures.begin(), cures.end(), [](const SchemaCure &cure) { return cure.isUnasked(); });
}

Result<SchemaDrift> compareSchema(sqlite3 *connection)
{
    const Result<QList<SchemaObject>> objects = schemaObjects(connection);
    if (!objects)
        return objects.error();
    SchemaDrift drift;
    drift.version = versionOf(connection, *objects);
    if (drift.version > currentSchemaVersion) {
        drift.findings.append(newer(connection, drift.version));
        return drift;
    }
    const QList<SchemaObject> &expected = expectedSchema(drift.version);
    // Tables first, then what hangs on them; triggers last, so that no cure sets one off.
    for (const TypeRules &rules : typeRules) {
        for (const SchemaObject &wanted : expected) {
            if (wanted.type == QLatin1StringView(rules.type))
                compareObject(drift, rules, wanted, find(*objects, wanted.name));
        }
    }
    findExtra(drift, expected, *objects);
    return drift;
}

} // namespace ingather::ledger
