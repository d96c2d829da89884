// SPDX-License-Identifier: MIT
#pragma once

namespace ingather::ledger
{

/// The texts of the choice of a claim, in one place for the claim itself and for the health check, which asks
/// SQLite how it would go about it.

/// Word for word the WHERE of the indexes ingather_ready and ingather_by_host: anything else makes SQLite
/// sort all ready jobs.
#define INGATHER_READY                                                                                       \
    "lease_owner IS NULL AND next_attempt_at = 0 AND done_at IS NULL AND hold IS NULL "                      \
    "AND removed_at IS NULL AND state NOT IN ('INDEXED','DEDUPED','SKIPPED_DUPLICATE')"
#define INGATHER_CHOOSE_ANY                                                                                  \
    "SELECT rowid, host, root_id FROM artifact_jobs WHERE " INGATHER_READY                                   \
    " AND (?1 OR root_id IS NOT NULL) ORDER BY priority DESC, created_at LIMIT ?2"

/// The first ready jobs. Without a default root (?1), a job that has none can't be filed, so it is passed
/// over.
inline constexpr char chooseAnyJob[] = INGATHER_CHOOSE_ANY;
inline constexpr char planOfChooseAnyJob[] = "EXPLAIN QUERY PLAN " INGATHER_CHOOSE_ANY;

} // namespace ingather::ledger
