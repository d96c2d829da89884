// SPDX-License-Identifier: MIT
#include "ledger/repair/tree_walk.h"

#include "ledger/repair/btree_page.h"

namespace ingather::ledger
{

namespace
{

constexpr int disputed = -1;

std::optional<BtreePage> nodeAt(const PageImage &image, int number)
{
    return BtreePage::read(image.page(number), PageImage::headerOffset(number), image.usableSize());
}

void appendChildren(const BtreePage &node, int pageCount, std::vector<int> &children)
{
    const auto append = [pageCount, &children](quint32 child) {
        if (child >= 2 && child <= static_cast<quint32>(pageCount))
            children.push_back(static_cast<int>(child));
    };
    for (int i = 0; i < node.cellCount(); ++i) {
        if (const std::optional<Cell> cell = node.cellAt(node.cellPointer(i)))
            append(cell->leftChild);
    }
    append(node.rightChild());
}

/// Claims the tree below `root`. A page that another root has claimed is disputed, and all below it.
void claimTree(const PageImage &image, int root, std::vector<int> &rootOf)
{
    const std::optional<BtreePage> top = nodeAt(image, root);
    if (!top)
        return;
    std::vector<int> waiting{root};
    while (!waiting.empty()) {
        const int number = waiting.back();
        waiting.pop_back();
        int &owner = rootOf[static_cast<std::size_t>(number)];
        if (owner == root || owner == disputed)
            continue;
        const std::optional<BtreePage> node = nodeAt(image, number);
        if (!node || isTableKind(node->kind()) != isTableKind(top->kind()))
            continue;
        owner = owner == 0 ? root : disputed;
        if (isInteriorKind(node->kind()))
            appendChildren(*node, image.pageCount(), waiting);
    }
}

} // namespace

std::vector<int> rootsOfPages(const PageImage &image, const QList<int> &roots)
{
    std::vector<int> rootOf(static_cast<std::size_t>(image.pageCount()) + 1, 0);
    for (const int root : roots) {
        if (root >= 1 && root <= image.pageCount())
            claimTree(image, root, rootOf);
    }
    for (int &root : rootOf) {
        if (root == disputed)
            root = 0;
    }
    return rootOf;
}

} // namespace ingather::ledger
