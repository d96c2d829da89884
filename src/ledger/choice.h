// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/leases.h"

#include <QList>

namespace ingather::ledger
{

/// The rows of artifact_jobs that a claim is to take: the first ready ones by priority and age, but of no
/// host more than its share leaves. Where jobs of hosts that have their share stand in the way, the other
/// hosts are asked one by one, from `afterHost` on, each for its oldest jobs. The list as such is in no
/// order.
///
/// Its cost does not grow with the number of jobs: each row is found in an index, and no more than some
/// dozens are passed over.
core::Result<QList<qint64>> chooseJobs(Session &session, const ClaimRequest &request);

} // namespace ingather::ledger
