// SPDX-License-Identifier: MIT
#pragma once

#include <QNetworkProxyFactory>

namespace ingather::transfer
{

/// Routes as the application's proxies have it, but never by QNAM's shortcut for direct plain connections.
///
/// QNAM 6.4 opens those with an unbuffered socket. Where the peer closes while such a socket is read, it
/// turns unconnected without reporting an error, and QNAM calls the body complete: a chunked body
/// cut in the middle often looked clean. "No proxy" is therefore named as
/// "the default proxy", which leads to the same direct connection over a buffered socket; that one
/// reports the close.
class BufferedRoute final : public QNetworkProxyFactory
{
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override;
};

} // namespace ingather::transfer
