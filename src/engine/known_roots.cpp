// SPDX-License-Identifier: MIT
#include "engine/known_roots.h"

#include "engine/volumes/mounted_roots.h"
#include "platform/file_system.h"

namespace ingather::engine
{

bool KnownRoots::isThere(const QString &root)
{
    const auto known = m_roots.constFind(root);
    if (known != m_roots.cend())
        return *known;
    const core::Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(root);
    const bool isFolder = facts && *facts && (*facts)->isFolder;
    const bool isThere = isFolder && !(m_mountPoints.contains(root) && isEmptyMountPoint(root));
    m_roots.insert(root, isThere);
    return isThere;
}

QStringList KnownRoots::absent() const
{
    QStringList absent = m_roots.keys(false);
    absent.sort();
    return absent;
}

} // namespace ingather::engine
