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

/// What all lanes of a worker work with: thread-safe, and outlives every lane.
struct SharedServices {
    ledger::LedgerThread &writer;
    ledger::LedgerThread &reader;
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

/// The same with what belongs to the lane's thread.
struct LaneServices : SharedServices {
    transfer::HttpClient &http;
};

} // namespace ingather::engine
