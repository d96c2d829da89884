// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace ingather::platform
{

/// errno → Error. ENOSPC, EDQUOT → DiskFull; EIO, ENODEV, ENXIO, ESTALE, ENOTCONN … → VolumeFailing; EACCES,
/// EPERM, EROFS → PermissionDenied; EEXIST → FileExists; ENOENT → FileMissing; ENOTDIR → NotAFolder; else
/// FileError.
core::Error errorFromErrno(int errorNumber, const QString &operation, const QString &path = {});

/// Renames within one file system and never replaces: renameat2(RENAME_NOREPLACE), or link+unlink where
/// the file system refuses the flag, or over an empty placeholder where it has no hard links either.
/// FileExists if `to` is taken.
core::Result<> renameNoReplace(const QString &from, const QString &to);

/// fsync on a folder, so that a rename or unlink in it survives a power cut.
core::Result<> syncDirectory(const QString &folder);

/// unlink(2); its folder is not synced. FileMissing if there is none.
core::Result<> removeFile(const QString &path);

/// fdatasync.
core::Result<> syncData(int descriptor);

/// syncfs on the file system that `folder` lies on: everything written to it so far is durable afterwards.
/// Dearer than syncData() for one file, far cheaper for a group of small ones.
core::Result<> syncVolume(const QString &folder);

/// Starts write-back of a byte range without waiting (sync_file_range); no durability is implied.
void startWriteBack(int descriptor, qint64 offset, qint64 length);

/// Reserves blocks beyond the end without changing the file's length (fallocate KEEP_SIZE); a file
/// system that can't is fine. DiskFull if there is no room.
core::Result<> reserveSpace(int descriptor, qint64 length);

/// Writes a small file as a whole: temporary name beside it, fdatasync, rename over, folder synced.
core::Result<> replaceFileDurably(const QString &path, const QByteArray &content);

struct FileFacts {
    qint64 size = 0;
    qint64 allocated = 0; ///< bytes of blocks that it has, those reserved behind its end too
    quint64 device = 0;
    quint64 inode = 0;
    double modifiedAt = 0; ///< Unix seconds
    bool isFolder = false;
    bool isRegular = false;
};

/// stat(2); nullopt if nothing is there. Errors for everything else.
core::Result<std::optional<FileFacts>> fileFacts(const QString &path);

/// Whether a folder is where a file system is mounted (statx(2), else by its parent's device).
core::Result<bool> isMountPoint(const QString &folder);

/// A folder that files can be put in: exists, is a folder, is writable.
/// FolderMissing, NotAFolder or FolderNotWritable otherwise. Creates nothing.
core::Result<> checkWritableFolder(const QString &folder);

/// Bytes that this user may still write at `path`.
core::Result<qint64> freeSpace(const QString &path);

/// NFS, SMB/CIFS, FUSE, 9p and the like, by statfs magic: no place for SQLite's WAL.
core::Result<bool> isNetworkFileSystem(const QString &path);

} // namespace ingather::platform
