// SPDX-License-Identifier: MIT
#include "ledger/repair/page_scan.h"

#include "ledger/repair/record.h"

#include <algorithm>
#include <utility>

namespace ingather::ledger
{

namespace
{

bool isZero(QByteArrayView page)
{
    return std::all_of(page.begin(), page.end(), [](char byte) { return byte == 0; });
}

bool isWanted(const ScanSink &sink, bool isOfTable, int root)
{
    const std::function<bool(int)> &wants = isOfTable ? sink.wantsTable : sink.wantsIndex;
    return (isOfTable ? bool(sink.tableCell) : bool(sink.indexCell)) && (!wants || wants(root));
}

bool isOverlap(const Cell &a, const Cell &b)
{
    return a.start < b.end && b.start < a.end;
}

/// What of that page certainly holds no cell that its list lost.
std::vector<Extent> knownExtents(const BtreePage &node, const std::vector<Cell> &whole)
{
    std::vector<Extent> known;
    for (const Cell &cell : whole)
        known.push_back({cell.start, cell.end});
    if (node.isListInside())
        known.push_back({0, node.contentStart()});
    // Deleted rows lie in the free blocks. Blocks that overlap a row are not what they seem.
    const auto overlapsRow = [&whole](const Extent &block) {
        return std::any_of(whole.begin(), whole.end(), [&block](const Cell &cell) {
            return cell.start < block.end && block.start < cell.end;
        });
    };
    const std::optional<std::vector<Extent>> blocks = node.freeBlocks();
    if (blocks && std::none_of(blocks->begin(), blocks->end(), overlapsRow))
        known.insert(known.end(), blocks->begin(), blocks->end());
    return known;
}

} // namespace

PageScan::PageScan(const PageImage &image, std::vector<int> rootOf, const ScanSink &sink)
    : m_image(image), m_rootOf(std::move(rootOf)), m_sink(sink), m_payloads(image),
      m_search(image, m_payloads)
{
}

bool PageScan::isFree(int page) const
{
    return m_rootOf[static_cast<std::size_t>(page)] == 0 && m_image.freePages().contains(page);
}

CellSource PageScan::sourceOf(int page, bool isListed) const
{
    return {page, m_rootOf[static_cast<std::size_t>(page)], isListed, isFree(page)};
}

bool PageScan::isWhole(QByteArrayView page, const Cell &cell)
{
    const std::optional<QByteArrayView> payload = m_payloads.read(page, cell);
    RecordLayout layout;
    return payload && layout.read(*payload, cell.payloadSize);
}

std::vector<Cell> PageScan::wholeListed(QByteArrayView page, const BtreePage &node)
{
    std::vector<Cell> whole;
    for (int i = 0; i < node.cellCount(); ++i) {
        const int pointer = node.cellPointer(i);
        const std::optional<Cell> cell = pointer < node.listStart() ? std::nullopt : node.cellAt(pointer);
        if (cell && isWhole(page, *cell))
            whole.push_back(*cell);
    }
    std::stable_sort(whole.begin(), whole.end(),
                     [](const Cell &a, const Cell &b) { return a.end - a.start > b.end - b.start; });
    std::vector<Cell> apart;
    for (const Cell &cell : whole) {
        if (std::none_of(apart.begin(), apart.end(), [&cell](const Cell &c) { return isOverlap(c, cell); }))
            apart.push_back(cell);
    }
    std::sort(apart.begin(), apart.end(), [](const Cell &a, const Cell &b) { return a.start < b.start; });
    return apart;
}

bool PageScan::handOver(const CellSource &source, const Cell &cell, bool isOfTable)
{
    const QByteArrayView page = m_image.page(source.page);
    if (!isWanted(m_sink, isOfTable, source.root)) {
        if (!isWhole(page, cell))
            return false;
    } else {
        const std::optional<QByteArrayView> payload = m_payloads.read(page, cell);
        std::optional<SqlRow> values = payload ? decodeRecord(*payload) : std::nullopt;
        if (!values)
            return false;
        if (isOfTable)
            m_sink.tableCell({cell.rowid, std::move(*values), source});
        else
            m_sink.indexCell({std::move(*values), source});
    }
    m_payloads.keepChain();
    ++m_counts.cells;
    return true;
}

void PageScan::countPage(const BtreePage &node, bool isInOrder)
{
    if (!isInOrder)
        ++m_counts.brokenPages;
    else if (node.kind() == PageKind::TableLeaf)
        ++m_counts.tableLeaves;
    else if (node.kind() == PageKind::TableInterior)
        ++m_counts.otherPages;
    else
        ++m_counts.indexPages;
}

void PageScan::readList(int page)
{
    const QByteArrayView bytes = m_image.page(page);
    const std::optional<BtreePage> node =
        m_image.isPointerMap(page)
            ? std::nullopt
            : BtreePage::read(bytes, PageImage::headerOffset(page), m_image.usableSize());
    if (!node) {
        const bool isEmpty = isZero(bytes);
        ++(isEmpty ? m_counts.emptyPages : m_counts.otherPages);
        if (!isEmpty && !isFree(page) && !m_image.isPointerMap(page))
            m_inDoubt.push_back(page);
        return;
    }

    std::vector<Cell> cells;
    std::vector<Extent> extents;
    cells.reserve(static_cast<std::size_t>(node->cellCount()));
    extents.reserve(cells.capacity());
    for (int i = 0; i < node->cellCount(); ++i) {
        const std::optional<Cell> cell = node->cellAt(node->cellPointer(i));
        if (!cell)
            break;
        cells.push_back(*cell);
        extents.push_back({cell->start, cell->end});
    }
    const bool isInOrder = node->isAccountedFor(extents);
    countPage(*node, isInOrder);
    if (node->kind() == PageKind::TableInterior) {
        if (!isInOrder && !isFree(page))
            m_inDoubt.push_back(page);
        return;
    }

    if (!isInOrder)
        cells = wholeListed(bytes, *node);
    const CellSource source = sourceOf(page, true);
    int whole = 0;
    for (const Cell &cell : cells)
        whole += handOver(source, cell, isTableKind(node->kind())) ? 1 : 0;
    m_counts.brokenCells += node->cellCount() - whole;
    if ((!isInOrder || whole < node->cellCount()) && !isFree(page))
        m_inDoubt.push_back(page);
}

std::vector<int> PageScan::pagesInDoubt() const
{
    std::vector<int> pages;
    std::copy_if(m_inDoubt.begin(), m_inDoubt.end(), std::back_inserter(pages),
                 [this](int page) { return !m_payloads.isOverflowPage(page); });
    return pages;
}

void PageScan::search(int page)
{
    const QByteArrayView bytes = m_image.page(page);
    const std::optional<BtreePage> node =
        BtreePage::read(bytes, PageImage::headerOffset(page), m_image.usableSize());
    std::vector<Extent> known;
    if (node && node->kind() != PageKind::TableInterior)
        known = knownExtents(*node, wholeListed(bytes, *node));
    const FoundCells found = m_search.search(page, std::move(known));
    const CellSource source = sourceOf(page, false);
    for (const Cell &cell : found.cells)
        handOver(source, cell, found.areOfTable);
}

} // namespace ingather::ledger
