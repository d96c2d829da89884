// SPDX-License-Identifier: MIT
#pragma once

#include "transfer/digest_auth.h"

#include <QByteArray>
#include <QHash>
#include <QString>
#include <QUrl>

namespace ingather::transfer
{

/// Remembers by origin the Digest challenge that was met last, so that further requests need no 401 before
/// them and no password in clear. Holds no credentials. One thread.
class DigestLogins final
{
public:
    /// The Authorization field for a request to `url`; empty if nothing is known of its origin, or `userInfo`
    /// can't be written into a field.
    QByteArray authorization(const QUrl &url, const QByteArray &userInfo, const QByteArray &method);

    /// Takes in the WWW-Authenticate field of a 401. Whether asking again may help: there is a challenge that
    /// can be answered, and it is the first 401 of this hop, or the second that only calls the nonce stale.
    bool learn(const QUrl &url, const QByteArray &wwwAuthenticate, int answeredBefore);

private:
    struct Known {
        DigestChallenge challenge;
        quint32 count = 0;
    };

    QHash<QString, Known> m_known;
};

} // namespace ingather::transfer
