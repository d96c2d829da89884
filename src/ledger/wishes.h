// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/records.h"
#include "ledger/session.h"

#include <QList>

namespace ingather::ledger
{

enum class Wish {
    Pause,  ///< hold = PAUSED, unless done or cancelled
    Resume, ///< lifts PAUSED
    Cancel, ///< hold = CANCELLED, unless done
    Retry, ///< lifts any hold; FAILED for good → PLANNED; a done job whose file is gone → `refetch` below
};

struct JobSelection {
    QList<core::JobId> ids;
    bool all = false;
    bool failed = false;
};

struct WishReport {
    QList<core::JobId> changed;
    QList<core::JobId> unchanged; ///< known, but the wish means nothing for them (or holds already)
    QList<core::JobId> unknown;
    /// Parts of cancelled jobs that nobody leases: the caller removes the files, then the rows (forgetPart).
    QList<PartRecord> orphanedParts;
};

core::Result<WishReport> applyWish(Session &session, Wish wish, const JobSelection &selection);

/// A done job (or FAILED for good) back to PLANNED with generation + 1, attempts 0; its hash row and
/// name are given up. The only way out of a terminal state.
core::Result<> refetch(Session &session, const core::JobId &job, const QString &reason);

/// Forgets the part of that name; a newer one of the same job stays.
core::Result<> forgetPart(Session &session, const core::JobId &job, const QString &name);

} // namespace ingather::ledger
