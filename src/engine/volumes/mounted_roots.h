// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/result.h"

#include <QHash>
#include <QSet>
#include <QString>

#include <mutex>

namespace ingather::engine
{

/// An empty folder in which nothing is mounted. Reads the file system.
bool isEmptyMountPoint(const QString &folder);

/// Which roots are mount points, so that nothing is written into the empty folder that is left when their
/// volume is away. A root that has ever been seen with a volume mounted in it is away while it is none, and
/// empty; one that holds something was moved there by its user. Thread-safe.
class MountedRoots final
{
public:
    explicit MountedRoots(const core::Clock &clock) : m_clock(clock) {}
    Q_DISABLE_COPY_MOVE(MountedRoots)

    /// As earlier processes have seen it.
    void remember(const QSet<QString> &roots);
    /// It was looked at within the last second, and all was well.
    bool isKnownToBeThere(const QString &root);
    enum class Seen { AsBefore, NewMount };
    /// VolumeAbsent if it is away. Looks at the file system, and may block.
    core::Result<Seen> look(const QString &root);
    /// The same, and nothing is remembered of it.
    bool isThere(const QString &root);

private:
    core::Result<bool> isMounted(const QString &root);
    const core::Clock &m_clock;
    std::mutex m_mutex; ///< of all below; never held while the file system is asked
    QSet<QString> m_mounted;
    QHash<QString, core::BootTime> m_seenAt;
};

} // namespace ingather::engine
