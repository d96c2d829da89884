// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>
#include <QtGlobal>

#include <optional>
#include <vector>

namespace ingather::ledger
{

/// Before the b-tree header of page 1 stands the header of the file.
inline constexpr int fileHeaderSize = 100;

/// The first byte of a b-tree page (https://www.sqlite.org/fileformat2.html, 1.6).
enum class PageKind : quint8 {
    IndexInterior = 2,
    TableInterior = 5,
    IndexLeaf = 10,
    TableLeaf = 13,
};

constexpr bool isTableKind(PageKind kind)
{
    return kind == PageKind::TableLeaf || kind == PageKind::TableInterior;
}
constexpr bool isInteriorKind(PageKind kind)
{
    return kind == PageKind::TableInterior || kind == PageKind::IndexInterior;
}

/// A cell as it lies in its page. Offsets count from the start of the page.
struct Cell {
    int start = 0;
    int end = 0; ///< first byte behind it
    quint32 leftChild = 0;
    qint64 rowid = 0;         ///< of a table; 0 in an index
    int payloadStart = 0;     ///< of the part in the page
    int localSize = 0;        ///< length of that part
    qint64 payloadSize = 0;   ///< of all of it; 0 in an interior page of a table, which has none
    quint32 overflowPage = 0; ///< where the rest begins; 0 if there is none
};

/// A stretch of a page.
struct Extent {
    int start = 0;
    int end = 0;
};

/// Reads the cell at that offset, whatever the page's own list says. Nullopt if it does not lie inside the
/// usable part of the page or its payload is longer than any record may be. The overflow page is not looked
/// at.
std::optional<Cell> readCell(QByteArrayView page, int usable, PageKind kind, int offset);

/// View of a page as a node of a b-tree: nothing of it is trusted, every access stays inside.
class BtreePage final
{
public:
    /// Nullopt if the first byte names no kind of node.
    static std::optional<BtreePage> read(QByteArrayView page, int headerOffset, int usable);

    PageKind kind() const { return m_kind; }
    /// No more than the page has room for, whatever it claims.
    int cellCount() const { return m_cellCount; }
    /// `index` < cellCount().
    int cellPointer(int index) const;
    std::optional<Cell> cellAt(int offset) const { return readCell(m_page, m_usable, m_kind, offset); }
    /// Of an interior page; 0 otherwise.
    quint32 rightChild() const;

    /// The list of cells ends before the content begins, and each entry points into the content.
    bool isListInside() const;
    /// Where the list of cells begins: behind the header.
    int listStart() const;
    int contentStart() const { return m_contentStart; }
    /// The page accounts for each of its bytes: cells, free blocks and fragments fill the content
    /// without gap or overlap (what integrity_check asks of it). A list that lost an entry does not.
    /// `cells` are those that the list leads to; sorted by this.
    bool isAccountedFor(std::vector<Extent> &cells) const;
    /// The free blocks, in order; nullopt if their chain is not.
    std::optional<std::vector<Extent>> freeBlocks() const;

private:
    BtreePage() = default;

    QByteArrayView m_page;
    PageKind m_kind = PageKind::TableLeaf;
    int m_headerOffset = 0;
    int m_usable = 0;
    int m_cellCount = 0;
    bool m_isCountPossible = true;
    int m_contentStart = 0;
};

} // namespace ingather::ledger
