// SPDX-License-Identifier: MIT
#include "engine/volumes/mounted_roots.h"

#include "platform/file_system.h"

#include <QDir>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

constexpr std::chrono::seconds freshFor{1};

} // namespace

bool isEmptyMountPoint(const QString &folder)
{
    const Result<bool> isMount = platform::isMountPoint(folder);
    return isMount && !*isMount &&
           QDir(folder).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
}

void MountedRoots::remember(const QSet<QString> &roots)
{
    const std::lock_guard lock(m_mutex);
    m_mounted.unite(roots);
}

bool MountedRoots::isKnownToBeThere(const QString &root)
{
    const std::lock_guard lock(m_mutex);
    const auto seen = m_seenAt.constFind(root);
    return seen != m_seenAt.cend() && m_clock.sinceBoot() - *seen < freshFor;
}

/// Whether a volume is mounted in it, which need not be. VolumeAbsent if there should be one, or no folder.
Result<bool> MountedRoots::isMounted(const QString &root)
{
    const QString operation = QStringLiteral("look at folder");
    const Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(root);
    if (!facts)
        return facts.error();
    if (!*facts)
        return Error{ErrorCode::VolumeAbsent, operation, 0, root};
    const Result<bool> isMount = platform::isMountPoint(root);
    if (!isMount || *isMount)
        return isMount;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_mounted.contains(root))
            return false;
    }
    if (isEmptyMountPoint(root))
        return Error{ErrorCode::VolumeAbsent, operation, 0,
                     QStringLiteral("the volume is not mounted: ") + root};
    return false;
}

Result<MountedRoots::Seen> MountedRoots::look(const QString &root)
{
    const Result<bool> mounted = isMounted(root);
    if (!mounted)
        return mounted.error();
    const std::lock_guard lock(m_mutex);
    m_seenAt.insert(root, m_clock.sinceBoot());
    if (!*mounted || m_mounted.contains(root))
        return Seen::AsBefore;
    m_mounted.insert(root);
    return Seen::NewMount;
}

bool MountedRoots::isThere(const QString &root)
{
    return isMounted(root).has_value();
}

} // namespace ingather::engine
