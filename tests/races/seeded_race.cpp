// SPDX-License-Identifier: MIT
#include "core/token_bucket.h"

#include <cstdio>
#include <latch>
#include <thread>

/// What RateLimits would be without its mutex: two threads book with one bucket. ThreadSanitizer must report
/// it, or its silence about everything else means nothing.
int main()
{
    using ingather::core::BootTime;
    ingather::core::TokenBucket bucket(1000, BootTime(0));
    std::latch together(2);
    const auto book = [&bucket, &together] {
        together.arrive_and_wait();
        for (int i = 1; i <= 1000; ++i)
            bucket.book(10, BootTime(i));
    };
    {
        const std::jthread first(book);
        const std::jthread second(book);
    }
    std::printf("booked, and nobody said a word\n");
}
