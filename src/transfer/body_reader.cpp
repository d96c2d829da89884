// SPDX-License-Identifier: MIT
#include "transfer/body_reader.h"

#include "transfer/network_error.h"

#include <QDeadlineTimer>

#include <algorithm>

namespace ingather::transfer
{

using core::Error;
using core::ErrorCode;

struct BodyReader::Progress {
    std::optional<qint64> expected; ///< bytes of this body, by Content-Length or Content-Range
    bool endsByItself = true;       ///< QNAM knows where the body ends and will say so
    std::chrono::milliseconds stallTimeout;
    qint64 received = 0;
    std::optional<core::Result<qint64>> outcome; ///< of every read() from now on: 0 or the error
    bool isReading = false;
};

namespace
{

/// Whether there is anything for the caller behind the headers (RFC 9110 §9.3.2, §15.4.5); the text that
/// comes with a 416 is for people.
bool hasBody(HttpMethod method, int status)
{
    return method == HttpMethod::Get && status != 304 && status != 416;
}

std::optional<qint64> expectedLength(const ResponseHead &head)
{
    if (head.contentRange)
        return head.contentRange->last - head.contentRange->first + 1;
    return head.contentLength;
}

/// "5, 5" is a length for us (RFC 9110 §8.6) but not for QNAM, which would wait for the connection to close.
bool isLengthClearToQnam(const QNetworkReply &reply)
{
    return !reply.rawHeader("Content-Length").contains(',');
}

Error failure(ErrorCode code, qint64 received, const std::optional<qint64> &expected, int native,
              const QString &why)
{
    const QString of = expected ? QString::number(*expected) : QStringLiteral("unknown");
    QString detail = QStringLiteral("%1 of %2 bytes").arg(received).arg(of);
    if (!why.isEmpty())
        detail += QStringLiteral("; ") + why;
    return Error{code, QStringLiteral("read body"), native, detail};
}

} // namespace

BodyReader::BodyReader(std::shared_ptr<Flight> flight, HttpMethod method, ResponseHead head,
                       std::chrono::milliseconds stallTimeout)
    : m_head(std::move(head)), m_flight(std::move(flight)), m_progress(std::make_shared<Progress>())
{
    m_progress->stallTimeout = stallTimeout;
    if (!hasBody(method, m_head.status)) {
        m_progress->outcome = core::Result<qint64>(0);
        m_flight->letGo();
    } else {
        m_progress->expected = expectedLength(m_head);
        m_progress->endsByItself = isLengthClearToQnam(*m_flight->reply());
    }
}

BodyReader::~BodyReader()
{
    // A read() that is still waiting ends with Stopped; it holds its own share of flight and progress.
    if (m_progress->isReading)
        m_flight->ground();
    else
        m_flight->abort();
}

QCoro::Task<core::Result<qint64>> BodyReader::read(QByteArray *into, qint64 maxBytes)
{
    Q_ASSERT(into && maxBytes > 0);
    Q_ASSERT(!m_progress->isReading);
    return readSome(m_flight, m_progress, into, maxBytes);
}

QCoro::Task<core::Result<qint64>> BodyReader::readSome(std::shared_ptr<Flight> flight,
                                                       std::shared_ptr<Progress> progress, QByteArray *into,
                                                       qint64 maxBytes)
{
    using Outcome = core::Result<qint64>;
    Progress &p = *progress;
    const auto end = [&p, &flight](Outcome outcome) {
        p.outcome = std::move(outcome);
        flight->abort();
        return *p.outcome;
    };

    const QDeadlineTimer deadline(p.stallTimeout);
    for (;;) {
        if (flight->isStopped() && !(p.outcome && p.outcome->has_value()))
            co_return end(failure(ErrorCode::Stopped, p.received, p.expected, 0, QString()));
        if (p.outcome) {
            into->resize(0);
            co_return *p.outcome;
        }

        // read() is called even where nothing is available: only an empty read tells QNAM that its buffer
        // is free again, and without it the sender would stay held back for ever.
        QNetworkReply *reply = flight->reply();
        const qint64 available = reply->isOpen() ? reply->bytesAvailable() : 0;
        into->resize(std::clamp<qint64>(available, 1, maxBytes));
        qint64 got = reply->isOpen() ? reply->read(into->data(), into->size()) : 0;
        got = std::max<qint64>(got, 0);
        if (p.expected && got > *p.expected - p.received) {
            got = *p.expected - p.received;
            p.outcome = p.endsByItself ? Outcome(failure(ErrorCode::BodyTooLong, p.received + got, p.expected,
                                                         0, QStringLiteral("more than the headers said")))
                                       : Outcome(0);
        }
        into->resize(got);
        p.received += got;
        if (got > 0)
            co_return got;
        if (p.outcome)
            co_return end(*p.outcome);

        const bool isComplete = p.expected && p.received == *p.expected;
        if (isComplete && (!p.endsByItself || deadline.hasExpired()))
            co_return end(0);
        if (reply->isFinished()) {
            if (isComplete)
                co_return end(0);
            const QNetworkReply::NetworkError native = reply->error();
            const ErrorCode code = codeOfNetworkError(native, ExchangePhase::Body, Route::Direct);
            if (p.expected && (native == QNetworkReply::NoError || code == ErrorCode::ConnectionLost)) {
                co_return end(
                    failure(ErrorCode::BodyTooShort, p.received, p.expected, native, reply->errorString()));
            }
            if (native == QNetworkReply::NoError)
                co_return end(0);
            co_return end(failure(code, p.received, p.expected, native, reply->errorString()));
        }
        if (deadline.hasExpired())
            co_return end(failure(ErrorCode::Stalled, p.received, p.expected, 0, QString()));

        p.isReading = true;
        co_await flight->eventBefore(deadline);
        p.isReading = false;
    }
}

} // namespace ingather::transfer
