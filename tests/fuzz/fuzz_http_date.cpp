// SPDX-License-Identifier: MIT
#include "transfer/http_date.h"
#include "transfer/http_fields.h"

#include "fuzzing.h"

using namespace ingather::transfer;
using ingather::tests::require;

// HTTP-date, and Retry-After, which may be one: the first line and the second, as field and as Date.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QDateTime now(QDate(2026, 3, 1), QTime(12, 0), Qt::UTC);
    const QByteArray text = ingather::tests::toBytes(data, size);
    const qsizetype newline = text.indexOf('\n');
    const QByteArray first = text.left(newline);
    const QByteArray second = newline < 0 ? QByteArray() : text.mid(newline + 1);
    if (const auto date = parseHttpDate(first, now)) {
        require(date->isValid() && date->timeSpec() == Qt::UTC, "a date is one, in UTC");
        require(date->date().year() >= 0 && date->date().year() <= 9999, "a year has four digits");
        require(!isStrongDate(first, first, now), "no date is a second after itself");
    }
    if (const auto wait = parseRetryAfter(first, second, now))
        require(wait->count() >= 0 && *wait <= longestRetryAfter, "a wait is bounded");
    require(!(isStrongDate(first, second, now) && isStrongDate(second, first, now)), "one date is later");
    return 0;
}
