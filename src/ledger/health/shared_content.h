// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/health/check_context.h"

namespace ingather::ledger
{

/// ContentShared: one hash under several works. Reads the index of the hashes once.
core::Result<> checkSharedContent(CheckContext &context);

} // namespace ingather::ledger
