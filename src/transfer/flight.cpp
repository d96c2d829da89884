// SPDX-License-Identifier: MIT
#include "transfer/flight.h"

#include "transfer/access_pool.h"
#include "transfer/outgoing_request.h"

#include <QCryptographicHash>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslError>
#include <QStringList>

namespace ingather::transfer
{

namespace
{

/// Up to here reading on costs less than a new connection.
constexpr qint64 shortRest = 64 * 1024;
constexpr int patienceForRestMs = 5'000;

/// More lies there than any answer over HTTP/2 may have, and no read buffer holds its sender back. Posted:
/// abort() would resume the coroutine that waits.
void stopFlood(QNetworkReply *reply)
{
    if (reply->bytesAvailable() > mostOverHttp2 &&
        reply->attribute(QNetworkRequest::Http2WasUsedAttribute).toBool())
        QMetaObject::invokeMethod(reply, &QNetworkReply::abort, Qt::QueuedConnection);
}

/// Whether the body may be short and says itself where it ends, without which there is no connection
/// to keep.
bool isWorthFinishing(const QNetworkReply &reply)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (reply.operation() == QNetworkAccessManager::HeadOperation || status == 204 || status == 304)
        return true; // whatever length they name, nothing follows
    if (reply.rawHeader("Transfer-Encoding").compare("chunked", Qt::CaseInsensitive) == 0)
        return true;
    bool isNumber = false;
    const qint64 length = reply.rawHeader("Content-Length").toLongLong(&isNumber);
    return isNumber && length >= 0 && length <= shortRest;
}

} // namespace

Flight::Flight(AccessPool *pool, const std::stop_token &stop) : m_pool(pool), m_stop(stop)
{
    pool->enter(this);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Flight::raise);
    // Runs on the thread that asks for the stop: it may do no more than post.
    m_onStop.emplace(m_stop,
                     [this] { QMetaObject::invokeMethod(this, &Flight::raise, Qt::QueuedConnection); });
}

Flight::~Flight()
{
    m_onStop.reset();
    if (m_pool)
        m_pool->leave(this);
    abort();
}

void Flight::watch(QNetworkReply *reply)
{
    letGo();
    m_tlsReasons.clear();
    m_reply = reply;
    connect(reply, &QNetworkReply::metaDataChanged, this, &Flight::raise);
    connect(reply, &QNetworkReply::readyRead, this, &Flight::raise);
    connect(reply, &QNetworkReply::readyRead, reply, [reply] { stopFlood(reply); });
    connect(reply, &QNetworkReply::finished, this, &Flight::raise);
    connect(reply, &QNetworkReply::sslErrors, this,
            [this, reply](const QList<QSslError> &errors) { judge(reply, errors); });
}

/// Runs while the handshake waits for it.
void Flight::judge(QNetworkReply *reply, const QList<QSslError> &errors)
{
    const QSslCertificate leaf = reply->sslConfiguration().peerCertificate();
    const QByteArray fingerprint = leaf.isNull() ? QByteArray() : leaf.digest(QCryptographicHash::Sha256);
    const QUrl url = reply->url();
    const QString place =
        QStringLiteral("%1:%2").arg(url.host(QUrl::FullyEncoded).toLower()).arg(url.port(443));
    const QByteArray accepted = m_pool ? m_pool->options().acceptedCertificates.value(place) : QByteArray();
    if (!fingerprint.isEmpty() && fingerprint == accepted) {
        reply->ignoreSslErrors(errors);
        return;
    }
    QStringList reasons;
    for (const QSslError &error : errors)
        reasons.append(error.errorString());
    m_tlsReasons = reasons.join(QStringLiteral("; "));
    if (!fingerprint.isEmpty()) {
        m_tlsReasons += QStringLiteral("; the certificate's SHA-256 is ");
        m_tlsReasons += QString::fromLatin1(fingerprint.toHex());
    }
}

void Flight::letGo()
{
    QNetworkReply *reply = m_reply;
    if (!reply || reply->isFinished() || !isWorthFinishing(*reply)) {
        abort();
        return;
    }
    reply->disconnect(this);
    m_reply.clear();
    reply->setReadBufferSize(shortRest); // nobody reads: this is all that will be taken in
    connect(reply, &QNetworkReply::finished, reply, &QObject::deleteLater);
    QTimer::singleShot(patienceForRestMs, reply, &QNetworkReply::abort);
}

void Flight::abort()
{
    QNetworkReply *reply = m_reply;
    if (!reply)
        return;
    reply->disconnect(this);
    m_reply.clear();
    if (!reply->isFinished())
        reply->abort();
    reply->deleteLater();
}

void Flight::ground()
{
    m_isGrounded = true;
    abort();
    raise();
}

ReplyEvent::Wait Flight::eventBefore(const QDeadlineTimer &deadline)
{
    if (!deadline.isForever())
        m_timer.start(static_cast<int>(std::min<qint64>(deadline.remainingTime(), 24 * 3600 * 1000)));
    return m_event.next();
}

void Flight::raise()
{
    m_timer.stop();
    m_event.raise();
}

} // namespace ingather::transfer
