// SPDX-License-Identifier: MIT
#include "engine/volumes/room_board.h"

#include "platform/file_system.h"
#include "storage/room.h"

#include <QList>

#include <limits>
#include <numeric>

namespace ingather::engine
{

using core::Result;

namespace
{

/// Of a file whose size nobody knows, so much is wanted before it is tried again.
constexpr qint64 wantedOfUnknown = 1024 * 1024;

std::optional<platform::FileFacts> folderFacts(const QString &root)
{
    const Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(root);
    if (!facts || !*facts || !(*facts)->isFolder)
        return std::nullopt;
    return **facts;
}

} // namespace

QList<RoomBoard::Taken> RoomBoard::takenBefore(qint64 ticket, quint64 device)
{
    const std::lock_guard lock(m_mutex);
    QList<Taken> earlier;
    for (const Taken &taken : std::as_const(m_taken)) {
        if (taken.device == device && taken.ticket < ticket)
            earlier.append(taken);
    }
    return earlier;
}

Result<> RoomBoard::take(const core::JobId &job, const QString &root, const QString &part,
                         std::optional<qint64> size)
{
    const std::optional<platform::FileFacts> folder = folderFacts(root);
    if (!folder)
        return {};
    Taken own{0, folder->device, root, part, size.value_or(0)};
    {
        const std::lock_guard lock(m_mutex);
        own.ticket = ++m_lastTicket;
        m_taken.insert(job, own);
    }
    const QList<Taken> others = takenBefore(own.ticket, own.device);
    const qint64 needed = storage::stillToCome(root, part, own.size);
    // Without a look at each of their parts first: mostly there is room enough for all of them.
    const qint64 most = std::accumulate(others.begin(), others.end(), qint64(0),
                                        [](qint64 sum, const Taken &other) { return sum + other.size; });
    Result<> room = storage::checkRoom(root, needed, m_floor + most);
    if (!room) {
        qint64 promised = 0;
        for (const Taken &other : others)
            promised += storage::stillToCome(other.root, other.part, other.size);
        room = storage::checkRoom(root, needed, m_floor + promised);
    }
    if (!room)
        refuse(job, own.device, needed);
    return room;
}

void RoomBoard::refuse(const core::JobId &job, quint64 device, qint64 size)
{
    const std::lock_guard lock(m_mutex);
    m_taken.remove(job);
    const auto known = m_refused.find(device);
    if (known == m_refused.end())
        m_refused.insert(device, size);
    else
        *known = std::min(*known, size);
}

void RoomBoard::end(const core::JobId &job)
{
    const std::lock_guard lock(m_mutex);
    m_taken.remove(job);
}

RoomBoard::Look RoomBoard::look(const QString &root)
{
    Look look;
    const std::optional<platform::FileFacts> folder = folderFacts(root);
    if (!folder)
        return look;
    look.isThere = true;
    look.device = folder->device;
    qint64 promised = 0;
    for (const Taken &taken : takenBefore(std::numeric_limits<qint64>::max(), folder->device))
        promised += storage::stillToCome(taken.root, taken.part, taken.size);
    const Result<qint64> freeBytes = platform::freeSpace(root);
    look.left = freeBytes.value_or(std::numeric_limits<qint64>::max()) - m_floor - promised;
    const std::lock_guard lock(m_mutex);
    look.isEnough = look.left >= m_refused.value(folder->device, wantedOfUnknown);
    return look;
}

void RoomBoard::forgive(quint64 device)
{
    const std::lock_guard lock(m_mutex);
    m_refused.remove(device);
}

} // namespace ingather::engine
