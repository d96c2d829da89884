// SPDX-License-Identifier: MIT
#include "app/single_instance.h"

#include <QCryptographicHash>
#include <QDataStream>
#include <QDir>
#include <QLocalSocket>
#include <QLockFile>

namespace ingather::app
{

namespace
{

constexpr int patience = 1000; // ms
constexpr qint64 largestMessage = 64LL * 1024 * 1024;
constexpr auto streamVersion = QDataStream::Qt_6_4;
const QByteArray taken("taken");

} // namespace

SingleInstance::SingleInstance(const QString &runtimeFolder, const QString &ledgerPath, QObject *parent)
    : QObject(parent)
{
    // Short, because a socket's path has at most 107 bytes.
    const QByteArray digest =
        QCryptographicHash::hash(ledgerPath.toUtf8(), QCryptographicHash::Sha256).toHex().left(16);
    m_path = QDir(runtimeFolder).filePath(QStringLiteral("ingather-%1").arg(QString::fromLatin1(digest)));
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::serve);
}

SingleInstance::Role SingleInstance::start(const QStringList &urls)
{
    // Two programs started at the same moment must not both find nobody and both replace the socket.
    QLockFile lock(m_path + QStringLiteral(".lock"));
    lock.setStaleLockTime(10'000);
    const bool isLocked = lock.tryLock(2 * patience);
    if (handOver(urls))
        return Role::Second;
    if (!isLocked)
        return Role::Alone;
    if (!m_server.listen(m_path)) {
        // Nobody answered, so what is in the way was left behind by a crash.
        QLocalServer::removeServer(m_path);
        if (!m_server.listen(m_path))
            return Role::Alone;
    }
    return Role::First;
}

bool SingleInstance::handOver(const QStringList &urls) const
{
    QLocalSocket socket;
    socket.connectToServer(m_path);
    if (!socket.waitForConnected(patience))
        return false;
    QByteArray message;
    QDataStream out(&message, QIODevice::WriteOnly);
    out.setVersion(streamVersion);
    out << urls;
    socket.write(message);
    while (socket.bytesToWrite() > 0) {
        if (!socket.waitForBytesWritten(patience))
            return false;
    }
    QByteArray answer;
    while (answer.size() < taken.size() && socket.waitForReadyRead(patience))
        answer += socket.readAll();
    return answer == taken;
}

void SingleInstance::serve()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] { take(socket); });
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        if (socket->bytesAvailable() > 0)
            take(socket);
    }
}

void SingleInstance::take(QLocalSocket *socket)
{
    if (socket->bytesAvailable() > largestMessage) {
        socket->abort();
        return;
    }
    QDataStream in(socket);
    in.setVersion(streamVersion);
    in.startTransaction();
    QStringList urls;
    in >> urls;
    if (!in.commitTransaction()) {
        if (in.status() == QDataStream::ReadCorruptData)
            socket->abort();
        return; // the rest is still to come
    }
    socket->write(taken);
    socket->flush();
    Q_EMIT handedOver(urls);
}

} // namespace ingather::app
