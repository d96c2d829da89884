// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"

#include <QNetworkReply>

namespace ingather::transfer
{

/// Where in an exchange an error came: the same native error speaks of different things.
enum class ExchangePhase { Head, Body };

/// Our code for an error below HTTP. Qt reports what the socket has no name for as "unknown": before
/// the headers that is a network without a route, afterwards a connection that broke.
core::ErrorCode codeOfNetworkError(QNetworkReply::NetworkError error, ExchangePhase phase);

/// The Error of a failed reply: native is its NetworkError, detail says host and reason without
/// secrets. `tlsReasons` are what certificate checking objected to.
core::Error errorOfReply(const QNetworkReply &reply, ExchangePhase phase, const QString &tlsReasons);

} // namespace ingather::transfer
