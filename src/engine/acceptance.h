// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "engine/snapshots.h"

namespace ingather::ledger
{
class LedgerThread;
}

namespace ingather::engine
{

/// "Keep it anyway": what a job's last refusal left in quarantine becomes its complete part, and the job,
/// which expects anything from now on, is filed by the next worker. The copy in quarantine stays.
/// `unchanged`: jobs that have not failed, or with nothing in quarantine. Runs on a thread that may block.
core::Result<WishAnswer> acceptRefused(ledger::LedgerThread &writer, const QString &quarantineFolder,
                                       const QList<core::JobId> &jobs);

} // namespace ingather::engine
