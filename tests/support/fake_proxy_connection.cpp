// SPDX-License-Identifier: MIT
#include "support/fake_proxy_connection.h"

#include <QHostAddress>
#include <QMutexLocker>
#include <QNetworkProxy>
#include <QUrl>

namespace ingather::support
{

namespace
{

constexpr char socksVersion = 5;

QByteArray fieldOf(const QByteArray &head, const QByteArray &name)
{
    for (const QByteArray &line : head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.left(colon).compare(name, Qt::CaseInsensitive) == 0)
            return line.mid(colon + 1).trimmed();
    }
    return {};
}

QByteArray emptyAnswer(int status, const QByteArray &fields = {})
{
    return "HTTP/1.1 " + QByteArray::number(status) + " Said by the proxy\r\n" + fields +
           "Content-Length: 0\r\n\r\n";
}

QByteArray socksReply(int code)
{
    return QByteArray("\x05", 1) + static_cast<char>(code) + QByteArray("\0\x01\0\0\0\0\0\0", 8);
}

} // namespace

FakeProxyConnection::FakeProxyConnection(QTcpSocket *client, std::shared_ptr<FakeProxy::Shared> shared,
                                         QObject *parent)
    : QObject(parent), m_client(client), m_server(new QTcpSocket(this)), m_shared(std::move(shared))
{
    client->setParent(this);
    m_server->setProxy(QNetworkProxy::NoProxy);
    connect(client, &QTcpSocket::readyRead, this, [this] {
        m_input += m_client->readAll();
        take();
    });
    connect(client, &QTcpSocket::disconnected, this, &QObject::deleteLater);
    connect(m_server, &QTcpSocket::connected, this,
            [this] { m_server->write(std::exchange(m_waiting, {})); });
    connect(m_server, &QTcpSocket::readyRead, this, [this] { m_client->write(m_server->readAll()); });
    connect(m_server, &QTcpSocket::disconnected, m_client, &QTcpSocket::disconnectFromHost);
}

void FakeProxyConnection::take()
{
    if (m_shared->rules.isSilent)
        return;
    bool goesOn = true;
    while (goesOn && !m_input.isEmpty()) {
        switch (m_stage) {
        case Stage::Start:
            if (m_input.front() == socksVersion)
                goesOn = takeSocksGreeting();
            else
                m_stage = Stage::HttpHead;
            break;
        case Stage::HttpHead:
            goesOn = takeHttpHead();
            break;
        case Stage::SocksLogin:
            goesOn = takeSocksLogin();
            break;
        case Stage::SocksRequest:
            goesOn = takeSocksRequest();
            break;
        case Stage::Tunnel:
            if (m_server->state() == QTcpSocket::ConnectedState)
                m_server->write(m_input);
            else
                m_waiting += m_input;
            m_input.clear();
            break;
        }
    }
}

bool FakeProxyConnection::takeHttpHead()
{
    const qsizetype end = m_input.indexOf("\r\n\r\n");
    if (end < 0)
        return false;
    const QByteArray head = m_input.left(end + 4);
    m_input.remove(0, end + 4);
    const QList<QByteArray> words = head.left(head.indexOf('\r')).split(' ');
    if (words.size() != 3) {
        answer(emptyAnswer(400), true);
        return false;
    }
    record(words[0] + ' ' + words[1]);
    const ProxyRules &rules = m_shared->rules;
    if (!rules.userInfo.isEmpty() &&
        fieldOf(head, "Proxy-Authorization") != "Basic " + rules.userInfo.toBase64()) {
        answer(emptyAnswer(407, "Proxy-Authenticate: Basic realm=\"fake\"\r\n"), false);
        return true;
    }
    if (rules.refusal) {
        answer(emptyAnswer(*rules.refusal), true);
        return false;
    }
    if (words[0] == "CONNECT") {
        const QList<QByteArray> target = words[1].split(':');
        openTunnel(QString::fromLatin1(target[0]), target.value(1).toUShort(),
                   "HTTP/1.1 200 Connection established\r\n\r\n");
    } else {
        passOn(head, words[1]);
    }
    return true;
}

