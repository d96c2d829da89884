// SPDX-License-Identifier: MIT
#include "transfer/proxy_settings.h"

#include <QHostAddress>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

namespace ingather::transfer
{

namespace
{

core::Error refused(const QString &why)
{
    return core::Error{core::ErrorCode::InvalidArgument, QStringLiteral("read proxy address"), 0, why};
}

std::optional<ProxyServer::Kind> kindOf(const QString &scheme)
{
    if (scheme == QLatin1StringView("http"))
        return ProxyServer::Kind::Http;
    if (scheme == QLatin1StringView("socks5") || scheme == QLatin1StringView("socks5h"))
        return ProxyServer::Kind::Socks5;
    return std::nullopt;
}

/// A host as it is compared: lower case, no brackets around IPv6, no dot at its end.
QString bare(const QString &host)
{
    QString text = host.toLower();
    if (text.startsWith(u'[') && text.endsWith(u']'))
        text = text.mid(1, text.size() - 2);
    if (text.endsWith(u'.'))
        text.chop(1);
    return text;
}

struct Exception {
    QString host;
    std::optional<int> port;
};

/// IPv6 has colons of its own: a port stands behind the bracket, or behind the only colon.
Exception splitPort(const QString &item)
{
    const qsizetype colon = item.lastIndexOf(u':');
    const bool isPort = colon > 0 && (item.count(u':') == 1 || item[colon - 1] == u']');
    if (!isPort)
        return {bare(item), std::nullopt};
    bool isNumber = false;
    const int port = item.mid(colon + 1).toInt(&isNumber);
    return {bare(item.left(colon)), isNumber ? port : -1};
}

bool isHostExcepted(const QString &exception, const QString &host)
{
    if (exception.isEmpty())
        return false;
    if (exception == u'*')
        return true;
    if (exception.contains(u'/')) {
        const auto subnet = QHostAddress::parseSubnet(exception);
        const QHostAddress address(host);
        return subnet.second >= 0 && !address.isNull() && address.isInSubnet(subnet);
    }
    const QString name = exception.startsWith(u'.') ? exception.mid(1) : exception;
    if (host == name)
        return true;
    return QHostAddress(host).isNull() && host.endsWith(u'.' + name);
}

} // namespace

core::Result<ProxyServer> parseProxyUrl(const QString &text)
{
    const QString trimmed = text.trimmed();
    const bool hasScheme = trimmed.contains(QLatin1StringView("://"));
    const QUrl url(hasScheme ? trimmed : QStringLiteral("http://") + trimmed, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return refused(QStringLiteral("not an address"));
    const auto kind = kindOf(url.scheme());
    if (!kind)
        return refused(QStringLiteral("neither http nor socks5"));
    if (url.port() <= 0)
        return refused(QStringLiteral("no port"));
    if (url.path().size() > 1 || url.hasQuery() || url.hasFragment())
        return refused(QStringLiteral("more than host and port"));
    return ProxyServer{*kind, url.host(), static_cast<quint16>(url.port()), url.userName(QUrl::FullyDecoded),
                       url.password(QUrl::FullyDecoded)};
}

QStringList parseProxyExceptions(const QString &list)
{
    static const QRegularExpression separators(QStringLiteral("[,\\s]+"));
    return list.toLower().split(separators, Qt::SkipEmptyParts);
}

bool isProxyException(const QStringList &exceptions, const QString &host, int port)
{
    const QString name = bare(host);
    return std::any_of(exceptions.cbegin(), exceptions.cend(), [&](const QString &item) {
        const Exception exception = splitPort(item.toLower());
        return (!exception.port || *exception.port == port) && isHostExcepted(exception.host, name);
    });
}

} // namespace ingather::transfer
