// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <compare>

namespace ingather::core
{

/// Wall-clock time in seconds since 1970-01-01T00:00:00Z, as the ledger stores it. May jump.
struct UnixTime {
    double seconds = 0;

    friend constexpr auto operator<=>(const UnixTime &, const UnixTime &) = default;
    friend constexpr UnixTime operator+(UnixTime t, double s) { return {t.seconds + s}; }
    friend constexpr UnixTime operator-(UnixTime t, double s) { return {t.seconds - s}; }
};

/// Time since the machine started, suspend included (CLOCK_BOOTTIME). Never jumps; leases use it.
using BootTime = std::chrono::nanoseconds;

/// Where the time comes from. Rules get a time handed in; only the rooms that talk to the world
/// hold a Clock. Implementations are thread-safe.
class Clock
{
public:
    Clock() = default;
    Clock(const Clock &) = delete;
    Clock &operator=(const Clock &) = delete;
    virtual ~Clock() = default;

    virtual UnixTime now() const = 0;
    virtual BootTime sinceBoot() const = 0;
};

} // namespace ingather::core
