// SPDX-License-Identifier: MIT
#include "support/fake_http_connection.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>

#include <sys/socket.h>

namespace ingather::support
{

namespace
{

/// A script's bytes wait in our socket only up to here, so that "written" means "taken by the kernel".
constexpr qint64 writeAhead = 256 * 1024;

std::optional<RecordedRequest> parseRequest(const QByteArray &text)
{
    QList<QByteArray> lines = text.split('\n');
    const QList<QByteArray> first = lines.takeFirst().trimmed().split(' ');
    if (first.size() != 3)
        return std::nullopt;
    RecordedRequest request;
    request.method = first[0];
    request.target = first[1];
    request.path = first[1].split('?').first();
    for (const QByteArray &line : std::as_const(lines)) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0)
            request.headers.append(Header{line.left(colon).trimmed(), line.mid(colon + 1).trimmed()});
    }
    return request;
}

} // namespace

FakeHttpConnection::FakeHttpConnection(QTcpSocket *socket, std::shared_ptr<FakeHttpServer::Shared> shared,
                                       int number)
    : m_socket(socket), m_shared(std::move(shared)), m_number(number)
{
    socket->setParent(this);
    ++m_shared->open;
    connect(socket, &QTcpSocket::readyRead, this, [this] {
        m_input += m_socket->readAll();
        takeRequest();
    });
    const auto wrote = [this](qint64 bytes) {
        m_shared->written += bytes;
        play();
    };
    if (auto *tls = qobject_cast<QSslSocket *>(socket))
        connect(tls, &QSslSocket::encryptedBytesWritten, this, wrote);
    else
        connect(socket, &QTcpSocket::bytesWritten, this, wrote);
    connect(socket, &QTcpSocket::disconnected, this, &QObject::deleteLater);
}

FakeHttpConnection::~FakeHttpConnection()
{
    leaveGate();
    m_socket->disconnect(this);
    m_socket->abort();
    --m_shared->open;
}

void FakeHttpConnection::takeRequest()
{
    const qsizetype end = m_input.indexOf("\r\n\r\n");
    if (m_isBusy || end < 0)
        return;
    auto request = parseRequest(m_input.left(end));
    m_input.remove(0, end + 4);
    if (!request) {
        m_socket->abort();
        return;
    }
    request->connection = m_number;
    Handler handler;
    {
        const QMutexLocker lock(&m_shared->mutex);
        m_shared->requests.append(*request);
        handler = m_shared->handlers.value(request->path);
    }
    m_isBusy = true;
    m_steps = (handler ? handler(*request) : Script().head(404, {{"Content-Length", "0"}})).steps();
    m_next = 0;
    play();
}

void FakeHttpConnection::play()
{
    while (m_isBusy && m_next < m_steps.size()) {
        if (!perform(m_steps[m_next]))
            return;
        ++m_next;
    }
    if (m_isBusy) {
        m_isBusy = false;
        takeRequest();
    }
}

/// Whether the step is over.
bool FakeHttpConnection::perform(const Script::Step &step)
{
    if (const auto *send = std::get_if<Script::Send>(&step)) {
        m_socket->write(send->bytes);
        return true;
    }
    if (const auto *pattern = std::get_if<Script::SendPattern>(&step)) {
        while (m_patternDone < pattern->count) {
            if (m_socket->bytesToWrite() >= writeAhead)
                return false;
            const qint64 part = std::min<qint64>(pattern->count - m_patternDone, 64 * 1024);
            m_socket->write(FakeHttpServer::pattern(pattern->first + m_patternDone, part));
            m_patternDone += part;
        }
        m_patternDone = 0;
        return true;
    }
    if (const auto *pause = std::get_if<Script::Pause>(&step)) {
        const QMutexLocker lock(&m_shared->mutex);
        if (m_shared->openGates.contains(pause->gate))
            return true;
        // Only what has really been sent counts as "before the pause".
        if (m_gate.isEmpty() && m_socket->bytesToWrite() == 0) {
            m_gate = pause->gate;
            ++m_shared->waiting[m_gate];
        }
        return false;
    }
    if (std::holds_alternative<Script::Close>(step)) {
        m_socket->disconnectFromHost();
        return false;
    }
    if (std::holds_alternative<Script::Reset>(step)) {
        if (m_socket->bytesToWrite() > 0)
            return false;
        const linger atOnce{1, 0};
        ::setsockopt(static_cast<int>(m_socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &atOnce,
                     sizeof atOnce);
        m_socket->abort();
        return false;
    }
    return false; // Stall
}

void FakeHttpConnection::gateOpened()
{
    {
        const QMutexLocker lock(&m_shared->mutex);
        if (m_gate.isEmpty() || !m_shared->openGates.contains(m_gate))
            return;
    }
    leaveGate();
    play();
}

void FakeHttpConnection::leaveGate()
{
    const QMutexLocker lock(&m_shared->mutex);
    if (!m_gate.isEmpty())
        --m_shared->waiting[m_gate];
    m_gate.clear();
}

FakeHttpListener::FakeHttpListener(std::shared_ptr<FakeHttpServer::Shared> shared,
                                   std::optional<TlsFiles> tls)
    : m_shared(std::move(shared)), m_tls(std::move(tls))
{
}

void FakeHttpListener::openGates()
{
    const auto connections = findChildren<FakeHttpConnection *>();
    for (FakeHttpConnection *connection : connections)
        connection->gateOpened();
}

void FakeHttpListener::incomingConnection(qintptr descriptor)
{
    QTcpSocket *socket = nullptr;
    QSslSocket *tls = nullptr;
    if (m_tls) {
        tls = new QSslSocket;
        QFile key(m_tls->key);
        if (!key.open(QIODevice::ReadOnly))
            qFatal("cannot read the test key %s", qPrintable(m_tls->key));
        tls->setPrivateKey(QSslKey(&key, QSsl::Rsa));
        tls->setLocalCertificateChain(QSslCertificate::fromPath(m_tls->certificate));
        tls->setPeerVerifyMode(QSslSocket::VerifyNone);
        socket = tls;
    } else {
        socket = new QTcpSocket;
    }
    socket->setSocketDescriptor(descriptor);
    auto *connection = new FakeHttpConnection(socket, m_shared, ++m_shared->accepted);
    connection->setParent(this);
    if (tls)
        tls->startServerEncryption();
}

} // namespace ingather::support
