// SPDX-License-Identifier: MIT
#include "engine/segments/segmented_body.h"

#include "core/error.h"
#include "engine/blocking.h"

#include <QCoroFuture>
#include <QElapsedTimer>
#include <QTimer>

#include <vector>

namespace ingather::engine
{

using core::ByteSpan;
using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

constexpr qint64 readChunk = 256 * 1024;
constexpr qint64 saveBytes = 16 * 1024 * 1024;
constexpr int saveMilliseconds = 1000;
constexpr int statusPartialContent = 206;

qint64 now()
{
    QElapsedTimer timer;
    timer.start();
    return timer.msecsSinceReference();
}

bool differs(const QString &given, const QString &known)
{
    return !given.isEmpty() && !known.isEmpty() && given != known;
}

/// Whether an answer is of another representation, by what it says of itself.
bool namesAnother(const transfer::ResponseHead &head, const core::Validators &known)
{
    return differs(head.validators.etag, known.etag) ||
           differs(head.validators.lastModified, known.lastModified);
}

/// Whether an answer is exactly this piece, of exactly this representation.
bool isPiece(const transfer::ResponseHead &head, const ByteSpan &piece, const core::Validators &known)
{
    if (head.status != statusPartialContent || !head.contentRange || head.contentRange->first != piece.first)
        return false;
    const bool isSameSize = !head.contentRange->total || head.contentRange->total == known.size;
    return isSameSize && !namesAnother(head, known);
}

} // namespace

SegmentedBody::SegmentedBody(const Services &services, Order order, std::shared_ptr<storage::PartFile> part,
                             core::ByteRanges done)
    : m_services(services), m_order(std::move(order)), m_part(std::move(part)),
      m_plan(std::move(done), m_order.validators.size.value_or(0), m_order.lanes), m_savedAt(now())
{
    m_savedTotal = m_plan.done().total();
}

QCoro::Task<Result<>> SegmentedBody::run(std::unique_ptr<transfer::Exchange> first)
{
    std::vector<QCoro::Task<void>> lanes;
    lanes.push_back(work(0, std::move(first)));
    for (int lane = 1; lane < m_order.lanes; ++lane)
        lanes.push_back(work(lane, nullptr));
    // Also where the servers fall silent: what has arrived is to be durable a second later.
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &timer, [this] { follow(); });
    timer.start(saveMilliseconds / 4);
    for (QCoro::Task<void> &lane : lanes)
        co_await lane;
    timer.stop();
    co_return co_await finish();
}

/// The first answer is of all the rest. As long as no other lane got anything, its own connection is the one
/// that is known to give bytes, and it goes on with what comes next.
std::optional<ByteSpan> SegmentedBody::nextPiece(int lane, std::optional<qint64> at)
{
    if (lane == 0 && at && !m_hasRangeWorked) {
        if (const std::optional<ByteSpan> next = m_plan.takeOver(lane, *at))
            return next;
    }
    return m_plan.take(lane, at);
}

/// Piece after piece, until there is none or this lane has to give up.
QCoro::Task<void> SegmentedBody::work(int lane, std::unique_ptr<transfer::Exchange> exchange)
{
    std::optional<qint64> at;
    for (;;) {
        const std::optional<ByteSpan> piece = nextPiece(lane, at);
        if (!piece || m_fileError)
            break;
        if (exchange && at && piece->first != *at)
            exchange.reset();
        if (!exchange) {
            Result<std::unique_ptr<transfer::Exchange>> answer = co_await ask(*piece);
            if (!answer) {
                m_laneError = answer.error();
                break;
            }
            exchange = std::move(*answer);
            m_hasRangeWorked = true;
            if (m_plan.left(lane).first != piece->first) { // taken over while it was asked for
                exchange.reset();
                at.reset();
                continue;
            }
        }
        Result<> taken = co_await takePiece(lane, *exchange);
        at = m_plan.left(lane).first;
        if (!taken) {
            const bool gotSome = at != piece->first;
            m_laneError = taken.error();
            m_plan.giveBack(lane);
            exchange.reset();
            at.reset();
            // One that got somewhere may ask once more; one that got nothing leaves it to the others.
            const bool mayAsk = core::errorClass(taken.error().code) == core::ErrorClass::Retry;
            if (!gotSome || !mayAsk || m_dislikesRanges)
                break;
        }
    }
    m_plan.giveBack(lane);
}

