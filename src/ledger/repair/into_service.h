// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/result.h"

#include <QString>

struct sqlite3;

namespace ingather::ledger
{

/// The largest epoch that the ledger speaks of, in its own entry and in the fences of jobs and ops; 0 where
/// nothing can be read.
qint64 largestEpoch(sqlite3 *connection);

/// Makes a repaired or restored ledger ready to take the place of another: nobody holds a lease or is
/// registered, no token of before can ever match again (a new epoch, every fence at its start), open ops stay
/// open, counters are counted, the history says what happened. Leaves one file without -wal.
core::Result<> putIntoService(sqlite3 *connection, qint64 epoch, const char *event, const QString &detail,
                              const QString &owner, core::UnixTime now);

} // namespace ingather::ledger
