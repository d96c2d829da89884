// SPDX-License-Identifier: MIT
#include "transfer/cookie_chain.h"

#include <QNetworkCookie>
#include <QNetworkCookieJar>

#include <algorithm>

namespace ingather::transfer
{

namespace
{

constexpr qsizetype mostCookies = 50; // RFC 6265 §6.1 asks for as many a domain
constexpr qsizetype longestField = 8 * 1024;

bool hasCookieHeader(const HopIdentity &identity)
{
    return std::any_of(identity.headers.cbegin(), identity.headers.cend(), [](const HttpHeader &header) {
        return header.name.compare("Cookie", Qt::CaseInsensitive) == 0;
    });
}

bool isNamed(const QByteArray &pair, const QList<QNetworkCookie> &cookies)
{
    const QByteArray name = pair.left(pair.indexOf('=')).trimmed();
    return std::any_of(cookies.cbegin(), cookies.cend(),
                       [&name](const QNetworkCookie &cookie) { return cookie.name() == name; });
}

} // namespace

class CookieChain::Jar final : public QNetworkCookieJar
{
public:
    using QNetworkCookieJar::allCookies;
};

CookieChain::CookieChain() = default;

CookieChain::~CookieChain() = default;

bool CookieChain::take(const QByteArray &setCookie, const QUrl &from)
{
    if (setCookie.isEmpty())
        return false;
    if (!m_jar)
        m_jar = std::make_unique<Jar>();
    const QList<QNetworkCookie> before = m_jar->allCookies();
    for (const QNetworkCookie &cookie : QNetworkCookie::parseCookies(setCookie)) {
        if (m_jar->allCookies().size() < mostCookies)
            m_jar->setCookiesFromUrl({cookie}, from);
    }
    const QList<QNetworkCookie> after = m_jar->allCookies();
    return after.size() != before.size() ||
           !std::all_of(after.cbegin(), after.cend(),
                        [&before](const QNetworkCookie &cookie) { return before.contains(cookie); });
}

void CookieChain::addTo(HopIdentity *identity, const QUrl &hop) const
{
    if (!m_jar || hasCookieHeader(*identity))
        return;
    const QList<QNetworkCookie> set = m_jar->cookiesForUrl(hop);
    QByteArrayList pairs;
    for (const QByteArray &pair : identity->cookies.split(';')) {
        if (!pair.trimmed().isEmpty() && !isNamed(pair, set))
            pairs.append(pair.trimmed());
    }
    for (const QNetworkCookie &cookie : set)
        pairs.append(cookie.toRawForm(QNetworkCookie::NameAndValueOnly));
    const QByteArray field = pairs.join("; ");
    if (field.size() <= longestField)
        identity->cookies = field;
}

} // namespace ingather::transfer
