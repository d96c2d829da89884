// SPDX-License-Identifier: MIT
#include "engine/job_run.h"

#include "core/file_name.h"
#include "engine/blocking.h"
#include "engine/credentials.h"
#include "engine/limits/rate_limits.h"
#include "engine/network/network_observer.h"
#include "engine/op_content.h"
#include "engine/op_keys.h"
#include "engine/progress_board.h"

#include <QCoroFuture>
#include <QElapsedTimer>
#include <QUrl>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;

namespace
{

constexpr qint64 readChunk = 256 * 1024;
constexpr qint64 checkpointBytes = 16 * 1024 * 1024;
constexpr qint64 checkpointMilliseconds = 1000;
constexpr int statusOk = 200;
constexpr int statusPartialContent = 206;

using SharedPart = std::shared_ptr<storage::PartFile>;

/// A QFuture hands out copies of its value, and a part can't be copied.
core::Result<SharedPart> shared(core::Result<storage::PartFile> part)
{
    if (!part)
        return part.error();
    return std::make_shared<storage::PartFile>(std::move(*part));
}

/// Answers that are wrong only as answers to a range: without one the same server may be right.
bool isRangeRefused(ErrorCode code)
{
    return code == ErrorCode::RangeMismatch || code == ErrorCode::LengthConflict ||
           code == ErrorCode::ContentEncoded;
}

/// Why a reply does not continue a part; empty if it does (RFC 9110 §13.1.5, §14.4).
QString whyNotContinued(const transfer::ResponseHead &head, const core::Validators &known, qint64 length)
{
    if (head.status != statusPartialContent || !head.contentRange)
        return QStringLiteral("the server answered %1 to the range").arg(head.status);
    if (head.contentRange->first != length)
        return QStringLiteral("the range starts elsewhere");
    if (head.validators.etag != known.etag)
        return QStringLiteral("the entity tag changed");
    if (known.size && head.contentRange->total && *known.size != *head.contentRange->total)
        return QStringLiteral("the length changed");
    return {};
}

} // namespace

/// Opens the part that the ledger knows, or leaves m_part empty with the reason when it can't be used. Its
/// lock free: it is ours under its own name. Held by a zombie: its durable prefix is copied.
QCoro::Task<core::Result<>> JobRun::openPart()
{
    const QString root = m_claimed.job.rootPath;
    const qint64 durable = m_claimed.part->durableLength;
    const bool isComplete = m_history.move == Move::FilePart;
    if (!isComplete && !m_validators.hasStrongEtag()) {
        giveUpPart(QStringLiteral("the server gave no strong validator"));
        co_return Result<>();
    }
    const auto open = [this, root, durable](const QString &name) {
        return runBlocking(m_services.blocking, [root, name, durable, stop = stopAsked()] {
            return shared(storage::PartFile::resume(root, name, durable, stop));
        });
    };
    Result<SharedPart> part = co_await open(m_partName);
    if (!part && part.error().code == ErrorCode::PartLocked) {
        const QString copy = storage::partName(m_claimed.job.id, m_claimed.lease.fence, ++m_partsMade);
        auto adoption = runBlocking(m_services.blocking, [root, older = m_partName, copy, durable] {
            return storage::adoptPart(root, older, copy, durable);
        });
        Result<> adopted = co_await adoption;
        if (!adopted)
            co_return adopted;
        // Recorded at once, so that no later run copies the prefix once more.
        m_obsoletePart = std::exchange(m_partName, copy);
        ledger::LifeStep step = newStep();
        step.part = partRecord(durable);
        Result<ledger::StepOutcome> recorded = co_await commit(step);
        if (!recorded)
            co_return recorded.error();
        part = co_await open(copy);
    }
    if (part) {
        m_part = *part;
        m_services.progress.advance(m_claimed.job.id, m_part->length());
        co_return Result<>();
    }
    const ErrorCode code = part.error().code;
    if (code != ErrorCode::PartMissing && code != ErrorCode::PartDamaged)
        co_return part.error();
    giveUpPart(code == ErrorCode::PartMissing ? QStringLiteral("the part is gone")
                                              : QStringLiteral("the part is shorter than recorded"));
    co_return Result<>();
}

void JobRun::giveUpPart(const QString &reason)
{
    m_resumeReason = reason;
    m_obsoletePart = m_partName;
    m_part.reset();
}

QCoro::Task<core::Result<>> JobRun::fetch()
{
    if (Result<> streamed = co_await requestAndStream(); !streamed)
        co_return streamed;
    co_return co_await fileStreamed();
}

QCoro::Task<core::Result<>> JobRun::requestAndStream()
{
    transfer::HttpRequest request;
    request.url = QUrl(m_claimed.job.canonicalUrl, QUrl::StrictMode);
    request.userInfo = m_services.credentials.forHost(m_claimed.job.host);
    if (m_part) {
        request.rangeStart = m_part->length();
        request.ifRange = m_validators.etag.toLatin1();
    }
    auto answer = co_await m_services.http.get(request, m_control->token());
    if (!answer && m_part && isRangeRefused(answer.error().code)) {
        giveUpPart(QStringLiteral("the server's answer to the range was wrong: ") +
                   core::errorCodeName(answer.error().code));
        request.rangeStart.reset();
        request.ifRange.clear();
        answer = co_await m_services.http.get(request, m_control->token());
    }
    if (!answer)
        co_return answer.error();
    std::unique_ptr<transfer::Exchange> exchange = std::move(*answer);

    if (m_part) {
        const QString why = whyNotContinued(exchange->head(), m_validators, m_part->length());
        if (!why.isEmpty()) {
            giveUpPart(why);
            if (exchange->head().status != statusOk) {
                exchange.reset();
                request.rangeStart.reset();
                request.ifRange.clear();
                answer = co_await m_services.http.get(request, m_control->token());
                if (!answer)
                    co_return answer.error();
                exchange = std::move(*answer);
            }
        }
    }
    if (Result<> genuine = m_services.network.answered(m_claimed.job, exchange->head()); !genuine)
        co_return genuine;
    // Not a conditional expression: GCC 12 frees the result of a co_await in one twice.
    Result<> ready;
    if (m_part)
        ready = co_await continuePart(exchange->head());
    else
        ready = co_await beginPart(exchange->head());
    if (!ready)
        co_return ready;
    co_return co_await streamBody(*exchange);
}

