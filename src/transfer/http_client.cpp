// SPDX-License-Identifier: MIT
#include "transfer/http_client.h"

#include "transfer/access_pool.h"
#include "transfer/body_reader.h"
#include "transfer/content_coding.h"
#include "transfer/cookie_chain.h"
#include "transfer/decoded_exchange.h"
#include "transfer/flight.h"
#include "transfer/hop_identity.h"
#include "transfer/log.h"
#include "transfer/network_error.h"
#include "transfer/outgoing_request.h"
#include "transfer/redirects.h"
#include "transfer/response_rules.h"

#include <QCoroFuture>
#include <QDateTime>
#include <QDeadlineTimer>
#include <QDebug>
#include <QNetworkReply>
#include <QThread>

namespace ingather::transfer
{

using core::Error;
using core::ErrorCode;

namespace
{

using Outcome = core::Result<std::unique_ptr<Exchange>>;

Error stopped()
{
    return Error{ErrorCode::Stopped, QStringLiteral("get"), 0, QString()};
}

QByteArray methodName(HttpMethod method)
{
    return method == HttpMethod::Head ? "HEAD" : "GET";
}

bool hasHead(const QNetworkReply &reply)
{
    return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).isValid();
}

ReceivedFields receivedFields(const QNetworkReply &reply)
{
    ReceivedFields received;
    received.status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const QList<QNetworkReply::RawHeaderPair> &pairs = reply.rawHeaderPairs();
    received.fields.reserve(pairs.size());
    for (const auto &[name, value] : pairs)
        received.fields.append(HttpHeader{name, value});
    return received;
}

/// QNAM 6.4 passes over 100 only; any other 1xx (RFC 9110 §15.2) it takes for the answer.
bool isInterim(int status)
{
    return status >= 100 && status <= 199;
}

/// Without the query: it is where signed addresses have their secret.
void logHop(int status, const QUrl &next)
{
    qCDebug(logTransfer).noquote() << "redirected by" << status << "to"
                                   << next.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
}

QNetworkReply *sendHop(AccessPool *pool, HttpMethod method, const HttpRequest &request, const QUrl &hop,
                       const HopIdentity &identity, bool isOverHttp2)
{
    const QByteArray digest = pool->digestLogins().authorization(hop, identity.userInfo, methodName(method));
    QNetworkRequest out = requestForHop(request, hop, pool->options().userAgent, identity, digest);
    out.setAttribute(QNetworkRequest::Http2AllowedAttribute, isOverHttp2);
    return pool->send(method, out);
}

/// The server gives more over HTTP/2 than it was asked for: another range, or the whole.
bool isTooMuchForHttp2(const QNetworkReply &reply, HttpMethod method, const ReceivedFields &received)
{
    if (method == HttpMethod::Head || !reply.attribute(QNetworkRequest::Http2WasUsedAttribute).toBool())
        return false;
    bool isNumber = false;
    const qint64 length = received.value("Content-Length").toLongLong(&isNumber);
    const bool hasBody = received.status >= 200 && received.status <= 299 && received.status != 204;
    return hasBody && (!isNumber || length > mostOverHttp2);
}

/// The login that is kept for that hop's origin, if it would be sent.
QCoro::Task<KeptLogin> keptLogin(std::shared_ptr<LoginSource> logins, HttpRequest request, QUrl hop)
{
    if (!logins || !mayUseKeptLogin(request, hop))
        co_return KeptLogin();
    QFuture<KeptLogin> asked = logins->loginFor(hop);
    co_return co_await asked;
}

/// Whose login the server did not want, which a person has to know to put it right.
QString loginRemark(const HopIdentity &identity, const KeptLogin &kept)
{
    switch (identity.loginOrigin) {
    case LoginOrigin::Request:
        return QStringLiteral("; the login of the URL was refused");
    case LoginOrigin::Kept:
        return QStringLiteral("; the login of the keyring was refused");
    case LoginOrigin::Netrc:
        return QStringLiteral("; the login of the netrc was refused");
    case LoginOrigin::None:
        break;
    }
    return kept.trouble.isEmpty() ? QString()
                                  : QStringLiteral("; the keyring could not be asked: ") + kept.trouble;
}

/// Waits for the headers of the watched reply. Errors: Stopped, HeaderTimeout, and all below HTTP.
QCoro::Task<core::Result<ReceivedFields>> receiveHead(std::shared_ptr<Flight> flight, Route route,
                                                      std::chrono::milliseconds timeout)
{
    const QDeadlineTimer deadline(timeout);
    for (;;) {
        if (flight->isStopped())
            co_return stopped();
        const QNetworkReply &reply = *flight->reply();
        if (hasHead(reply))
            co_return receivedFields(reply);
        if (reply.isFinished())
            co_return errorOfReply(reply, ExchangePhase::Head, route, flight->tlsReasons());
        if (deadline.hasExpired()) {
            co_return Error{ErrorCode::HeaderTimeout, QStringLiteral("get"), 0,
                            QStringLiteral("no headers from %1 for %2 ms")
                                .arg(reply.url().host(QUrl::FullyEncoded))
                                .arg(timeout.count())};
        }
        co_await flight->eventBefore(deadline);
    }
}

/// The life of a request up to its final headers. After each await the pool may be gone; the flight
/// then says that it is stopped.
QCoro::Task<Outcome> fetch(AccessPool *pool, HttpMethod method, HttpRequest request, std::stop_token stop)
{
    if (const core::Result<> checked = checkRequest(request, method); !checked)
        co_return checked.error();
    if (const core::Result<> prepared = pool->prepare(); !prepared)
        co_return prepared.error();
    if (stop.stop_requested())
        co_return stopped();

    const HttpOptions options = pool->options();
    const auto flight = std::make_shared<Flight>(pool, stop);
    QUrl url = request.url.adjusted(QUrl::RemoveFragment);
    QList<QUrl> redirects;
    bool allowsHttp2 = options.allowsHttp2;
    CookieChain cookies;
    qsizetype sameCookiesSince = 0; // of `redirects`: those before were asked with other cookies
    int logins = 0;                 // 401s of this hop that were answered
    for (;;) {
        const KeptLogin kept = co_await keptLogin(options.logins, request, url);
        if (flight->isStopped())
            co_return stopped();
        HopIdentity identity =
            identityFor(request, options, url, QDateTime::currentDateTimeUtc(), kept.userInfo);
        cookies.addTo(&identity, url);
        const Route route = pool->routeTo(url);
        flight->watch(
            sendHop(pool, method, request, url, identity, allowsHttp2 && mayUseHttp2(request, method, url)));
        core::Result<ReceivedFields> received = co_await receiveHead(flight, route, options.headerTimeout);
        if (!received)
            co_return received.error();
        if (const core::Result<> small = checkHeaderSize(*received); !small)
            co_return small.error();
        if (isInterim(received->status)) {
            // The answer that follows would be read as the next request's.
            pool->retire(flight->reply()->manager());
            co_return errorFromStatus(received->status, std::nullopt);
        }

        if (isTooMuchForHttp2(*flight->reply(), method, *received)) {
            flight->abort();
            allowsHttp2 = false;
            continue;
        }
        if (cookies.take(received->value("Set-Cookie"), url))
            sameCookiesSince = redirects.size() + 1;
        const QByteArray location = received->value("Location");
        if (isRedirect(received->status, !location.isEmpty())) {
            core::Result<QUrl> next =
                nextHop(url, location, redirects, options.maxRedirects, sameCookiesSince);
            flight->letGo();
            if (!next)
                co_return next.error();
            redirects.append(url);
            url = *next;
            logins = 0;
            logHop(received->status, url);
            continue;
        }

        if (received->status == 401 && !identity.userInfo.isEmpty() &&
            pool->digestLogins().learn(url, received->value("WWW-Authenticate"), logins++)) {
            flight->letGo();
            continue;
        }

        core::Result<ResponseHead> head = readHead(*received, request, url, QDateTime::currentDateTimeUtc());
        if (!head) {
            flight->letGo();
            Error refusal = head.error();
            if (received->status == 401)
                refusal.detail += loginRemark(identity, kept);
            co_return refusal;
        }
        head->redirects = redirects;
        const bool isDecoded = head->isDecoded && method == HttpMethod::Get;
        std::unique_ptr<Exchange> exchange =
            std::make_unique<BodyReader>(flight, method, std::move(*head), options.stallTimeout);
        if (isDecoded) {
            const ContentCoding coding = parseContentEncoding(received->value("Content-Encoding"));
            exchange = std::make_unique<DecodedExchange>(std::move(exchange), coding, stop);
        }
        co_return exchange;
    }
}

QCoro::Task<core::Result<ResponseHead>> fetchHead(AccessPool *pool, HttpRequest request, std::stop_token stop)
{
    const Outcome answer = co_await fetch(pool, HttpMethod::Head, std::move(request), std::move(stop));
    if (!answer)
        co_return answer.error();
    co_return (*answer)->head();
}

} // namespace

class HttpClient::Private
{
public:
    explicit Private(HttpOptions options) : pool(std::move(options)) {}
    AccessPool pool;
};

Exchange::~Exchange() = default;

HttpClient::HttpClient(HttpOptions options) : d(std::make_unique<Private>(std::move(options))) {}

HttpClient::~HttpClient() = default;

void HttpClient::allowConnectionsPerHost(int connections)
{
    Q_ASSERT(QThread::currentThread() == d->pool.thread());
    d->pool.allowConnectionsPerHost(connections);
}

QCoro::Task<core::Result<std::unique_ptr<Exchange>>> HttpClient::get(HttpRequest request,
                                                                     std::stop_token stop)
{
    Q_ASSERT(QThread::currentThread() == d->pool.thread());
    return fetch(&d->pool, HttpMethod::Get, std::move(request), std::move(stop));
}

QCoro::Task<core::Result<ResponseHead>> HttpClient::head(HttpRequest request, std::stop_token stop)
{
    Q_ASSERT(QThread::currentThread() == d->pool.thread());
    return fetchHead(&d->pool, std::move(request), std::move(stop));
}

} // namespace ingather::transfer
