// SPDX-License-Identifier: MIT
#pragma once

namespace ingather::platform
{

/// Whether any network interface but the loopback is up and has an address: the least that it takes to reach
/// another machine. True where that can't be told.
bool hasNetworkInterface();

} // namespace ingather::platform
