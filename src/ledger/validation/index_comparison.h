// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>
#include <QStringList>

struct sqlite3;

namespace ingather::ledger
{

struct IndexComparison {
    bool isMade = false;   ///< false: this table's indexes can't be compared in passes
    QStringList differing; ///< names of the indexes that don't hold what the table does
};

/// Whether each index of a table has one entry for each row that belongs into it and no other, in order, and
/// each key of a UNIQUE one once. One pass through the table and one through each index, in the order of
/// their b-trees: both sides are counted and the hashes of their entries summed up, 64 bits wide, so that
/// nothing is looked up. Which rows are to blame it doesn't know; integrity_check does, and takes the time
/// of a search for each row and index. Damaged pages come back as the error that SQLite gave.
core::Result<IndexComparison> compareIndexes(sqlite3 *connection, const QString &table);

} // namespace ingather::ledger
