// SPDX-License-Identifier: MIT
#include "support/leaf_rows.h"

#include <QtEndian>

#include <bit>

namespace ingather::support
{

namespace
{

// https://www.sqlite.org/fileformat2.html, 1.6: the first byte of a page.
constexpr quint8 tableInterior = 0x05;
constexpr quint8 tableLeaf = 0x0d;

/// Moves past it.
qint64 varintOf(const QByteArray &bytes, qint64 &at)
{
    quint64 value = 0;
    for (int i = 0; i < 9; ++i) {
        const auto next = static_cast<quint8>(bytes.at(at++));
        if (i == 8)
            return static_cast<qint64>((value << 8) | next);
        value = (value << 7) | (next & 0x7f);
        if (next < 0x80)
            break;
    }
    return static_cast<qint64>(value);
}

/// A file as its format describes it, page by page. Ends the process where it is not in order.
class Reader
{
public:
    explicit Reader(const QByteArray &file) : m_file(file)
    {
        const int size = word(16);
        m_pageSize = size == 1 ? 65536 : size;
        m_usable = m_pageSize - byte(20);
    }

    qint64 start(int page) const { return static_cast<qint64>(page - 1) * m_pageSize; }
    qint64 header(int page) const { return start(page) + (page == 1 ? 100 : 0); }
    int pageSize() const { return m_pageSize; }
    int usable() const { return m_usable; }
    quint8 byte(qint64 at) const { return static_cast<quint8>(m_file.at(at)); }
    int word(qint64 at) const { return qFromBigEndian<quint16>(m_file.constData() + at); }
    int number(qint64 at) const { return static_cast<int>(qFromBigEndian<quint32>(m_file.constData() + at)); }
    qint64 varint(qint64 &at) const { return varintOf(m_file, at); }
    QByteArray bytes(qint64 at, qint64 count) const { return m_file.mid(at, count); }

private:
    const QByteArray &m_file;
    int m_pageSize = 0;
    int m_usable = 0;
};

struct Cell {
    LeafRow row;
    QByteArray payload;
};

Cell readCell(const Reader &file, int page, qint64 at)
{
    const qint64 from = at;
    const qint64 length = file.varint(at);
    Cell cell;
    cell.row.rowid = file.varint(at);
    const int usable = file.usable();
    const qint64 most = usable - 35;
    qint64 local = length;
    if (length > most) {
        const qint64 least = (usable - 12) * 32 / 255 - 23;
        const qint64 wanted = least + (length - least) % (usable - 4);
        local = wanted <= most ? wanted : least;
    }
    const bool overflows = local < length;
    cell.payload = file.bytes(at, local);
    const qint64 head = file.header(page);
    const qint64 list = 8 + 2 * static_cast<qint64>(file.word(head + 3));
    cell.row.spans = {{head, list}, {from, at - from + local + (overflows ? 4 : 0)}};
    for (int next = overflows ? file.number(at + local) : 0; next != 0;) {
        const qint64 begin = file.start(next);
        const qint64 here = std::min<qint64>(usable - 4, length - cell.payload.size());
        cell.payload += file.bytes(begin + 4, here);
        cell.row.spans.append({begin, 4 + here});
        next = file.number(begin);
    }
    return cell;
}

void readTree(const Reader &file, int page, QList<Cell> &cells)
{
    const qint64 head = file.header(page);
    const int count = file.word(head + 3);
    const quint8 kind = file.byte(head);
    if (kind == tableInterior) {
        for (int i = 0; i < count; ++i)
            readTree(file, file.number(file.start(page) + file.word(head + 12 + 2 * i)), cells);
        readTree(file, file.number(head + 8), cells);
    } else if (kind == tableLeaf) {
        for (int i = 0; i < count; ++i)
            cells.append(readCell(file, page, file.start(page) + file.word(head + 8 + 2 * i)));
    } else {
        qFatal("page %d is no page of a table", page);
    }
}

struct SchemaRow {
    QString type;
    QString name;
    int root = 0;
    QString sql;
};

QVariant valueOf(qint64 kind, const QByteArray &bytes)
{
    if (kind == 0)
        return {};
    if (kind == 8 || kind == 9)
        return QVariant(qint64{kind - 8});
    if (kind >= 12)
        return kind % 2 == 0 ? QVariant(bytes) : QVariant(QString::fromUtf8(bytes));
    quint64 number = 0;
    for (const char next : bytes)
        number = number << 8 | static_cast<quint8>(next);
    if (kind == 7)
        return QVariant(std::bit_cast<double>(number));
    const int unused = 64 - 8 * static_cast<int>(bytes.size());
    return QVariant(static_cast<qint64>(number << unused) >> unused); // the sign
}

QVariantList valuesOf(const QByteArray &record)
{
    qint64 at = 0;
    const qint64 headerLength = varintOf(record, at);
    QList<qint64> kinds;
    while (at < headerLength)
        kinds.append(varintOf(record, at));
    QVariantList values;
    for (const qint64 kind : kinds) {
        static constexpr qint64 lengths[]{0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
        const qint64 length = kind < 10 ? lengths[kind] : (kind - 12) / 2;
        values.append(valueOf(kind, record.mid(at, length)));
        at += length;
    }
    return values;
}

QList<SchemaRow> readSchema(const Reader &file)
{
    QList<Cell> cells;
    readTree(file, 1, cells);
    QList<SchemaRow> schema;
    for (const Cell &cell : cells) {
        const QVariantList columns = valuesOf(cell.payload); // type, name, tbl_name, rootpage, sql
        schema.append({columns.at(0).toString(), columns.at(1).toString(), columns.at(3).toInt(),
                       columns.at(4).toString()});
    }
    return schema;
}

} // namespace

bool LeafRow::standsWholeIn(const QByteArray &damaged, const QByteArray &original) const
{
    for (const Span &span : spans) {
        if (damaged.size() < span.offset + span.length ||
            QByteArrayView(damaged).sliced(span.offset, span.length) !=
                QByteArrayView(original).sliced(span.offset, span.length))
            return false;
    }
    return true;
}

QList<LeafRow> leafRows(const QByteArray &file)
{
    const Reader reader(file);
    QList<LeafRow> rows;
    for (const SchemaRow &object : readSchema(reader)) {
        const bool isOrdinary = object.type == QStringLiteral("table") && object.root != 0 &&
                                !object.sql.contains(QStringLiteral("WITHOUT ROWID"), Qt::CaseInsensitive);
        if (!isOrdinary)
            continue;
        QList<Cell> cells;
        readTree(reader, object.root, cells);
        for (Cell &cell : cells) {
            cell.row.table = object.name;
            cell.row.values = valuesOf(cell.payload);
            rows.append(std::move(cell.row));
        }
    }
    return rows;
}

QList<int> rootPages(const QByteArray &file)
{
    QList<int> roots{1};
    for (const SchemaRow &object : readSchema(Reader(file))) {
        if (object.root != 0)
            roots.append(object.root);
    }
    return roots;
}

} // namespace ingather::support
