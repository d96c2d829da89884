// SPDX-License-Identifier: MIT
#pragma once

#include "core/job_id.h"
#include "core/result.h"

#include <QHash>
#include <QString>

#include <mutex>
#include <optional>

namespace ingather::engine
{

/// Who writes how much to which volume: what running transfers will still write is taken already, so that
/// sixteen of them do not each see the same free gigabyte. Thread-safe; of all lanes. Everything but end()
/// asks the file system and may block.
class RoomBoard final
{
public:
    /// `floor`: bytes of each volume that stay for others.
    explicit RoomBoard(qint64 floor) : m_floor(floor) {}
    Q_DISABLE_COPY_MOVE(RoomBoard)

    /// Before a part is made or gone on with: takes what it still needs. DiskFull, with the figures, if that
    /// is not there beside what was promised to those who asked before, and the floor. What can't be told is
    /// let through: who writes will see.
    core::Result<> take(const core::JobId &job, const QString &root, const QString &part,
                        std::optional<qint64> size);
    /// Its bytes are all there, or it has given up.
    void end(const core::JobId &job);

    struct Look {
        bool isThere = false;          ///< the root is a folder
        std::optional<quint64> device; ///< that it lies on
        qint64 left = 0;               ///< bytes that a new file may have; negative below the floor
        bool isEnough = false;         ///< for the smallest file that was refused there
    };
    Look look(const QString &root);
    /// Forgets what was refused there.
    void forgive(quint64 device);

private:
    struct Taken {
        qint64 ticket = 0;
        quint64 device = 0;
        QString root;
        QString part;
        qint64 size = 0;
    };
    QList<Taken> takenBefore(qint64 ticket, quint64 device);
    void refuse(const core::JobId &job, quint64 device, qint64 size);

    const qint64 m_floor;
    std::mutex m_mutex; ///< of all below; never held while the file system is asked
    qint64 m_lastTicket = 0;
    QHash<core::JobId, Taken> m_taken;
    QHash<quint64, qint64> m_refused; ///< the smallest size, by device
};

} // namespace ingather::engine
