// SPDX-License-Identifier: MIT
// Loaded by LD_PRELOAD into a program whose wall clock a test sets: the time of day is the machine's plus the
// seconds that stand, as one 64-bit number, in the file that INGATHER_TEST_CLOCK names. The file is mapped,
// so a change counts at once in every process. The clocks that nobody can set are left alone.
#include <cstdint>
#include <cstdlib>
#include <ctime>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

namespace
{

const volatile std::int64_t *secondsAhead = nullptr;

/// Before main(), while there is one thread. A program that was given no such file goes by the machine's
/// clock.
__attribute__((constructor)) void mapOffset()
{
    const char *path = std::getenv("INGATHER_TEST_CLOCK");
    const int file = path != nullptr ? ::open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *mapped = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    if (mapped != MAP_FAILED)
        secondsAhead = static_cast<const volatile std::int64_t *>(mapped);
}

int read(clockid_t clock, timespec *now)
{
    // The kernel itself: the library's function is this one.
    const auto outcome = static_cast<int>(::syscall(SYS_clock_gettime, clock, now));
    const bool isWallClock = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
    if (outcome == 0 && isWallClock && secondsAhead != nullptr)
        now->tv_sec += static_cast<time_t>(*secondsAhead);
    return outcome;
}

} // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec *now) noexcept
{
    return read(clock, now);
}

int gettimeofday(timeval *now, void * /*zone*/) noexcept
{
    timespec exact{};
    if (read(CLOCK_REALTIME, &exact) != 0)
        return -1;
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *result) noexcept
{
    timespec exact{};
    read(CLOCK_REALTIME, &exact);
    if (result != nullptr)
        *result = exact.tv_sec;
    return exact.tv_sec;
}
}
