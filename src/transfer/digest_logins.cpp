// SPDX-License-Identifier: MIT
#include "transfer/digest_logins.h"

#include <QRandomGenerator>

#include <algorithm>
#include <array>

namespace ingather::transfer
{

namespace
{

constexpr qsizetype mostOrigins = 1'000;

QString originOf(const QUrl &url)
{
    const int port = url.port(url.scheme() == QLatin1StringView("https") ? 443 : 80);
    return QStringLiteral("%1 %2 %3").arg(url.scheme(), url.host(QUrl::FullyEncoded)).arg(port);
}

QByteArray targetOf(const QUrl &url)
{
    const QByteArray target =
        url.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::RemoveFragment);
    return target.startsWith('/') ? target : '/' + target;
}

QByteArray clientNonce()
{
    std::array<quint32, 4> random{};
    QRandomGenerator::system()->fillRange(random.data(), static_cast<qsizetype>(random.size()));
    return QByteArray(reinterpret_cast<const char *>(random.data()), sizeof random).toHex();
}

bool hasControlCharacter(const QByteArray &text)
{
    return std::any_of(text.cbegin(), text.cend(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

} // namespace

QByteArray DigestLogins::authorization(const QUrl &url, const QByteArray &userInfo, const QByteArray &method)
{
    const auto known = m_known.find(originOf(url));
    if (known == m_known.end() || userInfo.isEmpty() || hasControlCharacter(userInfo))
        return {};
    const DigestRequest request{userInfo, method, targetOf(url), clientNonce(), ++known->count};
    return digestAuthorization(known->challenge, request);
}

bool DigestLogins::learn(const QUrl &url, const QByteArray &wwwAuthenticate, int answeredBefore)
{
    const auto challenge = digestChallenge(wwwAuthenticate);
    if (!challenge)
        return false;
    if (m_known.size() >= mostOrigins)
        m_known.clear();
    m_known.insert(originOf(url), Known{*challenge, 0});
    return answeredBefore == 0 || (answeredBefore == 1 && challenge->isStale);
}

} // namespace ingather::transfer
