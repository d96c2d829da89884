// SPDX-License-Identifier: MIT
#include "engine/job_run.h"

#include "engine/blocking.h"
#include "engine/limits/rate_limits.h"
#include "engine/progress_board.h"
#include "ledger/ledger_thread.h"

#include <QCoroFuture>
#include <QTimer>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;

namespace
{

constexpr qint64 readChunk = 256 * 1024;
constexpr qint64 checkpointBytes = 16 * 1024 * 1024;
constexpr int checkpointMilliseconds = 1000;
/// A body that fits into a few blocks is written by its lane: handing it over would take as long.
constexpr qint64 smallBody = 1024 * 1024;
/// Read and not written yet; more would only be memory.
constexpr qint64 mostWaiting = 4 * 1024 * 1024;

/// Waits until at most `bytes` of what was given are not written yet. The failure of a block that was not.
QCoro::Task<core::Result<>> written(std::shared_ptr<storage::PartFeed> feed, qint64 bytes)
{
    auto promise = std::make_shared<QPromise<void>>();
    promise->start();
    QFuture<void> room = promise->future();
    feed->whenAtMost(bytes, [promise] { promise->finish(); });
    if (!room.isFinished())
        co_await room;
    if (const std::optional<Error> failure = feed->failure())
        co_return *failure;
    co_return core::Result<>();
}

} // namespace

QCoro::Task<core::Result<>> JobRun::streamBody(std::unique_ptr<transfer::Exchange> exchange)
{
    // Not a conditional expression: GCC 12 frees the result of a co_await in one twice.
    Result<> taken;
    int segments = segmentsFor(exchange->head());
    if (segments > 1) {
        Result<bool> isRefusing = co_await hasHostRefusedRanges();
        if (!isRefusing)
            co_return isRefusing.error();
        if (*isRefusing)
            segments = 1;
    }
    if (segments > 1)
        taken = co_await takeSegments(std::move(exchange), segments);
    else if (m_validators.size.value_or(smallBody + 1) <= smallBody)
        taken = co_await takeSmallBody(*exchange);
    else
        taken = co_await takeBody(*exchange);
    if (!taken)
        co_return taken;
    if (m_validators.size && m_part->length() != *m_validators.size)
        co_return Error{m_part->length() < *m_validators.size ? ErrorCode::BodyTooShort
                                                              : ErrorCode::BodyTooLong,
                        QStringLiteral("stream"), 0,
                        QStringLiteral("%1 of %2 bytes").arg(m_part->length()).arg(*m_validators.size)};
    co_return Result<>();
}

QCoro::Task<core::Result<>> JobRun::takeSmallBody(transfer::Exchange &exchange)
{
    QByteArray buffer;
    QElapsedTimer sinceCheckpoint;
    sinceCheckpoint.start();
    for (;;) {
        Result<qint64> read =
            co_await exchange.read(&buffer, m_services.limits.blockSize(m_claimed.job, readChunk));
        if (!read)
            co_return read.error();
        if (*read == 0)
            co_return Result<>();
        co_await m_services.limits.admit(m_claimed.job, *read, m_control->token());
        if (Result<> ok = mayGoOn(); !ok)
            co_return ok;
        if (Result<> appended = m_part->append(QByteArrayView(buffer.constData(), *read)); !appended)
            co_return appended;
        m_services.progress.advance(m_claimed.job.id, m_part->length());
        if (sinceCheckpoint.elapsed() < checkpointMilliseconds)
            continue;
        if (Result<> saved = co_await checkpoint(); !saved)
            co_return saved;
        sinceCheckpoint.restart();
    }
}

/// The lane reads; writing and hashing, and the syncs of checkpoints, go on meanwhile.
QCoro::Task<core::Result<>> JobRun::takeBody(transfer::Exchange &exchange)
{
    const auto feed = storage::PartFeed::make(
        m_part, [pool = &m_services.blocking](std::function<void()> work) { pool->start(std::move(work)); });
    m_sinceCheckpoint.start();
    m_saveError.reset();
    // Also where the server falls silent: what has arrived is to be durable a second later.
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &timer, [this] { saveIfDue(); });
    timer.start(checkpointMilliseconds / 4);
    Result<> outcome = co_await pump(exchange, feed);
    timer.stop();
    // Whatever came of it, nobody may be at work on the part when this returns.
    if (Result<> all = co_await written(feed, 0); outcome && !all)
        outcome = all;
    if (m_saving)
        co_await *m_saving;
    m_saving.reset();
    if (outcome && m_saveError)
        outcome = *m_saveError;
    co_return outcome;
}

QCoro::Task<core::Result<>> JobRun::pump(transfer::Exchange &exchange,
                                         std::shared_ptr<storage::PartFeed> feed)
{
    m_ranges = {}; // one after the other now: whatever lies further on is overwritten
    qint64 received = m_part->length();
    for (;;) {
        QByteArray buffer = feed->buffer();
        Result<qint64> read =
            co_await exchange.read(&buffer, m_services.limits.blockSize(m_claimed.job, readChunk));
        if (!read)
            co_return read.error();
        if (*read == 0)
            co_return Result<>();
        co_await m_services.limits.admit(m_claimed.job, *read, m_control->token());
        if (Result<> ok = mayGoOn(); !ok)
            co_return ok;
        received += *read;
        feed->give(std::move(buffer), *read);
        m_services.progress.advance(m_claimed.job.id, received);
        if (feed->waiting() > mostWaiting) {
            if (Result<> room = co_await written(feed, mostWaiting); !room)
                co_return room;
        }
        if (const std::optional<Error> failure = feed->failure())
            co_return *failure;
        saveIfDue();
        if (m_saveError)
            co_return *m_saveError;
    }
}

/// Starts a checkpoint when the last second or 16 MiB are not durable and none is under way; it goes on
/// beside the body.
void JobRun::saveIfDue()
{
    const bool isSaving = m_saving && !m_saving->isReady();
    const qint64 unsaved = m_part->length() - m_part->durableLength();
    if (isSaving || unsaved == 0 ||
        (unsaved < checkpointBytes && m_sinceCheckpoint.elapsed() < checkpointMilliseconds))
        return;
    m_sinceCheckpoint.start();
    m_saving.emplace(save());
}

QCoro::Task<void> JobRun::save()
{
    if (Result<> saved = co_await checkpoint(); !saved)
        m_saveError = saved.error();
}

/// Syncs, then records. `ranges` are what was written before this call, where that is more than a prefix.
QCoro::Task<core::Result<>> JobRun::checkpoint(core::ByteRanges ranges)
{
    const std::shared_ptr<storage::PartFile> part = m_part;
    if (part->length() == part->durableLength() && ranges.total() <= m_durable)
        co_return Result<>();
    auto sync = runBlocking(m_services.blocking, [part] { return part->checkpoint(); });
    Result<> synced = co_await sync;
    if (!synced)
        co_return synced;
    const qint64 length = std::max(part->durableLength(), ranges.prefix());
    auto recorded =
        m_services.writer.post<void>([lease = m_claimed.lease, length, ranges](ledger::Session &session) {
            return ledger::recordCheckpoint(session, lease, length, ranges);
        });
    Result<> outcome = co_await recorded;
    if (outcome) {
        m_durable = std::max(length, ranges.total());
        m_control->tellPartIsDurable();
    }
    co_return outcome;
}

} // namespace ingather::engine
