// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/job_id.h"

#include <QHash>
#include <QList>
#include <QString>

#include <optional>

namespace ingather::engine
{

/// One volume that is full or failing, with the roots on it; or one root that is away.
struct VolumeTrouble {
    core::ErrorCode code = core::ErrorCode::VolumeAbsent;
    QString folder;                ///< whose job met it first
    QHash<qint64, QString> roots;  ///< paths by id
    std::optional<quint64> device; ///< none: not known, or the root's own trouble
    core::BootTime until{};
    std::chrono::seconds wait{0};
    std::optional<core::JobId> probe;
    bool isBad = false;     ///< the last look found the trouble, too
    bool isCertain = false; ///< it is more than one file that is too large
    bool isTold = false;

    /// A job is to be tried.
    bool isDue(core::BootTime now) const { return now >= until && !probe && !isBad; }
};

/// Decides which roots are left alone. The first job that meets a volume's trouble has all jobs of its root
/// wait, for 15 s, then 30 and 60; then one of them is tried, and what becomes of it decides. A look at the
/// folder may bring that forward, or spare it; it lifts nothing by itself. Roots on the same device share
/// what is the device's. A value without a clock of its own; all times come from one Clock's sinceBoot().
class VolumeWatch final
{
public:
    static constexpr std::chrono::seconds firstWait{15};
    static constexpr std::chrono::seconds longestWait{60};
    /// A volume that has this much is not full: a file that does not fit in is too large, until so many
    /// were refused with none in between that was not.
    static constexpr qint64 someRoom = 16 * 1024 * 1024;
    static constexpr int refusalsOfACase = 3;

    bool isEmpty() const { return m_troubles.isEmpty(); }
    const VolumeTrouble *troubleOf(qint64 root) const;
    VolumeTrouble *troubleOf(qint64 root);
    const QList<VolumeTrouble> &troubles() const { return m_troubles; }

    /// A job of that root has ended with a volume's error: true if the root was not in trouble before. Of one
    /// that is, only the probe has a say, and prolongs it.
    bool failed(qint64 root, const QString &path, const core::JobId &job, core::ErrorCode code,
                core::BootTime now);
    /// After DiskFull: whether it is the volume that is full, and not the file that is too large, where so
    /// much is left.
    bool isFull(qint64 root, qint64 left);
    /// The trouble of `root` is that of its device, on which these lie, too.
    void share(qint64 root, quint64 device, const QHash<qint64, QString> &roots);
    /// A job of that root got through. What was in trouble until now, if it was the probe.
    std::optional<VolumeTrouble> worked(qint64 root, const core::JobId &job);
    /// There was none.
    std::optional<VolumeTrouble> pardon(qint64 root);
    /// A look at the folder has found it well or not. True if that is news, and the probe is due at once.
    bool looked(qint64 root, bool isWell, core::BootTime now);

    /// For the claim: how many jobs may be taken of each root in trouble, 0 or 1.
    QHash<qint64, int> leftOfRoots(core::BootTime now) const;
    /// That job was claimed: if its root waits for a probe, it is the one.
    void claimed(const core::JobId &job, std::optional<qint64> root, core::BootTime now);
    /// Whether it may begin: its root is in no trouble, or it is the probe.
    bool mayStart(const core::JobId &job, std::optional<qint64> root) const;
    /// A run that has told nothing of the volume is over: if it was the probe, another one is due.
    void ended(const core::JobId &job, core::BootTime now);

private:
    static void prolong(VolumeTrouble &trouble, core::BootTime now);

    QList<VolumeTrouble> m_troubles;
    QHash<qint64, int> m_refusals; ///< by root, since a job got through
};

} // namespace ingather::engine
