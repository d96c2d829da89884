// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QStringList>

namespace ingather::storage
{

/// The names in a root's parts folder that discardPart() takes: parts, unfinished copies, and sidecars whose
/// part is gone (by the part's name); sorted. Whether somebody still works on one tells its lock. No folder
/// is no names; VolumeAbsent if the root is missing.
core::Result<QStringList> leftoversIn(const QString &root);

} // namespace ingather::storage
