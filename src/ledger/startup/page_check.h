// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/finding.h"
#include "core/result.h"

#include <QStringList>

#include <chrono>

struct sqlite3;

namespace ingather::ledger
{

/// After an unclean end: PageDamaged and IndexDamaged, as far as they are found within `span`. A process that
/// was killed leaves a whole ledger; a machine that lost its power, with a disk that lies, may not. Nothing
/// is found on a ledger too large for `span`: the deep health check is for those.
core::Result<QList<core::Finding>> checkPagesWithin(std::chrono::milliseconds span, sqlite3 *connection);

/// REINDEX of the indexes that the findings name, inside the caller's transaction; returns what was done.
core::Result<QStringList> reindex(sqlite3 *connection, const QList<core::Finding> &findings);

/// The registered owners that came to an unclean end since that look was last made; none while somebody works
/// with the ledger, who would have met the damage.
core::Result<QStringList> ownersToCheckAfter(sqlite3 *connection, const QString &self, core::UnixTime now);
/// Notes that it was made, so that each end costs one start the time.
core::Result<> noteCheckedAfter(sqlite3 *connection, const QStringList &deadOwners);

} // namespace ingather::ledger