/// The request with the path alone in its first line, and without what was meant for the proxy.
void FakeProxyConnection::passOn(const QByteArray &head, const QByteArray &target)
{
    const QUrl url = QUrl::fromEncoded(target);
    QByteArray out;
    for (QByteArray line : head.split('\n')) {
        if (line.toLower().startsWith("proxy-"))
            continue;
        if (out.isEmpty())
            line.replace(target, url.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority));
        out += line + '\n';
    }
    out.chop(1);
    if (m_server->state() == QTcpSocket::UnconnectedState)
        connectTo(url.host(), static_cast<quint16>(url.port(80)));
    if (m_server->state() == QTcpSocket::ConnectedState)
        m_server->write(out);
    else
        m_waiting += out;
}

bool FakeProxyConnection::takeSocksGreeting()
{
    if (m_input.size() < 2 || m_input.size() < 2 + m_input[1])
        return false;
    const QByteArray methods = m_input.mid(2, m_input[1]);
    m_input.remove(0, 2 + methods.size());
    const char method = m_shared->rules.userInfo.isEmpty() ? 0 : 2;
    if (!methods.contains(method)) {
        answer(QByteArray("\x05\xff", 2), true);
        return false;
    }
    m_stage = method == 0 ? Stage::SocksRequest : Stage::SocksLogin;
    answer(QByteArray("\x05", 1) + method, false);
    return true;
}

bool FakeProxyConnection::takeSocksLogin()
{
    if (m_input.size() < 2 || m_input.size() < 3 + m_input[1])
        return false;
    const int userSize = m_input[1];
    const int passwordSize = m_input[2 + userSize];
    if (m_input.size() < 3 + userSize + passwordSize)
        return false;
    const QByteArray given = m_input.mid(2, userSize) + ':' + m_input.mid(3 + userSize, passwordSize);
    m_input.remove(0, 3 + userSize + passwordSize);
    const bool isRight = given == m_shared->rules.userInfo;
    m_stage = Stage::SocksRequest;
    answer(isRight ? QByteArray("\x01\0", 2) : QByteArray("\x01\x01", 2), !isRight);
    return isRight;
}

bool FakeProxyConnection::takeSocksRequest()
{
    constexpr qsizetype fixedSize = 4;
    if (m_input.size() < fixedSize + 1)
        return false;
    const int kind = m_input[3];
    const int hostSize = kind == 1 ? 4 : kind == 4 ? 16 : m_input[4];
    const qsizetype hostAt = kind == 3 ? fixedSize + 1 : fixedSize;
    if (m_input.size() < hostAt + hostSize + 2)
        return false;
    const QByteArray raw = m_input.mid(hostAt, hostSize);
    const auto at = reinterpret_cast<const quint8 *>(m_input.constData() + hostAt + hostSize);
    const auto port = static_cast<quint16>(at[0] * 256 + at[1]);
    m_input.remove(0, hostAt + hostSize + 2);
    QString host = QString::fromLatin1(raw);
    if (kind != 3) {
        const auto bytes = reinterpret_cast<const quint8 *>(raw.constData());
        host = kind == 4
                   ? QHostAddress(bytes).toString()
                   : QStringLiteral("%1.%2.%3.%4").arg(bytes[0]).arg(bytes[1]).arg(bytes[2]).arg(bytes[3]);
    }
    record("SOCKS " + host.toLatin1() + ':' + QByteArray::number(port));
    if (m_shared->rules.refusal) {
        answer(socksReply(*m_shared->rules.refusal), true);
        return false;
    }
    openTunnel(host, port, socksReply(0));
    return true;
}

void FakeProxyConnection::openTunnel(const QString &host, quint16 port, const QByteArray &established)
{
    m_stage = Stage::Tunnel;
    connect(m_server, &QTcpSocket::connected, this, [this, established] { m_client->write(established); });
    connectTo(host, port);
}

void FakeProxyConnection::connectTo(const QString &host, quint16 port)
{
    const std::optional<quint16> target = m_shared->rules.target;
    m_server->connectToHost(target ? QStringLiteral("127.0.0.1") : host, target.value_or(port));
}

void FakeProxyConnection::record(const QByteArray &what)
{
    const QMutexLocker lock(&m_shared->mutex);
    m_shared->asked.append(what);
}

void FakeProxyConnection::answer(const QByteArray &bytes, bool isLast)
{
    m_client->write(bytes);
    if (isLast)
        m_client->disconnectFromHost();
}

void FakeProxyListener::incomingConnection(qintptr descriptor)
{
    auto *socket = new QTcpSocket;
    socket->setSocketDescriptor(descriptor);
    new FakeProxyConnection(socket, m_shared, this);
}

} // namespace ingather::support
