// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "transfer/http_client.h"

#include <QNetworkRequest>
#include <QUrl>

namespace ingather::transfer
{

/// Whether a request can be sent as it is. UnsupportedScheme; InvalidUrl (no host, userinfo);
/// InvalidArgument for a header that is malformed (a line break would smuggle in another one) or that
/// only we may set, a range that is none or part of a HEAD (RFC 9110 §14.2), an If-Range that is weak, no
/// validator or without a range (§13.1.5), and conditions that are no validators. Whether a date in If-Range
/// is strong only the caller knows. Details hold names, never values.
core::Result<> checkRequest(const HttpRequest &request, HttpMethod method);

/// The request for one hop. Range and conditions go with every hop; credentials and custom headers only
/// with those at the origin that the user named, because QNAM itself would repeat them anywhere.
QNetworkRequest requestForHop(const HttpRequest &request, const QUrl &hop, const QByteArray &userAgent);

} // namespace ingather::transfer
