// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "transfer/hop_identity.h"
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

/// The part of that which concerns custom headers.
core::Result<> checkHeaders(const QList<HttpHeader> &headers);

/// Whether it may stand in If-None-Match: an entity tag, weak or strong (RFC 9110 §8.8.3).
bool isEntityTag(const QByteArray &text);
/// Whether it may stand in If-Modified-Since: a date in one of the three forms (§5.6.7).
bool isConditionDate(const QByteArray &text);

/// What may come over HTTP/2, where QNAM 6.4 takes in a body as fast as it is sent: over TLS, the answer to a
/// HEAD, and a range of at most mostOverHttp2 bytes.
bool mayUseHttp2(const HttpRequest &request, HttpMethod method, const QUrl &hop);
constexpr qint64 mostOverHttp2 = 4 * 1024 * 1024;

/// The request for one hop, over HTTP/1.1. Range and conditions go with every hop; who asks is what
/// `identity` says, because QNAM itself would repeat it anywhere. `authorization` stands in place of Basic,
/// if there is one.
QNetworkRequest requestForHop(const HttpRequest &request, const QUrl &hop, const QByteArray &userAgent,
                              const HopIdentity &identity, const QByteArray &authorization);

} // namespace ingather::transfer
