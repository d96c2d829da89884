// SPDX-License-Identifier: MIT
#pragma once

#include "engine/reconciliation/reconcile_round.h"

#include <chrono>

namespace ingather::engine
{

/// Leases of the dead, and those whose time is over, as a claim frees them; for the time when nobody claims.
core::Result<> freeLeases(ReconcileRound &round, std::chrono::seconds leaseTtl);

/// What a crash left open in jobs that no claim will settle, or not for sure: a filing, a copy, a deletion,
/// the removal of a part; and files that were put in place and not registered. Their files are looked at and
/// hashed.
core::Result<> settleOpenWork(ReconcileRound &round);

} // namespace ingather::engine
