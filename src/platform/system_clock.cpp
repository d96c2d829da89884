// SPDX-License-Identifier: MIT
#include "platform/system_clock.h"

#include <QtGlobal>

#include <ctime>

namespace ingather::platform
{

namespace
{

timespec read(clockid_t clock)
{
    timespec time{};
    [[maybe_unused]] const int outcome = clock_gettime(clock, &time);
    Q_ASSERT(outcome == 0);
    return time;
}

} // namespace

core::UnixTime SystemClock::now() const
{
    const timespec time = read(CLOCK_REALTIME);
    return {static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9};
}

core::BootTime SystemClock::sinceBoot() const
{
    const timespec time = read(CLOCK_BOOTTIME);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace ingather::platform
