// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>
#include <QUrl>

namespace ingather::core
{

/// Where a login is valid: an origin (RFC 6454 §4), as "https://example.org" or "http://example.org:8080", in
/// canonical form and without the default port.
///
/// As a person types it: a host, a host with a port, or a URL, whose path counts for nothing. https unless
/// http is named, for a login that is sent over http can be read on the way. InvalidUrl, also for one with
/// userinfo; UnsupportedScheme.
Result<QString> loginPlace(const QString &typed);

/// Of a URL that is to be asked; empty if it has no host.
QString loginPlace(const QUrl &url);

} // namespace ingather::core
