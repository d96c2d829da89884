// SPDX-License-Identifier: MIT
#include "support/fake_proxy.h"

#include "support/fake_proxy_connection.h"

#include <QHostAddress>
#include <QMutexLocker>

namespace ingather::support
{

FakeProxy::FakeProxy(ProxyRules rules) : m_shared(std::make_shared<Shared>(std::move(rules)))
{
    m_thread.setObjectName(QStringLiteral("fake proxy"));
    m_listener = new FakeProxyListener(m_shared);
    if (!m_listener->listen(QHostAddress::LocalHost, 0))
        qFatal("the fake proxy cannot listen: %s", qPrintable(m_listener->errorString()));
    m_port = m_listener->serverPort();
    m_listener->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_listener, &QObject::deleteLater);
    m_thread.start();
}

FakeProxy::~FakeProxy()
{
    m_thread.quit();
    m_thread.wait();
}

QString FakeProxy::url(const QString &scheme) const
{
    return QStringLiteral("%1://127.0.0.1:%2").arg(scheme).arg(m_port);
}

QList<QByteArray> FakeProxy::asked() const
{
    const QMutexLocker lock(&m_shared->mutex);
    return m_shared->asked;
}

} // namespace ingather::support
