// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/result.h"

#include <QStringList>

struct sqlite3;

namespace ingather::ledger
{

/// Who works with the ledger, as far as the ledger itself tells: the registered owners and the holders of
/// leases, without `self`.
struct OwnersFound {
    QStringList living; ///< alive, or of another host and not known to have gone
    QStringList dead;   ///< registered owners of this host whose process is gone: an unclean end
};

/// A holder of a lease whose life can't be looked at (a v1 program, another host) counts as living until the
/// lease has run out. Works on v1 ledgers too, where nobody is registered.
core::Result<OwnersFound> findOwners(sqlite3 *connection, const QString &self, core::UnixTime now);

/// Those of this host whose process is gone.
QStringList deadAmong(const QStringList &owners);

} // namespace ingather::ledger
