// SPDX-License-Identifier: MIT
#include "platform/descriptor.h"

#include "platform/file_system.h"
#include "platform/retry_interrupted.h"

#include <QFile>

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace ingather::platform
{

void Descriptor::reset()
{
    // Never repeated on EINTR: on Linux the number is free already and may be another file's by now.
    if (m_number >= 0)
        ::close(std::exchange(m_number, -1));
}

core::Result<Descriptor> openFile(const QString &path, int flags, const QString &operation, unsigned mode)
{
    const QByteArray name = QFile::encodeName(path);
    const int number = retryInterrupted([&] { return ::open(name.constData(), flags | O_CLOEXEC, mode); });
    if (number < 0)
        return errorFromErrno(errno, operation, path);
    return Descriptor(number);
}

core::Result<> writeAt(int descriptor, QByteArrayView bytes, qint64 offset, const QString &operation)
{
    qint64 done = 0;
    while (done < bytes.size()) {
        const ssize_t written = retryInterrupted([&] {
            return ::pwrite(descriptor, bytes.data() + done, static_cast<size_t>(bytes.size() - done),
                            offset + done);
        });
        if (written < 0)
            return errorFromErrno(errno, operation);
        if (written == 0) // no file system should; without this the loop would never end
            return errorFromErrno(EIO, operation);
        done += written;
    }
    return {};
}

core::Result<qint64> readAt(int descriptor, char *buffer, qint64 size, qint64 offset,
                            const QString &operation)
{
    qint64 done = 0;
    while (done < size) {
        const ssize_t count = retryInterrupted([&] {
            return ::pread(descriptor, buffer + done, static_cast<size_t>(size - done), offset + done);
        });
        if (count < 0)
            return errorFromErrno(errno, operation);
        if (count == 0)
            break;
        done += count;
    }
    return done;
}

core::Result<> setLength(int descriptor, qint64 length, const QString &operation)
{
    if (retryInterrupted([&] { return ::ftruncate(descriptor, length); }) != 0)
        return errorFromErrno(errno, operation);
    return {};
}

} // namespace ingather::platform
