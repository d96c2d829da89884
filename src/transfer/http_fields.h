// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "transfer/response_head.h"

#include <QByteArray>
#include <QDateTime>

#include <chrono>
#include <optional>

namespace ingather::transfer
{

/// Longest Retry-After that is believed.
inline constexpr std::chrono::seconds longestRetryAfter = std::chrono::hours(24);

/// A non-negative decimal number as HTTP writes it: digits only, at most 2^63-1.
std::optional<qint64> parseDecimal(const QByteArray &text);

/// Content-Length (RFC 9110 §8.6). Several fields arrive joined by ", ": the same number repeated counts
/// once, different ones are a LengthConflict, anything that is no number a ProtocolError.
core::Result<qint64> parseContentLength(const QByteArray &value);

/// What a Content-Range says: the range of a 206, or only the total of a 416 ("bytes */123").
struct ContentRangeField {
    std::optional<ContentRange> range; ///< none in the unsatisfied form
    std::optional<qint64> total;
};

/// Content-Range (RFC 9110 §14.4); nullopt if it breaks the grammar, uses another unit than bytes, ends
/// before it starts or reaches beyond its total.
std::optional<ContentRangeField> parseContentRange(const QByteArray &value);

/// Retry-After (RFC 9110 §10.2.3) in both forms; a date counts from `date`, the response's own Date
/// field, so that a wrong clock here or there does no harm. Never negative, at most longestRetryAfter;
/// nullopt for what is neither form.
std::optional<std::chrono::seconds> parseRetryAfter(const QByteArray &value, const QByteArray &date,
                                                    const QDateTime &now);

} // namespace ingather::transfer
