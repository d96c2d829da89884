// SPDX-License-Identifier: MIT
#include "engine/volumes/volume_watch.h"

#include <algorithm>

namespace ingather::engine
{

using core::BootTime;
using core::ErrorCode;

const VolumeTrouble *VolumeWatch::troubleOf(qint64 root) const
{
    const auto found =
        std::find_if(m_troubles.begin(), m_troubles.end(),
                     [root](const VolumeTrouble &trouble) { return trouble.roots.contains(root); });
    return found == m_troubles.end() ? nullptr : &*found;
}

VolumeTrouble *VolumeWatch::troubleOf(qint64 root)
{
    const auto found =
        std::find_if(m_troubles.begin(), m_troubles.end(),
                     [root](const VolumeTrouble &trouble) { return trouble.roots.contains(root); });
    return found == m_troubles.end() ? nullptr : &*found;
}

void VolumeWatch::prolong(VolumeTrouble &trouble, BootTime now)
{
    trouble.wait = trouble.wait.count() == 0 ? firstWait : std::min(2 * trouble.wait, longestWait);
    trouble.until = now + trouble.wait;
    trouble.probe.reset();
}

bool VolumeWatch::failed(qint64 root, const QString &path, const core::JobId &job, ErrorCode code,
                         BootTime now)
{
    if (VolumeTrouble *known = troubleOf(root)) {
        if (known->probe == job) {
            known->code = code;
            prolong(*known, now);
        }
        return false;
    }
    VolumeTrouble trouble;
    trouble.code = code;
    trouble.folder = path;
    trouble.roots.insert(root, path);
    prolong(trouble, now);
    m_troubles.append(trouble);
    return true;
}

bool VolumeWatch::isFull(qint64 root, qint64 left)
{
    return ++m_refusals[root] >= refusalsOfACase || left < someRoom;
}

void VolumeWatch::share(qint64 root, quint64 device, const QHash<qint64, QString> &roots)
{
    VolumeTrouble *trouble = troubleOf(root);
    if (!trouble)
        return;
    trouble->device = device;
    for (auto it = roots.cbegin(); it != roots.cend(); ++it) {
        if (!troubleOf(it.key()))
            trouble->roots.insert(it.key(), *it);
    }
}

std::optional<VolumeTrouble> VolumeWatch::worked(qint64 root, const core::JobId &job)
{
    m_refusals.remove(root);
    const VolumeTrouble *trouble = troubleOf(root);
    return trouble && trouble->probe == job ? pardon(root) : std::nullopt;
}

std::optional<VolumeTrouble> VolumeWatch::pardon(qint64 root)
{
    const VolumeTrouble *trouble = troubleOf(root);
    if (!trouble)
        return std::nullopt;
    return m_troubles.takeAt(trouble - m_troubles.constData());
}

bool VolumeWatch::looked(qint64 root, bool isWell, BootTime now)
{
    VolumeTrouble *trouble = troubleOf(root);
    if (!trouble || trouble->probe)
        return false;
    const bool wasBad = std::exchange(trouble->isBad, !isWell);
    if (!isWell && now >= trouble->until)
        prolong(*trouble, now);
    // A look that never saw the trouble is no witness of its end.
    if (!isWell || !wasBad)
        return false;
    trouble->until = now;
    return true;
}

QHash<qint64, int> VolumeWatch::leftOfRoots(BootTime now) const
{
    QHash<qint64, int> left;
    for (const VolumeTrouble &trouble : m_troubles) {
        for (auto root = trouble.roots.keyBegin(); root != trouble.roots.keyEnd(); ++root)
            left.insert(*root, trouble.isDue(now) ? 1 : 0);
    }
    return left;
}

void VolumeWatch::claimed(const core::JobId &job, std::optional<qint64> root, BootTime now)
{
    VolumeTrouble *trouble = root ? troubleOf(*root) : nullptr;
    if (trouble && !trouble->probe && now >= trouble->until)
        trouble->probe = job;
}

bool VolumeWatch::mayStart(const core::JobId &job, std::optional<qint64> root) const
{
    const VolumeTrouble *trouble = root ? troubleOf(*root) : nullptr;
    return !trouble || trouble->probe == job;
}

void VolumeWatch::ended(const core::JobId &job, BootTime now)
{
    for (VolumeTrouble &trouble : m_troubles) {
        if (trouble.probe == job) {
            trouble.probe.reset();
            trouble.until = now;
        }
    }
}

} // namespace ingather::engine
