// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "transfer/http_options.h"
#include "transfer/http_request.h"
#include "transfer/response_head.h"

#include <QByteArray>

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>

#include <QCoroTask>

namespace ingather::transfer
{

/// One GET whose body is pulled by the caller. Lives and is used on the client's thread. While nobody
/// reads, at most readBufferSize bytes wait in memory and the sender is held back; the stall timer
/// stops with us. Destroying it aborts the request.
class Exchange
{
public:
    Exchange() = default;
    virtual ~Exchange();
    Exchange(const Exchange &) = delete;
    Exchange &operator=(const Exchange &) = delete;

    virtual const ResponseHead &head() const = 0;
    /// Fills `into` with at most `maxBytes`, in place of what it held; a buffer that is handed in again is
    /// not allocated again. 0 means that the body ended, and was as long as the headers said. BodyTooShort,
    /// BodyTooLong, ContentUndecodable, ConnectionLost, Stalled, Stopped otherwise; all that arrived before
    /// was given out and is valid. The end is the same at every further call. One call at a time; `into` must
    /// outlive it.
    virtual QCoro::Task<core::Result<qint64>> read(QByteArray *into, qint64 maxBytes) = 0;
};

/// HTTP for one thread. Follows redirects itself, hop by hop (≤ maxRedirects, never https → http);
/// sends Accept-Encoding: identity, and takes gzip and deflate off a body that comes in them all the same;
/// bodies over HTTP/1.1. Answers with status ≥ 300 come back as
/// typed errors (see errorFromStatus) except 206 and 416 to a ranged request and 304 to a conditional one,
/// which the caller decides on; 304 and 416 have no body. Destroying the client, never from inside one of its
/// coroutines, ends what is under way with Stopped.
class HttpClient final
{
public:
    explicit HttpClient(HttpOptions options);
    ~HttpClient();
    Q_DISABLE_COPY_MOVE(HttpClient)

    /// Resolves once the final response's headers are in. `stop` aborts at any point with Error Stopped;
    /// stop requests may come from any thread.
    QCoro::Task<core::Result<std::unique_ptr<Exchange>>> get(HttpRequest request, std::stop_token stop);

    /// Makes room for as many connections a host, if there is less: for one file in many pieces.
    void allowConnectionsPerHost(int connections);

    /// The same question as a HEAD (RFC 9110 §9.3.2): the head that a GET would have had, redirects followed
    /// alike. Never a range. No body is read, and the connection serves again.
    QCoro::Task<core::Result<ResponseHead>> head(HttpRequest request, std::stop_token stop);

private:
    class Private;
    std::unique_ptr<Private> d;
};

/// 401 → HttpUnauthorized … 429 → HttpTooManyRequests, 503 → HttpUnavailable (with retryAfter), other 5xx →
/// HttpServerError, other 4xx → HttpClientError, an interim status that was taken for the answer →
/// ProtocolError (another try may do without it), everything else unexpected → HttpUnexpectedStatus.
core::Error errorFromStatus(int status, std::optional<std::chrono::seconds> retryAfter);

} // namespace ingather::transfer
