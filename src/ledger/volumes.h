// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"
#include "ledger/session.h"

#include <QList>
#include <QString>

#include <chrono>
#include <optional>

namespace ingather::ledger
{

/// A folder that jobs file into.
struct RootRecord {
    qint64 id = 0;
    QString path;
    QString volumeId; ///< not empty: a volume was mounted in this very folder when it was last seen
};

/// All of them, by path.
core::Result<QList<RootRecord>> roots(Session &session);

/// A volume is mounted in this folder.
core::Result<> noteVolume(Session &session, qint64 root, const QString &volumeId);

/// The trouble is over: jobs of these roots that wait for a volume and are due within `span` are ready now.
/// Returns how many.
core::Result<int> wakeWaitingForVolume(Session &session, const QList<qint64> &roots,
                                       std::chrono::seconds span);

/// The trouble goes on: they are due `span` from now.
core::Result<int> putOffWaitingForVolume(Session &session, const QList<qint64> &roots,
                                         std::chrono::seconds span);

/// Jobs that nobody works on and that would file there: ready ones and such as wait for a volume. Of a long
/// list no more than its first hundred thousand ready jobs are looked at, so it may be more. `defaultRoot`:
/// where jobs without a root would go.
core::Result<qint64> openJobsOfRoots(Session &session, const QList<qint64> &roots,
                                     std::optional<qint64> defaultRoot);

/// A root whose jobs wait for its volume.
struct WaitingRoot {
    qint64 root = 0;
    QString path;
    core::ErrorCode code = core::ErrorCode::VolumeAbsent;
    core::UnixTime until; ///< when the last of them is tried again
};

/// As the jobs say that have met the trouble, by path.
core::Result<QList<WaitingRoot>> waitingRoots(Session &session);

} // namespace ingather::ledger
