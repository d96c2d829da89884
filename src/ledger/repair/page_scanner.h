// SPDX-License-Identifier: MIT
#pragma once

#include "core/work_control.h"
#include "ledger/repair/page_image.h"
#include "ledger/sql_value.h"

#include <QHash>
#include <QList>

#include <functional>

namespace ingather::ledger
{

/// Where a cell was found.
struct CellSource {
    int page = 0;
    /// 0: not known. The root page of the b-tree to which the page belongs, as far as the interior pages
    /// above it could be followed from a root.
    int root = 0;
    /// The page's own list of cells led to it. Otherwise it was found by trying every offset of a broken
    /// page.
    bool isListed = false;
    /// The freelist names the page, and none of the given roots leads to it: a deleted row, most likely.
    bool isOnFreePage = false;
};

/// A row of a table b-tree: leaf cell with its overflow chain, complete. `values` has as many values as the
/// record has: fewer than the table's columns if a column was added after the row was written; an INTEGER
/// PRIMARY KEY stands as NULL in its record. A whole number in a REAL column stands as an integer (see
/// decodeRecord()).
struct TableCell {
    qint64 rowid = 0;
    SqlRow values;
    CellSource source;
};

/// An entry of an index b-tree, from a leaf or an interior page: the key's columns and, last, the rowid
/// (for indexes of ordinary tables) .
struct IndexCell {
    SqlRow values;
    CellSource source;
};

struct ScanCounts {
    int tableLeaves = 0;
    int indexPages = 0;
    int brokenPages = 0; ///< a b-tree page by its first byte, whose header or cell list is not in order
    int emptyPages = 0;  ///< zeros only
    int otherPages = 0;  ///< interior, overflow, free and unknown
    qint64 cells = 0;
    qint64 brokenCells = 0; ///< listed, and not to be read: overflow chain torn, record not in order
};

struct ScanSink {
    std::function<void(TableCell &&)> tableCell;
    std::function<void(IndexCell &&)> indexCell;
    /// By the root of its b-tree, before a cell is decoded: whether it is wanted. Empty: all are.
    std::function<bool(int root)> wantsTable;
    std::function<bool(int root)> wantsIndex;
};

/// Visits every page of the image once, in order, and hands over each whole cell of each table leaf and each
/// index page. Then come, in order again, those pages whose header is broken, that do not account for each of
/// their bytes, whose list of cells does not lead to a record that is in order for each entry, or that are
/// nothing known (no overflow, free or pointer-map page): they are searched at every offset as well; what the
/// list had led to is not handed over twice. Free pages are not searched. A record is in order if its header,
/// serial types and lengths fit exactly and it is no longer than `largestPayload`. `roots`: root pages to
/// follow for CellSource::root; may be empty. Cancelled if control says so.
core::Result<ScanCounts> scanPages(const PageImage &image, const QList<int> &roots, const ScanSink &sink,
                                   const core::WorkControl &control);

inline constexpr qint64 largestPayload = qint64{64} << 20;

/// sqlite_schema read from the image by its b-tree (page 1), as far as it can be followed. Empty if page 1 is
/// gone; scanPages() may still find its other leaves.
struct ScannedSchemaRow {
    QString type;
    QString name;
    QString table;
    int rootPage = 0;
    QByteArray sql; ///< empty for autoindexes
};
QList<ScannedSchemaRow> scanSchema(const PageImage &image);

} // namespace ingather::ledger
