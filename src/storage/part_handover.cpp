// SPDX-License-Identifier: MIT
#include "storage/part_file.h"

#include "platform/crash_point.h"
#include "platform/file_system.h"
#include "storage/byte_copy.h"
#include "storage/file_reader.h"
#include "storage/log.h"
#include "storage/parts_folder.h"
#include "storage/sidecar.h"

#include <QDebug>
#include <QFile>

#include <unistd.h>

namespace ingather::storage
{

namespace
{

using core::ErrorCode;
using platform::CrashPoint;
using platform::passCrashPoint;

/// The older part stays with the zombie that holds it; we take what was durable. It writes only beyond that.
core::Result<> copyPart(const QString &root, const QString &olderName, const QString &newName,
                        qint64 durableLength, const QString &operation)
{
    const core::Result<OpenedFile> older = openForReading(partPath(root, olderName), operation);
    if (!older) {
        core::Error error = withVolumeInMind(older.error(), root);
        if (error.code == ErrorCode::FileMissing)
            error.code = ErrorCode::PartMissing;
        return error;
    }
    core::Result<platform::Descriptor> copy = createInPartsFolder(root, newName, 0666, operation);
    if (!copy)
        return copy.error();
    const auto undone = [&](core::Error error) {
        ::unlink(QFile::encodeName(partPath(root, newName)).constData());
        return error;
    };
    Hasher unused;
    const core::Result<qint64> copied =
        copyBytes(older->descriptor.number(), copy->number(), durableLength, unused);
    if (!copied)
        return undone(copied.error());
    if (*copied != durableLength)
        return undone({ErrorCode::PartDamaged, operation, 0,
                       QStringLiteral("%1 bytes of %2: ").arg(*copied).arg(durableLength) + olderName});
    return {};
}

} // namespace

core::Result<> adoptPart(const QString &root, const QString &olderName, const QString &newName,
                         qint64 durableLength)
{
    const QString operation = QStringLiteral("adopt part");
    for (const QString &name : {olderName, newName}) {
        if (core::Result<> valid = checkPartArguments(root, name, operation); !valid)
            return valid;
    }
    if (olderName == newName || durableLength < 0)
        return core::Error{ErrorCode::InvalidArgument, operation, 0, newName};

    const core::Result<LockedPart> older = openLockedPart(root, olderName, operation);
    const bool isHeldByOther = !older && older.error().code == ErrorCode::PartLocked;
    if (!older && !isHeldByOther)
        return older.error();

    // The new sidecar before the new name, so that at every moment each part has one. It is no condition:
    // a part without a readable sidecar is as good.
    bool hasSidecar = false;
    if (const core::Result<QByteArray> text = readSidecarText(root, olderName)) {
        if (core::Result<> written = writeSidecarText(root, newName, *text); !written)
            return written;
        hasSidecar = true;
    }
    passCrashPoint(CrashPoint::AdoptBeforeRename);
    core::Result<> moved;
    if (isHeldByOther)
        moved = copyPart(root, olderName, newName, durableLength, operation);
    else
        moved = platform::renameNoReplace(partPath(root, olderName), partPath(root, newName));
    if (!moved) {
        if (hasSidecar)
            removeSidecar(root, newName);
        return withVolumeInMind(moved.error(), root);
    }
    passCrashPoint(CrashPoint::AdoptAfterRename);
    qCInfo(logStorage).noquote() << (isHeldByOther ? "copied" : "renamed") << olderName << "to" << newName;
    if (!isHeldByOther)
        removeSidecar(root, olderName);
    if (core::Result<> synced = syncSidecar(root, newName); !synced)
        return synced;
    return platform::syncDirectory(partsFolder(root));
}

core::Result<> discardPart(const QString &root, const QString &name)
{
    const QString operation = QStringLiteral("discard part");
    if (core::Result<> valid = checkPartArguments(root, name, operation); !valid)
        return valid;
    // Held until the name is gone. What is not a file cannot be locked by a writer either.
    const core::Result<LockedPart> part = openLockedPart(root, name, operation);
    const bool mayGoOn =
        part || part.error().code == ErrorCode::PartMissing || part.error().code == ErrorCode::PartDamaged;
    if (!mayGoOn)
        return part.error();
    passCrashPoint(CrashPoint::DiscardBefore);
    const bool isThere = part || part.error().code != ErrorCode::PartMissing;
    const core::Result<> removed = isThere ? platform::removeFile(partPath(root, name)) : core::Result<>();
    if (!removed && removed.error().code != ErrorCode::FileMissing)
        return removed;
    removeSidecar(root, name);
    removePartsFolderIfEmpty(root);
    passCrashPoint(CrashPoint::DiscardAfter);
    if (isThere)
        qCDebug(logStorage).noquote() << "discarded" << name;
    return {};
}

} // namespace ingather::storage
