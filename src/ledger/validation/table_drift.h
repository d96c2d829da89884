// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.h"
#include "ledger/validation/schema_objects.h"

namespace ingather::ledger
{

/// How a table's text differs from the one it should have.
struct TableDrift {
    QList<core::Finding> findings;
    QList<QByteArray>
        columnsToAdd; ///< definitions as they were written; empty if the table has to be rebuilt
    QList<QByteArray>
        extraColumns; ///< definitions of harmless columns that are not ours, as they were written
    bool needsRebuild = false;
};

/// Columns and constraints are compared by what they say, not by where they stand: another order and further
/// columns that refuse none of our rows are Info.
TableDrift compareTable(const SchemaObject &expected, const SchemaObject &actual);

} // namespace ingather::ledger
