// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace ingather::platform
{

/// Whether a file system type (statfs(2), f_type) is one that isNetworkFileSystem() speaks of.
bool isNetworkFileSystemType(quint32 magic);

} // namespace ingather::platform
