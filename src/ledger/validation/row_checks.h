// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.h"
#include "core/result.h"
#include "core/work_control.h"

struct sqlite3;

namespace ingather::ledger
{

struct Migration;

/// What PRAGMA integrity_check finds, told apart: PageDamaged, IndexDamaged (place: the index),
/// StateRuleBroken and ValueMistyped for broken CHECK and NOT NULL. The pragma itself is asked only about
/// tables that their indexes don't agree with (see index_comparison.h). A progress handler looks at
/// control.stop. LedgerCorrupt and the like are findings, not errors; Cancelled is an error. SQLite forgets
/// the CHECKs of a file that it may not write, so on a read-only connection only checkRows() sees a broken
/// one.
core::Result<QList<core::Finding>> checkPages(sqlite3 *connection, const core::WorkControl &control);

/// Everything that a schema can't hold by itself, over all rows, one finding a rule with count and examples:
/// foreign keys; duplicated keys (where a UNIQUE index is gone); keys that are not the hash of what they are
/// made of; state rules (core/job_state.h and the rules of rows, see row_rules.h); types; row sums; unsigned
/// rows; the counter table against the rows; epoch, fences beyond it, install id. Not the version stores.
/// What a program of v1 leaves behind under its own rules is at most a Warning. Goes by the tables alone and
/// trusts no index, in one read transaction. A ledger without the columns of version 2 is judged by the rules
/// of version 1; tables that are missing are left to compareSchema().
core::Result<QList<core::Finding>> checkRows(sqlite3 *connection, const core::WorkControl &control);

/// The version stores alone (cheap): VersionMismatch, MigrationChanged, MigrationGap.
/// `chain`: of the caller, instead of this program's own.
core::Result<QList<core::Finding>> checkVersionStores(sqlite3 *connection);
core::Result<QList<core::Finding>> checkVersionStores(sqlite3 *connection, const QList<Migration> &chain);

} // namespace ingather::ledger
