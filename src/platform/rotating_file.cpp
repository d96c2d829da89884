// SPDX-License-Identifier: MIT
#include "platform/rotating_file.h"

#include "platform/file_lock.h"
#include "platform/file_system.h"
#include "platform/retry_interrupted.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ingather::platform
{

namespace
{

const QString operation = QStringLiteral("write log");

core::Error systemError(const QString &path)
{
    return errorFromErrno(errno, operation, path);
}

} // namespace

core::Result<RotatingFile> RotatingFile::open(const QString &path, Limits limits)
{
    // A folder that can't be made is reported by the open that follows.
    QDir().mkpath(QFileInfo(path).absolutePath());
    RotatingFile file(QFileInfo(path).absoluteFilePath(), limits);
    if (const core::Result<> opened = file.reopen(); !opened)
        return opened.error();
    return file;
}

core::Result<> RotatingFile::reopen()
{
    core::Result<Descriptor> opened = openFile(m_path, O_WRONLY | O_APPEND | O_CREAT, operation, 0600);
    if (!opened)
        return opened.error();
    m_descriptor = std::move(*opened);
    return {};
}

core::Result<bool> RotatingFile::isStillOurs() const
{
    struct stat open = {};
    if (::fstat(m_descriptor.number(), &open) != 0)
        return systemError(m_path);
    const core::Result<std::optional<FileFacts>> named = fileFacts(m_path);
    if (!named)
        return named.error();
    return named->has_value() && (*named)->device == open.st_dev && (*named)->inode == open.st_ino;
}

core::Result<> RotatingFile::append(QByteArrayView bytes)
{
    const core::Result<bool> ours = isStillOurs();
    if (!ours)
        return ours.error();
    if (!*ours) {
        if (core::Result<> opened = reopen(); !opened)
            return opened;
    }
    struct stat facts = {};
    if (::fstat(m_descriptor.number(), &facts) != 0)
        return systemError(m_path);
    if (S_ISREG(facts.st_mode) && facts.st_size > 0 && facts.st_size + bytes.size() > m_limits.size) {
        if (core::Result<> moved = putAside(); !moved)
            return moved;
    }
    // One write for a line, so that lines of several processes do not mix.
    while (!bytes.isEmpty()) {
        const ssize_t count = retryInterrupted(
            [&] { return ::write(m_descriptor.number(), bytes.data(), static_cast<size_t>(bytes.size())); });
        if (count < 0)
            return systemError(m_path);
        bytes = bytes.sliced(count);
    }
    return {};
}

core::Result<> RotatingFile::putAside()
{
    FileLock lock = FileLock::borrow(m_descriptor.number());
    const core::Result<bool> locked = lock.tryAcquire();
    if (!locked)
        return locked.error();
    // Somebody else is at it: this line still goes to the old file, the next one to the new.
    if (!*locked)
        return {};
    const core::Result<bool> ours = isStillOurs();
    if (!ours)
        return ours.error();
    if (!*ours) {
        lock.release();
        return reopen();
    }
    const int last = m_limits.count - 1;
    QFile::remove(last > 0 ? aside(last) : m_path);
    for (int n = last - 1; n >= 1; --n)
        QFile::rename(aside(n), aside(n + 1)); // may be absent
    if (last > 0 && !QFile::rename(m_path, aside(1)))
        return core::Error{core::ErrorCode::FileError, operation, 0,
                           QStringLiteral("can't rename ") + m_path};
    // The lock goes with the old descriptor; whoever waits for it finds the name taken by another file.
    lock.release();
    return reopen();
}

} // namespace ingather::platform
