// SPDX-License-Identifier: MIT
#include "storage/part_writer.h"

#include "platform/descriptor.h"
#include "platform/file_system.h"

#include <limits>

namespace ingather::storage
{

namespace
{

/// Spreads the disk's work over the download, so that the last sync finds little left to do.
constexpr qint64 writeBackStep = 8 << 20;
constexpr qint64 hashedAtATime = 1 << 20;

} // namespace

PartWriter::PartWriter(int descriptor, Hasher hasher, qint64 length, qint64 extent)
    : m_descriptor(descriptor), m_hasher(std::move(hasher)), m_length(length), m_durableLength(length),
      m_extent(extent), m_writeBackFrom(length)
{
}

core::Result<> PartWriter::append(QByteArrayView bytes)
{
    static const QString operation = QStringLiteral("write part");
    if (const std::optional<core::Error> failure = syncFailure())
        return *failure;
    if (bytes.size() > std::numeric_limits<qint64>::max() - m_length)
        return core::Error{core::ErrorCode::InvalidArgument, operation, 0, {}};
    // What a failed write leaves beyond m_length is overwritten by the next one, or cut off.
    if (core::Result<> written = platform::writeAt(m_descriptor, bytes, m_length, operation); !written)
        return written;
    m_hasher.add(bytes);
    m_length += bytes.size();
    if (m_length - m_writeBackFrom >= writeBackStep) {
        platform::startWriteBack(m_descriptor, m_writeBackFrom, m_length - m_writeBackFrom);
        m_writeBackFrom = m_length;
    }
    return {};
}

core::Result<> PartWriter::writeAt(QByteArrayView bytes, qint64 offset)
{
    static const QString operation = QStringLiteral("write part");
    if (const std::optional<core::Error> failure = syncFailure())
        return *failure;
    if (offset < 0 || bytes.size() > std::numeric_limits<qint64>::max() - offset)
        return core::Error{core::ErrorCode::InvalidArgument, operation, 0, {}};
    if (core::Result<> written = platform::writeAt(m_descriptor, bytes, offset, operation); !written)
        return written;
    const qint64 end = offset + bytes.size();
    qint64 known = m_extent;
    while (known < end && !m_extent.compare_exchange_weak(known, end)) {
    }
    return {};
}

core::Result<> PartWriter::hashUpTo(qint64 end)
{
    const QString operation = QStringLiteral("hash part");
    QByteArray block(std::clamp<qint64>(end - m_length, 0, hashedAtATime), Qt::Uninitialized);
    while (m_length < end) {
        const qint64 wanted = std::min<qint64>(block.size(), end - m_length);
        const core::Result<qint64> read =
            platform::readAt(m_descriptor, block.data(), wanted, m_length, operation);
        if (!read)
            return read.error();
        if (*read != wanted)
            return core::Error{core::ErrorCode::PartDamaged, operation, 0,
                               QStringLiteral("%1 bytes of %2").arg(m_length + *read).arg(end)};
        m_hasher.add(QByteArrayView(block).first(wanted));
        m_length += wanted;
    }
    return {};
}

core::Result<> PartWriter::sync()
{
    if (const std::optional<core::Error> failure = syncFailure())
        return *failure;
    const qint64 written = m_length;
    if (core::Result<> synced = platform::syncData(m_descriptor); !synced) {
        const std::lock_guard lock(m_mutex);
        m_syncFailure = synced.error();
        m_syncFailure->operation = QStringLiteral("sync part");
        return *m_syncFailure;
    }
    m_durableLength = written;
    return {};
}

std::optional<core::Error> PartWriter::syncFailure() const
{
    const std::lock_guard lock(m_mutex);
    return m_syncFailure;
}

} // namespace ingather::storage
