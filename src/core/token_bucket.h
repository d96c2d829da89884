// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"

#include <QtGlobal>

namespace ingather::core
{

/// Paces bytes to a rate. Who has received bytes books them and gets a mark; when the bucket has earned as
/// much as the mark says, they are paid for. Booking first and waiting afterwards keeps the long-term rate
/// exact whatever the blocks' size, and marks that are compared again follow a rate that was changed
/// meanwhile. What is earned while nobody books is worth `burst` and no more. A value without a clock of its
/// own: all times come from one Clock's sinceBoot(), and never go back.
class TokenBucket final
{
public:
    /// Earned in idle time at most: so short that a rate measured over two seconds is right to 5 %.
    static constexpr std::chrono::milliseconds burst{50};

    /// Bytes a second; 0 or less: no limit.
    explicit TokenBucket(qint64 bytesPerSecond, BootTime now);

    void setRate(qint64 bytesPerSecond, BootTime now);
    qint64 rate() const { return m_rate; }
    bool isLimited() const { return m_rate > 0; }

    /// Books `bytes`; returns their mark for timeUntilPaid().
    qint64 book(qint64 bytes, BootTime now);
    /// How long it takes until everything up to `mark` is paid for, at the present rate; 0 if it is, or if
    /// there is no limit.
    BootTime timeUntilPaid(qint64 mark, BootTime now);

private:
    void earn(BootTime now);

    qint64 m_rate = 0;
    qint64 m_booked = 0;
    double m_earned = 0; ///< at most m_booked + burst
    BootTime m_at{};
};

} // namespace ingather::core
