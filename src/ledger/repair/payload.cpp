// SPDX-License-Identifier: MIT
#include "ledger/repair/payload.h"

#include <QtEndian>

#include <algorithm>

namespace ingather::ledger
{

PayloadReader::PayloadReader(const PageImage &image)
    : m_image(image), m_isOverflow(static_cast<std::size_t>(image.pageCount()) + 1)
{
}

std::optional<QByteArrayView> PayloadReader::read(QByteArrayView page, const Cell &cell)
{
    m_chain.clear();
    const QByteArrayView local = page.sliced(cell.payloadStart, cell.localSize);
    if (cell.overflowPage == 0 && cell.localSize == cell.payloadSize)
        return local;
    const qint64 bytesPerPage = m_image.usableSize() - 4;
    const qint64 pages = (cell.payloadSize - cell.localSize + bytesPerPage - 1) / bytesPerPage;
    if (pages > m_image.pageCount())
        return std::nullopt;

    // A chain of the right length that ends in 0 has no cycle: a page met twice would lead on for ever.
    quint32 next = cell.overflowPage;
    for (qint64 i = 0; i < pages; ++i) {
        if (next < 2 || next > static_cast<quint32>(m_image.pageCount()))
            return std::nullopt;
        m_chain.push_back(static_cast<int>(next));
        next = qFromBigEndian<quint32>(m_image.page(m_chain.back()).data());
    }
    if (next != 0)
        return std::nullopt;

    m_assembled.clear();
    m_assembled.reserve(cell.payloadSize);
    m_assembled.append(local);
    for (const int number : m_chain) {
        const qint64 rest = cell.payloadSize - m_assembled.size();
        m_assembled.append(m_image.page(number).sliced(4, std::min(rest, bytesPerPage)));
    }
    return QByteArrayView(m_assembled);
}

void PayloadReader::keepChain()
{
    for (const int number : m_chain)
        m_isOverflow[static_cast<std::size_t>(number)] = true;
}

} // namespace ingather::ledger
