// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>

#include <optional>

struct sqlite3;

namespace ingather::ledger
{

/// What a backup says about the ledger that it was made of.
struct LedgerDescription {
    int schemaVersion = 0;
    qint64 jobs = 0;
    /// 32 hex digits that change whenever something was recorded: a job, an operation, an event, a row or a
    /// column of anybody's table. They do not when a worker has only come and gone. No proof of equality.
    QString fingerprint;

    friend bool operator==(const LedgerDescription &, const LedgerDescription &) = default;
};

/// Reads a few index ends, at any size. LedgerUnmigrated if there is no ledger in the database.
core::Result<LedgerDescription> describeLedger(sqlite3 *connection);

} // namespace ingather::ledger
