// SPDX-License-Identifier: MIT
#pragma once

#include "core/sha256.h"
#include "core/validators.h"
#include "ledger/records.h"

#include <QString>

namespace ingather::engine
{

/// Keys of a job's operations. Their context holds the generation and what identifies the content, never
/// a range, an attempt or a time, so that a later run finds the operation that an earlier one left.
QString headKey(const ledger::JobRecord &job);
QString resumeKey(const ledger::JobRecord &job, const core::Validators &validators);
QString streamKey(const ledger::JobRecord &job, const core::Validators &validators);
/// For FINALIZE, INDEX and DEDUPE.
QString contentKey(core::OpType type, const ledger::JobRecord &job, const core::Sha256 &sha256);

/// Of care: what was done about the job, and to which part, if it was one.
QString careKey(core::OpType type, const ledger::JobRecord &job, const QString &deed, const QString &part);

} // namespace ingather::engine
