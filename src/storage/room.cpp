// SPDX-License-Identifier: MIT
#include "storage/room.h"

#include "platform/file_system.h"
#include "storage/parts_folder.h"

#include <algorithm>

namespace ingather::storage
{

qint64 stillToCome(const QString &root, const QString &part, qint64 size)
{
    const core::Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(partPath(root, part));
    const qint64 allocated = facts && *facts ? (*facts)->allocated : 0;
    return std::max<qint64>(0, size - allocated);
}

core::Result<> checkRoom(const QString &root, std::optional<qint64> size, qint64 floor)
{
    const core::Result<qint64> freeBytes = platform::freeSpace(root);
    if (!freeBytes || isRoomFor(size, *freeBytes, floor))
        return {};
    return core::Error{core::ErrorCode::DiskFull, QStringLiteral("look for room"), 0,
                       QStringLiteral("%1 bytes free, %2 wanted, %3 to be left: %4")
                           .arg(*freeBytes)
                           .arg(size.value_or(0))
                           .arg(floor)
                           .arg(root)};
}

} // namespace ingather::storage
