// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "engine/settings.h"
#include "transfer/http_options.h"

namespace ingather::engine
{

/// What the settings say of requests, in transfer's terms. InvalidArgument for a proxy, a certificate or a
/// header that is none; the detail repeats no password and no header's value.
core::Result<transfer::HttpOptions> httpOptions(const Settings &settings);

} // namespace ingather::engine
