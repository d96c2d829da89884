// SPDX-License-Identifier: MIT
#include "storage/file_reader.h"

#include "platform/file_system.h"

#include <QByteArray>

#include <algorithm>
#include <cerrno>
#include <limits>

#include <fcntl.h>
#include <sys/stat.h>

namespace ingather::storage
{

namespace
{

constexpr qint64 pieceSize = 1 << 20;

} // namespace

core::Result<OpenedFile> openForReading(const QString &path, const QString &operation)
{
    core::Result<platform::Descriptor> opened =
        platform::openFile(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, operation);
    if (!opened)
        return opened.error();
    struct stat facts {
    };
    if (::fstat(opened->number(), &facts) != 0)
        return platform::errorFromErrno(errno, operation, path);
    if (!S_ISREG(facts.st_mode))
        return core::Error{core::ErrorCode::FileError, operation, 0,
                           path + QStringLiteral(": not a regular file")};
    return OpenedFile{std::move(*opened), facts.st_size, facts.st_dev, facts.st_ino, facts.st_nlink};
}

core::Result<qint64> readThrough(int descriptor, qint64 length, const StopAsked &stopAsked,
                                 const std::function<core::Result<>(QByteArrayView)> &take)
{
    const qint64 wanted = length < 0 ? std::numeric_limits<qint64>::max() : length;
    struct stat facts {
    };
    const qint64 expected = ::fstat(descriptor, &facts) == 0 ? qint64(facts.st_size) : pieceSize;
    // One byte more than a small file has, so that its end is found in the first read.
    QByteArray buffer(std::clamp(std::min(expected, wanted), qint64(0), pieceSize - 1) + 1,
                      Qt::Uninitialized);
    ::posix_fadvise(descriptor, 0, length < 0 ? 0 : length, POSIX_FADV_SEQUENTIAL);
    qint64 done = 0;
    while (done < wanted) {
        if (stopAsked && stopAsked())
            return core::Error{core::ErrorCode::Stopped, QStringLiteral("read file"), 0, {}};
        const qint64 piece = std::min<qint64>(buffer.size(), wanted - done);
        const core::Result<qint64> count =
            platform::readAt(descriptor, buffer.data(), piece, done, QStringLiteral("read file"));
        if (!count)
            return count.error();
        if (core::Result<> taken = take(QByteArrayView(buffer.constData(), *count)); !taken)
            return taken.error();
        done += *count;
        if (*count < piece)
            break;
    }
    return done;
}

} // namespace ingather::storage
