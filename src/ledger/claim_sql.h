// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/rows.h"

namespace ingather::ledger
{

/// The texts of the claim, in one place for the claim itself and for the health check, which asks SQLite how
/// it would go about it.

/// Word for word the WHERE of the index ingather_ready: anything else makes SQLite sort all ready jobs.
#define INGATHER_READY                                                                                       \
    "lease_owner IS NULL AND next_attempt_at = 0 AND done_at IS NULL AND hold IS NULL "                      \
    "AND removed_at IS NULL AND state NOT IN ('INDEXED','DEDUPED','SKIPPED_DUPLICATE')"
#define INGATHER_TAKE                                                                                        \
    "UPDATE artifact_jobs SET lease_owner = ?1, lease_until = ?2, fence = max(fence + 1, ?3), updated_at = " \
    "?4, "                                                                                                   \
    "state = CASE WHEN state IN ('PLANNED','FAILED') THEN 'LEASED' ELSE state END "                          \
    "WHERE rowid IN (SELECT "
/// The whole record of what was taken, so that it is not looked up again.
#define INGATHER_TAKEN                                                                                       \
    INGATHER_JOB_COLUMNS_OF(                                                                                 \
        "", "(SELECT path FROM ingather_roots AS r WHERE r.root_id = artifact_jobs.root_id)")
#define INGATHER_TAKE_ANY                                                                                    \
    INGATHER_TAKE "rowid FROM artifact_jobs WHERE " INGATHER_READY                                           \
                  " AND (?5 OR root_id IS NOT NULL) ORDER BY priority DESC, created_at LIMIT ?6) "           \
                  "RETURNING " INGATHER_TAKEN

/// The first ready jobs. Without a default root (?5), a job that has none can't be filed, so it is passed
/// over.
inline constexpr char takeAnyJob[] = INGATHER_TAKE_ANY;
inline constexpr char planOfTakeAnyJob[] = "EXPLAIN QUERY PLAN " INGATHER_TAKE_ANY;

} // namespace ingather::ledger
