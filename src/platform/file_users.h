// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "platform/descriptor.h"

#include <QList>
#include <QString>

namespace ingather::platform
{

/// A process as this machine knows it.
struct FileUser {
    qint64 pid = 0;
    QString program; ///< /proc/<pid>/comm

    /// "python3 (pid 4711)"
    QString toString() const;
    friend bool operator==(const FileUser &, const FileUser &) = default;
};

/// Processes that have a lock of any kind on the file, from /proc/locks; this process's own
/// open-file-description locks are left out. Empty where the system does not tell.
QList<FileUser> lockHolders(const QString &path);

/// Other processes that have the file itself (its inode, whatever its name is by now) open, as far as
/// /proc/<pid>/fd may be read.
QList<FileUser> openers(const QString &path);

/// An exclusive lock on a byte range by an open file description of our own (F_OFD_SETLK, Linux 3.15). It
/// excludes the POSIX locks of every process, this one included, so it keeps SQLite out of a file; and it is
/// not dropped when somebody in this process closes another descriptor of the file.
class RangeLock final
{
public:
    RangeLock() = default;
    Q_DISABLE_COPY_MOVE(RangeLock)

    /// Takes the lock if it is free; false if somebody holds any part of the range. The file must exist. Not for
    /// a file that this process has POSIX locks on: they are dropped when the file is closed here.
    core::Result<bool> tryAcquire(const QString &path, qint64 start, qint64 length);
    void release() { m_file.reset(); }
    bool isHeld() const { return m_file.isOpen(); }
    /// The file, open for reading and writing.
    int descriptor() const { return m_file.number(); }

private:
    Descriptor m_file;
};

} // namespace ingather::platform
