// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "engine/settings.h"

class QThreadPool;

namespace ingather::ledger
{
class LedgerThread;
}
namespace ingather::storage
{
class GroupSync;
}
namespace ingather::transfer
{
class HttpClient;
}

namespace ingather::engine
{

class Credentials;
class MountedRoots;
class NetworkObserver;
class ProgressBoard;
class RateLimits;
class RoomBoard;

/// What a lane works with. All of it outlives every lane; `http` belongs to the lane's thread, the
/// rest is thread-safe.
struct LaneServices {
    ledger::LedgerThread &writer;
    ledger::LedgerThread &reader;
    transfer::HttpClient &http;
    QThreadPool &blocking;
    storage::GroupSync &groupSync;
    ProgressBoard &progress;
    RateLimits &limits;
    NetworkObserver &network;
    RoomBoard &rooms;
    MountedRoots &mounts;
    const Credentials &credentials;
    const core::Clock &clock;
    const Settings &settings;
};

} // namespace ingather::engine
