// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/finding.h"
#include "core/result.h"
#include "ledger/schema.h"

#include <QList>
#include <QString>

struct sqlite3;

namespace ingather::ledger
{

/// Enters `step` in the two version stores, and in `ingather_migrations` (which came with version 2) the
/// steps of `chain` before it, if they are not there yet. `backup` may be empty.
core::Result<> recordStep(sqlite3 *connection, const QList<Migration> &chain, const Migration &step,
                          core::UnixTime now, const QString &backup);

/// Findings, about the schema, the version stores (checkVersionStores()) or the pages, as one error:
/// LedgerSchema if a step was carried out with another script than ours, as no repair knows what it did; else
/// LedgerNeedsRepair, with all of them in `detail`. None if there is none worse than Info.
core::Result<> errorOfFindings(const QList<core::Finding> &findings, const QString &operation);

} // namespace ingather::ledger
