// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <functional>

namespace ingather::storage
{

/// Bounded looks into a file: its start at once, windows of it on demand. Memory does not grow with the file.
class ContentSample final
{
public:
    static constexpr qint64 headLength = 8 * 1024;
    /// Windows are never longer, whatever is asked for.
    static constexpr qint64 longestWindow = 1024 * 1024;

    /// Of an open regular file, which must stay open as long as the sample.
    static core::Result<ContentSample> ofDescriptor(int descriptor);
    /// Of bytes in memory, which must outlive the sample.
    static ContentSample ofBytes(QByteArrayView bytes);

    qint64 size() const { return m_size; }
    const QByteArray &head() const { return m_head; }
    /// The bytes from `offset` on that there are, at most `length`; none for an offset outside of the file.
    core::Result<QByteArray> window(qint64 offset, qint64 length) const;
    /// The last bytes, at most about `length`: the window starts at a multiple of four, so that wide
    /// characters stay whole.
    core::Result<QByteArray> tail(qint64 length) const;

private:
    using Read = std::function<core::Result<QByteArray>(qint64 offset, qint64 length)>;

    ContentSample(qint64 size, Read read);

    qint64 m_size = 0;
    Read m_read;
    QByteArray m_head;
};

} // namespace ingather::storage
