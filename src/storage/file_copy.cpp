// SPDX-License-Identifier: MIT
#include "storage/filing.h"

#include "platform/crash_point.h"
#include "platform/descriptor.h"
#include "platform/file_lock.h"
#include "platform/file_system.h"
#include "storage/byte_copy.h"
#include "storage/file_reader.h"
#include "storage/part_file.h"
#include "storage/parts_folder.h"

#include <QFile>
#include <QFileInfo>

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace ingather::storage
{

namespace
{

using core::ErrorCode;
using platform::CrashPoint;
using platform::passCrashPoint;

/// Fills the empty file `to` and syncs it; checks what it holds then.
core::Result<CopyMethod> fill(int from, int to, const core::Sha256 &sha256, const StopAsked &stopAsked)
{
    Hasher hasher;
    const bool isCloned = ::ioctl(to, FICLONE, from) == 0;
    if (isCloned) {
        // The clone is read, not the source: others may be writing to that.
        const core::Result<qint64> read = readThrough(to, -1, stopAsked, [&hasher](QByteArrayView bytes) {
            hasher.add(bytes);
            return core::Result<>();
        });
        if (!read)
            return read.error();
        if (core::Result<> synced = platform::syncData(to); !synced)
            return synced.error();
    } else if (core::Result<qint64> copied = copyBytes(from, to, -1, hasher, stopAsked); !copied) {
        return copied.error();
    }
    const core::Sha256 found = hasher.digest();
    if (found != sha256)
        return core::Error{ErrorCode::FileChanged, QStringLiteral("copy file"), 0,
                           QStringLiteral("SHA-256 is ") + found.toHex()};
    return isCloned ? CopyMethod::Reflink : CopyMethod::Copy;
}

} // namespace

core::Result<CopyMethod> fileCopy(const QString &source, const QString &root, const QString &name,
                                  const QString &relativePath, const core::Sha256 &sha256,
                                  const StopAsked &stopAsked)
{
    const QString operation = QStringLiteral("copy file");
    const core::Result<QString> target = targetPath(root, relativePath, operation);
    if (!target)
        return target.error();
    if (core::Result<> valid = checkPartArguments(root, name, operation); !valid)
        return valid.error();
    const core::Result<OpenedFile> held = openForReading(source, operation);
    if (!held)
        return held.error();

    core::Result<platform::Descriptor> copy = createInPartsFolder(root, name, 0666, operation);
    if (!copy)
        return copy.error();
    const QString path = partPath(root, name);
    const auto undone = [&](core::Error error) {
        ::unlink(QFile::encodeName(path).constData());
        removePartsFolderIfEmpty(root);
        return error;
    };
    // Locked like a part, so that a clean-up elsewhere sees that it is alive.
    platform::FileLock lock = platform::FileLock::borrow(copy->number());
    if (const core::Result<bool> locked = lock.tryAcquire(); !locked)
        return undone(locked.error());
    if (core::Result<> reserved = platform::reserveSpace(copy->number(), held->size); !reserved)
        return undone(reserved.error());
    const core::Result<CopyMethod> method =
        fill(held->descriptor.number(), copy->number(), sha256, stopAsked);
    if (!method)
        return undone(method.error());
    passCrashPoint(CrashPoint::CopyBeforeRename);
    if (core::Result<> renamed = platform::renameNoReplace(path, *target); !renamed)
        return undone(withVolumeInMind(renamed.error(), root));
    passCrashPoint(CrashPoint::CopyAfterRename);
    if (core::Result<> synced = platform::syncDirectory(QFileInfo(*target).path()); !synced)
        return synced.error();
    removePartsFolderIfEmpty(root);
    return method;
}

} // namespace ingather::storage
