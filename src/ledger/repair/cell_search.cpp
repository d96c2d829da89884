// SPDX-License-Identifier: MIT
#include "ledger/repair/cell_search.h"

#include "ledger/repair/record.h"

#include <algorithm>
#include <utility>

namespace ingather::ledger
{

namespace
{

constexpr int fewestColumns = 3;
constexpr int mostColumns = 2000;     // the limit of an ordinary build of SQLite
constexpr quint64 smallestHeader = 3; // its own size and two types
constexpr int linkOfInterior = 4;     // a child's page number may stand before the next cell of an index

/// Whether length, rowid and the size of a record's header could stand there: what most offsets fail at, and
/// fast.
bool mayBegin(QByteArrayView bytes, PageKind kind, int offset)
{
    const Varint payload = readVarint(bytes, offset);
    qsizetype at = qsizetype{offset} + payload.length;
    at += isTableKind(kind) ? readVarint(bytes, at).length : 0;
    const Varint header = readVarint(bytes, at);
    return header.length != 0 && header.value >= smallestHeader && header.value <= payload.value &&
           payload.isShortest();
}

/// Bytes of the UTF-8 sequence at that place; 0 if none stands there that people would write.
int sequenceLength(QByteArrayView text, qsizetype at)
{
    const auto byte = [text](qsizetype i) { return static_cast<quint8>(text[i]); };
    const quint8 first = byte(at);
    if (first < 0x80)
        return (first >= 0x20 && first != 0x7f) || first == '\t' || first == '\n' || first == '\r' ? 1 : 0;
    const int length = first >= 0xc2 && first < 0xe0   ? 2
                       : first >= 0xe0 && first < 0xf0 ? 3
                       : first < 0xf5                  ? 4
                                                       : 0;
    if (first < 0xc2 || length == 0 || at + length > text.size())
        return 0;
    for (int i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xc0U) != 0x80)
            return 0;
    }
    return length;
}

/// Damage may have hit the text too: one byte in ten may be wrong.
bool readsLikeText(QByteArrayView text)
{
    qsizetype wrong = 0;
    for (qsizetype at = 0; at < text.size();) {
        const int length = sequenceLength(text, at);
        wrong += length == 0 ? 1 : 0;
        at += std::max(length, 1);
    }
    return wrong * 10 <= text.size();
}

/// The texts of a record, one after the other, as far as they lie in the page.
QByteArray textsOf(const RecordLayout &layout, QByteArrayView local)
{
    QByteArray texts;
    qint64 at = layout.headerSize();
    for (int column = 0; column < layout.columns() && at < local.size(); ++column) {
        const qint64 size = RecordLayout::sizeOfType(layout.type(column));
        if (layout.isText(column))
            texts += local.sliced(at, std::min<qint64>(size, local.size() - at));
        at += size;
    }
    return texts;
}

/// Of overlapping cells those that together cover most bytes. `cells` are sorted by their start.
std::vector<Cell> bestWithoutOverlap(std::vector<Cell> cells)
{
    std::sort(cells.begin(), cells.end(), [](const Cell &a, const Cell &b) { return a.end < b.end; });
    std::vector<int> most(cells.size() + 1, 0); // most[n]: by the first n cells
    std::vector<std::size_t> before(cells.size(), 0);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto fits =
            std::upper_bound(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(i), cells[i].start,
                             [](int start, const Cell &c) { return start < c.end; });
        before[i] = static_cast<std::size_t>(fits - cells.begin());
        most[i + 1] = std::max(most[i], most[before[i]] + cells[i].end - cells[i].start);
    }
    std::vector<Cell> kept;
    for (std::size_t n = cells.size(); n > 0;) {
        const Cell &cell = cells[n - 1];
        if (most[n] == most[n - 1]) {
            --n;
            continue;
        }
        kept.push_back(cell);
        n = before[n - 1];
    }
    std::reverse(kept.begin(), kept.end());
    return kept;
}

