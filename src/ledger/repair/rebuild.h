// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/repair_report.h"
#include "core/result.h"
#include "core/work_control.h"

#include <QString>

namespace ingather::ledger
{

/// What a new ledger is written from.
struct RebuildSources {
    QString database;        ///< a copy; its -wal beside it is read too
    bool isReadable = false; ///< SQLite opens it and reads its schema
    bool scansPages = false; ///< pages are damaged: what SQLite does not reach is looked for in them
    QString backup;          ///< an unpacked one; empty: none
    bool hasLostRows = true; ///< false: no row is taken from the backup but of tables that are gone
    int version = 0;         ///< of the old ledger; 0: not known
};

struct RebuildOutcome {
    QList<core::TableAccount> tables;
    QStringList reasons;
    qint64 largestEpoch = 0;
};

/// Writes a ledger of the current version to `target` from everything that the sources still hold:
/// what SQLite reads ∪ what lies whole in the pages ∪ identities in the UNIQUE indexes and ops ∪ the backup.
/// Of several rows for one key that with the right row sum is kept, else the newest with the right key, else
/// the backup's; of a job with nothing but an identity a PLANNED one is made. Tables, views and triggers of
/// others, user_version and application_id come along. LedgerCorrupt if there is nothing of a ledger in any
/// of it.
core::Result<RebuildOutcome> rebuildLedger(const RebuildSources &sources, const QString &target,
                                           const core::Clock &clock, const core::WorkControl &control);

} // namespace ingather::ledger
