// SPDX-License-Identifier: MIT
#pragma once

#include "support/fake_proxy.h"

#include <QMutex>
#include <QTcpServer>
#include <QTcpSocket>

namespace ingather::support
{

struct FakeProxy::Shared {
    explicit Shared(ProxyRules rulesOfAll) : rules(std::move(rulesOfAll)) {}
    const ProxyRules rules;
    mutable QMutex mutex;
    QList<QByteArray> asked;
};

/// One client, on the proxy's thread.
class FakeProxyConnection final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FakeProxyConnection)
public:
    FakeProxyConnection(QTcpSocket *client, std::shared_ptr<FakeProxy::Shared> shared, QObject *parent);

private:
    enum class Stage { Start, HttpHead, SocksLogin, SocksRequest, Tunnel };

    void take();
    bool takeHttpHead();
    bool takeSocksGreeting();
    bool takeSocksLogin();
    bool takeSocksRequest();
    void passOn(const QByteArray &head, const QByteArray &target);
    void openTunnel(const QString &host, quint16 port, const QByteArray &established);
    void connectTo(const QString &host, quint16 port);
    void record(const QByteArray &what);
    void answer(const QByteArray &bytes, bool isLast);

    QTcpSocket *m_client;
    QTcpSocket *m_server;
    std::shared_ptr<FakeProxy::Shared> m_shared;
    QByteArray m_input;
    QByteArray m_waiting; ///< for the server, until it is connected
    Stage m_stage = Stage::Start;
};

class FakeProxyListener final : public QTcpServer
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FakeProxyListener)
public:
    explicit FakeProxyListener(std::shared_ptr<FakeProxy::Shared> shared) : m_shared(std::move(shared)) {}

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    std::shared_ptr<FakeProxy::Shared> m_shared;
};

} // namespace ingather::support
