// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.h"
#include "core/repair_report.h"
#include "core/result.h"
#include "core/work_control.h"

namespace ingather::ledger
{

/// A deep look at a file that is about to become the ledger: pages, keys, schema, rules. LedgerCorrupt if
/// there is an error in it; else what is left to say about it (warnings and information).
core::Result<QList<core::Finding>> verifyNew(const QString &path, const core::WorkControl &control);

/// One line for the log and the history.
QString summaryOf(const core::RepairReport &report);
/// For report.json in the place of the repair.
QByteArray toJson(const core::RepairReport &report);
QByteArray toJson(const core::RestoreReport &report);

} // namespace ingather::ledger
