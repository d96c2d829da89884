// SPDX-License-Identifier: MIT
#pragma once

#include "core/validators.h"

#include <QByteArray>
#include <QList>
#include <QUrl>

#include <chrono>
#include <optional>

namespace ingather::transfer
{

struct ContentRange {
    qint64 first = 0;
    qint64 last = 0;
    std::optional<qint64> total;
};

/// Status and header facts of the final response, after redirects, before any body byte is read.
struct ResponseHead {
    int status = 0;
    QUrl url;                            ///< of the last hop, without userinfo
    QList<QUrl> redirects;               ///< every URL left behind, in order
    core::Validators validators;         ///< size: length of the whole representation if known
    bool isLastModifiedStrong = false;   ///< may be an If-Range later: isStrongDate() of it and `date`
    std::optional<qint64> contentLength; ///< of this body as sent; to a HEAD, of the one that a GET would get
    /// The body ends where the connection does, which nothing tells from one that broke (RFC 9112 §6.3): its
    /// length proves nothing. Not said of a decoded body, whose coding marks its end.
    bool isCloseDelimited = false;
    /// The body came in a content coding that nobody asked for and is handed out without it. Size and ranges
    /// are those of other bytes: size is unknown, the entity tag is weakened and no date is strong, so that
    /// no part of it is ever continued. Digests in the head are of the coded bytes.
    bool isDecoded = false;
    /// It came marked as gzip, and is handed out as it came, for it is a gzip file: see isGzipFile().
    bool isGzipFile = false;
    /// Of a 206: where its bytes belong. May start before what was asked for, never behind it.
    std::optional<ContentRange> contentRange;
    /// A 206 that ends before what was asked for: as far as it goes it is good.
    bool endsBeforeAsked = false;
    bool acceptsRanges = false;
    QByteArray contentType;
    QByteArray contentDisposition;
    QByteArray date; ///< when the answer was made, by the server's clock (RFC 9110 §6.6.1); as received
    std::optional<std::chrono::seconds> age; ///< how long ago a cache got it (RFC 9111 §5.1)
    std::optional<std::chrono::seconds> retryAfter;
    /// Digests as received, to be parsed by whoever compares them: of the representation with its coding
    /// (RFC 9530 §3), of this body (§2), in the older form (RFC 3230), and MD5 (RFC 1864).
    QByteArray reprDigest;
    QByteArray contentDigest;
    QByteArray digest;
    QByteArray contentMd5;
};

} // namespace ingather::transfer
