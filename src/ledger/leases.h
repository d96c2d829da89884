// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/records.h"
#include "ledger/session.h"

#include <QHash>
#include <QList>
#include <QStringList>

#include <chrono>

namespace ingather::ledger
{

/// Proof of a claim. Every later write of that run is guarded by all three.
struct Lease {
    core::JobId job;
    core::Fence fence;
    QString owner;
};

/// A place among the ready jobs, in the order of host and age.
struct ReadyPlace {
    QString host;
    qint64 row = 0;
    friend bool operator==(const ReadyPlace &, const ReadyPlace &) = default;
};

struct ClaimRequest {
    int limit = 1;
    std::chrono::seconds ttl{30};
    QStringList deadOwners;       ///< owners known to be dead: their leases are freed at once
    QList<core::JobId> onlyThese; ///< not empty: claim none but these
    std::optional<qint64>
        defaultRootId; ///< a job without root is given this one; without it such a job is left alone
    int perHost = 0;   ///< most jobs of one host that the owner wants to have; 0: any number
    QHash<QString, int> heldOfHost; ///< what it has already
    QString afterHost;              ///< where the hosts are gone through, this is the last that had its turn
    /// Roots whose volume is in trouble: how many jobs of each may be taken, 0 for none. Others have no
    /// bound.
    QHash<qint64, int> leftOfRoot;
    ReadyPlace from; ///< with leftOfRoot: where the last claim stopped looking
};

/// A job under our lease, with what earlier runs left behind. An op that was open has been taken over:
/// our fence and owner, attempt + 1, its old intent kept for verify(). Ops of v1 (no phase) and of earlier
/// generations that were open are ABANDONED.
struct ClaimedJob {
    JobRecord job;
    Lease lease;
    QList<OpRecord> ops; ///< oldest first; of those that were ABANDONED only STREAM, which may name parts
    std::optional<PartRecord> part;
    int hostFailures = 0; ///< of its host, as remembered (hosts.h)
};

struct ClaimAnswer {
    QList<ClaimedJob> jobs;
    /// Jobs of roots in trouble stood in the way, and this claim has looked no further than here: the next
    /// one is to go on `from` here. Nothing if it saw the end.
    std::optional<ReadyPlace> stoppedAt;
};

/// Promotes due backoffs, frees expired and dead leases (counting a crash for jobs whose claim had no
/// result), then takes the first `limit` ready jobs by priority and age, none of a host or a root that has
/// its share or whose time has not come (choice.h), with one UPDATE … RETURNING.
core::Result<ClaimAnswer> claimSome(Session &session, const ClaimRequest &request);
/// The same for who asks once.
core::Result<QList<ClaimedJob>> claim(Session &session, const ClaimRequest &request);

/// Renews the leases of `owner` on these jobs, in one statement; the renewed leases come back, so that what
/// is missing is known to be lost. Jobs that nobody works on any more are not named, so their leases expire.
core::Result<QList<Lease>> renew(Session &session, const QString &owner, const QList<core::JobId> &jobs,
                                 std::chrono::seconds ttl);

/// Gives a lease back without a result: LEASED → PLANNED, other states kept; no attempt counted.
/// LeaseLost if it is not ours any more. `nextAttemptIn` > 0 for *waiting* (volume or network), with its
/// code.
struct Release {
    Lease lease;
    std::chrono::seconds nextAttemptIn{0};
    QString errorCode;
    QString errorDetail;
    /// Cancelled: nobody will go on with what is open. Whether a file was put in place is still asked (see
    /// reconciliation.h).
    bool isGivenUp = false;
};
core::Result<> release(Session &session, const Release &release);

/// Owners that hold leases or are registered as running, this process's own excluded.
core::Result<QStringList> knownOwners(Session &session);
core::Result<> registerOwner(Session &session, const QString &owner, const QString &program);
/// Orderly end: the owner's row goes, remaining leases are released.
core::Result<> retireOwner(Session &session, const QString &owner);
/// Disorderly end: rows of owners that are known to be dead. They tell of it until somebody took over.
core::Result<> forgetOwners(Session &session, const QStringList &owners);

} // namespace ingather::ledger
