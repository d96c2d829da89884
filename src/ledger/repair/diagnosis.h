// SPDX-License-Identifier: MIT
#pragma once

#include "core/repair_report.h"
#include "core/work_control.h"
#include "ledger/validation/drift.h"

struct sqlite3;

namespace ingather::ledger
{

/// What is wrong with a ledger, and the cheapest cure that is enough.
struct Diagnosis {
    core::RepairKind kind = core::RepairKind::Nothing;
    int version = 0;         ///< 0: there is no ledger in it, as far as can be read
    bool isReadable = false; ///< SQLite opens it and reads its schema
    bool hasDamagedPages = false;
    QList<core::Finding> findings; ///< warnings and errors that a repair is about
    SchemaDrift drift;
    QStringList damagedIndexes;

    /// Rebuild is for more than the texts of tables.
    bool hasWrongRows() const;
    bool lacksTable() const;
    /// What would be done, technical, in order.
    QStringList steps() const;
};

/// Looks at everything, the sums of all rows included. The connection may be to a damaged file; errors of
/// reading are findings. Cancelled is the only error.
core::Result<Diagnosis> diagnose(sqlite3 *connection, const core::WorkControl &control);

/// For a file that SQLite does not open at all.
Diagnosis unreadable(const core::Error &why);

} // namespace ingather::ledger
