// SPDX-License-Identifier: MIT
#include "storage/part_file.h"

#include "platform/crash_point.h"
#include "platform/descriptor.h"
#include "platform/file_system.h"
#include "storage/file_reader.h"
#include "storage/log.h"
#include "storage/part_writer.h"
#include "storage/parts_folder.h"
#include "storage/sidecar.h"

#include <QDebug>
#include <QFile>
#include <QRegularExpression>

#include <algorithm>

#include <unistd.h>

namespace ingather::storage
{

namespace
{

using core::ErrorCode;
using platform::CrashPoint;
using platform::passCrashPoint;

/// Up to this size a part is worth less than a sidecar, and than the syncs that would make its name survive a
/// power cut before it is complete: it is fetched again. (kill -9 loses no part, whatever the size.)
constexpr qint64 smallPart = 1 << 20;

bool isSafeInFileName(const QString &text)
{
    constexpr qsizetype longest = 64;
    return text.size() <= longest && std::all_of(text.begin(), text.end(), [](QChar c) {
               return c.unicode() < 0x80 && (c.isLetterOrNumber() || c == u'-' || c == u'_');
           });
}

QString claimName(const core::JobId &job, core::Fence fence, int n)
{
    QString stem = job.value;
    // Ids of other writers may be of any form; the hash of one is as unique, and a file name.
    if (stem.isEmpty() || !isSafeInFileName(stem)) {
        Hasher hasher;
        hasher.add(job.value.toUtf8());
        stem = QStringLiteral("id-") + hasher.digest().toHex().left(32);
    }
    return stem + QStringLiteral(".%1-%2").arg(fence.value).arg(n);
}

} // namespace

QString partName(const core::JobId &job, core::Fence fence, int n)
{
    return claimName(job, fence, n) + QStringLiteral(".part");
}

QString copyName(const core::JobId &job, core::Fence fence, int n)
{
    return claimName(job, fence, n) + QStringLiteral(".copy");
}

std::optional<core::JobId> jobOfPart(const QString &name)
{
    static const QRegularExpression form(QStringLiteral("\\A(.+)\\.\\d+-\\d+\\.(?:part|copy)\\z"));
    const QRegularExpressionMatch match = form.match(name);
    return match.hasMatch() ? std::optional(core::JobId{match.captured(1)}) : std::nullopt;
}

struct PartFile::Private {
    QString root;
    QString name;
    LockedPart part;
    PartWriter writer;
    /// What the sidecar is to say; empty once it is there.
    QByteArray unwrittenSidecar;
    /// Sidecar and names have been synced, so that what is durable can also be found again.
    bool isAnchored = false;

    Private(QString rootPath, QString partName, LockedPart locked, Hasher hasher, qint64 length,
            qint64 extent = 0)
        : root(std::move(rootPath)), name(std::move(partName)), part(std::move(locked)),
          writer(part.descriptor.number(), std::move(hasher), length, extent)
    {
    }

    core::Result<> anchor()
    {
        if (isAnchored)
            return {};
        if (!unwrittenSidecar.isEmpty()) {
            if (core::Result<> written = writeSidecarText(root, name, unwrittenSidecar); !written)
                return written;
            unwrittenSidecar.clear();
            passCrashPoint(CrashPoint::PartSidecarWritten);
        }
        if (core::Result<> synced = syncSidecar(root, name); !synced)
            return synced;
        if (core::Result<> synced = platform::syncDirectory(partsFolder(root)); !synced)
            return withVolumeInMind(synced.error(), root);
        isAnchored = true;
        passCrashPoint(CrashPoint::PartSidecarSynced);
        return {};
    }

