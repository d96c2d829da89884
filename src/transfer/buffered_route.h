// SPDX-License-Identifier: MIT
#pragma once

#include "transfer/proxy_routes.h"

#include <QNetworkProxyFactory>

#include <memory>

namespace ingather::transfer
{

/// Gives a QNetworkAccessManager the routes of the settings, but never its shortcut for direct plain
/// connections.
///
/// QNAM 6.4 opens those with an unbuffered socket. Where the peer closes while such a socket is read, it
/// turns unconnected without reporting an error, and QNAM calls the body complete: a chunked body
/// cut in the middle often looked clean. "No proxy" is therefore named as
/// "the default proxy", which leads to the same direct connection over a buffered socket; that one
/// reports the close.
class BufferedRoute final : public QNetworkProxyFactory
{
public:
    explicit BufferedRoute(std::shared_ptr<ProxyRoutes> routes) : m_routes(std::move(routes)) {}

    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        return m_routes->proxiesTo(query.url());
    }

private:
    std::shared_ptr<ProxyRoutes> m_routes;
};

} // namespace ingather::transfer
