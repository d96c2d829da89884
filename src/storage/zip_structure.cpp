// SPDX-License-Identifier: MIT
#include "storage/zip_structure.h"

#include <QtEndian>

#include <optional>

namespace ingather::storage
{

namespace
{

constexpr qsizetype endRecordSize = 22;
constexpr qint64 longestComment = 0xFFFF;
constexpr QByteArrayView localHeader("PK\3\4");

quint32 number32(QByteArrayView bytes, qsizetype at)
{
    return qFromLittleEndian<quint32>(bytes.data() + at);
}

quint16 number16(QByteArrayView bytes, qsizetype at)
{
    return qFromLittleEndian<quint16>(bytes.data() + at);
}

/// An end record whose comment ends within the file; the last one that does. -1 if there is none.
qsizetype findEndRecord(QByteArrayView tail)
{
    for (qsizetype at = tail.lastIndexOf("PK\5\6"); at >= 0;
         at = at > 0 ? tail.lastIndexOf("PK\5\6", at - 1) : -1) {
        if (at + endRecordSize <= tail.size() && at + endRecordSize + number16(tail, at + 20) <= tail.size())
            return at;
    }
    return -1;
}

ContentStructure cut(const QString &why)
{
    ContentStructure structure;
    structure.isWhole = false;
    structure.reason = why;
    return structure;
}

} // namespace

core::Result<ContentStructure> readZipStructure(const ContentSample &sample)
{
    const core::Result<QByteArray> tail = sample.tail(longestComment + 2 * endRecordSize);
    if (!tail)
        return tail.error();
    const qsizetype at = findEndRecord(*tail);
    if (at < 0)
        return cut(QStringLiteral("the zip archive has no directory at its end"));

    ContentStructure structure;
    const auto add = [&structure](ContentFlag flag, const QString &why) {
        structure.flags |= flag;
        if (structure.reason.isEmpty())
            structure.reason = why;
    };
    const qint64 recordAt = sample.size() - tail->size() + at;
    const quint32 size = number32(*tail, at + 12);
    const quint32 offset = number32(*tail, at + 16);
    constexpr quint32 saidByZip64 = 0xFFFFFFFF;
    const bool isZip64 = size == saidByZip64 || offset == saidByZip64;
    if (!isZip64 && qint64(size) + qint64(offset) > recordAt)
        return cut(QStringLiteral("the zip archive is shorter than its directory says"));

    const QByteArrayView head(sample.head());
    const bool isEmpty = number16(*tail, at + 10) == 0;
    if (!head.startsWith(localHeader) && !isEmpty && !head.startsWith("PK\7\x08"))
        add(ContentFlag::OddStart, QStringLiteral("the zip archive does not start at the first byte"));
    const qsizetype left = tail->size() - (at + endRecordSize + number16(*tail, at + 20));
    if (left > 0)
        add(ContentFlag::BytesAfterEnd, QStringLiteral("%1 bytes after the zip archive").arg(left));
    constexpr qsizetype flagsAt = 6;
    structure.isEncrypted =
        head.startsWith(localHeader) && head.size() >= flagsAt + 2 && (number16(head, flagsAt) & 1) != 0;
    return structure;
}

} // namespace ingather::storage
