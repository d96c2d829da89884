// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/repair/btree_page.h"
#include "ledger/repair/page_image.h"

#include <optional>
#include <vector>

namespace ingather::ledger
{

/// The whole payload of cells: the part in the page, and after it the chain of overflow pages
/// (https://www.sqlite.org/fileformat2.html, 1.6). Remembers the pages of the chains that were right.
class PayloadReader final
{
public:
    explicit PayloadReader(const PageImage &image);
    Q_DISABLE_COPY_MOVE(PayloadReader)

    /// Nullopt if the chain is not exactly as long as the payload asks: too short, longer, or led out of
    /// the file. Valid until the next call.
    std::optional<QByteArrayView> read(QByteArrayView page, const Cell &cell);
    /// The chain that was read last belongs to a record in order.
    void keepChain();
    bool isOverflowPage(int number) const { return m_isOverflow[static_cast<std::size_t>(number)]; }

private:
    const PageImage &m_image;
    QByteArray m_assembled;
    std::vector<int> m_chain;
    std::vector<bool> m_isOverflow; ///< by page number
};

} // namespace ingather::ledger
