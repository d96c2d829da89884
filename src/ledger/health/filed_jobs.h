// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/fence.h"
#include "core/job_id.h"
#include "core/job_state.h"
#include "core/result.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

struct sqlite3;

namespace ingather::ledger
{

/// What the ledger says of the files of done jobs, for whoever compares it with the disk. All of this needs
/// a ledger of version 2 or newer.

struct FiledJob {
    qint64 row = 0; ///< where to go on
    core::JobId id;
    QString root; ///< absolute
    QString path; ///< relative to it
    std::optional<qint64> size;
    QString sha256; ///< hex; empty: not known
    core::UnixTime doneAt;
    core::Fence fence;
    core::JobState state = core::JobState::Indexed;
    qint64 generation = 0;
    QString expectedDigest; ///< "algorithm:hex"; empty: none
    QString errorCode;      ///< what was found wrong with the file before; empty: nothing
};

/// The next done jobs behind that row (0: from the start) that have filed something and are not removed. What
/// other programs have recorded without a path or a hash of ours is not among them.
core::Result<QList<FiledJob>> filedJobs(sqlite3 *connection, qint64 afterRow, int limit);
/// About how many there are in all.
core::Result<qint64> filedJobCount(sqlite3 *connection);

/// The roots that files were ever filed under.
core::Result<QStringList> rootPaths(sqlite3 *connection);
/// Whether somebody still wants that part: the ledger lists it, or its job has not ended.
core::Result<bool> isPartWanted(sqlite3 *connection, const core::JobId &job, const QString &partName);

} // namespace ingather::ledger
