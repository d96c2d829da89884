// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QUrl>

#include <optional>

namespace ingather::transfer
{

struct Cookie {
    QByteArray domain; ///< lower case, without a dot in front
    bool isForSubdomains = false;
    QByteArray path;
    bool isSecure = false; ///< over https only
    std::optional<qint64> expires =
        std::nullopt; ///< Unix seconds; none: as long as the file says it is there
    QByteArray name;
    QByteArray value;

    friend bool operator==(const Cookie &, const Cookie &) = default;
};

/// A cookies.txt as browsers' extensions and curl write it: domain, flag, path, secure, expiry, name and
/// value, separated by tabs; #HttpOnly_ in front of a domain is no comment. Lines that are none of that, and
/// names or values that a header cannot hold, are left out.
QList<Cookie> parseCookieFile(const QByteArray &text);

/// Whether a host is what a cookie's domain names, itself or, if that is wished, a host below it
/// (RFC 6265 §5.1.3). Below an address, or a name of one label, there is nothing.
bool isCookieDomain(const Cookie &cookie, const QByteArray &host);

/// RFC 6265 §5.1.4.
bool isCookiePath(const QByteArray &cookiePath, const QByteArray &path);

/// The value of the Cookie field for that URL (RFC 6265 §5.4), longest paths first; empty if none matches.
QByteArray cookieField(const QList<Cookie> &cookies, const QUrl &url, const QDateTime &now);

} // namespace ingather::transfer
