// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace ingather::core
{

/// A name from a server or a URL made safe as one path component on Linux, Windows and macOS: no
/// separators, control, bidi or invisible characters, reserved device names, leading dots or "~", trailing
/// dots or blanks; NFC; at most 200 bytes of UTF-8, the extension kept. Empty if nothing usable is left.
QString safeFileName(const QString &name);

/// The last path segment of a canonical URL, percent-decoded and made safe; "download" when there is none.
QString fileNameFromUrl(const QString &canonicalUrl);

/// The file name of a Content-Disposition field (RFC 6266): filename* (RFC 8187) before filename, in which
/// UTF-8, ISO 8859-1, encoded words (RFC 2047) and UTF-8 encoded twice are understood; the last component of
/// a path; made safe; empty if the field gives none.
QString fileNameFromContentDisposition(const QByteArray &fieldValue);

/// `name` in at most `room` bytes of UTF-8: its stem is cut, its extension kept.
QString fittedFileName(const QString &name, qsizetype room);

/// `n`-th alternative of a name that is taken: n = 2 gives "name (2).pdf"; ".tar.gz" and the like stay whole.
QString numberedFileName(const QString &name, int n);

} // namespace ingather::core
