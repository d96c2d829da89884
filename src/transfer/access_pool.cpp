// SPDX-License-Identifier: MIT
#include "transfer/access_pool.h"

#include "transfer/buffered_route.h"
#include "transfer/flight.h"
#include "transfer/outgoing_request.h"
#include "transfer/proxy_routes.h"
#include "transfer/trust.h"

#include <QNetworkReply>

#include <algorithm>

namespace ingather::transfer
{

namespace
{

constexpr int connectionsOfOneManager = 6;

QString hostKey(const QUrl &url)
{
    return QStringLiteral("%1 %2 %3").arg(url.scheme(), url.host(QUrl::FullyEncoded)).arg(url.port());
}

} // namespace

AccessPool::AccessPool(HttpOptions options)
    : m_options(std::move(options)), m_routes(std::make_shared<ProxyRoutes>(m_options.proxy))
{
    allowConnectionsPerHost(std::max(1, m_options.connectionsPerHost));
}

void AccessPool::allowConnectionsPerHost(int connections)
{
    const int managers = (connections + connectionsOfOneManager - 1) / connectionsOfOneManager;
    while (m_managers.size() < managers)
        m_managers.append(makeManager());
}

QNetworkAccessManager *AccessPool::makeManager()
{
    auto *manager = new QNetworkAccessManager(this);
    manager->setAutoDeleteReplies(false);
    manager->setProxyFactory(new BufferedRoute(m_routes)); // the manager owns it
    return manager;
}

Route AccessPool::routeTo(const QUrl &url)
{
    return m_routes->routeTo(url);
}

/// Qt 6.4's SOCKS engine may fall silent for good once a read buffer was full. There the sender is not held
/// back, and what comes faster than it is read waits in memory.
qint64 AccessPool::readBufferFor(const QUrl &url)
{
    return routeTo(url) == Route::Socks ? 0 : m_options.readBufferSize;
}

AccessPool::~AccessPool()
{
    // Each ends its coroutine's wait, which may run on and destroy flights, this one or others.
    while (!m_flights.isEmpty()) {
        Flight *flight = *m_flights.cbegin();
        m_flights.remove(flight);
        flight->ground();
    }
    // Replies die with the managers; their signals must not reach a pool that is half gone.
    const QList<QNetworkAccessManager *> all = m_managers + m_retired;
    for (QNetworkAccessManager *manager : all) {
        const auto replies = manager->findChildren<QNetworkReply *>();
        for (QNetworkReply *reply : replies)
            reply->disconnect(this);
    }
    qDeleteAll(all);
}

void AccessPool::retire(QNetworkAccessManager *manager)
{
    const qsizetype place = m_managers.indexOf(manager);
    if (place < 0)
        return;
    m_retired.append(manager);
    m_managers[place] = makeManager();
    QMetaObject::invokeMethod(this, &AccessPool::removeRetired, Qt::QueuedConnection);
}

void AccessPool::removeRetired()
{
    erase_if(m_retired, [](QNetworkAccessManager *manager) {
        const bool isIdle = manager->findChildren<QNetworkReply *>().isEmpty();
        if (isIdle)
            manager->deleteLater();
        return isIdle;
    });
}

core::Result<> AccessPool::prepare()
{
    if (m_options.proxy.mode == ProxySettings::Mode::Explicit && !m_options.proxy.server) {
        return core::Error{core::ErrorCode::InvalidArgument, QStringLiteral("choose a proxy"), 0,
                           QStringLiteral("none is named")};
    }
    for (const HostHeaders &kept : m_options.hostHeaders) {
        if (const core::Result<> headers = checkHeaders(kept.headers); !headers)
            return headers;
    }
    if (!m_trust)
        m_trust = tlsTrust(m_options.extraCaCertificateFile);
    if (!*m_trust)
        return m_trust->error();
    return {};
}

QNetworkReply *AccessPool::send(HttpMethod method, QNetworkRequest request)
{
    Q_ASSERT(m_trust && *m_trust);
    request.setSslConfiguration(**m_trust);
    if (const QByteArray login = m_routes->relayLoginFor(request.url()); !login.isEmpty())
        request.setRawHeader("Proxy-Authorization", "Basic " + login.toBase64());

    const QString key = hostKey(request.url());
    QList<int> &loads = m_loads[key];
    loads.resize(m_managers.size());
    const qsizetype chosen = std::min_element(loads.cbegin(), loads.cend()) - loads.cbegin();
    ++loads[chosen];

    QNetworkAccessManager *manager = m_managers[chosen];
    QNetworkReply *reply = method == HttpMethod::Head ? manager->head(request) : manager->get(request);
    reply->setReadBufferSize(readBufferFor(request.url()));
    connect(reply, &QObject::destroyed, this, [this, key, chosen] {
        const auto entry = m_loads.find(key);
        --(*entry)[chosen];
        if (std::all_of(entry->cbegin(), entry->cend(), [](int load) { return load == 0; }))
            m_loads.erase(entry);
        // Later: the reply is still a child of its manager.
        if (!m_retired.isEmpty())
            QMetaObject::invokeMethod(this, &AccessPool::removeRetired, Qt::QueuedConnection);
    });
    return reply;
}

} // namespace ingather::transfer
