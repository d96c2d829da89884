// SPDX-License-Identifier: MIT
#include "transfer/http_fields.h"

#include "fuzzing.h"

using namespace ingather::transfer;
using ingather::tests::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray text = ingather::tests::toBytes(data, size);
    if (const auto length = parseContentLength(text))
        require(*length >= 0, "no length is negative");
    const auto field = parseContentRange(text);
    if (!field)
        return 0;
    require(field->range || field->total, "a field says something");
    require(!field->total || *field->total >= 0, "no total is negative");
    if (!field->range)
        return 0;
    require(field->range->first >= 0 && field->range->last >= field->range->first, "a range goes forward");
    require(field->range->last - field->range->first + 1 > 0, "a range has a length");
    require(field->range->total == field->total, "range and field have one total");
    require(!field->total || field->range->last < *field->total, "a range lies inside");
    return 0;
}
