// SPDX-License-Identifier: MIT
#pragma once

#include "core/work_control.h"
#include "ledger/repair/table_shape.h"

#include <QSet>

#include <functional>

namespace ingather::ledger
{

/// Called with the rowid (0 where there is none) and the row in the shape's order.
using RowSink = std::function<core::Result<>(qint64 rowid, SqlRow &&row)>;

struct EngineReading {
    qint64 rows = 0;
    bool isComplete = true; ///< false: damage was met; what lies behind it was looked for further on
};

/// Reads a table with SQLite, as far as it gets. Where a page can't be read it goes on behind it, in growing
/// steps of rowids. Columns that the source lacks get the shape's defaults, columns that the shape lacks are
/// left out. `skip`: rowids that are had already. An error only of the sink's, or Cancelled.
core::Result<EngineReading> readTable(sqlite3 *source, const TableShape &shape, const QSet<qint64> &skip,
                                      const RowSink &sink, const core::WorkControl &control);

} // namespace ingather::ledger
