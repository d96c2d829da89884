// SPDX-License-Identifier: MIT
#include "core/digest.h"

#include "fuzzing.h"

using namespace ingather::core;
using ingather::tests::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QString text = QString::fromUtf8(ingather::tests::toBytes(data, size));
    const std::optional<Digest> digest = Digest::fromText(text);
    if (!digest)
        return 0;
    const QString stored = digest->toText();
    require(Digest::fromText(stored) == digest, "what is stored reads back");
    require(stored.size() == digestAlgorithmName(digest->algorithm()).size() + 1 + 2 * digest->bytes().size(),
            "what is stored has its length");
    require(stored.toLower() == stored, "what is stored is in lower case");
    return 0;
}
