// SPDX-License-Identifier: MIT
#pragma once

#include "core/health_report.h"

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

} // namespace ingather::cli
