// SPDX-License-Identifier: MIT
#pragma once

#include "core/byte_ranges.h"

#include <optional>
#include <vector>

namespace ingather::engine
{

/// Who of several lanes fetches which bytes of one file, so that none is fetched twice and all end at about
/// the same time: a lane without work takes a gap that nobody has, else the second half of the longest one.
class SegmentPlan
{
public:
    /// What is not worth a request of its own.
    static constexpr qint64 smallestPiece = 1024 * 1024;

    SegmentPlan(core::ByteRanges done, qint64 size, int lanes);

    /// The next piece of an idle lane, which is the lane's from now on; none if there is nothing to take.
    /// With `at`, a gap that begins there comes first: the lane's connection goes on with it.
    std::optional<core::ByteSpan> take(int lane, std::optional<qint64> at = {});
    /// The piece that begins at `at`, whoever has it, for a lane whose connection goes on with just that;
    /// none if those bytes are there.
    std::optional<core::ByteSpan> takeOver(int lane, qint64 at);
    /// The bytes of the lane's piece up to `to` are there. `to` may lie beyond its end when another lane took
    /// its second half meanwhile.
    void advance(int lane, qint64 to);
    /// What is left of the lane's piece; empty when it is done.
    core::ByteSpan left(int lane) const { return m_pieces[static_cast<std::size_t>(lane)]; }
    /// The lane gives up: what is left of its piece is nobody's.
    void giveBack(int lane);

    const core::ByteRanges &done() const { return m_done; }
    bool isComplete() const { return m_done.prefix() == m_size; }

private:
    QList<core::ByteSpan> unassigned() const;

    core::ByteRanges m_done;
    qint64 m_size;
    std::vector<core::ByteSpan> m_pieces; ///< by lane; empty: idle
};

} // namespace ingather::engine
