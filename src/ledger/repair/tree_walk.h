// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/repair/page_image.h"

#include <QList>

#include <vector>

namespace ingather::ledger
{

/// The root of each page, by page number, as far as interior pages lead from the given roots; 0 where
/// none leads to it, or more than one (a damaged child pointer leads into somebody else's tree, and nothing
/// tells which of the two is right). Pages of a table are followed to pages of tables only, and so for
/// indexes.
std::vector<int> rootsOfPages(const PageImage &image, const QList<int> &roots);

} // namespace ingather::ledger
