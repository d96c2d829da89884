// SPDX-License-Identifier: MIT
#pragma once

#include "support/faulty_vfs.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QMap>
#include <QString>

#include <functional>
#include <optional>

namespace ingather::support
{

/// Decides what of the changes that were not synced had reached the disk when the power failed. Asked once
/// for each sector of 512 bytes, each truncation, and each entry of a folder.
using Survival = std::function<bool()>;

/// The files at one moment as a disk has them: what is durable, and what may or may not be.
class DiskState final
{
public:
    /// A write (or, without bytes, a truncation to `offset`) since the last sync.
    struct Change {
        qint64 offset = 0;
        std::optional<QByteArray> bytes;
    };
    struct Inode {
        QByteArray durable;
        QList<Change> pending; ///< in the order in which they were made
    };
    /// What stands under a name: 0 is nothing.
    struct Entry {
        int durable = 0;
        int current = 0;
    };

    /// How often Survival would be asked.
    int choices() const;
    /// File names (without the folder) and their contents after the power came back.
    QMap<QString, QByteArray> afterPowerCut(const Survival &survives) const;
    /// The same as the processes see it: every change made. What a killed process leaves.
    QMap<QString, QByteArray> afterKill() const;

    QHash<int, Inode> inodes;
    QMap<QString, Entry> entries;
    int lastInode = 0;
};

/// Follows the files of one folder through a FaultyVfs. The shared memory of a WAL is no file to it: that is
/// rebuilt after a power cut.
class VolatileDisk final : public FileObserver
{
public:
    explicit VolatileDisk(const QString &folder) : m_folder(folder + u'/') {}

    const DiskState &state() const { return m_state; }
    /// Called before each sync, when most is at stake.
    void setBeforeSync(std::function<void()> callback) { m_beforeSync = std::move(callback); }

    void opened(const QString &path, bool wasCreated) override;
    void written(const QString &path, qint64 offset, QByteArrayView bytes) override;
    void truncated(const QString &path, qint64 size) override;
    void synced(const QString &path, bool withFolder) override;
    void removed(const QString &path, bool withFolder) override;

private:
    std::optional<QString> nameOf(const QString &path) const;
    DiskState::Inode *current(const QString &path);
    void syncFolder();

    const QString m_folder;
    DiskState m_state;
    std::function<void()> m_beforeSync;
};

} // namespace ingather::support
