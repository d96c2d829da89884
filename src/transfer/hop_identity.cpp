// SPDX-License-Identifier: MIT
#include "transfer/hop_identity.h"

#include "transfer/redirects.h"

#include <algorithm>

namespace ingather::transfer
{

namespace
{

QByteArray userInfoOf(const NetrcEntry &entry)
{
    return entry.login.isEmpty() && entry.password.isEmpty() ? QByteArray()
                                                             : entry.login + ':' + entry.password;
}

QByteArray userInfoFor(const HttpRequest &request, const Netrc &netrc, const QUrl &hop, bool isNamedOrigin)
{
    if (isNamedOrigin && !request.userInfo.isEmpty())
        return request.userInfo;
    if (const NetrcEntry *entry = netrc.entryFor(hop.host(QUrl::FullyEncoded).toLatin1()))
        return userInfoOf(*entry);
    return isNamedOrigin && netrc.fallback ? userInfoOf(*netrc.fallback) : QByteArray();
}

bool isOfHost(const HostHeaders &kept, const QUrl &hop)
{
    const QString host = hop.host(QUrl::FullyEncoded);
    const int port = hop.port(hop.scheme() == QLatin1StringView("https") ? 443 : 80);
    return kept.host.compare(host, Qt::CaseInsensitive) == 0 ||
           kept.host.compare(host + u':' + QString::number(port), Qt::CaseInsensitive) == 0;
}

} // namespace

HopIdentity identityFor(const HttpRequest &request, const HttpOptions &options, const QUrl &hop,
                        const QDateTime &now)
{
    const bool isNamedOrigin = isSameOrigin(request.url, hop);
    HopIdentity identity;
    if (isNamedOrigin || hop.scheme() == QLatin1StringView("https")) {
        identity.userInfo = userInfoFor(request, options.netrc, hop, isNamedOrigin);
        for (const HostHeaders &kept : options.hostHeaders) {
            if (isOfHost(kept, hop))
                identity.headers += kept.headers;
        }
    }
    if (isNamedOrigin)
        identity.headers += request.headers;
    const bool hasCookies =
        std::any_of(identity.headers.cbegin(), identity.headers.cend(), [](const HttpHeader &header) {
            return header.name.compare("Cookie", Qt::CaseInsensitive) == 0;
        });
    if (!hasCookies)
        identity.cookies = cookieField(options.cookies, hop, now);
    return identity;
}

} // namespace ingather::transfer