    core::Error closedError() const
    {
        return core::Error{ErrorCode::Internal, QStringLiteral("use part"), 0,
                           name + QStringLiteral(": closed already")};
    }
};

PartFile::PartFile(std::unique_ptr<Private> data) : d(std::move(data)) {}
PartFile::PartFile(PartFile &&) noexcept = default;
PartFile &PartFile::operator=(PartFile &&) noexcept = default;
PartFile::~PartFile() = default;

core::Result<PartFile> PartFile::create(const QString &root, const QString &name,
                                        const PartDescription &description,
                                        const QList<core::DigestAlgorithm> &also)
{
    const QString operation = QStringLiteral("create part");
    if (core::Result<> valid = checkPartArguments(root, name, operation); !valid)
        return valid.error();
    const QByteArray sidecar = sidecarText(description);
    const qint64 size = description.validators.size.value_or(0);
    const bool isSmall = description.validators.size && size <= smallPart;
    if (!isSmall) {
        if (core::Result<> written = writeSidecarText(root, name, sidecar); !written)
            return written.error();
        passCrashPoint(CrashPoint::PartSidecarWritten);
    }

    const auto undone = [&](core::Error error, bool isPartOurs) {
        if (isPartOurs)
            ::unlink(QFile::encodeName(partPath(root, name)).constData());
        if (!isSmall)
            removeSidecar(root, name);
        removePartsFolderIfEmpty(root);
        return error;
    };
    core::Result<platform::Descriptor> file = createInPartsFolder(root, name, 0666, operation);
    if (!file)
        return undone(file.error(), false);
    LockedPart part;
    part.descriptor = std::move(*file);
    part.lock = platform::FileLock::borrow(part.descriptor.number());
    const core::Result<bool> locked = part.lock.tryAcquire();
    if (!locked || !*locked)
        return undone(locked ? core::Error{ErrorCode::PartLocked, operation, 0, name} : locked.error(), true);
    passCrashPoint(CrashPoint::PartCreated);

    auto data = std::make_unique<Private>(root, name, std::move(part), Hasher(also), 0);
    if (isSmall)
        data->unwrittenSidecar = sidecar;
    if (size > smallPart) {
        // First the description, then the space: blocks that nobody can attribute would be lost.
        if (core::Result<> anchored = data->anchor(); !anchored)
            return undone(anchored.error(), true);
    }
    if (core::Result<> reserved = platform::reserveSpace(data->part.descriptor.number(), size); !reserved)
        return undone(reserved.error(), true);
    return PartFile(std::move(data));
}

core::Result<PartFile> PartFile::resume(const QString &root, const QString &name, qint64 durableLength,
                                        const StopAsked &stopAsked, const QList<core::DigestAlgorithm> &also,
                                        qint64 keptLength)
{
    const QString operation = QStringLiteral("resume part");
    if (core::Result<> valid = checkPartArguments(root, name, operation); !valid)
        return valid.error();
    if (durableLength < 0)
        return core::Error{ErrorCode::InvalidArgument, operation, 0, QString::number(durableLength)};
    core::Result<LockedPart> part = openLockedPart(root, name, operation);
    if (!part)
        return part.error();
    const QString path = partPath(root, name);
    // A second name means that the file is filed already or somebody's copy: not ours to write into.
    if (part->links != 1)
        return core::Error{ErrorCode::PartDamaged, operation, 0,
                           path + QStringLiteral(": has %1 names").arg(part->links)};
    Hasher hasher(also);
    qint64 hashed = std::min(part->size, durableLength);
    if (hashed == durableLength) {
        const core::Result<qint64> read =
            readThrough(part->descriptor.number(), durableLength, stopAsked, [&hasher](QByteArrayView bytes) {
                hasher.add(bytes);
                return core::Result<>();
            });
        if (!read)
            return read.error();
        hashed = *read;
    }
    const qint64 kept = std::max(durableLength, keptLength);
    if (hashed != durableLength || part->size < kept)
        return core::Error{ErrorCode::PartDamaged, operation, 0,
                           QStringLiteral("%1 bytes of %2: ").arg(hashed).arg(durableLength) + path};
    if (core::Result<> cut = platform::setLength(part->descriptor.number(), kept, operation); !cut)
        return cut.error();
    auto data =
        std::make_unique<Private>(root, name, std::move(*part), std::move(hasher), durableLength, kept);
    data->isAnchored = durableLength > 0;
    qCDebug(logStorage).noquote() << "resumed" << name << "at" << durableLength << "bytes";
    return PartFile(std::move(data));
}

core::Result<> PartFile::append(QByteArrayView bytes)
{
    if (!d->part.descriptor.isOpen())
        return d->closedError();
    return d->writer.append(bytes);
}

core::Result<> PartFile::writeAt(QByteArrayView bytes, qint64 offset)
{
    if (!d->part.descriptor.isOpen())
        return d->closedError();
    return d->writer.writeAt(bytes, offset);
}

core::Result<> PartFile::hashUpTo(qint64 end)
{
    if (!d->part.descriptor.isOpen())
        return d->closedError();
    return d->writer.hashUpTo(end);
}

core::Result<> PartFile::checkpoint()
{
    if (!d->part.descriptor.isOpen())
        return d->closedError();
    passCrashPoint(CrashPoint::PartCheckpointBefore);
    if (core::Result<> anchored = d->anchor(); !anchored)
        return anchored;
    if (core::Result<> synced = d->writer.sync(); !synced)
        return synced;
    passCrashPoint(CrashPoint::PartCheckpointAfter);
    return {};
}

core::Result<QByteArray> PartFile::read(qint64 offset, qint64 size) const
{
    const QString operation = QStringLiteral("read part");
    if (!d->part.descriptor.isOpen())
        return d->closedError();
    if (offset < 0 || size < 0 || offset > d->writer.length() - size)
        return core::Error{ErrorCode::InvalidArgument, operation, 0, QString::number(offset)};
    QByteArray bytes(size, Qt::Uninitialized);
    const core::Result<qint64> got =
        platform::readAt(d->part.descriptor.number(), bytes.data(), size, offset, operation);
    if (!got)
        return got.error();
    if (*got != size)
        return core::Error{ErrorCode::PartDamaged, operation, 0, path()};
    return bytes;
}

qint64 PartFile::length() const
{
    return d->writer.length();
}

qint64 PartFile::durableLength() const
{
    return d->writer.durableLength();
}

core::Sha256 PartFile::digest() const
{
    return d->writer.digest();
}

QList<core::Digest> PartFile::digests() const
{
    return d->writer.digests();
}

QString PartFile::path() const
{
    return partPath(d->root, d->name);
}

QString PartFile::name() const
{
    return d->name;
}

core::Result<> PartFile::close(Durability durability)
{
    if (!d->part.descriptor.isOpen())
        return d->closedError();
    const bool mustSync = durability == Durability::OnReturn;
    core::Result<> outcome;
    if (mustSync && d->writer.length() > smallPart)
        outcome = d->anchor();
    if (outcome)
        outcome = platform::setLength(d->part.descriptor.number(), d->writer.extent(),
                                      QStringLiteral("close part"));
    // Even if all is durable already: the cut has to be, too.
    if (outcome && mustSync)
        outcome = d->writer.sync();
    // Closed and unlocked even after an error: what is not durable is found out by resume().
    letGo();
    passCrashPoint(CrashPoint::PartClosed);
    return outcome;
}

void PartFile::letGo()
{
    d->part.lock.release();
    d->part.descriptor.reset();
}

} // namespace ingather::storage
