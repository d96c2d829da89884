// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/leases.h"

namespace ingather::ledger
{

/// What a write under a lease needs to know of its job.
struct LeasedJob {
    core::JobState state = core::JobState::Planned;
    std::optional<qint64> rootId;
    QString finalPath;
    QString sha256;
    std::optional<qint64> bytesTotal;
    qint64 bytesDone = 0;
    int attempts = 0;
    QString host;
    bool hasOpenOps = false;
};

/// Reads the job if fence and owner are still the row's; LeaseLost if not. The write section keeps it
/// so until commit; the statements that follow are guarded all the same.
core::Result<LeasedJob> assertLease(Session &session, const Lease &lease);

core::Error leaseLost(const Lease &lease, const QString &operation);

} // namespace ingather::ledger