QCoro::Task<Result<std::unique_ptr<transfer::Exchange>>> SegmentedBody::ask(ByteSpan piece)
{
    transfer::HttpRequest request = m_order.request;
    request.range = transfer::ByteRange{piece.first, piece.end - 1};
    request.knownSize = m_order.validators.size;
    request.ifRange = m_order.condition;
    auto answer = co_await m_services.http.get(std::move(request), m_order.stop);
    if (!answer) {
        if (answer.error().code == ErrorCode::RangeMismatch)
            m_dislikesRanges = true;
        co_return answer.error();
    }
    if (!isPiece((*answer)->head(), piece, m_order.validators)) {
        // A file that was replaced meanwhile is nothing that the host could be blamed for.
        if (!namesAnother((*answer)->head(), m_order.validators))
            m_dislikesRanges = true;
        co_return Error{ErrorCode::RangeMismatch, QStringLiteral("fetch segment"), (*answer)->head().status,
                        QStringLiteral("not the range that was asked for")};
    }
    co_return std::move(*answer);
}

QCoro::Task<Result<>> SegmentedBody::takePiece(int lane, transfer::Exchange &exchange)
{
    QByteArray buffer;
    for (;;) {
        const ByteSpan left = m_plan.left(lane);
        if (left.size() <= 0)
            co_return Result<>();
        Result<qint64> read = co_await exchange.read(&buffer, std::min(readChunk, left.size()));
        if (!read)
            co_return read.error();
        if (*read == 0)
            co_return Error{ErrorCode::BodyTooShort, QStringLiteral("fetch segment"), 0,
                            QStringLiteral("%1 bytes are missing").arg(left.size())};
        co_await m_services.admit(*read);
        if (Result<> ok = m_services.mayGoOn(); !ok)
            co_return ok;
        auto writing = runBlocking(m_services.blocking, [part = m_part, at = left.first,
                                                         bytes = QByteArrayView(buffer).first(*read)] {
            return part->writeAt(bytes, at);
        });
        Result<> written = co_await writing;
        if (!written) {
            m_fileError = written.error();
            co_return written;
        }
        m_plan.advance(lane, left.first + *read);
        m_services.advanced(m_plan.done().total());
        follow();
        if (m_fileError)
            co_return *m_fileError;
    }
}

void SegmentedBody::follow()
{
    if (m_plan.done().prefix() > m_part->length() && (!m_hashing || m_hashing->isReady()))
        m_hashing.emplace(hash());
    const qint64 unsaved = m_plan.done().total() - m_savedTotal;
    const bool isDue = unsaved >= saveBytes || (unsaved > 0 && now() - m_savedAt >= saveMilliseconds);
    if (isDue && (!m_saving || m_saving->isReady()))
        m_saving.emplace(save());
}

QCoro::Task<void> SegmentedBody::hash()
{
    auto hashing = runBlocking(m_services.blocking,
                               [part = m_part, end = m_plan.done().prefix()] { return part->hashUpTo(end); });
    Result<> hashed = co_await hashing;
    if (!hashed)
        m_fileError = hashed.error();
}

QCoro::Task<void> SegmentedBody::save()
{
    const core::ByteRanges done = m_plan.done();
    m_savedAt = now();
    m_savedTotal = done.total();
    Result<> saved = co_await m_services.save(done);
    if (!saved)
        m_fileError = saved.error();
}

/// All lanes have ended.
QCoro::Task<Result<>> SegmentedBody::finish()
{
    if (m_hashing)
        co_await *m_hashing;
    if (m_saving)
        co_await *m_saving;
    if (!m_fileError && m_plan.isComplete())
        co_await hash();
    else if (!m_fileError)
        co_await save();
    if (m_fileError)
        co_return *m_fileError;
    if (!m_plan.isComplete())
        co_return m_laneError.value_or(Error{ErrorCode::Internal, QStringLiteral("fetch segments"), 0,
                                             QStringLiteral("lanes ended without a reason")});
    co_return Result<>();
}

} // namespace ingather::engine
