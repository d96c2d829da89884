// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QThread>

#include <memory>
#include <optional>

namespace ingather::support
{

/// How a proxy behaves, the same to everybody.
struct ProxyRules {
    QByteArray userInfo = {};                     ///< "user:password" without which it passes nothing on
    std::optional<int> refusal = std::nullopt;    ///< the HTTP status or the SOCKS reply to whatever is asked
    bool isSilent = false;                        ///< takes requests and never answers
    std::optional<quint16> target = std::nullopt; ///< every host is this port of 127.0.0.1, whatever its name
};

/// A proxy on 127.0.0.1 with a thread of its own: HTTP with absolute addresses (RFC 9112 §3.2.2) and CONNECT
/// (RFC 9110 §9.3.6), SOCKS 5 (RFC 1928) without or with a password (RFC 1929); whichever the client speaks.
/// Requests have no bodies. All functions are thread-safe.
class FakeProxy final
{
public:
    explicit FakeProxy(ProxyRules rules = {});
    ~FakeProxy();
    Q_DISABLE_COPY_MOVE(FakeProxy)

    quint16 port() const { return m_port; }
    /// "<scheme>://127.0.0.1:<port>"
    QString url(const QString &scheme) const;

    /// What was asked for, in order: "GET http://host:port/path", "CONNECT host:port", "SOCKS host:port".
    QList<QByteArray> asked() const;

private:
    friend class FakeProxyListener;
    friend class FakeProxyConnection;
    struct Shared;

    std::shared_ptr<Shared> m_shared;
    QThread m_thread;
    quint16 m_port = 0;
    class FakeProxyListener *m_listener = nullptr;
};

} // namespace ingather::support
