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

} // namespace

PartWriter::PartWriter(int descriptor, Hasher hasher, qint64 length)
    : m_descriptor(descriptor), m_hasher(std::move(hasher)), m_length(length), m_durableLength(length),
      m_writeBackFrom(length)
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
