// SPDX-License-Identifier: MIT
#pragma once

#include "transfer/reply_event.h"

#include <QDeadlineTimer>
#include <QNetworkReply>
#include <QObject>
#include <QPointer>
#include <QString>
#include <QTimer>

#include <functional>
#include <optional>
#include <stop_token>

namespace ingather::transfer
{

class AccessPool;

/// What one get() and its exchange share: the reply of the present hop, the stop request and the wait for
/// whatever comes next. Owned by the coroutine frames and the exchange that use it, so that none of
/// them can outlive it. It never calls abort() on a reply that is still connected to it: abort() emits
/// finished, and would resume the very coroutine that called it.
class Flight final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Flight)
public:
    Flight(AccessPool *pool, const std::stop_token &stop);
    ~Flight() override;

    /// Watches `reply` and lets the one before go.
    void watch(QNetworkReply *reply);
    /// The watched reply; null before the first and after letGo().
    QNetworkReply *reply() const { return m_reply; }
    /// The reply is not needed any more. A short rest of a body is read in the background, so that
    /// its connection serves again; else the connection is closed.
    void letGo();
    /// The same, closing the connection in any case.
    void abort();

    /// A stop was requested, or the client or the exchange is gone.
    bool isStopped() const { return m_isGrounded || m_stop.stop_requested(); }
    /// The client or the exchange is being destroyed: aborts and resumes whoever waits.
    void ground();

    /// What certificate checking objected to, for the detail of a TLS error.
    const QString &tlsReasons() const { return m_tlsReasons; }

    /// Awaitable: the next event of the reply, a stop, or the passing of `deadline`. The timer runs only
    /// while somebody waits.
    ReplyEvent::Wait eventBefore(const QDeadlineTimer &deadline);

private:
    void raise();
    void judge(QNetworkReply *reply, const QList<QSslError> &errors);

    QPointer<AccessPool> m_pool;
    QPointer<QNetworkReply> m_reply;
    QTimer m_timer;
    ReplyEvent m_event;
    QString m_tlsReasons;
    bool m_isGrounded = false;
    std::stop_token m_stop;
    /// Last member: it is gone, and a callback that is running has returned, before the rest goes.
    std::optional<std::stop_callback<std::function<void()>>> m_onStop;
};

} // namespace ingather::transfer
