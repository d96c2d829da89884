// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"

namespace ingather::platform
{

/// The machine's clocks: CLOCK_REALTIME and CLOCK_BOOTTIME (which goes on in suspend).
class SystemClock final : public core::Clock
{
public:
    core::UnixTime now() const override;
    core::BootTime sinceBoot() const override;
};

} // namespace ingather::platform
