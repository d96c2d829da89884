// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>

namespace ingather::core
{

/// A URL as people typed it, split into what is stored and what is not.
struct CanonicalUrl {
    QString url;      ///< canonical form; never holds userinfo or a fragment
    QString host;     ///< lower-case ASCII; an IPv6 address in brackets
    QString userInfo; ///< "user:password" as typed, percent-encoded; empty if there was none. Never stored.
};

/// RFC 3986 §6: scheme and host in lower case, IDN to ASCII, default port dropped, dot segments
/// removed (empty segments kept), escapes in upper case and unreserved ones decoded, empty path → "/",
/// fragment dropped, query order kept; characters that may not stand in a URL are percent-encoded as
/// UTF-8. A text without a scheme is taken as https if its host has a dot, is localhost or an IP address.
/// Errors: UnsupportedScheme for anything but http and https, InvalidUrl for the rest; `detail` says
/// what is wrong with it, without userinfo.
Result<CanonicalUrl> canonicalUrl(const QString &text);

} // namespace ingather::core
