// SPDX-License-Identifier: MIT
#include "storage/filing.h"

#include "platform/crash_point.h"
#include "platform/file_system.h"
#include "storage/parts_folder.h"
#include "storage/sidecar.h"

#include <QFileInfo>

namespace ingather::storage
{

using core::ErrorCode;
using platform::CrashPoint;
using platform::passCrashPoint;

core::Result<> filePart(const QString &root, const QString &partName, const QString &relativePath,
                        Durability durability)
{
    const QString operation = QStringLiteral("file part");
    if (core::Result<> valid = checkPartArguments(root, partName, operation); !valid)
        return valid;
    const core::Result<QString> target = targetPath(root, relativePath, operation);
    if (!target)
        return target.error();
    // Whoever still has it open for writing would go on writing into the filed document.
    const core::Result<LockedPart> part = openLockedPart(root, partName, operation);
    if (!part)
        return part.error();
    passCrashPoint(CrashPoint::FilingBeforeRename);
    if (core::Result<> renamed = platform::renameNoReplace(partPath(root, partName), *target); !renamed)
        return withVolumeInMind(renamed.error(), root);
    passCrashPoint(CrashPoint::FilingAfterRename);
    // The sidecar goes before the syncs, so that one journal commit covers all three changes.
    removeSidecar(root, partName);
    if (durability == Durability::OnReturn) {
        if (core::Result<> synced = platform::syncDirectory(QFileInfo(*target).path()); !synced)
            return synced;
        // Another lane may have found the folder empty and removed it.
        const core::Result<> synced = platform::syncDirectory(partsFolder(root));
        if (!synced && synced.error().code != ErrorCode::FileMissing)
            return synced;
        passCrashPoint(CrashPoint::FilingAfterSync);
    }
    removePartsFolderIfEmpty(root);
    return {};
}

core::Result<> removeFiled(const QString &root, const QString &relativePath)
{
    const core::Result<QString> target = targetPath(root, relativePath, QStringLiteral("remove file"));
    if (!target)
        return target.error();
    passCrashPoint(CrashPoint::RemovalBefore);
    const core::Result<> removed = platform::removeFile(*target);
    if (!removed && removed.error().code != ErrorCode::FileMissing)
        return withVolumeInMind(removed.error(), root);
    passCrashPoint(CrashPoint::RemovalAfter);
    return platform::syncDirectory(QFileInfo(*target).path());
}

core::Result<> verifyFile(const QString &path, qint64 size, const core::Sha256 &sha256,
                          const StopAsked &stopAsked)
{
    const QString operation = QStringLiteral("verify file");
    const core::Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(path);
    if (!facts)
        return facts.error();
    if (!*facts)
        return core::Error{ErrorCode::FileMissing, operation, 0, path};
    const auto changed = [&](const QString &how) {
        return core::Error{ErrorCode::FileChanged, operation, 0, path + QStringLiteral(": ") + how};
    };
    if (!(*facts)->isRegular)
        return changed(QStringLiteral("not a regular file"));
    if ((*facts)->size != size)
        return changed(QStringLiteral("%1 bytes instead of %2").arg((*facts)->size).arg(size));
    const core::Result<core::Sha256> found = hashFile(path, -1, stopAsked);
    if (!found)
        return found.error();
    if (*found != sha256)
        return changed(QStringLiteral("SHA-256 is ") + found->toHex());
    return {};
}

} // namespace ingather::storage
