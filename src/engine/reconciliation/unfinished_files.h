// SPDX-License-Identifier: MIT
#pragma once

#include "engine/reconciliation/reconcile_round.h"

namespace ingather::engine
{

/// Parts on record that are gone, or shorter than what was recorded of them; parts, on record or not, of jobs
/// that have ended and will not go on. What is of no job of this ledger is told and left alone.
core::Result<> reconcileParts(ReconcileRound &round);

/// Announced, removed, recorded. Nothing there is as good; one that somebody still writes to is left alone.
core::Result<> removePart(ReconcileRound &round, const ledger::JobRecord &job, const QString &name,
                          core::ReconcileDeed deed);

} // namespace ingather::engine
