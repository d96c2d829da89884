// SPDX-License-Identifier: MIT
#include "platform/crash_point.h"

#include <QByteArray>

#include <atomic>
#include <csignal>
#include <cstdio>

#include <unistd.h>

namespace ingather::platform
{

namespace
{

constexpr bool inEnumerationOrder()
{
    for (std::size_t i = 0; i < crashPoints.size(); ++i) {
        if (crashPoints[i].point != static_cast<CrashPoint>(i))
            return false;
    }
    return crashPoints.back().point == CrashPoint::SwapAfterGeneration;
}
static_assert(inEnumerationOrder());

constexpr int none = -1;

// Constant-initialised, so that a passage during another file's static initialisation finds them ready.
std::atomic<int> armedPoint{none};
std::atomic<int> passagesLeft{0};

/// Runs before main(), while there is one thread: getenv() is not safe beside others.
[[maybe_unused]] const bool isArmed = [] {
    const QByteArray wish = qgetenv("INGATHER_CRASH_AT");
    if (wish.isEmpty())
        return false;
    const qsizetype colon = wish.indexOf(':');
    const QByteArray name = colon < 0 ? wish : wish.left(colon);
    bool isNumber = true;
    const int passage = colon < 0 ? 1 : wish.mid(colon + 1).toInt(&isNumber);
    for (const CrashPointName &row : crashPoints) {
        if (name == row.name && isNumber && passage >= 1) {
            passagesLeft.store(passage);
            armedPoint.store(static_cast<int>(row.point));
            return true;
        }
    }
    std::fprintf(stderr, "INGATHER_CRASH_AT: no such crash point: %s\n", wish.constData());
    return false;
}();

} // namespace

void passCrashPoint(CrashPoint point)
{
    if (armedPoint.load(std::memory_order_relaxed) != static_cast<int>(point))
        return;
    if (passagesLeft.fetch_sub(1) == 1)
        ::kill(::getpid(), SIGKILL);
}

} // namespace ingather::platform
