// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/health/check_context.h"

namespace ingather::ledger
{

/// Rows of each of our tables, and jobs by state. Of a ledger of version 2 the jobs are counted already; what
/// else there is, is counted while the time lasts if the look is quick.
core::Result<> countRows(CheckContext &context);

} // namespace ingather::ledger
