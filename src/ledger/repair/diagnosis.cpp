// SPDX-License-Identifier: MIT
#include "ledger/repair/diagnosis.h"

#include "core/error.h"
#include "ledger/inspection.h"
#include "ledger/validation/row_checks.h"

#include <algorithm>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Finding;
using core::FindingId;
using core::RepairKind;
using core::Result;
using core::Severity;

namespace
{

/// What a single look at the ledger asks of a repair.
RepairKind kindFor(const Finding &finding)
{
    switch (finding.id) {
    case FindingId::PageDamaged:
    case FindingId::FileNotADatabase:
        return RepairKind::Salvage;
    case FindingId::TableChanged:
    case FindingId::ForeignKeyBroken:
    case FindingId::KeyDuplicated:
    case FindingId::StateRuleBroken:
    case FindingId::ValueMistyped:
    case FindingId::RowSumWrong:
    case FindingId::KeyMismatch:
        return RepairKind::Rebuild;
    case FindingId::TableMissing:
        // Rows of ours speak of roots: the last backup may still have them.
        return finding.place == QStringLiteral("ingather_roots") ? RepairKind::Rebuild : RepairKind::Mend;
    case FindingId::IndexDamaged:
    case FindingId::VersionMismatch:
    case FindingId::MigrationGap:
    case FindingId::MigrationChanged:
    case FindingId::ColumnMissing:
    case FindingId::IndexMissing:
    case FindingId::TriggerMissing:
    case FindingId::IndexChanged:
    case FindingId::TriggerChanged:
    case FindingId::CountsWrong:
    case FindingId::MetaBroken:
    case FindingId::JobsStuck:
        return RepairKind::Mend;
    default:
        return RepairKind::Nothing;
    }
}

/// Keeps what a repair is about.
void take(Diagnosis &diagnosis, const QList<Finding> &findings)
{
    for (const Finding &finding : findings) {
        if (finding.severity < Severity::Warning)
            continue;
        const RepairKind kind = kindFor(finding);
        if (kind == RepairKind::Nothing)
            continue;
        diagnosis.findings.append(finding);
        diagnosis.kind = std::max(diagnosis.kind, kind);
        if (finding.id == FindingId::PageDamaged)
            diagnosis.hasDamagedPages = true;
        if (finding.id == FindingId::IndexDamaged)
            diagnosis.damagedIndexes.append(finding.place);
    }
}

} // namespace

bool Diagnosis::hasWrongRows() const
{
    return std::any_of(findings.begin(), findings.end(), [](const Finding &finding) {
        return kindFor(finding) == RepairKind::Rebuild && finding.id != FindingId::TableChanged;
    });
}

bool Diagnosis::lacksTable() const
{
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding &finding) { return finding.id == FindingId::TableMissing; });
}

QStringList Diagnosis::steps() const
{
    QStringList list;
    switch (kind) {
    case RepairKind::Nothing:
        return list;
    case RepairKind::Mend:
        for (const SchemaCure &cure : drift.cures)
            list.append(cure.description());
        for (const QString &index : damagedIndexes)
            list.append(QStringLiteral("REINDEX ") + index);
        for (const Finding &finding : findings) {
            if (finding.id == FindingId::CountsWrong || finding.id == FindingId::MetaBroken ||
                finding.id == FindingId::JobsStuck || finding.id == FindingId::VersionMismatch ||
                finding.id == FindingId::MigrationGap || finding.id == FindingId::MigrationChanged)
                list.append(QStringLiteral("CORRECT ") + core::findingName(finding.id));
        }
        break;
    case RepairKind::Rebuild:
        for (const SchemaCure &cure : drift.cures)
            list.append(cure.description());
        if (lacksTable())
            list.append(QStringLiteral("TAKE the tables that are gone from the last backup"));
        list.append(QStringLiteral("WRITE every row into a new file, judged by its key and its sum"));
        break;
    case RepairKind::Salvage:
        list.append(QStringLiteral("READ every page of the file and of its write-ahead log"));
        list.append(QStringLiteral("REBUILD identities from the UNIQUE indexes"));
        list.append(QStringLiteral("TAKE what is missing from the last backup"));
        list.append(QStringLiteral("WRITE every row into a new file, judged by its key and its sum"));
        break;
    }
    if (version > 0 && version < 2)
        list.append(QStringLiteral("MIGRATE to the current version"));
    list.append(QStringLiteral("VERIFY the new file, then put it in place of the old one"));
    return list;
}

Result<Diagnosis> diagnose(sqlite3 *connection, const core::WorkControl &control)
{
    Diagnosis diagnosis;
    const Result<SchemaFacts> facts = readSchemaFacts(connection);
    if (!facts)
        return unreadable(facts.error());
    const Result<QList<Finding>> pages = checkPages(connection, control);
    if (!pages)
        return pages.error();
    take(diagnosis, *pages);
    Result<SchemaDrift> drift = compareSchema(connection);
    if (!drift) {
        Diagnosis broken = unreadable(drift.error());
        broken.findings += diagnosis.findings;
        return broken;
    }
    diagnosis.isReadable = true;
    diagnosis.drift = std::move(*drift);
    diagnosis.version = diagnosis.drift.version;
    take(diagnosis, diagnosis.drift.findings);
    if (diagnosis.drift.isJobsTableMissing && diagnosis.version > 0)
        diagnosis.kind = RepairKind::Salvage;
    if (diagnosis.kind == RepairKind::Salvage || diagnosis.version == 0)
        return diagnosis; // the rows are judged one by one anyway

    const Result<QList<Finding>> stores = checkVersionStores(connection);
    if (!stores)
        return stores.error();
    take(diagnosis, *stores);
    const Result<QList<Finding>> rows = checkRows(connection, control);
    if (!rows) {
        if (rows.error().code == ErrorCode::Cancelled)
            return rows.error();
        take(diagnosis, {core::found(FindingId::PageDamaged, QStringLiteral("rows"), rows.error().detail)});
        return diagnosis;
    }
    take(diagnosis, *rows);
    return diagnosis;
}

Diagnosis unreadable(const Error &why)
{
    Diagnosis diagnosis;
    const FindingId id =
        why.code == ErrorCode::LedgerNotADatabase ? FindingId::FileNotADatabase : FindingId::PageDamaged;
    take(diagnosis, {core::found(id, QStringLiteral("sqlite_schema"), core::toLogText(why))});
    diagnosis.kind = RepairKind::Salvage;
    diagnosis.hasDamagedPages = true;
    return diagnosis;
}

} // namespace ingather::ledger
