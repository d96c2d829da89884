// SPDX-License-Identifier: MIT
#include "transfer/proxy_routes.h"

#include <QHostAddress>
#include <QNetworkProxyFactory>
#include <QNetworkProxyQuery>

#include <chrono>

namespace ingather::transfer
{

namespace
{

using namespace std::chrono_literals;

constexpr auto answerHolds = 5s;
constexpr qsizetype mostAnswers = 256;

QNetworkProxy direct()
{
    QNetworkProxy proxy(QNetworkProxy::DefaultProxy);
    proxy.setCapabilities(QNetworkProxy::TunnelingCapability);
    return proxy;
}

QNetworkProxy toQt(const ProxyServer &server)
{
    const auto type =
        server.kind == ProxyServer::Kind::Socks5 ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy;
    return QNetworkProxy(type, server.host, server.port, server.user, server.password);
}

bool isThisMachine(const QString &host)
{
    return host == QLatin1StringView("localhost") || QHostAddress(host).isLoopback();
}

bool isHttps(const QUrl &url)
{
    return url.scheme() == QLatin1StringView("https");
}

} // namespace

ProxyRoutes::ProxyRoutes(ProxySettings settings) : m_settings(std::move(settings)) {}

QList<QNetworkProxy> ProxyRoutes::proxiesTo(const QUrl &url)
{
    if (isProxyException(m_settings.exceptions, url.host(), url.port(isHttps(url) ? 443 : 80)))
        return {direct()};
    switch (m_settings.mode) {
    case ProxySettings::Mode::System:
        return systemProxiesTo(url);
    case ProxySettings::Mode::Explicit:
        if (m_settings.server)
            return {toQt(*m_settings.server)};
        break;
    case ProxySettings::Mode::None:
        break;
    }
    return {direct()};
}

QList<QNetworkProxy> ProxyRoutes::systemProxiesTo(const QUrl &url)
{
    if (isThisMachine(url.host()))
        return {direct()};
    const QString origin = QStringLiteral("%1 %2 %3").arg(url.scheme(), url.host()).arg(url.port());
    if (const auto known = m_answers.constFind(origin); known != m_answers.cend()) {
        if (!known->until.hasExpired())
            return known->proxies;
    }
    QList<QNetworkProxy> proxies = QNetworkProxyFactory::systemProxyForQuery(QNetworkProxyQuery(url));
    for (QNetworkProxy &proxy : proxies) {
        if (proxy.type() == QNetworkProxy::NoProxy)
            proxy = direct();
    }
    if (m_answers.size() >= mostAnswers)
        m_answers.clear();
    m_answers.insert(origin, Answer{proxies, QDeadlineTimer(answerHolds)});
    return proxies;
}

QByteArray ProxyRoutes::relayLoginFor(const QUrl &url)
{
    if (routeTo(url) != Route::Relayed)
        return {};
    const QNetworkProxy proxy = proxiesTo(url).first();
    return proxy.user().isEmpty() ? QByteArray() : (proxy.user() + u':' + proxy.password()).toUtf8();
}

Route ProxyRoutes::routeTo(const QUrl &url)
{
    switch (proxiesTo(url).value(0, direct()).type()) {
    case QNetworkProxy::Socks5Proxy:
        return Route::Socks;
    case QNetworkProxy::HttpProxy:
    case QNetworkProxy::HttpCachingProxy:
        return isHttps(url) ? Route::HttpTunnel : Route::Relayed;
    default:
        return Route::Direct;
    }
}

} // namespace ingather::transfer
