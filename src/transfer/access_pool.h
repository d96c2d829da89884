// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "transfer/digest_logins.h"
#include "transfer/http_client.h"

#include <QHash>
#include <QList>
#include <QNetworkAccessManager>
#include <QNetworkRequest>
#include <QObject>
#include <QSet>
#include <QSslConfiguration>

#include <memory>
#include <optional>

class QNetworkReply;

namespace ingather::transfer
{

class Flight;
class ProxyRoutes;
enum class Route;

/// As many QNetworkAccessManagers as the wished connections a host need, because each opens at most six
/// a host. Owns the managers and through them every reply, and knows the flights, so that destroying
/// it leaves nothing running. One thread.
class AccessPool final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AccessPool)
public:
    explicit AccessPool(HttpOptions options);
    ~AccessPool() override;

    const HttpOptions &options() const { return m_options; }

    /// Reads the certificate file at the first call. InvalidArgument if that fails, a proxy is wished and
    /// none is named, or a header of a host is one that checkHeaders() refuses; at every call.
    core::Result<> prepare();

    /// Sends a request by the manager that has the fewest replies from that host alive. Only after a
    /// successful prepare(). The reply is the caller's until deleteLater() or the pool's end.
    QNetworkReply *send(HttpMethod method, QNetworkRequest request);

    /// The Digest challenges that this client's requests have met.
    DigestLogins &digestLogins() { return m_digestLogins; }

    /// Which way requests to that URL go.
    Route routeTo(const QUrl &url);

    /// Gives this manager no more requests, so that none is sent on a connection of its; another takes its
    /// place. What it has under way goes on. No effect on one that was retired before.
    void retire(QNetworkAccessManager *manager);

    /// Makes room for as many connections a host at the same time, from now on.
    void allowConnectionsPerHost(int connections);

    void enter(Flight *flight) { m_flights.insert(flight); }
    void leave(Flight *flight) { m_flights.remove(flight); }

private:
    QNetworkAccessManager *makeManager();
    qint64 readBufferFor(const QUrl &url);
    void removeRetired();

    HttpOptions m_options;
    std::shared_ptr<ProxyRoutes> m_routes;
    std::optional<core::Result<QSslConfiguration>> m_trust;
    QList<QNetworkAccessManager *> m_managers;
    QList<QNetworkAccessManager *> m_retired; ///< until their last reply is gone
    QHash<QString, QList<int>> m_loads;       ///< by scheme, host and port: live replies of each manager
    QSet<Flight *> m_flights;
    DigestLogins m_digestLogins;
};

} // namespace ingather::transfer
