// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>

namespace ingather::core
{

/// Cheapest first. A repair takes the first kind that is enough.
enum class RepairKind {
    Nothing, ///< nothing to repair
    Mend,    ///< create what is missing, rebuild indexes and counters, correct rows
    Rebuild, ///< write tables anew whose text is not the schema's
    Salvage, ///< read what can still be read from the pages into a new file
};

/// What a repair would do and why; nothing was written.
struct RepairPlan {
    RepairKind kind = RepairKind::Nothing;
    QList<Finding> findings;   ///< why
    QStringList steps;         ///< what would be done, technical: "CREATE INDEX ingather_ready"
    QStringList obstacles;     ///< owners and processes that have to end first
    qint64 bytesNeeded = 0;    ///< free space wanted beside the ledger
    qint64 bytesAvailable = 0; ///< free space there is
};

/// The account of one table. readable + rebuilt = kept + rejected; lost counts rows that are known to have
/// been there (by an index, a count or a backup) and of which nothing was left.
struct TableAccount {
    QString table;
    qint64 readable = 0; ///< rows found whole, in the pages or by the engine
    qint64 kept = 0;     ///< of those in the new ledger, with equal content
    qint64 altered = 0;  ///< of those kept, how many had a wrong row sum or were corrected
    qint64 rebuilt = 0;  ///< identities made from indexes, ops or a backup
    qint64 rejected = 0; ///< in ingather_salvage, with their reason
    qint64 lost = 0;

    friend bool operator==(const TableAccount &, const TableAccount &) = default;
};

struct RepairReport {
    RepairKind kind = RepairKind::Nothing;
    QList<Finding> findings; ///< what was wrong
    QStringList steps;       ///< what was done
    QList<TableAccount> tables;
    QStringList reasons;      ///< one line for each reason of rejection, with its count
    QList<Finding> remaining; ///< what a deep look at the new ledger still finds
    QString setAside;         ///< folder with the old files, as they were; empty if nothing was done
    QStringList stillOpenIn;  ///< programs that have the old file open
    qint64 epoch = 0;         ///< of the new ledger
    std::chrono::milliseconds elapsed{0};
};

/// What a restore compared before it put the backup in place.
struct RestoreReport {
    qint64 jobsInBackup = 0;
    qint64 jobsBefore = 0;
    qint64 jobsOnlyBefore = 0;  ///< in the ledger that was set aside, and not in the backup
    qint64 jobsNewerBefore = 0; ///< known to both, changed after the backup was made
    QString setAside;
    qint64 epoch = 0;
};

struct BackupReport {
    QString path;
    qint64 bytes = 0;
    qint64 jobs = 0;
};

struct MigrationReport {
    int from = 0;
    int to = 0;
    QString backup; ///< path; empty if there was nothing to save
};

} // namespace ingather::core
