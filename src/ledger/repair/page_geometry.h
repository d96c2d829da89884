// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>
#include <QtGlobal>

#include <optional>

namespace ingather::ledger
{

/// How a database file is cut into pages.
struct PageGeometry {
    int pageSize = 4096;
    int reserved = 0; ///< bytes at the end of each page that SQLite leaves to extensions

    int usableSize() const { return pageSize - reserved; }
};

/// A power of two from 512 to 65536.
bool isPageSize(qint64 size);

/// What the 100 bytes of the header say (fileformat2.html, 1.3). Nullopt if they do not begin as a
/// database does or name sizes that cannot be.
std::optional<PageGeometry> geometryInHeader(QByteArrayView file);

/// How many bytes of the file are b-tree pages in order if it is cut into pages of that size. Cells fill a
/// page from its end, so only the true size finds them there.
qint64 bytesExplained(QByteArrayView file, int pageSize);

/// The size that explains most of the file; nullopt if none explains anything.
std::optional<int> guessPageSize(QByteArrayView file);

/// The reserved bytes that the pages themselves speak for: where the last cell ends, in most of them.
/// Nullopt if they are too few or do not agree.
std::optional<int> guessReserved(QByteArrayView file, int pageSize);

} // namespace ingather::ledger
