// SPDX-License-Identifier: MIT
#pragma once

#include "engine/reconciliation/reconcile_round.h"

namespace ingather::engine
{

/// Looks at the files of the next `most` done jobs behind `lastRow`, which moves on and starts again at 0
/// behind the last one; 0: all. A job whose file is missing, changed or damaged is marked so and stays done;
/// the mark goes when the file is back. Nothing is hashed.
core::Result<> reconcileFiles(ReconcileRound &round, qint64 &lastRow, qint64 most);

} // namespace ingather::engine
