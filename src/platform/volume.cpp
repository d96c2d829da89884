// SPDX-License-Identifier: MIT
#include "platform/volume.h"

#include "platform/file_system.h"
#include "platform/retry_interrupted.h"

#include <QFile>
#include <QtNumeric>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace ingather::platform
{

namespace
{

qint64 availableBytes(const struct statvfs &facts)
{
    quint64 bytes = 0;
    constexpr auto most = static_cast<quint64>(std::numeric_limits<qint64>::max());
    if (qMulOverflow<quint64>(facts.f_bavail, facts.f_frsize, &bytes))
        bytes = most;
    return static_cast<qint64>(std::min(bytes, most));
}

} // namespace

core::Result<> reserveSpace(int descriptor, qint64 length)
{
    const QString operation = QStringLiteral("reserve space");
    struct stat file {
    };
    if (length <= 0 || ::fstat(descriptor, &file) != 0)
        return {};
    // fallocate() takes all there is before it gives up; asking first spares everybody else's writes.
    struct statvfs volume {
    };
    constexpr qint64 statBlock = 512;
    const qint64 missing = length - static_cast<qint64>(file.st_blocks) * statBlock;
    if (::fstatvfs(descriptor, &volume) == 0 && volume.f_blocks > 0 && missing > availableBytes(volume))
        return errorFromErrno(ENOSPC, operation);
    const int outcome =
        retryInterrupted([&] { return ::fallocate(descriptor, FALLOC_FL_KEEP_SIZE, 0, length); });
    if (outcome == 0 || errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL)
        return {};
    return errorFromErrno(errno, operation);
}

core::Result<> checkWritableFolder(const QString &folder)
{
    const QString operation = QStringLiteral("check folder");
    core::Result<std::optional<FileFacts>> facts = fileFacts(folder);
    if (!facts) {
        core::Error error = facts.error();
        error.operation = operation;
        if (error.code == core::ErrorCode::PermissionDenied)
            error.code = core::ErrorCode::FolderNotWritable;
        return error;
    }
    if (!*facts)
        return core::Error{core::ErrorCode::FolderMissing, operation, ENOENT, folder};
    if (!(*facts)->isFolder)
        return core::Error{core::ErrorCode::NotAFolder, operation, ENOTDIR, folder};
    // access(2) lets root through everywhere, and /proc takes no files from anybody: only trying tells.
    QByteArray probe = QFile::encodeName(folder + QStringLiteral("/.ingather-XXXXXX"));
    const int unnamed = ::open(QFile::encodeName(folder).constData(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (unnamed >= 0) {
        ::close(unnamed);
        return {};
    }
    if (::mkdtemp(probe.data())) {
        ::rmdir(probe.constData());
        return {};
    }
    const core::Error error = errorFromErrno(errno, operation, folder);
    // A full volume is a matter of waiting, not of asking for another folder.
    if (error.code == core::ErrorCode::DiskFull)
        return {};
    return core::Error{core::ErrorCode::FolderNotWritable, operation, error.native, error.detail};
}

core::Result<bool> isMountPoint(const QString &folder)
{
    const QString operation = QStringLiteral("look for mount point");
    struct statx here {
    };
    const QByteArray name = QFile::encodeName(folder);
    const auto ask = [](const QByteArray &path, struct statx *facts) {
        return retryInterrupted(
            [&] { return ::statx(AT_FDCWD, path.constData(), AT_NO_AUTOMOUNT, STATX_BASIC_STATS, facts); });
    };
    if (ask(name, &here) != 0)
        return errorFromErrno(errno, operation, folder);
    if ((here.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0)
        return (here.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
    struct statx parent {
    };
    if (ask(name + "/..", &parent) != 0)
        return errorFromErrno(errno, operation, folder);
    return here.stx_dev_major != parent.stx_dev_major || here.stx_dev_minor != parent.stx_dev_minor;
}

core::Result<qint64> freeSpace(const QString &path)
{
    struct statvfs facts {
    };
    const QByteArray name = QFile::encodeName(path);
    if (retryInterrupted([&] { return ::statvfs(name.constData(), &facts); }) != 0)
        return errorFromErrno(errno, QStringLiteral("ask for free space"), path);
    return availableBytes(facts);
}

bool isNetworkFileSystemType(quint32 magic)
{
    // statfs(2) and linux/magic.h; written out because not every libc header has all of them.
    constexpr std::array<quint32, 17> networked{
        0x00006969, // NFS
        0x0000517B, // SMB
        0xFF534D42, // CIFS
        0xFE534D42, // SMB2
        0x65735546, // FUSE: sshfs, rclone, GVfs … and a few local ones
        0x01021997, // 9p
        0x5346414F, // AFS (OpenAFS)
        0x6B414653, // AFS (kernel)
        0x73757245, // Coda
        0x00C36400, // Ceph
        0x0000564C, // NCP
        0x7461636F, // OCFS2
        0x01161970, // GFS2
        0x0BD00BD0, // Lustre
        0x47504653, // GPFS
        0x786F4256, // VirtualBox shared folder
        0xBACBACBC, // VMware shared folder
    };
    return std::find(networked.begin(), networked.end(), magic) != networked.end();
}

core::Result<bool> isNetworkFileSystem(const QString &path)
{
    struct statfs facts {
    };
    const QByteArray name = QFile::encodeName(path);
    if (retryInterrupted([&] { return ::statfs(name.constData(), &facts); }) != 0)
        return errorFromErrno(errno, QStringLiteral("ask for the kind of file system"), path);
    return isNetworkFileSystemType(static_cast<quint32>(facts.f_type));
}

} // namespace ingather::platform
