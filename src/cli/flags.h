// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.h"
#include "core/result.h"
#include "engine/settings.h"

namespace ingather::cli
{

/// The settings with what the command line says, which wins over environment and file. `get` retries
/// sooner than a worker that runs for days. InvalidArgument if the outcome makes no sense, or if the
/// named certificate can't be read.
core::Result<engine::Settings> withFlags(engine::Settings settings, const Invocation &invocation);

} // namespace ingather::cli
