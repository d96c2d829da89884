// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "engine/snapshots.h"

#include <QHash>
#include <QMutex>

namespace ingather::engine
{

/// How far each running transfer of this process is. Lanes write, faces read; thread-safe.
class ProgressBoard final
{
public:
    explicit ProgressBoard(const core::Clock &clock) : m_clock(clock) {}
    Q_DISABLE_COPY_MOVE(ProgressBoard)

    void begin(const core::JobId &job, qint64 bytesDone, std::optional<qint64> bytesTotal);
    void advance(const core::JobId &job, qint64 bytesDone);
    void end(const core::JobId &job);

    /// Speeds are smoothed over about three seconds, from one call to the next.
    QList<ProgressSnapshot> snapshot() const;

private:
    struct Entry {
        qint64 bytesDone = 0;
        std::optional<qint64> bytesTotal;
        qint64 bytesAtSample = 0;
        core::BootTime sampledAt{};
        double bytesPerSecond = 0;
        bool hasSpeed = false;
    };

    const core::Clock &m_clock;
    mutable QMutex m_mutex;
    mutable QHash<core::JobId, Entry> m_entries;
};

} // namespace ingather::engine
