// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "ledger/records.h"
#include "ledger/session.h"

namespace ingather::ledger
{

/// The user keeps what was refused: the job expects anything from now on and no digest, `part` is its
/// complete file, and it can be claimed at once. False, and nothing is written, if it has not failed, or
/// somebody has it.
core::Result<bool> acceptRefused(Session &session, const PartRecord &part);

} // namespace ingather::ledger
