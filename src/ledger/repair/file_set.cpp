// SPDX-License-Identifier: MIT
#include "ledger/repair/file_set.h"

#include "core/error.h"
#include "platform/descriptor.h"
#include "platform/file_system.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;
using platform::Descriptor;

namespace
{

constexpr qint64 blockSize = qint64{1} << 20;
const QString copying = QStringLiteral("copy ledger files");

Error cancelled()
{
    return {ErrorCode::Cancelled, copying, 0, {}};
}

/// The source's SHA-256, hex.
Result<QByteArray> copyFile(const QString &from, const QString &to, const core::WorkControl &control)
{
    const Result<Descriptor> source = platform::openFile(from, O_RDONLY, copying);
    if (!source)
        return source.error();
    const Result<Descriptor> target =
        platform::openFile(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, copying, 0600);
    if (!target)
        return target.error();
    QCryptographicHash hash(QCryptographicHash::Sha256);
    QByteArray block(blockSize, Qt::Uninitialized);
    const qint64 total = QFileInfo(from).size();
    for (qint64 offset = 0;;) {
        if (control.isStopped())
            return cancelled();
        const Result<qint64> count =
            platform::readAt(source->number(), block.data(), blockSize, offset, copying);
        if (!count)
            return count.error();
        if (*count == 0)
            break;
        const QByteArrayView bytes(block.constData(), *count);
        hash.addData(bytes);
        const Result<> written = platform::writeAt(target->number(), bytes, offset, copying);
        if (!written)
            return written.error();
        offset += *count;
        control.report(core::WorkStep::CopyingLedger, offset, total);
    }
    const Result<> synced = platform::syncData(target->number());
    if (!synced)
        return synced.error();
    return hash.result().toHex();
}

Result<> compare(const QString &a, const QString &b)
{
    const Result<Descriptor> first = platform::openFile(a, O_RDONLY, copying);
    if (!first)
        return first.error();
    const Result<Descriptor> second = platform::openFile(b, O_RDONLY, copying);
    if (!second)
        return second.error();
    QByteArray one(blockSize, Qt::Uninitialized);
    QByteArray two(blockSize, Qt::Uninitialized);
    for (qint64 offset = 0;;) {
        const Result<qint64> count =
            platform::readAt(first->number(), one.data(), blockSize, offset, copying);
        if (!count)
            return count.error();
        const Result<qint64> other =
            platform::readAt(second->number(), two.data(), blockSize, offset, copying);
        if (!other)
            return other.error();
        if (*count != *other || !std::equal(one.constData(), one.constData() + *count, two.constData()))
            return Error{ErrorCode::LedgerIoError, copying, 0,
                         b + QStringLiteral(" differs from its source")};
        if (*count == 0)
            return {};
        offset += *count;
    }
}

Result<std::optional<qint64>> sizeOf(const QString &path)
{
    const Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(path);
    if (!facts)
        return facts.error();
    return *facts ? std::optional<qint64>((*facts)->size) : std::nullopt;
}

} // namespace

const QStringList &fileSetSuffixes()
{
    static const QStringList suffixes{QString(), QStringLiteral("-wal"), QStringLiteral("-shm"),
                                      QStringLiteral("-journal")};
    return suffixes;
}

Result<qint64> fileSetSize(const QString &database)
{
    qint64 total = 0;
    for (const QString &suffix : fileSetSuffixes()) {
        const Result<std::optional<qint64>> size = sizeOf(database + suffix);
        if (!size)
            return size.error();
        total += size->value_or(0);
    }
    return total;
}

qint64 roomNeededFor(qint64 size)
{
    return 3 * size;
}

Result<> checkRoomFor(qint64 size, qint64 free)
{
    if (free >= roomNeededFor(size))
        return {};
    return Error{ErrorCode::LedgerFull, QStringLiteral("repair ledger"), 0,
                 QStringLiteral("%1 bytes needed, %2 free").arg(roomNeededFor(size)).arg(free)};
}

Result<> copyFileSet(const QString &database, const QString &target, const core::WorkControl &control)
{
    for (const QString &suffix : fileSetSuffixes()) {
        const Result<std::optional<qint64>> size = sizeOf(database + suffix);
        if (!size)
            return size.error();
        if (!*size)
            continue;
        const Result<QByteArray> copied = copyFile(database + suffix, target + suffix, control);
        if (!copied)
            return copied.error();
    }
    return platform::syncDirectory(QFileInfo(target).absolutePath());
}

Result<> setAsideFileSet(const QString &database, const QString &folder, const core::WorkControl &control)
{
    const QString name = QFileInfo(database).fileName();
    QByteArray sums;
    for (const QString &suffix : fileSetSuffixes()) {
        const QString source = database + suffix;
        const Result<std::optional<qint64>> size = sizeOf(source);
        if (!size)
            return size.error();
        if (!*size)
            continue;
        const QString target = folder + u'/' + name + suffix;
        const Result<QByteArray> sum = copyFile(source, target, control);
        if (!sum)
            return sum.error();
        const Result<> same = compare(source, target);
        if (!same)
            return same;
        if (::chmod(QFile::encodeName(target).constData(), 0400) != 0)
            return platform::errorFromErrno(errno, copying, target);
        sums += *sum + "  " + QFile::encodeName(name + suffix) + '\n';
    }
    return platform::replaceFileDurably(folder + QStringLiteral("/SHA256SUMS"), sums);
}

} // namespace ingather::ledger
