// SPDX-License-Identifier: MIT
#include "engine/job_run.h"

#include "engine/blocking.h"
#include "engine/op_content.h"
#include "engine/op_keys.h"
#include "engine/progress_board.h"
#include "engine/resume_ladder.h"
#include "engine/shared_part.h"
#include "storage/digest_verdict.h"
#include "storage/leftovers.h"

#include <QCoroFuture>

#include <algorithm>

namespace ingather::engine
{

using core::ErrorCode;

namespace
{

/// As much as lies between two checkpoints.
constexpr qint64 unvouchedBytes = 16 * 1024 * 1024;

using Answer = core::Result<std::unique_ptr<transfer::Exchange>>;

/// Answers that are wrong only as answers to a range: without one the same server may be right.
bool isRangeRefused(ErrorCode code)
{
    return code == ErrorCode::RangeMismatch || code == ErrorCode::LengthConflict ||
           code == ErrorCode::ContentEncoded;
}

Judgement judged(const KnownPart &part, Ask ask, const Answer &answer)
{
    if (answer)
        return judge(part, ask, (*answer)->head());
    return {Next::AskWhole, QStringLiteral("the server's answer to the range was wrong: ") +
                                core::errorCodeName(answer.error().code)};
}

} // namespace

/// Opens the part that the ledger knows, or leaves m_part empty with the reason when it can't be used. Its
/// lock free: it is ours under its own name. Held by a zombie: its durable prefix is copied.
QCoro::Task<core::Result<>> JobRun::openPart()
{
    const QString root = m_claimed.job.rootPath;
    const qint64 durable = m_claimed.part->durableLength;
    const QList<core::DigestAlgorithm> also = storage::algorithmsOf(m_expectedDigests);
    const qint64 lastEnd = m_ranges.spans().isEmpty() ? 0 : m_ranges.spans().last().end;
    const auto open = [this, root, durable, also](const QString &name, qint64 kept) {
        return runBlocking(m_services.blocking, [root, name, durable, also, kept, stop = stopAsked()] {
            return shared(storage::PartFile::resume(root, name, durable, stop, also, kept));
        });
    };
    Result<SharedPart> part = co_await open(m_partName, lastEnd);
    if (!part && part.error().code == ErrorCode::PartLocked) {
        const QString copy = storage::partName(m_claimed.job.id, m_claimed.lease.fence, ++m_partsMade);
        auto adoption = runBlocking(m_services.blocking, [root, older = m_partName, copy, durable] {
            return storage::adoptPart(root, older, copy, durable);
        });
        Result<> adopted = co_await adoption;
        if (!adopted)
            co_return adopted;
        // Recorded at once, so that no later run copies the prefix once more.
        m_olderParts.append(std::exchange(m_partName, copy));
        m_ranges = {}; // what lay behind the prefix was not copied
        m_durable = durable;
        ledger::LifeStep step = newStep();
        step.part = partRecord(durable);
        Result<ledger::StepOutcome> recorded = co_await commit(step);
        if (!recorded)
            co_return recorded.error();
        part = co_await open(copy, 0);
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

QCoro::Task<core::Result<>> JobRun::adoptLeftPart()
{
    auto looking = runBlocking(m_services.blocking, [root = m_claimed.job.rootPath, id = m_claimed.job.id,
                                                     url = m_claimed.job.canonicalUrl] {
        return storage::leftPartOf(root, id, url);
    });
    Result<std::optional<storage::LeftPart>> found = co_await looking;
    if (!found)
        co_return found.error();
    // Nobody vouches for what was written since its last checkpoint, whenever that was.
    const qint64 trusted = *found ? (*found)->size - unvouchedBytes : 0;
    if (trusted <= 0)
        co_return Result<>();
    m_partName = (*found)->name;
    m_validators = (*found)->description.validators;
    m_claimed.part = partRecord(trusted);
    ledger::LifeStep step = newStep();
    step.part = m_claimed.part;
    Result<ledger::StepOutcome> recorded = co_await commit(step);
    if (!recorded)
        co_return recorded.error();
    Result<> opened = co_await openPart();
    co_return opened;
}

void JobRun::giveUpPart(const QString &reason)
{
    m_resumeReason = reason;
    m_olderParts.append(m_partName);
    dropPart();
}

/// The body that goes on with the open part, or, when that was given up, the whole; none if the part is
/// complete.
QCoro::Task<core::Result<std::unique_ptr<transfer::Exchange>>> JobRun::askForRest()
{
    const KnownPart part{m_validators, m_isDateStrong, m_part->length()};
    Ask how = firstAsk(part);
    for (;;) {
        Answer answer = co_await ask(requestForRest(part, how));
        if (!answer && !isRangeRefused(answer.error().code))
            co_return answer.error();
        const Judgement judgement = judged(part, how, answer);
        m_resumeReason = judgement.reason;
        switch (judgement.next) {
        case Next::AskPlainly:
            how = Ask::Plainly;
            continue;
        case Next::AskOverlap:
            how = Ask::Overlap;
            continue;
        case Next::IsComplete:
            co_return std::unique_ptr<transfer::Exchange>();
        case Next::Continue: {
            Result<bool> fits = co_await doesOverlapFit(**answer);
            if (!fits)
                co_return fits.error();
            if (*fits)
                co_return std::move(*answer);
            giveUpPart(QStringLiteral("bytes before the end of the part differ"));
            break;
        }
        case Next::TakeWhole:
            giveUpPart(judgement.reason);
            co_return std::move(*answer);
        case Next::AskWhole:
            giveUpPart(judgement.reason);
            break;
        }
        answer = std::unique_ptr<transfer::Exchange>(); // its connection, before the next is asked for
        Answer whole = co_await ask(request());
        co_return std::move(whole);
    }
}

transfer::HttpRequest JobRun::requestForRest(const KnownPart &part, Ask how) const
{
    transfer::HttpRequest rest = request();
    rest.range = transfer::ByteRange{firstByte(part, how), std::nullopt};
    if (how == Ask::IfTag)
        rest.ifRange = part.validators.etag.toLatin1();
    if (how == Ask::IfDate)
        rest.ifRange = part.validators.lastModified.toLatin1();
    return rest;
}

/// Reads what comes again of the part and compares it; what follows in the body goes on with the part.
QCoro::Task<core::Result<bool>> JobRun::doesOverlapFit(transfer::Exchange &exchange)
{
    qint64 at = exchange.head().contentRange->first;
    m_isOverlapChecked = at < m_part->length();
    QByteArray buffer;
    while (at < m_part->length()) {
        Result<qint64> got = co_await exchange.read(&buffer, std::min(overlapBytes, m_part->length() - at));
        // More than it announced: not what belongs to this part, which is not to be blamed for it.
        if (!got && got.error().code == ErrorCode::BodyTooLong)
            co_return false;
        if (!got)
            co_return got.error();
        auto reading = runBlocking(m_services.blocking,
                                   [part = m_part, at, size = *got] { return part->read(at, size); });
        Result<QByteArray> expected = co_await reading;
        if (!expected)
            co_return expected.error();
        if (*got == 0 || *expected != QByteArrayView(buffer).first(*got))
            co_return false;
        at += *got;
    }
    co_return true;
}

QCoro::Task<core::Result<>> JobRun::continuePart(const transfer::ResponseHead &head)
{
    m_fetchedFrom = m_part->length();
    if (!m_validators.size)
        m_validators.size = head.contentRange->total;
    if (Result<> room = co_await takeRoom(m_partName, m_validators.size); !room)
        co_return room;
    const QString decision =
        m_isOverlapChecked ? QStringLiteral("continued, overlap-checked") : QStringLiteral("continued");
    QList<ledger::OpWrite> before;
    before.append(ledger::OpDone{core::OpType::Resume, resumeKey(m_claimed.job, m_validators),
                                 resumeResult(decision, m_resumeReason, m_fetchedFrom)});
    Result<> announced = co_await announceStream(head, before, true);
    co_return announced;
}

} // namespace ingather::engine
