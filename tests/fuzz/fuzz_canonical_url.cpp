// SPDX-License-Identifier: MIT
#include "core/canonical_url.h"
#include "core/shareable_url.h"

#include "fuzzing.h"

using namespace ingather::core;
using ingather::tests::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const Result<CanonicalUrl> first = canonicalUrl(QString::fromUtf8(ingather::tests::toBytes(data, size)));
    if (!first)
        return 0;
    const QString &url = first->url;
    const Result<CanonicalUrl> again = canonicalUrl(url);
    require(again.has_value(), "a canonical URL is a URL");
    require(again->url == url && again->host == first->host, "a canonical URL stays as it is");
    require(again->userInfo.isEmpty(), "a canonical URL has no userinfo");
    require(url.startsWith(u"http://") || url.startsWith(u"https://"), "a canonical URL is of the web");
    require(!url.contains(u'#') && !url.contains(u' '), "a canonical URL has no fragment and no blanks");
    require(!first->host.isEmpty(), "a canonical URL has a host");
    for (const QChar c : url)
        require(c > u' ' && c < QChar(0x7F), "a canonical URL is ASCII");
    const QString shared = shareableUrl(url);
    require(!shared.isEmpty() && shareableUrl(shared) == shared, "what is shared stays as it is");
    return 0;
}
