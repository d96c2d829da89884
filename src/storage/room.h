// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>

#include <optional>

namespace ingather::storage
{

/// Whether a file of that size may be begun where so much is free: `floor` bytes stay for others. Of a size
/// that nobody knows, only the floor counts.
constexpr bool isRoomFor(std::optional<qint64> size, qint64 freeBytes, qint64 floor)
{
    return freeBytes >= floor && size.value_or(0) <= freeBytes - floor;
}

/// What a part of `size` bytes still needs of its volume: blocks that are reserved for it or written count as
/// had. All of it if there is no such part yet.
qint64 stillToCome(const QString &root, const QString &part, qint64 size);

/// Before a part is made: the volume of `root` must have room for the file and the floor. DiskFull, with the
/// figures; a volume that does not tell is believed to have it.
core::Result<> checkRoom(const QString &root, std::optional<qint64> size, qint64 floor);

} // namespace ingather::storage
