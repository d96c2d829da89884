// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>

namespace ingather::core
{

/// The host of a URL in the one form that is stored and compared.
struct UrlHost {
    QString text; ///< lower-case ASCII; an IPv6 address in brackets, in the form of RFC 5952
    bool isIpAddress = false;
};

/// `typed` is what stands between userinfo and port, brackets included. Names: escapes decoded, IDN to
/// ASCII, lower case, a final dot kept; labels of letters, digits, "-" and "_". IPv4: four decimal numbers
/// only, because "127.1" and "0x7f.0.0.1" name the same machine to some programs and another to others.
/// Errors: InvalidUrl.
Result<UrlHost> canonicalHost(QStringView typed);

} // namespace ingather::core
