// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <compare>

namespace ingather::core
{

/// The token of one claim: `epoch << 32 | n`. It only ever grows, so a writer with an older fence
/// is recognised whatever the clocks say. Signed, because QtSql binds quint64 as text.
struct Fence {
    qint64 value = 0;

    static constexpr Fence firstOfEpoch(qint64 epoch) { return {epoch << 32}; }
    constexpr qint64 epoch() const { return value >> 32; }
    friend constexpr auto operator<=>(const Fence &, const Fence &) = default;
};

} // namespace ingather::core
