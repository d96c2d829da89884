// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "platform/descriptor.h"
#include "platform/file_lock.h"

#include <QString>

namespace ingather::storage
{

// What the operations on parts share: names, the folder that comes and goes, the lock.

QString partPath(const QString &root, const QString &name);
QString sidecarPath(const QString &root, const QString &name);

/// InvalidArgument unless `root` is absolute and `name` is one plain path component (and no sidecar's).
core::Result<> checkPartArguments(const QString &root, const QString &name, const QString &operation);

/// The same error, or VolumeAbsent if it says that something is missing because the whole root is.
core::Error withVolumeInMind(core::Error error, const QString &root);

/// Creates a file in the parts folder, and the folder if need be, again and again if others remove it
/// at the same moment. FileExists; VolumeAbsent if the root is missing, which is never made.
core::Result<platform::Descriptor> createInPartsFolder(const QString &root, const QString &fileName,
                                                       unsigned mode, const QString &operation);

/// Best effort: succeeds only on an empty folder, so whoever creates a part at this moment loses nothing.
void removePartsFolderIfEmpty(const QString &root);

/// An existing part, open for reading and writing and locked. `descriptor` outlives `lock`.
struct LockedPart {
    platform::Descriptor descriptor;
    platform::FileLock lock;
    qint64 size = 0;
    quint64 links = 0;
};

/// PartMissing, VolumeAbsent, PartLocked, or PartDamaged if the name is not a regular file's. Once locked,
/// the name is known to be still this file's: an adopter may have renamed it between the two calls.
core::Result<LockedPart> openLockedPart(const QString &root, const QString &name, const QString &operation);

/// `<root>/<relativePath>`, checked: a plain relative path whose folders exist and are real ones, not in
/// the parts folder. InvalidArgument, FolderMissing, NotAFolder (a link, too), VolumeAbsent.
core::Result<QString> targetPath(const QString &root, const QString &relativePath, const QString &operation);

} // namespace ingather::storage
