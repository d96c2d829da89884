// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/records.h"
#include "ledger/session.h"

#include <QList>

namespace ingather::ledger
{

/// None but Restore means anything for a removed job.
enum class Wish {
    Pause,  ///< hold = PAUSED, unless done or cancelled
    Resume, ///< lifts PAUSED
    Cancel, ///< hold = CANCELLED, unless done
    Retry, ///< lifts any hold; FAILED for good → PLANNED; a done job whose file is gone → `refetch` below
    Remove,  ///< hides it: removed_at; its history stays, nobody claims it, whoever works on it ends
    Restore, ///< shows it again
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
    /// Parts of cancelled and removed jobs that nobody leases: the caller removes the files, then the rows
    /// (forgetPart).
    QList<PartRecord> orphanedParts;
};

core::Result<WishReport> applyWish(Session &session, Wish wish, const JobSelection &selection);

/// Higher is claimed earlier; what is under way goes on. A job that has ended has none to change.
core::Result<WishReport> setPriority(Session &session, int priority, const JobSelection &selection);

/// Deletes jobs with their ops, parts, URLs, events and registered hashes, beyond recall; the files stay
/// where they are. What is leased is in `unchanged`: remove it first, and its worker gives it back.
core::Result<WishReport> forgetJobs(Session &session, const JobSelection &selection);

/// A done job (or FAILED for good) back to PLANNED with generation + 1, attempts 0; its hash row and
/// name are given up. The only way out of a terminal state.
core::Result<> refetch(Session &session, const core::JobId &job, const QString &reason);

/// Forgets the part of that name, and that any bytes of it are there; a newer one of the same job stays.
core::Result<> forgetPart(Session &session, const core::JobId &job, const QString &name);

} // namespace ingather::ledger
