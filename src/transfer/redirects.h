// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QList>
#include <QUrl>

namespace ingather::transfer
{

/// 301, 302, 303, 307, 308: the statuses that send a GET elsewhere (RFC 9110 §15.4); and 300, if the
/// server names its own choice among several (§15.4.1).
bool isRedirect(int status, bool hasLocation);

/// Same scheme, host and port (RFC 6454): only then do credentials and custom headers go along.
bool isSameOrigin(const QUrl &a, const QUrl &b);

/// Where a redirect from `from` leads: `location` resolved against it, without fragment.
/// RedirectInvalid for a missing or unusable Location, another scheme than http and https, or userinfo
/// (somebody else's credentials); RedirectDowngrade from https to http; TooManyRedirects when `left`
/// holds `most` URLs already, and for a URL that is in `left` or is `from`: the same question gets the same
/// answer. Not for the first `sameSince` of them (`from` comes behind `left`), which were asked with other
/// cookies.
core::Result<QUrl> nextHop(const QUrl &from, const QByteArray &location, const QList<QUrl> &left, int most,
                           qsizetype sameSince = 0);

} // namespace ingather::transfer
