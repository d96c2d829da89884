// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"
#include "transfer/proxy_routes.h"

#include <QNetworkReply>

namespace ingather::transfer
{

/// Where in an exchange an error came: the same native error speaks of different things.
enum class ExchangePhase { Head, Body };

/// Our code for an error below HTTP. Qt reports what the socket has no name for as "unknown": before
/// the headers that is a network without a route, or a proxy that does not pass us on, afterwards a
/// connection that broke. What relays us is itself the one that is not found or refuses.
core::ErrorCode codeOfNetworkError(QNetworkReply::NetworkError error, ExchangePhase phase, Route route);

/// The Error of a failed reply: native is its NetworkError, detail says host and reason without
/// secrets. `tlsReasons` are what certificate checking objected to.
core::Error errorOfReply(const QNetworkReply &reply, ExchangePhase phase, Route route,
                         const QString &tlsReasons);

} // namespace ingather::transfer
