// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/repair/cell_search.h"
#include "ledger/repair/page_scanner.h"
#include "ledger/repair/payload.h"

#include <vector>

namespace ingather::ledger
{

/// One scan over some or all pages of an image, in two rounds: first what the pages' own lists lead to,
/// then the search of those pages that the first round left in doubt. The pages of overflow chains are
/// known by then, so that the text in them is not searched for cells.
class PageScan final
{
public:
    PageScan(const PageImage &image, std::vector<int> rootOf, const ScanSink &sink);
    Q_DISABLE_COPY_MOVE(PageScan)

    void readList(int page);
    /// Pages for search(), in order. Ask when readList() has seen all.
    std::vector<int> pagesInDoubt() const;
    void search(int page);

    const ScanCounts &counts() const { return m_counts; }

private:
    CellSource sourceOf(int page, bool isListed) const;
    bool isFree(int page) const;
    bool isWhole(QByteArrayView page, const Cell &cell);
    /// What the list leads to and is whole; of two that overlap, the longer one.
    std::vector<Cell> wholeListed(QByteArrayView page, const BtreePage &node);
    bool handOver(const CellSource &source, const Cell &cell, bool isOfTable);
    void countPage(const BtreePage &node, bool isInOrder);

    const PageImage &m_image;
    const std::vector<int> m_rootOf;
    const ScanSink &m_sink;
    PayloadReader m_payloads;
    CellSearch m_search;
    ScanCounts m_counts;
    std::vector<int> m_inDoubt;
};

} // namespace ingather::ledger
