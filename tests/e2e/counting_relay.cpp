// SPDX-License-Identifier: MIT
#include "e2e/counting_relay.h"

#include <algorithm>

namespace ingather::e2e
{

namespace
{

/// So little waits in here that what was counted has also nearly arrived.
constexpr qint64 mostWaiting = 256 * 1024;

} // namespace

CountingRelay::CountingRelay(quint16 target) : m_target(target)
{
    connect(&m_server, &QTcpServer::newConnection, this, &CountingRelay::accept);
    m_server.listen(QHostAddress::LocalHost);
}

void CountingRelay::accept()
{
    while (QTcpSocket *client = m_server.nextPendingConnection()) {
        auto *server = new QTcpSocket(client);
        server->setReadBufferSize(mostWaiting);
        server->connectToHost(QHostAddress::LocalHost, m_target);
        pass(client, server, false);
        pass(server, client, true);
        connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
        connect(server, &QTcpSocket::disconnected, client, [this, server, client] {
            // What is still here goes out before the end does.
            const QByteArray rest = server->readAll();
            client->write(rest);
            m_given += rest.size();
            client->disconnectFromHost();
        });
    }
}

void CountingRelay::pass(QTcpSocket *from, QTcpSocket *to, bool isCounted)
{
    const auto move = [this, from, to, isCounted] {
        if (to->state() != QAbstractSocket::ConnectedState)
            return;
        const QByteArray bytes = from->read(std::max<qint64>(0, mostWaiting - to->bytesToWrite()));
        to->write(bytes);
        if (isCounted)
            m_given += bytes.size();
    };
    connect(from, &QTcpSocket::readyRead, to, move);
    connect(to, &QTcpSocket::bytesWritten, from, move);
    connect(to, &QTcpSocket::connected, from, move);
}

} // namespace ingather::e2e
