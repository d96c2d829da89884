// SPDX-License-Identifier: MIT
#pragma once

#include "support/fake_http_server.h"

#include <QTcpServer>
#include <QTcpSocket>

#include <atomic>

namespace ingather::support
{

/// What the test's thread and the server's thread share.
struct FakeHttpServer::Shared {
    mutable QMutex mutex;
    QHash<QByteArray, Handler> handlers;
    QList<RecordedRequest> requests;
    QSet<QString> openGates;
    QHash<QString, int> waiting;
    std::atomic<int> accepted = 0;
    std::atomic<int> open = 0;
    std::atomic<qint64> written = 0;
};

/// One accepted connection: parses requests and plays scripts, on the server's thread.
class FakeHttpConnection final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FakeHttpConnection)
public:
    /// Takes the socket over.
    FakeHttpConnection(QTcpSocket *socket, std::shared_ptr<FakeHttpServer::Shared> shared, int number);
    ~FakeHttpConnection() override;

    /// A gate was opened: go on if this one waits there.
    void gateOpened();

private:
    void takeRequest();
    void play();
    bool perform(const Script::Step &step);
    void leaveGate();

    QTcpSocket *m_socket;
    std::shared_ptr<FakeHttpServer::Shared> m_shared;
    int m_number;
    QByteArray m_input;
    QList<Script::Step> m_steps;
    qsizetype m_next = 0;
    qint64 m_patternDone = 0;
    QString m_gate; ///< where it waits
    bool m_isBusy = false;
};

/// Listens, on the server's thread.
class FakeHttpListener final : public QTcpServer
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FakeHttpListener)
public:
    FakeHttpListener(std::shared_ptr<FakeHttpServer::Shared> shared, std::optional<TlsFiles> tls);

    void openGates();

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    std::shared_ptr<FakeHttpServer::Shared> m_shared;
    std::optional<TlsFiles> m_tls;
};

} // namespace ingather::support
