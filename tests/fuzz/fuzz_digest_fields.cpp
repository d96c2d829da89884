// SPDX-License-Identifier: MIT
#include "core/digest_fields.h"

#include "fuzzing.h"

using namespace ingather::core;
using ingather::tests::require;

namespace
{

void requireRanked(const QList<Digest> &digests)
{
    for (qsizetype i = 0; i < digests.size(); ++i) {
        require(digests[i].bytes().size() == digestSize(digests[i].algorithm()), "a digest has its length");
        require(Digest::fromText(digests[i].toText()) == digests[i], "a digest reads back");
        require(i == 0 || digests[i].algorithm() < digests[i - 1].algorithm(),
                "the strongest first, each once");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray value = ingather::tests::toBytes(data, size);
    requireRanked(parseDigestDictionary(value));
    requireRanked(parseLegacyDigest(value));
    requireRanked(parseContentMd5(value));
    return 0;
}
