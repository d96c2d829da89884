// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"

#include <chrono>

namespace ingather::core
{

/// How politely one host is asked.
struct HostPace {
    std::chrono::milliseconds interval{0}; ///< least time between the begins of two requests
    int connections = 1;                   ///< most at a time

    friend bool operator==(const HostPace &, const HostPace &) = default;
};

/// After `failures` requests in a row that the host asked us to make later: none, and what was set
/// (`base`, `connections`) holds; each more doubles the interval from 250 ms up to 30 s (but never below
/// `base`) and halves the connections down to one.
HostPace hostPace(int failures, std::chrono::milliseconds base, int connections);

/// 429 and 503 (RFC 6585 §4, RFC 9110 §15.6.4): the host speaks of itself, not of the document.
constexpr bool asksForPatience(ErrorCode code)
{
    return code == ErrorCode::HttpTooManyRequests || code == ErrorCode::HttpUnavailable;
}

/// What is remembered of a host and was not confirmed for so long is forgotten.
constexpr std::chrono::hours hostMemoryLife{7 * 24};

} // namespace ingather::core
