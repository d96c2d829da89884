// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "transfer/http_client.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>

#include <optional>

namespace ingather::transfer
{

/// More than this is no response but an attack or an accident.
inline constexpr qsizetype mostHeaderFields = 200;
inline constexpr qsizetype mostHeaderBytes = 256 * 1024;

/// Status and fields of one response as they came in. Fields of the same name are one, joined by ", ".
struct ReceivedFields {
    int status = 0;
    QList<HttpHeader> fields;

    /// The trimmed value of the first field of that name (in any case); null if there is none.
    QByteArray value(QByteArrayView name) const;
};

/// ProtocolError if there are more fields or bytes than mostHeaderFields or mostHeaderBytes.
core::Result<> checkHeaderSize(const ReceivedFields &received);

/// The final response to `request`: what its header fields say, or why its body must not be used. Accepts
/// 200, 206 and 416 to a request with a range and 304 to a conditional one; everything else is
/// errorFromStatus. A 206 must hold the first byte asked for and none behind the last; it may start earlier
/// and end earlier (RFC 9110 §15.3.7), and must not differ from the known size. A 200, 206 or 416 without any
/// field is a ProtocolError: QNAM 6.4 silently drops all fields when it meets a malformed line, more than 100
/// fields, 100 KiB in one or 256 KiB in all, and without them a part would pass for a whole file. A
/// 200 in gzip or deflate is marked isDecoded (whoever reads it has to), any other coding and a coded part
/// are ContentEncoded; a gzip file is no coded body. `hop` is where the answer came from; `redirects` of the
/// head are left to the caller. `now` is for Retry-After without a Date field.
core::Result<ResponseHead> readHead(const ReceivedFields &received, const HttpRequest &request,
                                    const QUrl &hop, const QDateTime &now);

} // namespace ingather::transfer
