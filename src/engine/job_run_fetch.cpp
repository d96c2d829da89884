// SPDX-License-Identifier: MIT
#include "engine/job_run.h"

#include "core/file_name.h"
#include "engine/blocking.h"
#include "engine/credentials.h"
#include "engine/network/network_observer.h"
#include "engine/op_content.h"
#include "engine/op_keys.h"
#include "engine/progress_board.h"
#include "engine/shared_part.h"
#include "storage/digest_verdict.h"

#include <QCoroFuture>
#include <QUrl>

namespace ingather::engine
{

namespace
{

constexpr int notModified = 304;

} // namespace

QCoro::Task<core::Result<>> JobRun::fetch()
{
    // Not a conditional expression: GCC 12 frees the result of a co_await in one twice.
    Result<std::unique_ptr<transfer::Exchange>> answer = std::unique_ptr<transfer::Exchange>();
    if (m_part) {
        answer = co_await askForRest();
    } else {
        if (Result<> looked = co_await lookForHeldVersion(); !looked)
            co_return looked;
        answer = co_await ask(request());
    }
    if (!answer)
        co_return answer.error();
    std::unique_ptr<transfer::Exchange> exchange = std::move(*answer);
    if (!exchange)
        co_return co_await fileOpenPart();
    if (Result<> genuine = m_services.network.answered(m_claimed.job, exchange->head()); !genuine)
        co_return genuine;
    if (exchange->head().status == notModified) {
        const transfer::ResponseHead head = exchange->head();
        exchange.reset();
        co_return co_await keepHeldVersion(head);
    }
    Result<> ready;
    if (m_part)
        ready = co_await continuePart(exchange->head());
    else
        ready = co_await beginPart(exchange->head());
    if (!ready)
        co_return ready;
    if (Result<> streamed = co_await streamBody(std::move(exchange)); !streamed)
        co_return streamed;
    co_return co_await fileStreamed();
}

/// For the whole of it.
transfer::HttpRequest JobRun::request() const
{
    transfer::HttpRequest request;
    request.url = QUrl(m_claimed.job.canonicalUrl, QUrl::StrictMode);
    request.userInfo = m_services.credentials.forHost(m_claimed.job.host);
    addConditions(&request);
    return request;
}

QCoro::Task<core::Result<std::unique_ptr<transfer::Exchange>>> JobRun::ask(transfer::HttpRequest request)
{
    auto answer = co_await m_services.http.get(std::move(request), m_control->token());
    co_return answer;
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
    plan.isDateStrong = m_isDateStrong;
    plan.digests = m_expectedDigests;
    plan.suggestedName = m_suggestedName;
    plan.olderParts = m_olderParts;
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
    const QString name = storage::partName(m_claimed.job.id, m_claimed.lease.fence, ++m_partsMade);
    if (Result<> room = co_await takeRoom(name, head.validators.size); !room)
        co_return room;
    const core::Validators known = m_validators;
    m_validators = head.validators;
    m_isDateStrong = head.isLastModifiedStrong;
    m_contentType = QString::fromLatin1(head.contentType);
    learnDigests(head);
    m_suggestedName = core::fileNameFromContentDisposition(head.contentDisposition);
    m_partName = name;
    m_durable = 0;
    m_ranges = {};
    m_fetchedFrom = 0;
    QList<ledger::OpWrite> before;
    if (!m_resumeReason.isEmpty()) {
        before.append(ledger::OpDone{core::OpType::Resume, resumeKey(m_claimed.job, known),
                                     resumeResult(QStringLiteral("started anew"), m_resumeReason, 0)});
    }
    if (Result<> announced = co_await announceStream(head, before, false); !announced)
        co_return announced;
    const storage::PartDescription description{m_claimed.job.id, m_claimed.job.canonicalUrl, m_validators};
    const QList<core::DigestAlgorithm> also = storage::algorithmsOf(m_expectedDigests);
    auto opening = runBlocking(m_services.blocking,
                               [root = m_claimed.job.rootPath, name = m_partName, description, also] {
                                   return shared(storage::PartFile::create(root, name, description, also));
                               });
    Result<SharedPart> part = co_await opening;
    if (!part)
        co_return part.error();
    m_part = *part;
    co_return Result<>();
}

} // namespace ingather::engine
