// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>

namespace ingather::core
{

/// Waiting time before the next attempt: full jitter over a doubling bound that starts at 1 s.
struct BackoffPolicy {
    std::chrono::milliseconds first{1000};
    std::chrono::milliseconds ceiling{60'000}; ///< 60 s for `get`, 1 h for `run`
};

/// `failures` counts from 1; `jitter` is uniform in [0, 1). A Retry-After is a minimum.
std::chrono::milliseconds backoffDelay(const BackoffPolicy &policy, int failures, double jitter,
                                       std::optional<std::chrono::seconds> retryAfter = std::nullopt);

/// Delay before a job is claimed again after `crashes` claims in a row that ended without a result:
/// none for the first two, then 1, 2, 4 … 60 s.
std::chrono::seconds crashDelay(int crashes);

} // namespace ingather::core
