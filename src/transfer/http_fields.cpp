// SPDX-License-Identifier: MIT
#include "transfer/http_fields.h"

#include "transfer/http_date.h"

#include <QList>

#include <algorithm>
#include <limits>

namespace ingather::transfer
{

namespace
{

bool isDigits(const QByteArray &text)
{
    return !text.isEmpty() &&
           std::all_of(text.cbegin(), text.cend(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

std::optional<qint64> parseDecimal(const QByteArray &text)
{
    if (!isDigits(text))
        return std::nullopt;
    bool fits = false;
    const qint64 value = text.toLongLong(&fits);
    return fits ? std::optional(value) : std::nullopt;
}

core::Result<qint64> parseContentLength(const QByteArray &value)
{
    std::optional<qint64> length;
    for (const QByteArray &part : value.split(',')) {
        const auto number = parseDecimal(part.trimmed());
        if (!number) {
            return core::Error{core::ErrorCode::ProtocolError, QStringLiteral("read Content-Length"), 0,
                               QString::fromLatin1(value.left(80))};
        }
        if (length && *length != *number) {
            return core::Error{core::ErrorCode::LengthConflict, QStringLiteral("read Content-Length"), 0,
                               QString::fromLatin1(value.left(80))};
        }
        length = number;
    }
    return *length;
}

std::optional<ContentRangeField> parseContentRange(const QByteArray &value)
{
    const QByteArray text = value.trimmed();
    const qsizetype space = text.indexOf(' ');
    if (space < 0 || text.left(space).compare("bytes", Qt::CaseInsensitive) != 0)
        return std::nullopt;
    const QList<QByteArray> halves = text.mid(space + 1).trimmed().split('/');
    if (halves.size() != 2)
        return std::nullopt;

    ContentRangeField field;
    if (halves[1] != "*") {
        field.total = parseDecimal(halves[1]);
        if (!field.total)
            return std::nullopt;
    }
    if (halves[0] == "*")
        return field.total ? std::optional(field) : std::nullopt;

    const QList<QByteArray> ends = halves[0].split('-');
    if (ends.size() != 2)
        return std::nullopt;
    const auto first = parseDecimal(ends[0]);
    const auto last = parseDecimal(ends[1]);
    if (!first || !last || *last < *first || *last == std::numeric_limits<qint64>::max())
        return std::nullopt;
    if (field.total && *last >= *field.total)
        return std::nullopt;
    field.range = ContentRange{*first, *last, field.total};
    return field;
}

std::optional<std::chrono::seconds> parseRetryAfter(const QByteArray &value, const QByteArray &date,
                                                    const QDateTime &now)
{
    using std::chrono::seconds;
    const QByteArray text = value.trimmed();
    const bool isNegative = text.startsWith('-');
    if (isDigits(isNegative ? text.mid(1) : text)) {
        if (isNegative)
            return seconds(0);
        // Digits that do not fit are a very long time.
        const qint64 delta = parseDecimal(text).value_or(longestRetryAfter.count());
        return std::min(seconds(delta), longestRetryAfter);
    }
    const auto until = parseHttpDate(text, now);
    if (!until)
        return std::nullopt;
    const QDateTime from = parseHttpDate(date, now).value_or(now);
    return std::clamp(seconds(from.secsTo(*until)), seconds(0), longestRetryAfter);
}

} // namespace ingather::transfer
