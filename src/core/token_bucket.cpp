// SPDX-License-Identifier: MIT
#include "core/token_bucket.h"

#include <algorithm>
#include <cmath>

namespace ingather::core
{

namespace
{

using Seconds = std::chrono::duration<double>;

} // namespace

TokenBucket::TokenBucket(qint64 bytesPerSecond, BootTime now)
    : m_rate(std::max<qint64>(bytesPerSecond, 0)), m_at(now)
{
}

void TokenBucket::setRate(qint64 bytesPerSecond, BootTime now)
{
    earn(now);
    m_rate = std::max<qint64>(bytesPerSecond, 0);
}

void TokenBucket::earn(BootTime now)
{
    const auto booked = static_cast<double>(m_booked);
    if (!isLimited()) {
        m_earned = booked;
    } else {
        const double perSecond = static_cast<double>(m_rate);
        const double gained = perSecond * std::max(Seconds(now - m_at).count(), 0.0);
        m_earned = std::min(m_earned + gained, booked + perSecond * Seconds(burst).count());
    }
    m_at = std::max(m_at, now);
}

qint64 TokenBucket::book(qint64 bytes, BootTime now)
{
    earn(now);
    m_booked += bytes;
    return m_booked;
}

BootTime TokenBucket::timeUntilPaid(qint64 mark, BootTime now)
{
    earn(now);
    const double missing = static_cast<double>(mark) - m_earned;
    if (!isLimited() || missing <= 0)
        return BootTime(0);
    // A mark that takes years is "never" to whoever waits in steps.
    constexpr Seconds longest = std::chrono::hours(24);
    const Seconds wait = std::min(Seconds(missing / static_cast<double>(m_rate)), longest);
    return BootTime(static_cast<BootTime::rep>(std::ceil(wait.count() * 1e9)));
}

} // namespace ingather::core
