// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <optional>

namespace ingather::transfer
{

/// A challenge of the Digest scheme that can be answered here (RFC 7616 §3.3).
struct DigestChallenge {
    enum class Hash { Md5, Sha256 };

    QByteArray realm;
    QByteArray nonce;
    QByteArray opaque;
    Hash hash = Hash::Md5;
    bool isSession = false; ///< the -sess variants
    bool hasQop = false;    ///< qop=auth; without, the older form of RFC 2069
    bool isStale = false;   ///< only the nonce was too old
    bool wantsUserHash = false;

    friend bool operator==(const DigestChallenge &, const DigestChallenge &) = default;
};

/// The best Digest challenge of a WWW-Authenticate field: SHA-256 before MD5, otherwise the first. nullopt if
/// there is none that has realm and nonce, a known algorithm and, where it names any, qop "auth".
std::optional<DigestChallenge> digestChallenge(const QByteArray &wwwAuthenticate);

/// What one answer is about; `userInfo` is "user:password" in UTF-8, `target` the path and query as sent.
struct DigestRequest {
    QByteArray userInfo;
    QByteArray method;
    QByteArray target;
    QByteArray clientNonce;
    quint32 count = 1; ///< how often this nonce was used, with this use
};

/// The value of the Authorization field (RFC 7616 §3.4).
QByteArray digestAuthorization(const DigestChallenge &challenge, const DigestRequest &request);

} // namespace ingather::transfer
