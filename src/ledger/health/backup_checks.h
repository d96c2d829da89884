// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/health/check_context.h"

namespace ingather::ledger
{

/// BackupMissing, BackupOld: the newest is more than seven days old and the ledger has changed since.
core::Result<> checkBackups(CheckContext &context);

} // namespace ingather::ledger
