// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/job_id.h"
#include "core/result.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace ingather::ledger
{

class LedgerLook;

/// What the ledger says of the files of done jobs, for whoever compares it with the disk. All of this needs
/// an open look at a ledger of version 2 or newer.

struct FiledJob {
    qint64 row = 0; ///< where to go on
    core::JobId id;
    QString root; ///< absolute
    QString path; ///< relative to it
    std::optional<qint64> size;
    QString sha256; ///< hex; empty: not known
    core::UnixTime doneAt;
};

/// The next done jobs behind that row (0: from the start) that have filed something and are not removed. What
/// other programs have recorded without a path or a hash of ours is not among them.
core::Result<QList<FiledJob>> filedJobs(const LedgerLook &look, qint64 afterRow, int limit);
/// About how many there are in all.
core::Result<qint64> filedJobCount(const LedgerLook &look);

/// The roots that files were ever filed under.
core::Result<QStringList> rootPaths(const LedgerLook &look);
/// Whether somebody still wants that part: the ledger lists it, or its job has not ended.
core::Result<bool> isPartWanted(const LedgerLook &look, const core::JobId &job, const QString &partName);

} // namespace ingather::ledger
