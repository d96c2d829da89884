// SPDX-License-Identifier: MIT
#include "storage/filing.h"

#include "platform/crash_point.h"
#include "platform/descriptor.h"
#include "platform/file_system.h"
#include "platform/nonce.h"
#include "storage/byte_copy.h"
#include "storage/file_reader.h"
#include "storage/log.h"
#include "storage/part_file.h"
#include "storage/parts_folder.h"
#include "storage/sidecar.h"

#include <QDebug>
#include <QDir>
#include <QFile>

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace ingather::storage
{

namespace
{

using core::ErrorCode;
using platform::CrashPoint;
using platform::passCrashPoint;

/// Renames to `folder/fileName`, or to the first of "fileName.2", "fileName.3" … that is free.
core::Result<QString> renameToFreeName(const QString &from, const QString &folder, const QString &fileName)
{
    constexpr int mostNames = 10'000;
    const QString path = folder + u'/' + fileName;
    for (int n = 1; n <= mostNames; ++n) {
        const QString to = n == 1 ? path : path + u'.' + QString::number(n);
        const core::Result<> renamed = platform::renameNoReplace(from, to);
        if (renamed)
            return to;
        if (renamed.error().code != ErrorCode::FileExists)
            return renamed.error();
    }
    return core::Error{ErrorCode::NameExhausted, QStringLiteral("quarantine part"), 0, path};
}

core::Result<QString> copyToFreeName(int part, const QString &folder, const QString &fileName)
{
    const QString operation = QStringLiteral("quarantine part");
    const QString temporary = folder + QStringLiteral("/.") + platform::newNonce() + QStringLiteral(".tmp");
    const core::Result<platform::Descriptor> copy =
        platform::openFile(temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, operation);
    if (!copy)
        return copy.error();
    Hasher unused;
    const core::Result<qint64> copied = copyBytes(part, copy->number(), -1, unused);
    core::Result<QString> placed =
        copied ? renameToFreeName(temporary, folder, fileName) : core::Result<QString>(copied.error());
    if (!placed)
        ::unlink(QFile::encodeName(temporary).constData());
    return placed;
}

} // namespace

core::Result<QString> quarantinePart(const QString &root, const QString &partName, const QString &folder,
                                     const QString &fileName)
{
    const QString operation = QStringLiteral("quarantine part");
    if (core::Result<> valid = checkPartArguments(root, partName, operation); !valid)
        return valid.error();
    if (!QDir::isAbsolutePath(folder) || fileName.isEmpty() || fileName == u"." || fileName == u".." ||
        fileName.contains(u'/'))
        return core::Error{ErrorCode::InvalidArgument, operation, 0, fileName};
    const core::Result<LockedPart> part = openLockedPart(root, partName, operation);
    if (!part)
        return part.error();
    if (!QDir().mkpath(folder)) {
        const core::Result<> why = platform::checkWritableFolder(folder);
        return why ? platform::errorFromErrno(EACCES, operation, folder) : why.error();
    }
    passCrashPoint(CrashPoint::QuarantineBeforeRename);
    const QString path = partPath(root, partName);
    core::Result<QString> placed = renameToFreeName(path, folder, fileName);
    if (!placed && placed.error().native == EXDEV) {
        placed = copyToFreeName(part->descriptor.number(), folder, fileName);
        if (placed) {
            // The copy must be there for good before the original goes.
            if (core::Result<> synced = platform::syncDirectory(folder); !synced)
                return synced.error();
            ::unlink(QFile::encodeName(path).constData());
        }
    }
    if (!placed)
        return placed;
    passCrashPoint(CrashPoint::QuarantineAfterRename);
    removeSidecar(root, partName);
    if (core::Result<> synced = platform::syncDirectory(folder); !synced)
        return synced.error();
    removePartsFolderIfEmpty(root);
    qCInfo(logStorage).noquote() << "in quarantine:" << *placed;
    return placed;
}

core::Result<qint64> copyToPart(const QString &source, const QString &root, const QString &partName,
                                const PartDescription &description)
{
    const core::Result<OpenedFile> file = openForReading(source, QStringLiteral("take out of quarantine"));
    if (!file)
        return file.error();
    core::Result<PartFile> part = PartFile::create(root, partName, description);
    if (!part)
        return part.error();
    const core::Result<qint64> read = readThrough(
        file->descriptor.number(), -1, {}, [&part](QByteArrayView bytes) { return part->append(bytes); });
    if (!read)
        return read.error();
    if (core::Result<> closed = part->close(); !closed)
        return closed.error();
    return part->length();
}

} // namespace ingather::storage
