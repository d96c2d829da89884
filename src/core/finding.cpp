// SPDX-License-Identifier: MIT
#include "core/finding.h"

#include <algorithm>
#include <array>

namespace ingather::core
{

namespace
{

struct Kind {
    FindingId id;
    const char *name;
    Severity severity;
    Cure cure;
};

constexpr std::array kinds{
    Kind{FindingId::FileAbsent, "file.absent", Severity::Warning, Cure::Migrate},
    Kind{FindingId::FileEmpty, "file.empty", Severity::Warning, Cure::Migrate},
    Kind{FindingId::FileUnmigrated, "file.unmigrated", Severity::Warning, Cure::Migrate},
    Kind{FindingId::FileNotADatabase, "file.not_a_database", Severity::Error, Cure::Repair},
    Kind{FindingId::FileUnreadable, "file.unreadable", Severity::Error, Cure::Person},
    Kind{FindingId::RepairUnfinished, "repair.unfinished", Severity::Warning, Cure::Unasked},
    Kind{FindingId::PageDamaged, "pages.damaged", Severity::Error, Cure::Repair},
    Kind{FindingId::IndexDamaged, "index.damaged", Severity::Error, Cure::Unasked},
    Kind{FindingId::VersionMismatch, "schema.version.mismatch", Severity::Error, Cure::Repair},
    Kind{FindingId::VersionNewer, "schema.version.newer", Severity::Info, Cure::None},
    Kind{FindingId::VersionNewerBreaking, "schema.version.newer_breaking", Severity::Warning, Cure::Person},
    Kind{FindingId::MigrationChanged, "schema.migration.changed", Severity::Error, Cure::Person},
    Kind{FindingId::MigrationGap, "schema.migration.gap", Severity::Error, Cure::Repair},
    Kind{FindingId::TableMissing, "schema.table.missing", Severity::Error, Cure::Unasked},
    Kind{FindingId::ColumnMissing, "schema.column.missing", Severity::Error, Cure::Unasked},
    Kind{FindingId::IndexMissing, "schema.index.missing", Severity::Error, Cure::Unasked},
    Kind{FindingId::TriggerMissing, "schema.trigger.missing", Severity::Error, Cure::Unasked},
    Kind{FindingId::TableChanged, "schema.table.changed", Severity::Error, Cure::Repair},
    Kind{FindingId::IndexChanged, "schema.index.changed", Severity::Error, Cure::Repair},
    Kind{FindingId::TriggerChanged, "schema.trigger.changed", Severity::Error, Cure::Repair},
    Kind{FindingId::ColumnOrder, "schema.column.order", Severity::Info, Cure::None},
    Kind{FindingId::ColumnExtra, "schema.column.extra", Severity::Info, Cure::None},
    Kind{FindingId::ObjectExtra, "schema.object.extra", Severity::Info, Cure::None},
    Kind{FindingId::ForeignKeyBroken, "rows.foreign_key", Severity::Error, Cure::Repair},
    Kind{FindingId::KeyDuplicated, "rows.key.duplicate", Severity::Error, Cure::Repair},
    Kind{FindingId::KeyMismatch, "rows.key.mismatch", Severity::Warning, Cure::Repair},
    Kind{FindingId::StateRuleBroken, "rows.state", Severity::Error, Cure::Repair},
    Kind{FindingId::ValueMistyped, "rows.type", Severity::Error, Cure::Repair},
    Kind{FindingId::RowSumWrong, "rows.sum.wrong", Severity::Error, Cure::Repair},
    Kind{FindingId::RowUnsigned, "rows.sum.none", Severity::Info, Cure::None},
    Kind{FindingId::CountsWrong, "rows.counts", Severity::Warning, Cure::Repair},
    Kind{FindingId::MetaBroken, "rows.meta", Severity::Error, Cure::Repair},
    Kind{FindingId::JobsStuck, "jobs.stuck", Severity::Warning, Cure::Repair},
    Kind{FindingId::RowsSalvaged, "rows.salvaged", Severity::Info, Cure::None},
    Kind{FindingId::LeasesExpired, "leases.expired", Severity::Info, Cure::None},
    Kind{FindingId::LeaseFarAhead, "leases.far_ahead", Severity::Warning, Cure::Person},
    Kind{FindingId::OpsOpenTooLong, "ops.open", Severity::Warning, Cure::None},
    Kind{FindingId::ClaimPlanWrong, "claim.plan", Severity::Warning, Cure::Repair},
    Kind{FindingId::WalLarge, "wal.size", Severity::Warning, Cure::Person},
    Kind{FindingId::DiskLow, "disk.free", Severity::Warning, Cure::Person},
    Kind{FindingId::NetworkFileSystem, "disk.network", Severity::Warning, Cure::Person},
    Kind{FindingId::WalResetBug, "sqlite.wal_reset", Severity::Warning, Cure::Person},
    Kind{FindingId::BackupMissing, "backup.missing", Severity::Info, Cure::None},
    Kind{FindingId::BackupOld, "backup.old", Severity::Warning, Cure::Person},
    Kind{FindingId::FileMissing, "files.missing", Severity::Warning, Cure::Person},
    Kind{FindingId::FileSizeWrong, "files.size", Severity::Error, Cure::Person},
    Kind{FindingId::FileHashWrong, "files.hash", Severity::Error, Cure::Person},
    Kind{FindingId::FileChanged, "files.changed", Severity::Info, Cure::None},
    Kind{FindingId::VolumeAbsent, "files.volume", Severity::Info, Cure::Person},
    Kind{FindingId::PartsOrphaned, "parts.orphaned", Severity::Info, Cure::None},
    Kind{FindingId::ContentShared, "content.shared", Severity::Info, Cure::None},
};

constexpr bool isInOrder()
{
    for (std::size_t i = 0; i < kinds.size(); ++i)
        if (static_cast<std::size_t>(kinds[i].id) != i)
            return false;
    return true;
}
static_assert(isInOrder(), "the table has one row for each id, in the enumeration's order");
static_assert(kinds.back().id == FindingId::ContentShared);

const Kind &kindOf(FindingId id)
{
    return kinds[static_cast<std::size_t>(id)];
}

} // namespace

Finding found(FindingId id, const QString &place, const QString &detail, qint64 count,
              const QStringList &examples)
{
    return {id, severityOf(id), place, count, examples, detail};
}

Finding allWell(FindingId id)
{
    Finding finding;
    finding.id = id;
    return finding;
}

Severity severityOf(FindingId id)
{
    return kindOf(id).severity;
}

Cure cureOf(FindingId id)
{
    return kindOf(id).cure;
}

QString findingName(FindingId id)
{
    return QString::fromLatin1(kindOf(id).name);
}

QList<FindingId> allFindingIds()
{
    QList<FindingId> ids;
    for (const Kind &kind : kinds)
        ids.append(kind.id);
    return ids;
}

QString severityName(Severity severity)
{
    switch (severity) {
    case Severity::Ok:
        return QStringLiteral("ok");
    case Severity::Info:
        return QStringLiteral("info");
    case Severity::Warning:
        return QStringLiteral("warning");
    case Severity::Error:
        break;
    }
    return QStringLiteral("error");
}

Severity worstOf(const QList<Finding> &findings)
{
    Severity worst = Severity::Ok;
    for (const Finding &finding : findings)
        worst = std::max(worst, finding.severity);
    return worst;
}

} // namespace ingather::core
