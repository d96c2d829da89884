// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QSet>
#include <QString>

#include <memory>

namespace ingather::ledger
{

/// The pages of a database file as its last commit left them, read without SQLite: the file (mapped, not
/// read into memory), and over it the frames of its write-ahead log up to the last valid commit
/// (https://www.sqlite.org/fileformat2.html, 4). Bears any damage: a page size that the header no longer
/// tells is found by trying, a file that ends in the middle of a page has that page filled up with zeros.
/// A rollback journal is not applied: open the file with SQLite first if there is a hot one.
///
/// For copies that nobody else writes: closing the file drops the locks that this process holds on it
/// through SQLite (SQLite, "How To Corrupt", 2.2), and a mapped file must not get shorter.
class PageImage final
{
public:
    /// `walPath` may name a file that is not there. Errors only for files that can't be read at all.
    static core::Result<std::unique_ptr<PageImage>> open(const QString &databasePath, const QString &walPath);
    Q_DISABLE_COPY_MOVE(PageImage)
    ~PageImage();

    int pageSize() const;
    int usableSize() const; ///< page size less the reserved bytes
    int pageCount() const;
    /// Pages count from 1. Exactly pageSize() bytes, valid as long as the image; zeros for a page that
    /// there is not.
    QByteArrayView page(int number) const;
    /// Offset of the b-tree header in that page: 100 on page 1.
    static int headerOffset(int number) { return number == 1 ? 100 : 0; }

    bool isHeaderWhole() const; ///< page 1 begins as a database does and names a possible page size
    bool isTextUtf8() const;    ///< encoding 1 (or not known); others are not decoded by the scanner
    /// As they stand in page 1, also where that is not whole.
    qint64 userVersion() const;
    qint64 applicationId() const;
    qint64 schemaCookie() const;
    /// Pages on the freelist as far as it can be followed; they hold nothing that is in use.
    const QSet<int> &freePages() const;
    /// Whether that page is a pointer map, which only auto-vacuum keeps (fileformat2.html, 1.8).
    bool isPointerMap(int number) const;
    /// Commits in the WAL that were applied.
    int walCommits() const;
    /// Whether more of the same log follows the last of them: a transaction that was under way, or damage.
    bool isWalCutShort() const;

private:
    class Private;
    explicit PageImage(std::unique_ptr<Private> opened);
    std::unique_ptr<Private> d;
};

} // namespace ingather::ledger
