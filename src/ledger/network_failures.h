// SPDX-License-Identifier: MIT
#pragma once

#include "core/fence.h"
#include "core/job_id.h"
#include "core/result.h"
#include "ledger/records.h"
#include "ledger/session.h"

#include <QList>

#include <chrono>

namespace ingather::ledger
{

/// What was charged to a job.
struct RecordedFailures {
    core::JobId job;
    core::Fence fence; ///< of the run that failed last
    int count = 1;
};

/// These failures were the network's, which nobody knew when they were recorded: so many attempts less, and,
/// where nothing has happened since the last of them, no end, and another try `nextAttemptIn` from now. An
/// event EXCUSE each; returns the jobs that were changed.
core::Result<QList<core::JobId>> takeBackFailures(Session &session, const QList<RecordedFailures> &failures,
                                                  std::chrono::seconds nextAttemptIn);

/// The network is back: jobs that wait for it and are due within `span` are ready now. Returns how many.
core::Result<int> wakeWaitingForNetwork(Session &session, std::chrono::seconds span);

/// Jobs that wait for the network at this moment.
core::Result<qint64> waitingForNetwork(Session &session);

/// A done job each of up to three hosts, of those that delivered lately: they are known to answer. No pages,
/// as anybody can answer with one.
core::Result<QList<JobRecord>> latestDeliveries(Session &session);

/// The document that this done job has filed is not the server's: refetch() (wishes.h), unless its file was
/// replaced since by another content, somebody leases it or it was removed. False if it was left alone.
core::Result<bool> takeBackDelivery(Session &session, const core::JobId &job, const QString &sha256);

} // namespace ingather::ledger
