// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/leases.h"

#include <QHash>
#include <QList>

namespace ingather::ledger
{

struct ChosenJobs {
    QList<qint64> rows;                  ///< of artifact_jobs, in no order
    QHash<QString, int> hostFailures;    ///< of those hosts that have any
    std::optional<ReadyPlace> stoppedAt; ///< as in ClaimAnswer
};

/// The jobs that a claim is to take: the first ready ones by priority and age, but of no host more than its
/// share leaves, and none of a host whose not_before has not come. Where jobs of hosts that have their share
/// stand in the way, the other hosts are asked one by one, from `afterHost` on, each for its oldest jobs.
///
/// Its cost does not grow with the number of jobs: each row is found in an index, and no more than some
/// dozens are passed over.
core::Result<ChosenJobs> chooseJobs(Session &session, const ClaimRequest &request);

} // namespace ingather::ledger
