// SPDX-License-Identifier: MIT
#include "storage/content_gate.h"

#include "fuzzing.h"

using namespace ingather::storage;
using ingather::tests::require;

namespace
{

void judge(const QByteArray &content, ExpectedContent expected)
{
    const ContentReport report = judgeBytes(content, expected);
    const bool isKept = report.verdict == ContentVerdict::Right || report.verdict == ContentVerdict::Unusual;
    require(isKept == !refusalOf(report).has_value(), "what is not kept is refused");
    require((report.verdict == ContentVerdict::Right) == report.reason.isEmpty(), "all else has a reason");
    require(report.verdict != ContentVerdict::Unusual || report.flags, "what is unusual is flagged");
    require(report.verdict != ContentVerdict::Right || !report.flags, "what is right is not");
    require(report.verdict != ContentVerdict::BlockedPage || report.found == ContentType::Html,
            "a blocked page is a page");
    if (expected == ExpectedContent::Anything)
        require(isKept, "who asks for anything gets it");
    if (expected == ExpectedContent::Pdf && isKept)
        require(content.contains("%PDF-") && content.contains("startxref") && content.contains("%%EOF"),
                "a PDF has its parts");
    if (content.isEmpty() && expected != ExpectedContent::Anything && expected != ExpectedContent::Binary)
        require(report.verdict == ContentVerdict::Truncated, "an empty file is cut");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray content = ingather::tests::toBytes(data, size);
    using enum ExpectedContent;
    for (const ExpectedContent expected : {Anything, Binary, Pdf, Gzip, Zip, Xml, Json})
        judge(content, expected);
    return 0;
}
