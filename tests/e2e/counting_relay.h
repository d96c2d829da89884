// SPDX-License-Identifier: MIT
#pragma once

#include <QTcpServer>
#include <QTcpSocket>

namespace ingather::e2e
{

/// Stands in front of any server and counts what it gives to its clients. Needs the event loop of its thread.
class CountingRelay final : public QObject
{
public:
    explicit CountingRelay(quint16 target);
    Q_DISABLE_COPY_MOVE(CountingRelay)

    quint16 port() const { return m_server.serverPort(); }
    /// Bytes that were passed to clients, header sections among them.
    qint64 bytesGiven() const { return m_given; }

private:
    void accept();
    void pass(QTcpSocket *from, QTcpSocket *to, bool isCounted);

    QTcpServer m_server;
    quint16 m_target;
    qint64 m_given = 0;
};

} // namespace ingather::e2e
