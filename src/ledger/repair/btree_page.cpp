// SPDX-License-Identifier: MIT
#include "ledger/repair/btree_page.h"

#include "ledger/repair/page_scanner.h"
#include "ledger/repair/record.h"

#include <QtEndian>

#include <algorithm>

namespace ingather::ledger
{

namespace
{

constexpr int smallestCell = 4;
constexpr int emptyContentStart = 65536; // stored as 0

int headerSize(PageKind kind)
{
    return isInteriorKind(kind) ? 12 : 8;
}

/// How much of a payload lies in the page, fileformat2.html 1.6.
qint64 localSizeOf(qint64 payload, int usable, PageKind kind)
{
    const qint64 most = isTableKind(kind) ? usable - 35 : (usable - 12) * 64 / 255 - 23;
    if (payload <= most)
        return payload;
    const qint64 least = (usable - 12) * 32 / 255 - 23;
    const qint64 fitting = least + (payload - least) % (usable - 4);
    return fitting <= most ? fitting : least;
}

} // namespace

std::optional<Cell> readCell(QByteArrayView page, int usable, PageKind kind, int offset)
{
    const QByteArrayView bytes = page.first(usable);
    Cell cell;
    cell.start = offset;
    int at = offset;
    if (isInteriorKind(kind)) {
        if (at < 0 || at + 4 > usable)
            return std::nullopt;
        cell.leftChild = qFromBigEndian<quint32>(bytes.data() + at);
        at += 4;
    }
    if (kind != PageKind::TableInterior) {
        const Varint payload = readVarint(bytes, at);
        if (payload.length == 0 || payload.value == 0 || payload.value > quint64{largestPayload})
            return std::nullopt;
        cell.payloadSize = static_cast<qint64>(payload.value);
        at += payload.length;
    }
    if (isTableKind(kind)) {
        const Varint rowid = readVarint(bytes, at);
        if (rowid.length == 0)
            return std::nullopt;
        cell.rowid = static_cast<qint64>(rowid.value);
        at += rowid.length;
    }
    const qint64 local = localSizeOf(cell.payloadSize, usable, kind);
    const int linkSize = local < cell.payloadSize ? 4 : 0;
    if (local + linkSize > usable - at)
        return std::nullopt;
    cell.payloadStart = at;
    cell.localSize = static_cast<int>(local);
    at += cell.localSize;
    if (linkSize != 0)
        cell.overflowPage = qFromBigEndian<quint32>(bytes.data() + at);
    cell.end = std::max(at + linkSize, offset + smallestCell);
    return cell.end <= usable ? std::optional(cell) : std::nullopt;
}

std::optional<BtreePage> BtreePage::read(QByteArrayView page, int headerOffset, int usable)
{
    const auto first = static_cast<quint8>(page[headerOffset]);
    if (first != 2 && first != 5 && first != 10 && first != 13)
        return std::nullopt;
    BtreePage tree;
    tree.m_page = page;
    tree.m_kind = static_cast<PageKind>(first);
    tree.m_headerOffset = headerOffset;
    tree.m_usable = usable;
    const int claimed = qFromBigEndian<quint16>(page.data() + headerOffset + 3);
    tree.m_cellCount = std::min(claimed, (usable - tree.listStart()) / 2);
    tree.m_isCountPossible = tree.m_cellCount == claimed;
    const int start = qFromBigEndian<quint16>(page.data() + headerOffset + 5);
    tree.m_contentStart = start == 0 ? emptyContentStart : start;
    return tree;
}

int BtreePage::listStart() const
{
    return m_headerOffset + headerSize(m_kind);
}

int BtreePage::cellPointer(int index) const
{
    return qFromBigEndian<quint16>(m_page.data() + listStart() + 2 * index);
}

quint32 BtreePage::rightChild() const
{
    return isInteriorKind(m_kind) ? qFromBigEndian<quint32>(m_page.data() + m_headerOffset + 8) : 0;
}

bool BtreePage::isListInside() const
{
    if (!m_isCountPossible || m_contentStart > m_usable || listStart() + 2 * m_cellCount > m_contentStart)
        return false;
    for (int i = 0; i < m_cellCount; ++i) {
        if (cellPointer(i) < m_contentStart)
            return false;
    }
    return true;
}

std::optional<std::vector<Extent>> BtreePage::freeBlocks() const
{
    std::vector<Extent> blocks;
    int at = qFromBigEndian<quint16>(m_page.data() + m_headerOffset + 1);
    int before = m_contentStart;
    while (at != 0) {
        if (at < before || at + smallestCell > m_usable)
            return std::nullopt;
        const int size = qFromBigEndian<quint16>(m_page.data() + at + 2);
        if (size < smallestCell || at + size > m_usable)
            return std::nullopt;
        blocks.push_back({at, at + size});
        before = at + size;
        at = qFromBigEndian<quint16>(m_page.data() + at);
    }
    return blocks;
}

bool BtreePage::isAccountedFor(std::vector<Extent> &cells) const
{
    const auto byStart = [](const Extent &a, const Extent &b) { return a.start < b.start; };
    std::sort(cells.begin(), cells.end(), byStart);
    const std::optional<std::vector<Extent>> free = freeBlocks();
    if (!isListInside() || !free || static_cast<int>(cells.size()) != m_cellCount)
        return false;
    int covered = m_contentStart;
    int fragments = 0;
    auto block = free->begin();
    auto cell = cells.begin();
    while (cell != cells.end() || block != free->end()) {
        const bool isCellNext = block == free->end() || (cell != cells.end() && cell->start < block->start);
        const Extent next = isCellNext ? *cell++ : *block++;
        if (next.start < covered)
            return false;
        fragments += next.start - covered;
        covered = next.end;
    }
    fragments += m_usable - covered;
    return fragments == static_cast<quint8>(m_page[m_headerOffset + 7]);
}

} // namespace ingather::ledger
