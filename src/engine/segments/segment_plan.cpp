// SPDX-License-Identifier: MIT
#include "engine/segments/segment_plan.h"

#include <algorithm>
#include <utility>

namespace ingather::engine
{

using core::ByteSpan;

SegmentPlan::SegmentPlan(core::ByteRanges done, qint64 size, int lanes)
    : m_done(std::move(done)), m_size(size), m_pieces(static_cast<std::size_t>(lanes))
{
}

std::optional<ByteSpan> SegmentPlan::take(int lane, std::optional<qint64> at)
{
    ByteSpan &own = m_pieces[static_cast<std::size_t>(lane)];
    const QList<ByteSpan> gaps = unassigned();
    if (!gaps.isEmpty()) {
        const auto next =
            std::find_if(gaps.begin(), gaps.end(), [&at](const ByteSpan &gap) { return gap.first == at; });
        own = next == gaps.end() ? gaps.first() : *next;
        return own;
    }
    const auto longest =
        std::max_element(m_pieces.begin(), m_pieces.end(),
                         [](const ByteSpan &a, const ByteSpan &b) { return a.size() < b.size(); });
    if (longest->size() < 2 * smallestPiece)
        return std::nullopt;
    const qint64 middle = longest->first + longest->size() / 2;
    own = {middle, std::exchange(longest->end, middle)};
    return own;
}

std::optional<ByteSpan> SegmentPlan::takeOver(int lane, qint64 at)
{
    const QList<ByteSpan> gaps = m_done.missing(m_size);
    const auto gap =
        std::find_if(gaps.begin(), gaps.end(), [at](const ByteSpan &one) { return one.first == at; });
    if (gap == gaps.end())
        return std::nullopt;
    ByteSpan taken = *gap;
    for (ByteSpan &piece : m_pieces) {
        if (piece.size() > 0 && piece.first == at)
            taken.end = std::exchange(piece, ByteSpan{}).end;
        else if (piece.first > at && piece.size() > 0)
            taken.end = std::min(taken.end, piece.first);
    }
    m_pieces[static_cast<std::size_t>(lane)] = taken;
    return taken;
}

void SegmentPlan::advance(int lane, qint64 to)
{
    ByteSpan &own = m_pieces[static_cast<std::size_t>(lane)];
    const qint64 end = std::min(to, own.end);
    m_done.add({own.first, end});
    own.first = std::max(own.first, end);
}

void SegmentPlan::giveBack(int lane)
{
    m_pieces[static_cast<std::size_t>(lane)] = {};
}

QList<ByteSpan> SegmentPlan::unassigned() const
{
    core::ByteRanges taken = m_done;
    for (const ByteSpan &piece : m_pieces)
        taken.add(piece);
    return taken.missing(m_size);
}

} // namespace ingather::engine
