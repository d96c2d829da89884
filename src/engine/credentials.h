// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QHash>
#include <QMutex>
#include <QString>

namespace ingather::engine
{

/// Userinfo that came with a URL, by host, for the life of the process. It reaches no column and no log.
class Credentials final
{
public:
    Credentials() = default;
    Q_DISABLE_COPY_MOVE(Credentials)

    /// `userInfo` as it stands in a URL, percent-encoded.
    void remember(const QString &host, const QString &userInfo)
    {
        const QMutexLocker lock(&m_mutex);
        m_byHost.insert(host, QByteArray::fromPercentEncoding(userInfo.toUtf8()));
    }
    /// "user:password", decoded; empty if none is known.
    QByteArray forHost(const QString &host) const
    {
        const QMutexLocker lock(&m_mutex);
        return m_byHost.value(host);
    }

private:
    mutable QMutex m_mutex;
    QHash<QString, QByteArray> m_byHost;
};

} // namespace ingather::engine
