// SPDX-License-Identifier: MIT
#include "transfer/http_fields.h"

#include "fuzzing.h"

using namespace ingather::transfer;
using ingather::tests::require;

namespace
{

void readContentRange(const QByteArray &value)
{
    const std::optional<ContentRangeField> field = parseContentRange(value);
    if (!field)
        return;
    require(field->range || field->total, "a Content-Range says something");
    require(!field->total || *field->total >= 0, "a total is not negative");
    if (!field->range)
        return;
    require(field->range->first >= 0 && field->range->first <= field->range->last, "a range has a length");
    require(!field->total || field->range->last < *field->total, "a range lies within its total");
}

void readRetryAfter(const QByteArray &value)
{
    const QDateTime now = QDateTime::fromSecsSinceEpoch(1'700'000'000, Qt::UTC);
    for (const QByteArray &date : {QByteArray(), value}) {
        const auto wait = parseRetryAfter(value, date, now);
        require(!wait || (wait->count() >= 0 && *wait <= longestRetryAfter), "a wait is bounded");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray value = ingather::tests::toBytes(data, size);
    readContentRange(value);
    readRetryAfter(value);
    const auto length = parseContentLength(value);
    require(!length || *length >= 0, "a length is not negative");
    return 0;
}