/// [HEAD done + STREAM intent], and what a resume adds to it.
QCoro::Task<core::Result<>> JobRun::announceStream(const transfer::ResponseHead &head,
                                                   QList<ledger::OpWrite> before, bool isResumed)
{
    ledger::LifeStep step = newStep();
    step.path = pathToStreaming(isResumed);
    const QString key = streamKey(m_claimed.job, m_validators);
    step.ops = abandonOthers(key);
    step.ops.append(ledger::OpDone{core::OpType::Head, headKey(m_claimed.job), headResult(head)});
    step.ops.append(before);
    StreamPlan plan;
    plan.part = m_partName;
    plan.validators = m_validators;
    plan.suggestedName = m_suggestedName;
    plan.obsoletePart = m_obsoletePart;
    plan.from = m_part ? m_part->length() : 0;
    step.ops.append(ledger::OpIntent{core::OpType::Stream, key, streamIntent(plan)});
    step.facts.bytesTotal = m_validators.size;
    step.facts.bytesDone = m_part ? m_part->durableLength() : 0;
    step.facts.contentType = QString::fromLatin1(head.contentType);
    step.part = partRecord(m_part ? m_part->durableLength() : 0);
    Result<ledger::StepOutcome> outcome = co_await commit(step);
    if (!outcome)
        co_return outcome.error();
    m_services.progress.begin(m_claimed.job.id, m_part ? m_part->length() : 0, m_validators.size);
    co_return Result<>();
}

QCoro::Task<core::Result<>> JobRun::beginPart(const transfer::ResponseHead &head)
{
    const core::Validators known = m_validators;
    m_validators = head.validators;
    m_suggestedName = core::fileNameFromContentDisposition(head.contentDisposition);
    m_partName = storage::partName(m_claimed.job.id, m_claimed.lease.fence, ++m_partsMade);
    m_durable = 0;
    m_fetchedFrom = 0;
    QList<ledger::OpWrite> before;
    if (!m_resumeReason.isEmpty()) {
        before.append(ledger::OpDone{core::OpType::Resume, resumeKey(m_claimed.job, known),
                                     resumeResult(QStringLiteral("started anew"), m_resumeReason, 0)});
    }
    if (Result<> announced = co_await announceStream(head, before, false); !announced)
        co_return announced;
    if (!m_obsoletePart.isEmpty()) {
        if (Result<> removed = co_await discard(m_obsoletePart); !removed)
            co_return removed;
    }
    const storage::PartDescription description{m_claimed.job.id, m_claimed.job.canonicalUrl, m_validators};
    auto opening =
        runBlocking(m_services.blocking, [root = m_claimed.job.rootPath, name = m_partName, description] {
            return shared(storage::PartFile::create(root, name, description));
        });
    Result<SharedPart> part = co_await opening;
    if (!part)
        co_return part.error();
    m_part = *part;
    co_return Result<>();
}

QCoro::Task<core::Result<>> JobRun::continuePart(const transfer::ResponseHead &head)
{
    m_fetchedFrom = m_part->length();
    if (!m_validators.size)
        m_validators.size = head.contentRange->total;
    QList<ledger::OpWrite> before;
    before.append(ledger::OpDone{
        core::OpType::Resume, resumeKey(m_claimed.job, m_validators),
        resumeResult(QStringLiteral("continued"), QStringLiteral("same strong entity tag"), m_fetchedFrom)});
    if (Result<> announced = co_await announceStream(head, before, true); !announced)
        co_return announced;
    if (m_obsoletePart.isEmpty())
        co_return Result<>();
    co_return co_await discard(m_obsoletePart);
}

QCoro::Task<core::Result<>> JobRun::streamBody(transfer::Exchange &exchange)
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
            break;
        co_await m_services.limits.admit(m_claimed.job, *read, m_control->token());
        if (Result<> ok = mayGoOn(); !ok)
            co_return ok;
        if (Result<> written = m_part->append(QByteArrayView(buffer.constData(), *read)); !written)
            co_return written;
        m_services.progress.advance(m_claimed.job.id, m_part->length());
        const bool isDue = m_part->length() - m_part->durableLength() >= checkpointBytes ||
                           sinceCheckpoint.elapsed() >= checkpointMilliseconds;
        if (isDue) {
            if (Result<> saved = co_await checkpoint(); !saved)
                co_return saved;
            sinceCheckpoint.restart();
        }
    }
    if (m_validators.size && m_part->length() != *m_validators.size)
        co_return Error{m_part->length() < *m_validators.size ? ErrorCode::BodyTooShort
                                                              : ErrorCode::BodyTooLong,
                        QStringLiteral("stream"), 0,
                        QStringLiteral("%1 of %2 bytes").arg(m_part->length()).arg(*m_validators.size)};
    co_return Result<>();
}

} // namespace ingather::engine
