// SPDX-License-Identifier: MIT
#include "ledger/write_lock.h"

#include "core/error.h"

#include <QStringList>

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

constexpr int largestContent = 4096;

} // namespace

QString WriteLock::pathFor(const QString &ledgerPath)
{
    return ledgerPath + QStringLiteral(".wlock");
}

Result<> WriteLock::open(const QString &ledgerPath, bool create)
{
    Result<platform::FileLock> lock = platform::FileLock::open(pathFor(ledgerPath), create);
    if (!lock) {
        Error error = lock.error();
        error.code = error.code == ErrorCode::PermissionDenied ? ErrorCode::LedgerReadOnly
                                                               : ErrorCode::LedgerCannotOpen;
        error.operation = QStringLiteral("open ledger lock");
        return error;
    }
    m_lock = std::move(*lock);
    m_generation = read().generation;
    return {};
}

Result<> WriteLock::acquire(std::chrono::milliseconds patience, const QString &owner, qint64 epoch)
{
    const Result<bool> acquired = m_lock.acquire(patience);
    if (!acquired)
        return acquired.error();
    if (!*acquired) {
        const QString holder = read().owner;
        return Error{ErrorCode::LedgerBusy, QStringLiteral("take ledger write lock"), 0,
                     QStringLiteral("held by ") + (holder.isEmpty() ? QStringLiteral("somebody") : holder)};
    }
    const Content content = read();
    if (content.generation > m_generation) {
        release();
        return Error{ErrorCode::LedgerSwapped, QStringLiteral("take ledger write lock"), 0,
                     QStringLiteral("generation %1, opened at %2").arg(content.generation).arg(m_generation)};
    }
    if (content.owner != owner || content.epoch != epoch) {
        const Result<> written = write({m_generation, epoch, owner});
        if (!written) {
            release();
            return written;
        }
    }
    return {};
}

void WriteLock::release()
{
    m_lock.release();
}

Result<> WriteLock::raiseGeneration(const QString &owner, qint64 epoch)
{
    Q_ASSERT(isHeld());
    const Result<> written = write({m_generation + 1, epoch, owner});
    if (written)
        ++m_generation;
    return written;
}

bool WriteLock::hasRisen() const
{
    return isOpen() && read().generation > m_generation;
}

WriteLock::Content WriteLock::read() const
{
    QByteArray bytes(largestContent, '\0');
    const ssize_t count = ::pread(m_lock.descriptor(), bytes.data(), static_cast<size_t>(bytes.size()), 0);
    bytes.truncate(count > 0 ? static_cast<qsizetype>(count) : 0);

    Content content;
    const QList<QByteArray> lines = bytes.split('\n');
    for (const QByteArray &line : lines) {
        const qsizetype blank = line.indexOf(' ');
        const QByteArray name = line.left(blank);
        const QByteArray value = line.mid(blank + 1);
        if (name == "generation")
            content.generation = value.toLongLong();
        else if (name == "epoch")
            content.epoch = value.toLongLong();
        else if (name == "owner")
            content.owner = QString::fromUtf8(value);
    }
    return content;
}

Result<> WriteLock::write(const Content &content) const
{
    // The generation comes first and always in the same width: a reader that looks while the
    // holder's name is being written still sees it whole.
    QString owner = content.owner.left(largestContent / 8);
    owner.replace(u'\n', u' ');
    const QByteArray bytes = QStringLiteral("generation %1\nepoch %2\nowner %3\n")
                                 .arg(content.generation, 10, 10, QLatin1Char('0'))
                                 .arg(content.epoch)
                                 .arg(owner)
                                 .toUtf8();
    const int descriptor = m_lock.descriptor();
    if (::pwrite(descriptor, bytes.constData(), static_cast<size_t>(bytes.size()), 0) != bytes.size() ||
        ::ftruncate(descriptor, bytes.size()) != 0) {
        const int number = errno;
        return Error{number == ENOSPC ? ErrorCode::LedgerFull : ErrorCode::LedgerIoError,
                     QStringLiteral("write ledger lock"), number,
                     QString::fromLocal8Bit(std::strerror(number))};
    }
    return {};
}

} // namespace ingather::ledger
