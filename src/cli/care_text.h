// SPDX-License-Identifier: MIT
#pragma once

#include "core/health_report.h"

#include <QStringList>

/// What the commands that care for the ledger print for people.
namespace ingather::cli
{

/// `health`: how it stands, then what was found; with `isVerbose` also the checks that found nothing.
QStringList healthLines(const core::HealthReport &report, const QString &ledgerPath, bool isVerbose);
/// One thing found: what, its name and detail, some examples, and what to do.
QStringList findingLines(const core::Finding &finding);

} // namespace ingather::cli
