// SPDX-License-Identifier: MIT
#include "transfer/redirects.h"

namespace ingather::transfer
{

using core::Error;
using core::ErrorCode;

namespace
{

int portOf(const QUrl &url)
{
    return url.port(url.scheme() == QLatin1StringView("https") ? 443 : 80);
}

Error refused(ErrorCode code, const QUrl &from, const QString &why)
{
    return Error{code, QStringLiteral("follow redirect"), 0,
                 QStringLiteral("from %1: %2").arg(from.host(QUrl::FullyEncoded), why)};
}

} // namespace

bool isRedirect(int status, bool hasLocation)
{
    if (status == 300)
        return hasLocation;
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool isSameOrigin(const QUrl &a, const QUrl &b)
{
    return a.scheme() == b.scheme() && a.host(QUrl::FullyEncoded) == b.host(QUrl::FullyEncoded) &&
           portOf(a) == portOf(b);
}

core::Result<QUrl> nextHop(const QUrl &from, const QByteArray &location, const QList<QUrl> &left, int most,
                           qsizetype sameSince)
{
    const QByteArray text = location.trimmed();
    if (text.isEmpty())
        return refused(ErrorCode::RedirectInvalid, from, QStringLiteral("no Location"));
    const QUrl target = QUrl::fromEncoded(text, QUrl::TolerantMode);
    if (!target.isValid())
        return refused(ErrorCode::RedirectInvalid, from, QStringLiteral("the Location is no URL"));

    QUrl next = from.resolved(target);
    next.setFragment(QString());
    const QString scheme = next.scheme();
    if (scheme != QLatin1StringView("http") && scheme != QLatin1StringView("https"))
        return refused(ErrorCode::RedirectInvalid, from, QStringLiteral("to scheme %1").arg(scheme));
    if (next.host().isEmpty())
        return refused(ErrorCode::RedirectInvalid, from, QStringLiteral("to a URL without host"));
    if (!target.userInfo().isEmpty())
        return refused(ErrorCode::RedirectInvalid, from, QStringLiteral("the Location holds credentials"));
    if (scheme == QLatin1StringView("http") && from.scheme() == QLatin1StringView("https"))
        return refused(ErrorCode::RedirectDowngrade, from, QStringLiteral("to unencrypted http"));
    if ((next == from && sameSince <= left.size()) || left.indexOf(next, sameSince) >= 0)
        return refused(ErrorCode::TooManyRedirects, from, QStringLiteral("in a circle"));
    if (left.size() >= most)
        return refused(ErrorCode::TooManyRedirects, from,
                       QStringLiteral("after %1 redirects").arg(left.size()));
    return next;
}

} // namespace ingather::transfer
