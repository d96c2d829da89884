// SPDX-License-Identifier: MIT
#include "ledger/repair/page_geometry.h"

#include "ledger/repair/btree_page.h"

#include <QtEndian>

#include <algorithm>
#include <array>

namespace ingather::ledger
{

namespace
{

constexpr int smallestPage = 512;
constexpr int largestPage = 65536;
constexpr int smallestUsable = 480;
constexpr int reservedLimit = 256; // one byte of the header

struct CellsEnd {
    int end = 0;
    bool hasOverflow = false; ///< then the end rests on the usable size that was assumed
};

/// Where the last cell of a b-tree page ends; nullopt if this is none, or not one in order.
std::optional<CellsEnd> lastCellEnd(QByteArrayView page, int headerOffset)
{
    const int usable = static_cast<int>(page.size());
    const std::optional<BtreePage> tree = BtreePage::read(page, headerOffset, usable);
    if (!tree || tree->cellCount() == 0 || !tree->isListInside())
        return std::nullopt;
    CellsEnd last;
    for (int i = 0; i < tree->cellCount(); ++i) {
        const std::optional<Cell> cell = tree->cellAt(tree->cellPointer(i));
        if (!cell)
            return std::nullopt;
        if (cell->end > last.end)
            last = {cell->end, cell->overflowPage != 0};
    }
    return last;
}

/// Calls visit(where the cells of a page end) for each b-tree page in order.
template <typename Visit>
void forEachTreePage(QByteArrayView file, int pageSize, Visit visit)
{
    for (qsizetype at = 0; at + pageSize <= file.size(); at += pageSize) {
        if (const auto last = lastCellEnd(file.sliced(at, pageSize), at == 0 ? fileHeaderSize : 0))
            visit(*last);
    }
}

} // namespace

bool isPageSize(qint64 size)
{
    return size >= smallestPage && size <= largestPage && (size & (size - 1)) == 0;
}

std::optional<PageGeometry> geometryInHeader(QByteArrayView file)
{
    constexpr QByteArrayView magic("SQLite format 3\0", 16);
    if (file.size() < fileHeaderSize || !file.startsWith(magic))
        return std::nullopt;
    const auto byte = [&file](qsizetype at) { return static_cast<quint8>(file[at]); };
    const int named = qFromBigEndian<quint16>(file.data() + 16);
    const PageGeometry geometry{named == 1 ? largestPage : named, byte(20)};
    const bool hasFractions = byte(21) == 64 && byte(22) == 32 && byte(23) == 32;
    if (!isPageSize(geometry.pageSize) || geometry.usableSize() < smallestUsable || !hasFractions)
        return std::nullopt;
    return geometry;
}

qint64 bytesExplained(QByteArrayView file, int pageSize)
{
    qint64 explained = 0;
    forEachTreePage(file, pageSize, [&explained, pageSize](const CellsEnd &last) {
        if (last.end > pageSize - reservedLimit)
            explained += pageSize;
    });
    return explained;
}

std::optional<int> guessPageSize(QByteArrayView file)
{
    qint64 most = 0;
    std::optional<int> best;
    for (int size = smallestPage; size <= largestPage; size *= 2) {
        const qint64 explained = bytesExplained(file, size);
        if (explained > most) {
            most = explained;
            best = size;
        }
    }
    return best;
}

std::optional<int> guessReserved(QByteArrayView file, int pageSize)
{
    constexpr int fewest = 4;
    std::array<int, reservedLimit> votes{};
    int all = 0;
    forEachTreePage(file, pageSize, [&votes, &all, pageSize](const CellsEnd &last) {
        const int reserved = pageSize - last.end;
        if (last.hasOverflow || reserved >= reservedLimit)
            return;
        ++votes[static_cast<std::size_t>(reserved)];
        ++all;
    });
    const auto most = std::max_element(votes.begin(), votes.end());
    if (*most < fewest || *most * 3 < all * 2)
        return std::nullopt;
    return static_cast<int>(most - votes.begin());
}

} // namespace ingather::ledger
