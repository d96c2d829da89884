// SPDX-License-Identifier: MIT
#pragma once

#include "transfer/proxy_settings.h"

#include <QDeadlineTimer>
#include <QHash>
#include <QList>
#include <QNetworkProxy>
#include <QUrl>

namespace ingather::transfer
{

/// How a request gets to its server.
enum class Route {
    Direct,
    Relayed,    ///< an HTTP proxy asks in our name: the connection is the proxy's
    HttpTunnel, ///< CONNECT through an HTTP proxy
    Socks,
};

/// Says for each URL which way it goes by the settings. The system's answer is kept per origin for some
/// seconds: it takes 90 µs to get, a good part of what a small file takes. One thread.
class ProxyRoutes final
{
public:
    explicit ProxyRoutes(ProxySettings settings);
    Q_DISABLE_COPY_MOVE(ProxyRoutes)

    /// In the order in which they are to be tried. "Direct" is named as the default proxy, see BufferedRoute.
    QList<QNetworkProxy> proxiesTo(const QUrl &url);

    /// The way by the first of them.
    Route routeTo(const QUrl &url);

    /// "user:password" for a relaying proxy, in UTF-8; empty where there is none. QNAM 6.4 gives its logins
    /// to tunnels only.
    QByteArray relayLoginFor(const QUrl &url);

private:
    struct Answer {
        QList<QNetworkProxy> proxies;
        QDeadlineTimer until;
    };

    QList<QNetworkProxy> systemProxiesTo(const QUrl &url);

    ProxySettings m_settings;
    QHash<QString, Answer> m_answers;
};

} // namespace ingather::transfer
