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

/// Deletes what removed jobs have filed: announced as an operation, done, recorded. Only a file that is still
/// what was filed goes; one that somebody has changed since is theirs. Jobs that filed nothing are passed
/// over. An error is the ledger's. Runs on a thread that may block.
core::Result<FileRemovalAnswer> deleteFiles(ledger::LedgerThread &writer, const QList<core::JobId> &jobs);

} // namespace ingather::engine
