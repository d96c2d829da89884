// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>
#include <QHash>

namespace ingather::ledger
{

/// What a write-ahead log adds to its database: the newest committed copy of each page in it
/// (https://www.sqlite.org/fileformat2.html, 4). Reads as SQLite's own recovery does: a frame counts if it
/// carries the salts of the log's header and the running checksum fits; the first that does not ends the
/// log, and what follows the last commit before that end was never committed.
struct WalFrames {
    int pageSize = 0;               ///< 0: no log header that is in order
    QHash<int, qint64> pageOffsets; ///< page number → where its newest committed copy begins in the log
    qint64 databasePages = 0;       ///< pages of the database after the last commit; 0 without a commit
    int highestPage = 0;            ///< of those in pageOffsets
    int commits = 0;
    /// After the last commit there is more that bears the log's salts: a transaction that was under way,
    /// or damage.
    bool isCutShort = false;
};

WalFrames readWal(QByteArrayView wal);

} // namespace ingather::ledger
