// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/repair/btree_page.h"
#include "ledger/repair/page_image.h"
#include "ledger/repair/payload.h"

#include <vector>

namespace ingather::ledger
{

/// Cells found in a page without its list.
struct FoundCells {
    bool areOfTable = false; ///< otherwise entries of an index
    std::vector<Cell> cells; ///< in order of place, none overlaps another
};

/// Searches a broken page for cells by trying every offset. A candidate's record must fit exactly; because
/// chance fits short records, it must also either hold text that reads like text, or end where another cell
/// begins. Of candidates that overlap those are kept that together explain most of the page; whether it is a
/// page of a table or of an index is decided the same way.
class CellSearch final
{
public:
    CellSearch(const PageImage &image, PayloadReader &payloads);
    Q_DISABLE_COPY_MOVE(CellSearch)

    /// `taken`: what holds no cell that is looked for (cells that are known, free blocks), in any order.
    FoundCells search(int page, std::vector<Extent> taken);

private:
    std::vector<Cell> candidates(QByteArrayView page, PageKind kind, int from,
                                 const std::vector<Extent> &taken);
    bool isRecord(QByteArrayView page, const Cell &cell);

    const PageImage &m_image;
    PayloadReader &m_payloads;
    bool m_hasText = false; ///< of the record that isRecord() looked at last: text that reads like text
};

} // namespace ingather::ledger
