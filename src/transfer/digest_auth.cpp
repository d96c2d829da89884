// SPDX-License-Identifier: MIT
#include "transfer/digest_auth.h"

#include "transfer/auth_challenge.h"

#include <QCryptographicHash>
#include <QList>

namespace ingather::transfer
{

namespace
{

bool hasAuth(const QByteArray &qop)
{
    for (const QByteArray &option : qop.toLower().split(',')) {
        if (option.trimmed() == "auth")
            return true;
    }
    return false;
}

bool takeAlgorithm(const QByteArray &name, DigestChallenge *challenge)
{
    QByteArray text = name.toLower();
    challenge->isSession = text.endsWith("-sess");
    if (challenge->isSession)
        text.chop(5);
    challenge->hash = text == "sha-256" ? DigestChallenge::Hash::Sha256 : DigestChallenge::Hash::Md5;
    return text == "sha-256" || text == "md5" || (text.isEmpty() && !challenge->isSession);
}

std::optional<DigestChallenge> usable(const AuthChallenge &given)
{
    if (given.scheme != "digest" || given.parameter("nonce").isEmpty() || given.parameter("realm").isNull())
        return std::nullopt;
    DigestChallenge challenge;
    if (!takeAlgorithm(given.parameter("algorithm"), &challenge))
        return std::nullopt;
    const QByteArray qop = given.parameter("qop");
    challenge.hasQop = !qop.trimmed().isEmpty();
    if (challenge.hasQop && !hasAuth(qop))
        return std::nullopt;
    challenge.realm = given.parameter("realm");
    challenge.nonce = given.parameter("nonce");
    challenge.opaque = given.parameter("opaque");
    challenge.isStale = given.parameter("stale").toLower() == "true";
    challenge.wantsUserHash = given.parameter("userhash").toLower() == "true";
    return challenge;
}

QByteArray hashOf(const DigestChallenge &challenge, const QByteArray &text)
{
    const auto algorithm = challenge.hash == DigestChallenge::Hash::Sha256 ? QCryptographicHash::Sha256
                                                                           : QCryptographicHash::Md5;
    return QCryptographicHash::hash(text, algorithm).toHex();
}

QByteArray quoted(QByteArray text)
{
    text.replace('\\', "\\\\").replace('"', "\\\"");
    return '"' + text + '"';
}

QByteArray algorithmName(const DigestChallenge &challenge)
{
    const QByteArray hash = challenge.hash == DigestChallenge::Hash::Sha256 ? "SHA-256" : "MD5";
    return challenge.isSession ? hash + "-sess" : hash;
}

QByteArray countText(quint32 count)
{
    return QByteArray::number(count, 16).rightJustified(8, '0');
}

QByteArray responseOf(const DigestChallenge &challenge, const DigestRequest &request, const QByteArray &user,
                      const QByteArray &password)
{
    QByteArray first = hashOf(challenge, user + ':' + challenge.realm + ':' + password);
    if (challenge.isSession)
        first = hashOf(challenge, first + ':' + challenge.nonce + ':' + request.clientNonce);
    const QByteArray second = hashOf(challenge, request.method + ':' + request.target);
    if (!challenge.hasQop)
        return hashOf(challenge, first + ':' + challenge.nonce + ':' + second);
    return hashOf(challenge, first + ':' + challenge.nonce + ':' + countText(request.count) + ':' +
                                 request.clientNonce + ":auth:" + second);
}

} // namespace

std::optional<DigestChallenge> digestChallenge(const QByteArray &wwwAuthenticate)
{
    std::optional<DigestChallenge> best;
    for (const AuthChallenge &given : parseWwwAuthenticate(wwwAuthenticate)) {
        const auto challenge = usable(given);
        const bool isBetter = challenge && (!best || (challenge->hash == DigestChallenge::Hash::Sha256 &&
                                                      best->hash == DigestChallenge::Hash::Md5));
        if (isBetter)
            best = challenge;
    }
    return best;
}

QByteArray digestAuthorization(const DigestChallenge &challenge, const DigestRequest &request)
{
    const qsizetype colon = request.userInfo.indexOf(':');
    const QByteArray user = colon < 0 ? request.userInfo : request.userInfo.left(colon);
    const QByteArray password = colon < 0 ? QByteArray() : request.userInfo.mid(colon + 1);
    const QByteArray shownUser =
        challenge.wantsUserHash ? hashOf(challenge, user + ':' + challenge.realm) : user;

    QByteArray field = "Digest username=" + quoted(shownUser) + ", realm=" + quoted(challenge.realm) +
                       ", nonce=" + quoted(challenge.nonce) + ", uri=" + quoted(request.target) +
                       ", response=" + quoted(responseOf(challenge, request, user, password)) +
                       ", algorithm=" + algorithmName(challenge);
    if (challenge.hasQop)
        field += ", qop=auth, nc=" + countText(request.count);
    if (challenge.hasQop || challenge.isSession)
        field += ", cnonce=" + quoted(request.clientNonce);
    if (!challenge.opaque.isEmpty())
        field += ", opaque=" + quoted(challenge.opaque);
    if (challenge.wantsUserHash)
        field += ", userhash=true";
    return field;
}

} // namespace ingather::transfer
