// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>

namespace ingather::platform
{

/// Repeats a system call as long as a signal interrupts it (-1 with EINTR).
template <typename Call>
auto retryInterrupted(Call call)
{
    auto outcome = call();
    while (outcome == -1 && errno == EINTR)
        outcome = call();
    return outcome;
}

} // namespace ingather::platform
