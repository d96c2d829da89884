// SPDX-License-Identifier: MIT
#include "platform/file_system.h"

#include "platform/descriptor.h"
#include "platform/nonce.h"
#include "platform/rename_fallback.h"
#include "platform/retry_interrupted.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ingather::platform
{

namespace
{

core::ErrorCode codeOf(int errorNumber)
{
    switch (errorNumber) {
    case ENOSPC:
    case EDQUOT:
        return core::ErrorCode::DiskFull;
    case EIO:
    case ENODEV:
    case ENXIO:
    // The same event, as network and FUSE file systems and empty drives report it.
    case ESTALE:
    case ENOTCONN:
    case ENOMEDIUM:
    case EREMOTEIO:
        return core::ErrorCode::VolumeFailing;
    case EACCES:
    case EPERM:
    case EROFS:
        return core::ErrorCode::PermissionDenied;
    case EEXIST:
        return core::ErrorCode::FileExists;
    case ENOENT:
        return core::ErrorCode::FileMissing;
    case ENOTDIR:
        return core::ErrorCode::NotAFolder;
    default:
        return core::ErrorCode::FileError;
    }
}

bool isUnsupported(int errorNumber)
{
    return errorNumber == EINVAL || errorNumber == ENOSYS || errorNumber == EOPNOTSUPP;
}

core::Result<> writeNewFile(const QString &path, const QByteArray &content, std::optional<mode_t> mode)
{
    const QString operation = QStringLiteral("write file");
    core::Result<Descriptor> file = openFile(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, operation);
    if (!file)
        return file.error();
    if (mode && ::fchmod(file->number(), *mode) != 0)
        return errorFromErrno(errno, operation, path);
    if (core::Result<> written = writeAt(file->number(), content, 0, operation); !written)
        return written;
    return syncData(file->number());
}

} // namespace

core::Error errorFromErrno(int errorNumber, const QString &operation, const QString &path)
{
    QString detail = QString::fromLocal8Bit(std::strerror(errorNumber));
    if (!path.isEmpty())
        detail = path + QStringLiteral(": ") + detail;
    return {codeOf(errorNumber), operation, errorNumber, detail};
}

core::Result<> removeFile(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    if (retryInterrupted([&] { return ::unlink(name.constData()); }) != 0)
        return errorFromErrno(errno, QStringLiteral("remove file"), path);
    return {};
}

core::Result<> renameNoReplace(const QString &from, const QString &to)
{
    const QByteArray fromName = QFile::encodeName(from);
    const QByteArray toName = QFile::encodeName(to);
    const int outcome = retryInterrupted([&] {
        return ::renameat2(AT_FDCWD, fromName.constData(), AT_FDCWD, toName.constData(), RENAME_NOREPLACE);
    });
    if (outcome == 0)
        return {};
    if (!isUnsupported(errno))
        return errorFromErrno(errno, QStringLiteral("rename"), to);
    core::Result<> linked = renameByLink(from, to);
    if (linked || !isLinkRefused(linked.error()))
        return linked;
    return renameByPlaceholder(from, to);
}

core::Result<> syncDirectory(const QString &folder)
{
    const QString operation = QStringLiteral("sync folder");
    core::Result<Descriptor> opened = openFile(folder, O_RDONLY | O_DIRECTORY, operation);
    if (!opened)
        return opened.error();
    // Where a file system has no such operation, its folders are as durable as they get.
    if (retryInterrupted([&] { return ::fsync(opened->number()); }) != 0 && !isUnsupported(errno))
        return errorFromErrno(errno, operation, folder);
    return {};
}

core::Result<> syncData(int descriptor)
{
    if (retryInterrupted([&] { return ::fdatasync(descriptor); }) != 0)
        return errorFromErrno(errno, QStringLiteral("sync file"));
    return {};
}

core::Result<> syncVolume(const QString &folder)
{
    const QString operation = QStringLiteral("sync volume");
    core::Result<Descriptor> opened = openFile(folder, O_RDONLY | O_DIRECTORY, operation);
    if (!opened)
        return opened.error();
    if (retryInterrupted([&] { return ::syncfs(opened->number()); }) != 0)
        return errorFromErrno(errno, operation, folder);
    return {};
}

void startWriteBack(int descriptor, qint64 offset, qint64 length)
{
    // A hint; what goes wrong with the data is reported by syncData().
    [[maybe_unused]] const int outcome = ::sync_file_range(descriptor, offset, length, SYNC_FILE_RANGE_WRITE);
}

core::Result<> replaceFileDurably(const QString &path, const QByteArray &content)
{
    const core::Result<std::optional<FileFacts>> before = fileFacts(path);
    if (!before)
        return before.error();
    std::optional<mode_t> mode;
    if (struct stat facts{}; *before && ::stat(QFile::encodeName(path).constData(), &facts) == 0)
        mode = facts.st_mode & 07777;

    const QString folder = QFileInfo(path).path();
    const QString temporary = folder + QStringLiteral("/.") + newNonce() + QStringLiteral(".tmp");
    const QByteArray temporaryName = QFile::encodeName(temporary);
    if (core::Result<> written = writeNewFile(temporary, content, mode); !written) {
        ::unlink(temporaryName.constData());
        return written;
    }
    const QByteArray name = QFile::encodeName(path);
    if (retryInterrupted([&] { return ::rename(temporaryName.constData(), name.constData()); }) != 0) {
        const int reason = errno;
        ::unlink(temporaryName.constData());
        return errorFromErrno(reason, QStringLiteral("replace file"), path);
    }
    return syncDirectory(folder);
}

core::Result<std::optional<FileFacts>> fileFacts(const QString &path)
{
    struct stat found {
    };
    const QByteArray name = QFile::encodeName(path);
    if (retryInterrupted([&] { return ::stat(name.constData(), &found); }) != 0) {
        if (errno == ENOENT)
            return std::optional<FileFacts>();
        return errorFromErrno(errno, QStringLiteral("look at file"), path);
    }
    FileFacts facts;
    constexpr qint64 statBlock = 512;
    facts.size = found.st_size;
    facts.allocated = static_cast<qint64>(found.st_blocks) * statBlock;
    facts.device = found.st_dev;
    facts.inode = found.st_ino;
    facts.modifiedAt =
        static_cast<double>(found.st_mtim.tv_sec) + static_cast<double>(found.st_mtim.tv_nsec) / 1e9;
    facts.isFolder = S_ISDIR(found.st_mode);
    facts.isRegular = S_ISREG(found.st_mode);
    return std::optional(facts);
}

} // namespace ingather::platform
