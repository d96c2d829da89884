// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>

namespace ingather::platform
{

// How renameNoReplace() gets on where the file system does not know the flag. Apart, so that both can be
// tested on file systems that do.

/// link(2), which never replaces, then unlink(2). A crash in between leaves both names for one file.
core::Result<> renameByLink(const QString &from, const QString &to);

/// Whether renameByLink() failed because the file system has no hard links.
bool isLinkRefused(const core::Error &error);

/// For file systems with neither (exFAT by FUSE, some network shares): takes the name with an empty file
/// that only one can create, then renames over it. Weaker than the other ways: a crash in between leaves
/// an empty file at `to`, and who writes into that empty file in the same instant loses it.
core::Result<> renameByPlaceholder(const QString &from, const QString &to);

} // namespace ingather::platform
