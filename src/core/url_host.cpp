// SPDX-License-Identifier: MIT
#include "core/url_host.h"

#include "core/percent_encoding.h"

#include <QList>
#include <QStringDecoder>
#include <QUrl>

#include <algorithm>

namespace ingather::core
{

namespace
{

Error invalid(const QString &detail)
{
    return {ErrorCode::InvalidUrl, QStringLiteral("read URL"), 0, detail};
}

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

bool isHexDigit(QChar c)
{
    return isDigit(c) || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F');
}

bool isIpv4(const QString &host)
{
    const QList<QStringView> parts = QStringView(host).split(u'.');
    return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](QStringView part) {
               return !part.isEmpty() && part.size() <= 3 &&
                      std::all_of(part.begin(), part.end(), [](QChar c) { return isDigit(c); }) &&
                      (part.size() == 1 || part.front() != u'0') && part.toInt() <= 255;
           });
}

/// What other parsers may take for a number, and so for (a part of) an IPv4 address.
bool looksNumeric(QStringView label)
{
    const bool isHex = label.startsWith(u"0x");
    const QStringView digits = isHex ? label.sliced(2) : label;
    return (isHex || !digits.isEmpty()) && std::all_of(digits.begin(), digits.end(), [isHex](QChar c) {
               return isHex ? isHexDigit(c) : isDigit(c);
           });
}

bool isLabel(QStringView label)
{
    return !label.isEmpty() && label.size() <= 63 && std::all_of(label.begin(), label.end(), [](QChar c) {
        return isDigit(c) || (c >= u'a' && c <= u'z') || c == u'-' || c == u'_';
    });
}

Result<UrlHost> ipv6Host(QStringView bracketed)
{
    if (bracketed.size() < 4 || !bracketed.endsWith(u']'))
        return invalid(QStringLiteral("the IPv6 address is not closed by a bracket"));
    const QStringView address = bracketed.sliced(1, bracketed.size() - 2);
    const bool isPlain = std::all_of(address.begin(), address.end(),
                                     [](QChar c) { return isHexDigit(c) || c == u':' || c == u'.'; });
    QUrl url;
    if (isPlain && address.contains(u':'))
        url.setHost(address.toString(), QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return invalid(QStringLiteral("the host is not a valid IPv6 address"));
    return UrlHost{QStringLiteral("[%1]").arg(url.host()), true};
}

} // namespace

Result<UrlHost> canonicalHost(QStringView typed)
{
    if (typed.isEmpty())
        return invalid(QStringLiteral("there is no host"));
    if (typed.startsWith(u'['))
        return ipv6Host(typed);

    const std::optional<QByteArray> bytes = percentDecoded(typed);
    if (!bytes)
        return invalid(QStringLiteral("a % in the host is not followed by two hexadecimal digits"));
    QStringDecoder decode(QStringDecoder::Utf8, QStringConverter::Flag::Stateless);
    QString name = decode(*bytes);
    if (decode.hasError())
        return invalid(QStringLiteral("the host is not valid UTF-8"));

    const bool hasFinalDot = name.endsWith(u'.');
    if (hasFinalDot)
        name.chop(1);
    const QString ascii = QString::fromLatin1(QUrl::toAce(name)).toLower();
    const QList<QStringView> labels = QStringView(ascii).split(u'.');
    if (ascii.size() > 253 || !std::all_of(labels.begin(), labels.end(), isLabel))
        return invalid(QStringLiteral("the host is not a valid name"));
    // "xn--80" and "xn--80a" decode to the same letter: a host has one form, that which encoding gives.
    const QString decoded = QUrl::fromAce(ascii.toLatin1(), QUrl::IgnoreIDNWhitelist);
    if (QUrl::toAce(decoded) != ascii.toLatin1())
        return invalid(QStringLiteral("the host is not a valid name"));
    if (looksNumeric(labels.back())) {
        if (!isIpv4(ascii) || hasFinalDot)
            return invalid(QStringLiteral("the host is not a valid IPv4 address"));
        return UrlHost{ascii, true};
    }
    return UrlHost{hasFinalDot ? ascii + u'.' : ascii, false};
}

} // namespace ingather::core
