// SPDX-License-Identifier: MIT
#pragma once

#include "engine/history.h"
#include "ledger/life_step.h"

#include <QString>

namespace ingather::engine
{

/// Where a FINALIZED job says that its file lies. It must have a hash.
FilingPlan filingOf(const ledger::JobRecord &job);

/// The ends of a job whose file lies at its place, without lease and path, which are the caller's.

/// [FINALIZE done + INDEX]. `sameContentAs`: see indexResult().
ledger::LifeStep registrationStep(const ledger::JobRecord &job, const FilingPlan &plan,
                                  const QString &sameContentAs);
/// [DEDUPE done]. `method`: how the copy came about.
ledger::LifeStep copyStep(const FilingPlan &plan, const QString &method);

/// The file is known not to be there as it should; any other error only means that it can't be told.
bool isAbsence(core::ErrorCode code);

/// The path of another file with that content; empty if there is none. On the ledger's thread.
core::Result<QString> fileWithContent(ledger::Session &session, const core::Sha256 &sha256);

} // namespace ingather::engine
