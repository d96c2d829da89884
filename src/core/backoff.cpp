// SPDX-License-Identifier: MIT
#include "core/backoff.h"

#include <algorithm>

namespace ingather::core
{

namespace
{

/// `first` doubled `doublings` times, but at most `ceiling`; never overflows.
template <typename Duration>
Duration doubled(Duration first, int doublings, Duration ceiling)
{
    Duration bound = std::min(first, ceiling);
    for (int i = 0; i < doublings && bound < ceiling; ++i)
        bound = bound > ceiling / 2 ? ceiling : bound * 2;
    return bound;
}

} // namespace

std::chrono::milliseconds backoffDelay(const BackoffPolicy &policy, int failures, double jitter,
                                       std::optional<std::chrono::seconds> retryAfter)
{
    using std::chrono::milliseconds;
    const milliseconds bound = doubled(policy.first, std::max(failures, 1) - 1, policy.ceiling);
    const double share = std::clamp(jitter, 0.0, 1.0) * static_cast<double>(bound.count());
    const milliseconds delay(static_cast<milliseconds::rep>(share));
    if (!retryAfter)
        return delay;
    // A server may name any number; what does not fit in milliseconds is "never" anyway.
    const auto longest = std::chrono::duration_cast<std::chrono::seconds>(milliseconds::max());
    return std::max(delay, milliseconds(std::min(*retryAfter, longest)));
}

std::chrono::seconds crashDelay(int crashes)
{
    constexpr int free = 2;
    if (crashes <= free)
        return std::chrono::seconds(0);
    return doubled(std::chrono::seconds(1), crashes - free - 1, std::chrono::seconds(60));
}

} // namespace ingather::core
