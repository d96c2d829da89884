// SPDX-License-Identifier: MIT
#include "core/host_pace.h"

#include <algorithm>

namespace ingather::core
{

namespace
{

constexpr std::chrono::milliseconds firstInterval{250};
constexpr std::chrono::milliseconds longestInterval{30'000};

} // namespace

HostPace hostPace(int failures, std::chrono::milliseconds base, int connections)
{
    HostPace pace{base, std::max(connections, 1)};
    std::chrono::milliseconds interval = firstInterval;
    for (int i = 0; i < failures; ++i) {
        pace.interval = std::max(base, interval);
        pace.connections = std::max(pace.connections / 2, 1);
        const bool isSettled = interval == longestInterval && pace.connections == 1;
        if (isSettled)
            break;
        interval = std::min(interval * 2, longestInterval);
    }
    return pace;
}

} // namespace ingather::core
