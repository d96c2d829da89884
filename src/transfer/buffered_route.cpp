// SPDX-License-Identifier: MIT
#include "transfer/buffered_route.h"

namespace ingather::transfer
{

QList<QNetworkProxy> BufferedRoute::queryProxy(const QNetworkProxyQuery &query)
{
    QList<QNetworkProxy> proxies = QNetworkProxyFactory::proxyForQuery(query);
    for (QNetworkProxy &proxy : proxies) {
        if (proxy.type() != QNetworkProxy::NoProxy)
            continue;
        proxy = QNetworkProxy(QNetworkProxy::DefaultProxy);
        proxy.setCapabilities(QNetworkProxy::TunnelingCapability);
    }
    return proxies;
}

} // namespace ingather::transfer
