// SPDX-License-Identifier: MIT
#include "transfer/cookie_file.h"

#include <QHostAddress>

#include <algorithm>

namespace ingather::transfer
{

namespace
{

constexpr qsizetype fieldCount = 7;

/// What would end the field, or begin another cookie in it (RFC 6265 §4.1.1 allows less; browsers don't keep
/// to that).
bool isSafe(const QByteArray &text)
{
    return std::none_of(text.cbegin(), text.cend(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == ';'; });
}

std::optional<Cookie> parseLine(QByteArray line)
{
    constexpr QByteArrayView httpOnly = "#HttpOnly_";
    if (line.startsWith(httpOnly))
        line.remove(0, httpOnly.size());
    else if (line.startsWith('#'))
        return std::nullopt;
    QList<QByteArray> fields = line.split('\t');
    if (fields.size() == fieldCount - 1)
        fields.append(QByteArray()); // an empty value, its tab lost
    if (fields.size() != fieldCount)
        return std::nullopt;

    Cookie cookie;
    cookie.domain = fields[0].trimmed().toLower();
    cookie.isForSubdomains = fields[1].toUpper() == "TRUE";
    cookie.path = fields[2];
    cookie.isSecure = fields[3].toUpper() == "TRUE";
    cookie.name = fields[5];
    cookie.value = fields[6];
    if (cookie.domain.startsWith('.'))
        cookie.domain.remove(0, 1);
    bool isNumber = false;
    const qint64 expires = fields[4].trimmed().split('.').first().toLongLong(&isNumber);
    const bool isGood = isNumber && !cookie.domain.isEmpty() && cookie.path.startsWith('/') &&
                        !cookie.name.isEmpty() && !cookie.name.contains('=') && isSafe(cookie.name) &&
                        isSafe(cookie.value);
    if (!isGood)
        return std::nullopt;
    if (expires > 0)
        cookie.expires = expires;
    return cookie;
}

} // namespace

QList<Cookie> parseCookieFile(const QByteArray &text)
{
    QList<Cookie> cookies;
    for (QByteArray line : text.split('\n')) {
        if (line.endsWith('\r'))
            line.chop(1);
        if (auto cookie = parseLine(line))
            cookies.append(std::move(*cookie));
    }
    return cookies;
}

bool isCookieDomain(const Cookie &cookie, const QByteArray &host)
{
    if (host == cookie.domain)
        return true;
    if (!cookie.isForSubdomains || !cookie.domain.contains('.') || !host.endsWith('.' + cookie.domain))
        return false;
    return QHostAddress(QString::fromLatin1(host)).isNull();
}

bool isCookiePath(const QByteArray &cookiePath, const QByteArray &path)
{
    if (!path.startsWith(cookiePath))
        return false;
    return path.size() == cookiePath.size() || cookiePath.endsWith('/') || path[cookiePath.size()] == '/';
}

QByteArray cookieField(const QList<Cookie> &cookies, const QUrl &url, const QDateTime &now)
{
    const QByteArray host = url.host(QUrl::FullyEncoded).toLatin1().toLower();
    const QByteArray path = url.path(QUrl::FullyEncoded).toLatin1();
    const bool isHttps = url.scheme() == QLatin1StringView("https");
    QList<Cookie> matching;
    for (const Cookie &cookie : cookies) {
        const bool isAlive = !cookie.expires || *cookie.expires > now.toSecsSinceEpoch();
        if (isAlive && (isHttps || !cookie.isSecure) && isCookieDomain(cookie, host) &&
            isCookiePath(cookie.path, path.isEmpty() ? QByteArray("/") : path))
            matching.append(cookie);
    }
    std::stable_sort(matching.begin(), matching.end(),
                     [](const Cookie &a, const Cookie &b) { return a.path.size() > b.path.size(); });
    QByteArray field;
    for (const Cookie &cookie : std::as_const(matching))
        field += (field.isEmpty() ? "" : "; ") + cookie.name + '=' + cookie.value;
    return field;
}

} // namespace ingather::transfer
