// SPDX-License-Identifier: MIT
#pragma once

#include "core/health_report.h"
#include "core/repair_report.h"

#include <QStringList>

/// What the commands that care for the ledger print for people.
namespace ingather::cli
{

/// `health`: how it stands, then what was found; with `isVerbose` also the checks that found nothing.
QStringList healthLines(const core::HealthReport &report, const QString &ledgerPath, bool isVerbose);
/// `repair --plan`: what would be done, why, and what stands in the way.
QStringList planLines(const core::RepairPlan &plan, const QString &ledgerPath);
/// `repair`: what was done, and the account of every row.
QStringList repairLines(const core::RepairReport &report, const QString &ledgerPath);
QStringList backupLines(const core::BackupReport &report);
QStringList restoreLines(const core::RestoreReport &report, const QString &ledgerPath);
QStringList migrationLines(const core::MigrationReport &report, const QString &ledgerPath);
/// One thing found: what, its name and detail, some examples, and what to do.
QStringList findingLines(const core::Finding &finding);

} // namespace ingather::cli
