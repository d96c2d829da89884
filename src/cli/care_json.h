// SPDX-License-Identifier: MIT
#pragma once

#include "core/health_report.h"
#include "core/repair_report.h"

#include <QJsonObject>

/// What the commands that care for the ledger print with --json; scripts rest on the keys.
namespace ingather::cli
{

/// {"status","schema_version","tables":{name:{"row_count"}},"states":{…},"leases":{"active","expired"},
/// "ops":{"open"},"checks":[…],"errors":[those of severity error],"elapsed_ms"}. A count that could not be
/// had is null; every state is named.
QJsonObject healthJson(const core::HealthReport &report);
/// {"id","severity","summary","detail","remedy","place","count","examples"}
QJsonObject findingJson(const core::Finding &finding);

/// {"kind":"nothing|mend|rebuild|salvage","findings":[…],"steps":[…],"obstacles":[…],"bytes_needed",
/// "bytes_available"}
QJsonObject planJson(const core::RepairPlan &plan);
/// {"kind","findings":[…],"steps":[…],"tables":[{"table","readable","kept","altered","rebuilt","rejected",
/// "lost"}],"reasons":[…],"remaining":[…],"set_aside","still_open_in":[…],"epoch","elapsed_ms"}
QJsonObject repairJson(const core::RepairReport &report);
/// {"path","bytes","jobs"}
QJsonObject backupJson(const core::BackupReport &report);
/// {"jobs_in_backup","jobs_before","jobs_only_before","jobs_newer_before","set_aside","epoch"}
QJsonObject restoreJson(const core::RestoreReport &report);
/// {"from","to","backup"}
QJsonObject migrationJson(const core::MigrationReport &report);

} // namespace ingather::cli
