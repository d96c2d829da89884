// SPDX-License-Identifier: MIT
#include "storage/content_sample.h"

#include "platform/descriptor.h"
#include "platform/file_system.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/stat.h>

namespace ingather::storage
{

namespace
{

const QString operation = QStringLiteral("look at content");

} // namespace

ContentSample::ContentSample(qint64 size, Read read) : m_size(size), m_read(std::move(read)) {}

core::Result<ContentSample> ContentSample::ofDescriptor(int descriptor)
{
    struct stat facts {
    };
    if (::fstat(descriptor, &facts) != 0)
        return platform::errorFromErrno(errno, operation);
    ContentSample sample(facts.st_size, [descriptor](qint64 offset, qint64 length) {
        QByteArray bytes(length, Qt::Uninitialized);
        const core::Result<qint64> count =
            platform::readAt(descriptor, bytes.data(), length, offset, operation);
        if (!count)
            return core::Result<QByteArray>(count.error());
        bytes.truncate(*count);
        return core::Result<QByteArray>(std::move(bytes));
    });
    core::Result<QByteArray> head = sample.window(0, headLength);
    if (!head)
        return head.error();
    sample.m_head = std::move(*head);
    return sample;
}

ContentSample ContentSample::ofBytes(QByteArrayView bytes)
{
    ContentSample sample(bytes.size(), [bytes](qint64 offset, qint64 length) {
        return core::Result<QByteArray>(bytes.sliced(offset, length).toByteArray());
    });
    sample.m_head = bytes.first(std::min<qsizetype>(bytes.size(), headLength)).toByteArray();
    return sample;
}

core::Result<QByteArray> ContentSample::window(qint64 offset, qint64 length) const
{
    if (offset < 0 || offset >= m_size || length <= 0)
        return QByteArray();
    return m_read(offset, std::min({length, longestWindow, m_size - offset}));
}

core::Result<QByteArray> ContentSample::tail(qint64 length) const
{
    const qint64 start = std::max<qint64>(0, m_size - std::min(length, longestWindow - 4)) & ~qint64(3);
    return window(start, m_size - start);
}

} // namespace ingather::storage
