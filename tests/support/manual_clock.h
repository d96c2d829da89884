// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"

#include <atomic>

namespace ingather::support {

/// A clock that moves only when a test says so. Thread-safe.
class ManualClock final : public core::Clock
{
public:
    explicit ManualClock(double unixSeconds = 1'760'000'000.0) : m_wall(unixSeconds) {}

    core::UnixTime now() const override { return {m_wall.load()}; }
    core::BootTime sinceBoot() const override { return core::BootTime(m_boot.load()); }

    /// Time passes: both clocks move.
    void advance(double seconds)
    {
        jump(seconds);
        m_boot += static_cast<core::BootTime::rep>(seconds * 1e9);
    }
    /// Somebody sets the wall clock: only it moves.
    void jump(double seconds) { m_wall = m_wall.load() + seconds; }

private:
    std::atomic<double> m_wall;
    std::atomic<core::BootTime::rep> m_boot{1'000'000'000'000};
};

} // namespace ingather::support
