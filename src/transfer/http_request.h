// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>
#include <QUrl>

#include <optional>

namespace ingather::transfer
{

enum class HttpMethod { Get, Head };

struct HttpHeader {
    QByteArray name;
    QByteArray value;
};

/// Bytes `first` to `last`, both included, as RFC 9110 §14.1.1 counts; without `last`, to the end.
struct ByteRange {
    qint64 first = 0;
    std::optional<qint64> last = std::nullopt;

    friend bool operator==(const ByteRange &, const ByteRange &) = default;
};

struct HttpRequest {
    QUrl url;
    QByteArray userInfo;       ///< "user:password" for Basic, or Digest if asked; only to the origin of `url`
    QList<HttpHeader> headers; ///< custom headers, sent only to the origin of `url`
    std::optional<ByteRange> range; ///< only for a GET (RFC 9110 §14.2)
    /// What is known of the size of the whole: a 206 of another total is a RangeMismatch.
    std::optional<qint64> knownSize;
    /// With a range: a strong entity tag, or a Last-Modified for which isStrongDate() held, letter by letter
    /// (RFC 9110 §13.1.5). If it does not hold any more, the answer is a 200. A range without it is legal.
    QByteArray ifRange;
    QByteArray ifNoneMatch;     ///< an entity tag, weak or strong (§13.1.2): same → 304
    QByteArray ifModifiedSince; ///< a Last-Modified (§13.1.3): not later → 304; servers prefer ifNoneMatch

    /// A 304 is an answer to it.
    bool isConditional() const { return !ifNoneMatch.isEmpty() || !ifModifiedSince.isEmpty(); }
};

} // namespace ingather::transfer
