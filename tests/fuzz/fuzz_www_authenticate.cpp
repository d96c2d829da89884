// SPDX-License-Identifier: MIT
#include "transfer/auth_challenge.h"
#include "transfer/digest_auth.h"

#include "fuzzing.h"

using namespace ingather::transfer;
using ingather::tests::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray field = ingather::tests::toBytes(data, size);
    for (const AuthChallenge &challenge : parseWwwAuthenticate(field))
        require(!challenge.scheme.isEmpty(), "a challenge has a scheme");
    const auto challenge = digestChallenge(field);
    if (!challenge)
        return 0;
    const QByteArray answer =
        digestAuthorization(*challenge, {"us\"er:pass\\word", "GET", "/a?b=\"c\"", "c0ffee", 7});
    // What we send reads back as what was asked.
    const QList<AuthChallenge> parsed = parseWwwAuthenticate(answer);
    require(parsed.size() == 1 && parsed.first().scheme == "digest", "an answer is one of Digest");
    require(parsed.first().parameter("realm") == challenge->realm, "the realm comes back");
    require(parsed.first().parameter("nonce") == challenge->nonce, "the nonce comes back");
    require(parsed.first().parameter("uri") == "/a?b=\"c\"", "the target comes back");
    return 0;
}
