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

/// By name and from another origin over https alone: who is on the way could have made a redirect to http.
bool mayBeSentByHost(const HttpRequest &request, const QUrl &hop)
{
    return isSameOrigin(request.url, hop) || hop.scheme() == QLatin1StringView("https");
}

void addLogin(HopIdentity *identity, QByteArray userInfo, LoginOrigin origin)
{
    identity->userInfo = std::move(userInfo);
    identity->loginOrigin = identity->userInfo.isEmpty() ? LoginOrigin::None : origin;
}

void addLogin(HopIdentity *identity, const HttpRequest &request, const Netrc &netrc, const QUrl &hop,
              const QByteArray &kept)
{
    const bool isNamedOrigin = isSameOrigin(request.url, hop);
    if (isNamedOrigin && !request.userInfo.isEmpty())
        addLogin(identity, request.userInfo, LoginOrigin::Request);
    else if (!kept.isEmpty())
        addLogin(identity, kept, LoginOrigin::Kept);
    else if (const NetrcEntry *entry = netrc.entryFor(hop.host(QUrl::FullyEncoded).toLatin1()))
        addLogin(identity, userInfoOf(*entry), LoginOrigin::Netrc);
    else if (isNamedOrigin && netrc.fallback)
        addLogin(identity, userInfoOf(*netrc.fallback), LoginOrigin::Netrc);
}

bool isOfHost(const HostHeaders &kept, const QUrl &hop)
{
    QString host = hop.host(QUrl::FullyEncoded);
    if (host.contains(u':'))
        host = u'[' + host + u']';
    const int port = hop.port(hop.scheme() == QLatin1StringView("https") ? 443 : 80);
    return kept.host.compare(host, Qt::CaseInsensitive) == 0 ||
           kept.host.compare(host + u':' + QString::number(port), Qt::CaseInsensitive) == 0;
}

} // namespace

HopIdentity identityFor(const HttpRequest &request, const HttpOptions &options, const QUrl &hop,
                        const QDateTime &now, const QByteArray &kept)
{
    HopIdentity identity;
    if (mayBeSentByHost(request, hop)) {
        addLogin(&identity, request, options.netrc, hop, kept);
        for (const HostHeaders &ofHost : options.hostHeaders) {
            if (isOfHost(ofHost, hop))
                identity.headers += ofHost.headers;
        }
    }
    if (isSameOrigin(request.url, hop))
        identity.headers += request.headers;
    const bool hasCookies =
        std::any_of(identity.headers.cbegin(), identity.headers.cend(), [](const HttpHeader &header) {
            return header.name.compare("Cookie", Qt::CaseInsensitive) == 0;
        });
    if (!hasCookies)
        identity.cookies = cookieField(options.cookies, hop, now);
    return identity;
}

bool mayUseKeptLogin(const HttpRequest &request, const QUrl &hop)
{
    const bool hasOwn = isSameOrigin(request.url, hop) && !request.userInfo.isEmpty();
    return !hasOwn && mayBeSentByHost(request, hop);
}

} // namespace ingather::transfer
