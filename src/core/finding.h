// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace ingather::core
{

/// How bad it is. A ledger with an Error is broken, one with a Warning degraded, else it is healthy.
enum class Severity { Ok, Info, Warning, Error };

/// What mends it.
enum class Cure {
    None,    ///< nothing to be done, or nothing that a program could do
    Unasked, ///< done at the next start, after a backup: it adds what is missing and touches no row
    Repair,  ///< waits for a person's `repair`
    Migrate, ///< the next start that writes, or `migrate`
    Person,  ///< only a person can (disk, clock, another program)
};

/// Everything that a look at a ledger can find. The stored names (see findingName) never change.
enum class FindingId {
    // the file
    FileAbsent,
    FileEmpty,
    FileUnmigrated,
    FileNotADatabase,
    FileUnreadable,
    RepairUnfinished,
    // pages
    PageDamaged,
    IndexDamaged,
    // schema
    VersionMismatch,
    VersionNewer,
    VersionNewerBreaking,
    MigrationChanged,
    MigrationGap,
    TableMissing,
    ColumnMissing,
    IndexMissing,
    TriggerMissing,
    TableChanged,
    IndexChanged,
    TriggerChanged,
    ColumnOrder,
    ColumnExtra,
    ObjectExtra,
    // rows
    ForeignKeyBroken,
    KeyDuplicated,
    KeyMismatch,
    StateRuleBroken,
    ValueMistyped,
    RowSumWrong,
    RowUnsigned,
    CountsWrong,
    MetaBroken,
    JobsStuck,
    RowsSalvaged,
    // at work
    LeasesExpired,
    LeaseFarAhead,
    OpsOpenTooLong,
    ClaimPlanWrong,
    // surroundings
    WalLarge,
    DiskLow,
    NetworkFileSystem,
    WalResetBug,
    BackupMissing,
    BackupOld,
    // files of done jobs
    FileMissing,
    FileSizeWrong,
    FileHashWrong,
    FileChanged,
    VolumeAbsent,
    PartsOrphaned,
    ContentShared,
};

/// One thing found. `severity` is Ok for a check that found nothing. Texts for people are made in models/.
struct Finding {
    FindingId id = FindingId::FileAbsent;
    Severity severity = Severity::Ok;
    QString place;        ///< table, object, column, job id or path; what the finding is about
    qint64 count = 0;     ///< how many rows, files, pages …; 0 where there is nothing to count
    QStringList examples; ///< the first few of them (job ids, paths), at most ten
    QString detail;       ///< technical, in English, free of secrets: "expected …, found …"

    friend bool operator==(const Finding &, const Finding &) = default;
};

/// A finding with the severity that its kind has by nature.
Finding found(FindingId id, const QString &place, const QString &detail = {}, qint64 count = 0,
              const QStringList &examples = {});
/// The check behind `id` was made and found nothing.
Finding allWell(FindingId id);

Severity severityOf(FindingId id);
Cure cureOf(FindingId id);

/// The stable name, e.g. "schema.index.missing".
QString findingName(FindingId id);
/// All ids, in the order of the enumeration.
QList<FindingId> allFindingIds();
/// "ok", "info", "warning", "error".
QString severityName(Severity severity);

/// The worst severity among them; Ok for none.
Severity worstOf(const QList<Finding> &findings);

} // namespace ingather::core
