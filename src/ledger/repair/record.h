// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/sql_value.h"

#include <QByteArrayView>
#include <QVarLengthArray>

#include <optional>

namespace ingather::ledger
{

/// A variable-length integer of the file format (https://www.sqlite.org/fileformat2.html, 1.6): one to nine
/// bytes, seven bits each, of the ninth all eight.
struct Varint {
    quint64 value = 0;
    int length = 0; ///< 0: the bytes end before it does

    /// Whether it is written in no more bytes than it needs. SQLite never writes a longer form.
    bool isShortest() const;
};

Varint readLongVarint(QByteArrayView bytes, qsizetype offset);

/// Nearly all of them are of one byte, and a search reads some at every offset.
inline Varint readVarint(QByteArrayView bytes, qsizetype offset)
{
    if (offset >= 0 && offset < bytes.size()) {
        const auto byte = static_cast<quint8>(bytes.data()[offset]);
        if (byte < 0x80)
            return {byte, 1};
    }
    return readLongVarint(bytes, offset);
}

/// The header of a record (fileformat2.html, 2.1): the types of its values, and thereby their lengths.
class RecordLayout final
{
public:
    /// Reads the header at the start of a payload of `payloadSize` bytes, of which `start` is the beginning.
    /// False if the header does not lie in `start` as a whole, names a type that does not exist, or header
    /// and values together are not exactly as long as the payload.
    bool read(QByteArrayView start, qint64 payloadSize);

    int columns() const { return static_cast<int>(m_types.size()); }
    quint32 type(int column) const { return m_types[column]; }
    qint64 headerSize() const { return m_headerSize; }
    bool isText(int column) const { return m_types[column] >= 13 && m_types[column] % 2 == 1; }
    bool isInteger(int column) const;
    static qint64 sizeOfType(quint32 type);

private:
    QVarLengthArray<quint32, 64> m_types;
    qint64 m_headerSize = 0;
};

/// The values of a whole payload; nullopt if it is not a record in order. What is stored is handed over: a
/// REAL column keeps its whole numbers as integers in the file (fileformat2.html, 2.1), and only who knows
/// the column can turn them back. A NaN, which SQLite writes as NULL and reads as NULL, is NULL.
std::optional<SqlRow> decodeRecord(QByteArrayView payload);

} // namespace ingather::ledger
