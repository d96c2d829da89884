// SPDX-License-Identifier: MIT
#pragma once

#include "core/job_id.h"

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

#include <array>

namespace ingather::core
{

/// What a reconciliation of the ledger with the disk did about one job, or found and left for people to
/// decide.
enum class ReconcileDeed {
    LeaseFreed,      ///< its time was over, or its owner dead
    FileRegistered,  ///< the file lay at its place already: the job is done
    FileAbsent,      ///< announced or recorded, and not there: the job goes on without it
    OpGivenUp,       ///< nobody will go on with it
    RemovalFinished, ///< a deletion on wish had happened
    PartForgotten,   ///< the part is gone, or shorter than what was recorded of it
    PartRemoved,     ///< nobody needs it any more
    FileMissing,     ///< of a done job; reported only
    FileChanged,     ///< by somebody, after the job was done; reported only
    FileDamaged,     ///< not what was filed, and not written since; reported only
    FileBack,        ///< what was reported is no longer so
    PartUnknown,     ///< of no job of this ledger; reported only
};

inline constexpr std::array allReconcileDeeds{
    ReconcileDeed::LeaseFreed,  ReconcileDeed::FileRegistered,  ReconcileDeed::FileAbsent,
    ReconcileDeed::OpGivenUp,   ReconcileDeed::RemovalFinished, ReconcileDeed::PartForgotten,
    ReconcileDeed::PartRemoved, ReconcileDeed::FileMissing,     ReconcileDeed::FileChanged,
    ReconcileDeed::FileDamaged, ReconcileDeed::FileBack,        ReconcileDeed::PartUnknown,
};

/// The stored name, e.g. "file_registered".
QString reconcileDeedName(ReconcileDeed deed);
/// Left for people to decide: the report is all that was done.
bool isOnlyReported(ReconcileDeed deed);

struct ReconcileItem {
    ReconcileDeed deed = ReconcileDeed::LeaseFreed;
    JobId job;     ///< empty for PartUnknown
    QString place; ///< absolute path, or the owner of a lease
};

struct ReconcileReport {
    static constexpr qsizetype mostItems = 1000;

    QList<ReconcileItem> items; ///< the first of them; `counts` has all
    QHash<ReconcileDeed, qint64> counts;
    QStringList absentRoots; ///< volumes that are not there: nothing under them was looked at
    qint64 filesChecked = 0;

    void add(const ReconcileItem &item)
    {
        ++counts[item.deed];
        if (items.size() < mostItems)
            items.append(item);
    }
};

} // namespace ingather::core
