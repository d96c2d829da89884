// SPDX-License-Identifier: MIT
#pragma once

#include "core/repair_report.h"
#include "core/result.h"
#include "core/work_control.h"

#include <QString>

namespace ingather::ledger
{

/// What would be lost if the unpacked backup at `backupPath` took the place of the ledger at `ledgerPath`;
/// fills in the counts of the report, and nothing else. Both are only read. An absent ledger counts as one
/// without jobs, of a damaged one counts what can be read. BackupUnusable, with why, for a backup that is no
/// ledger of this schema (older, or newer with a breaking step) or does not pass integrity_check; Cancelled.
core::Result<core::RestoreReport> compareWithBackup(const QString &ledgerPath, const QString &backupPath,
                                                    const core::WorkControl &control);

} // namespace ingather::ledger
