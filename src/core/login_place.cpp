// SPDX-License-Identifier: MIT
#include "core/login_place.h"

#include "core/canonical_url.h"

namespace ingather::core
{

Result<QString> loginPlace(const QString &typed)
{
    const QString text = typed.trimmed();
    const Result<CanonicalUrl> url =
        canonicalUrl(text.contains(QLatin1StringView("://")) ? text : QStringLiteral("https://") + text);
    if (!url)
        return url.error();
    if (!url->userInfo.isEmpty()) {
        return Error{ErrorCode::InvalidUrl, QStringLiteral("read login place"), 0,
                     QStringLiteral("a user name or password does not belong into the address")};
    }
    return loginPlace(QUrl(url->url, QUrl::StrictMode));
}

QString loginPlace(const QUrl &url)
{
    QString host = url.host(QUrl::FullyEncoded).toLower();
    if (host.isEmpty())
        return {};
    if (host.contains(u':'))
        host = u'[' + host + u']';
    const QString scheme = url.scheme();
    const int usual = scheme == QLatin1StringView("https") ? 443 : 80;
    const QString port = url.port(usual) == usual ? QString() : u':' + QString::number(url.port());
    return scheme + QStringLiteral("://") + host + port;
}

} // namespace ingather::core
