// SPDX-License-Identifier: MIT
#include "platform/network_interfaces.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <sys/socket.h>

namespace ingather::platform
{

bool hasNetworkInterface()
{
    ifaddrs *first = nullptr;
    if (getifaddrs(&first) != 0)
        return true;
    bool isThere = false;
    for (const ifaddrs *at = first; at && !isThere; at = at->ifa_next) {
        const bool isUp = (at->ifa_flags & IFF_UP) && (at->ifa_flags & IFF_RUNNING);
        const bool isOther = !(at->ifa_flags & IFF_LOOPBACK);
        const bool hasAddress =
            at->ifa_addr && (at->ifa_addr->sa_family == AF_INET || at->ifa_addr->sa_family == AF_INET6);
        isThere = isUp && isOther && hasAddress;
    }
    freeifaddrs(first);
    return isThere;
}

} // namespace ingather::platform