int bytesIn(const std::vector<Cell> &cells)
{
    int bytes = 0;
    for (const Cell &cell : cells)
        bytes += cell.end - cell.start;
    return bytes;
}

std::vector<Extent> merged(std::vector<Extent> extents)
{
    std::sort(extents.begin(), extents.end(),
              [](const Extent &a, const Extent &b) { return a.start < b.start; });
    std::vector<Extent> result;
    for (const Extent &extent : extents) {
        if (!result.empty() && extent.start < result.back().end)
            result.back().end = std::max(result.back().end, extent.end);
        else
            result.push_back(extent);
    }
    return result;
}

bool overlaps(const Cell &cell, const std::vector<Extent> &taken)
{
    const auto after = std::lower_bound(taken.begin(), taken.end(), cell.end,
                                        [](const Extent &e, int end) { return e.start < end; });
    return after != taken.begin() && std::prev(after)->end > cell.start;
}

} // namespace

CellSearch::CellSearch(const PageImage &image, PayloadReader &payloads) : m_image(image), m_payloads(payloads)
{
}

bool CellSearch::isRecord(QByteArrayView page, const Cell &cell)
{
    RecordLayout layout;
    const QByteArrayView local = page.sliced(cell.payloadStart, cell.localSize);
    if (!layout.read(local, cell.payloadSize) || layout.columns() > mostColumns)
        return false;
    const QByteArray texts = textsOf(layout, local);
    if (!texts.isEmpty() && m_image.isTextUtf8() && !readsLikeText(texts))
        return false;
    m_hasText = texts.size() >= fewestColumns + 1;
    // (key, rowid) of an index, (key, value) of a small table: with text they are no chance.
    if (layout.columns() < fewestColumns && (layout.columns() < 2 || !m_hasText))
        return false;
    return cell.overflowPage == 0 || m_payloads.read(page, cell).has_value();
}

std::vector<Cell> CellSearch::candidates(QByteArrayView page, PageKind kind, int from,
                                         const std::vector<Extent> &taken)
{
    const int usable = m_image.usableSize();
    const QByteArrayView bytes = page.first(usable);
    std::vector<bool> isStart(static_cast<std::size_t>(usable) + linkOfInterior + 1, false);
    isStart[static_cast<std::size_t>(usable)] = true;
    for (const Extent &extent : taken)
        isStart[static_cast<std::size_t>(extent.start)] = true;
    const auto isBeforeCell = [&isStart, kind](int end) {
        const auto at = static_cast<std::size_t>(end);
        return isStart[at] || (!isTableKind(kind) && isStart[at + linkOfInterior]);
    };

    std::vector<Cell> found;
    auto next = taken.rbegin();
    for (int offset = usable - 1; offset >= from; --offset) {
        while (next != taken.rend() && next->start > offset)
            ++next;
        if (next != taken.rend() && offset < next->end) {
            offset = next->start; // nothing begins inside it
            continue;
        }
        if (!mayBegin(bytes, kind, offset))
            continue;
        const std::optional<Cell> cell = readCell(page, usable, kind, offset);
        if (!cell || overlaps(*cell, taken) || !isRecord(page, *cell) ||
            !(m_hasText || isBeforeCell(cell->end)))
            continue;
        isStart[static_cast<std::size_t>(offset)] = true;
        found.push_back(*cell);
    }
    return bestWithoutOverlap(std::move(found));
}

FoundCells CellSearch::search(int page, std::vector<Extent> taken)
{
    const QByteArrayView bytes = m_image.page(page);
    const int from = PageImage::headerOffset(page);
    const std::vector<Extent> known = merged(std::move(taken));
    std::vector<Cell> ofTable = candidates(bytes, PageKind::TableLeaf, from, known);
    std::vector<Cell> ofIndex = candidates(bytes, PageKind::IndexLeaf, from, known);
    if (bytesIn(ofIndex) > bytesIn(ofTable))
        return {false, std::move(ofIndex)};
    return {true, std::move(ofTable)};
}

} // namespace ingather::ledger
