// SPDX-License-Identifier: MIT
#include "ledger/repair/record.h"

#include <QtEndian>

#include <array>
#include <bit>
#include <cmath>

namespace ingather::ledger
{

namespace
{

constexpr int mostColumns = 32767; // the limit that no build of SQLite can raise
constexpr quint64 largestType = (quint64{1} << 31) - 1;
constexpr int longestVarint = 9;

qint64 signedInteger(QByteArrayView bytes)
{
    const quint64 sign = (static_cast<quint8>(bytes[0]) & 0x80U) != 0 ? ~quint64{0} : 0;
    quint64 value = sign;
    for (const char byte : bytes)
        value = (value << 8U) | static_cast<quint8>(byte);
    return static_cast<qint64>(value);
}

SqlValue decodeValue(quint32 type, QByteArrayView bytes)
{
    switch (type) {
    case 0:
        return {};
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
        return SqlValue::ofInteger(signedInteger(bytes));
    case 7: {
        const double real = std::bit_cast<double>(qFromBigEndian<quint64>(bytes.data()));
        return std::isnan(real) ? SqlValue() : SqlValue::ofReal(real);
    }
    case 8:
        return SqlValue::ofInteger(0);
    case 9:
        return SqlValue::ofInteger(1);
    default:
        break;
    }
    return type % 2 == 1 ? SqlValue::ofText(bytes.toByteArray()) : SqlValue::ofBlob(bytes.toByteArray());
}

} // namespace

bool Varint::isShortest() const
{
    return length == 1 || (length > 1 && value >> (7 * (length - 1)) != 0);
}

Varint readLongVarint(QByteArrayView bytes, qsizetype offset)
{
    Varint result;
    if (offset < 0)
        return result;
    for (int i = 0; i < longestVarint && offset + i < bytes.size(); ++i) {
        const auto byte = static_cast<quint8>(bytes[offset + i]);
        if (i == longestVarint - 1)
            return {(result.value << 8U) | byte, longestVarint};
        result.value = (result.value << 7U) | (byte & 0x7fU);
        if ((byte & 0x80U) == 0)
            return {result.value, i + 1};
    }
    return {};
}

bool RecordLayout::isInteger(int column) const
{
    const quint32 type = m_types[column];
    return (type >= 1 && type <= 6) || type == 8 || type == 9;
}

qint64 RecordLayout::sizeOfType(quint32 type)
{
    constexpr std::array<qint64, 12> sizes{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
    return type < sizes.size() ? sizes[type] : (qint64{type} - 12) / 2;
}

bool RecordLayout::read(QByteArrayView start, qint64 payloadSize)
{
    m_types.clear();
    const Varint size = readVarint(start, 0);
    if (size.length == 0 || size.value > static_cast<quint64>(start.size()) ||
        size.value > static_cast<quint64>(payloadSize))
        return false;
    m_headerSize = static_cast<qint64>(size.value);
    const QByteArrayView header = start.first(m_headerSize);
    qint64 end = m_headerSize;
    qsizetype at = size.length;
    while (at < header.size()) {
        const Varint type = readVarint(header, at);
        const bool isReserved = type.value == 10 || type.value == 11;
        if (type.length == 0 || isReserved || type.value > largestType || m_types.size() == mostColumns)
            return false;
        at += type.length;
        m_types.append(static_cast<quint32>(type.value));
        end += sizeOfType(m_types.last());
        if (end > payloadSize)
            return false;
    }
    return !m_types.isEmpty() && end == payloadSize;
}

std::optional<SqlRow> decodeRecord(QByteArrayView payload)
{
    RecordLayout layout;
    if (!layout.read(payload, payload.size()))
        return std::nullopt;
    SqlRow row;
    row.reserve(layout.columns());
    qsizetype at = layout.headerSize();
    for (int column = 0; column < layout.columns(); ++column) {
        const qint64 size = RecordLayout::sizeOfType(layout.type(column));
        row.append(decodeValue(layout.type(column), payload.sliced(at, size)));
        at += size;
    }
    return row;
}

} // namespace ingather::ledger
