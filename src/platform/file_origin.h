// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/result.h"

#include <QString>

namespace ingather::platform
{

// What a file system can remember of a download besides its bytes. All of it is a courtesy: true if it was
// remembered, false where this volume can't, errors for everything else. Nothing is synced.

/// Sets `user.xdg.origin.url` (freedesktop.org, Common Extended Attributes) to the URL without secrets, see
/// core::shareableUrl(). A URL of more than 2048 bytes goes without its query, or not at all.
core::Result<bool> setOrigin(int descriptor, const QString &url);
core::Result<bool> setOrigin(const QString &path, const QString &url);

/// What setOrigin() left; empty if nothing did.
core::Result<QString> originOf(const QString &path);

/// Sets the time of the last change to that of the document on its server; the time of access stays.
/// InvalidArgument for a time before 1970 or after 2200, which no server means.
core::Result<bool> setModificationTime(int descriptor, core::UnixTime time);
core::Result<bool> setModificationTime(const QString &path, core::UnixTime time);

} // namespace ingather::platform
