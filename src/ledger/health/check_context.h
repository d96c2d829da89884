// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/health/check_list.h"
#include "ledger/health/health.h"

#include <chrono>

struct sqlite3;

namespace ingather::ledger
{

/// What the checks of one look work with.
struct CheckContext {
    sqlite3 *connection = nullptr;
    const HealthRequest &request;
    const core::WorkControl &control;
    core::UnixTime now;
    int version = 0; ///< of the schema: 1, or 2 and newer
    CheckList &checks;
    core::HealthReport &report;
    std::chrono::steady_clock::time_point countUntil; ///< of a quick look
};

} // namespace ingather::ledger
