// SPDX-License-Identifier: MIT
#include "engine/job_run.h"

#include "core/backoff.h"
#include "core/redaction.h"
#include "engine/blocking.h"
#include "engine/limits/rate_limits.h"
#include "engine/network/network_observer.h"
#include "engine/op_keys.h"
#include "engine/progress_board.h"
#include "ledger/ledger_thread.h"
#include "ledger/queries.h"
#include "ledger/wishes.h"

#include <QCoroFuture>
#include <QCoroTimer>
#include <QRandomGenerator>

namespace ingather::engine
{

using core::Error;
using core::ErrorClass;
using core::ErrorCode;
using core::JobState;

namespace
{

constexpr std::chrono::seconds waitBeforeNextLook{15};
constexpr std::chrono::seconds pauseWhileLedgerIsFull{1};

/// Errors after which nobody would go on with the part: it is not the file, or bytes came after its end.
bool castsDoubtOnAll(ErrorCode code)
{
    return code == ErrorCode::BodyTooLong || code == ErrorCode::DigestMismatch ||
           code == ErrorCode::BlockedPage || code == ErrorCode::WrongContent ||
           code == ErrorCode::ContentTruncated || code == ErrorCode::ContentUndecodable;
}

int failuresWith(const ledger::JobRecord &job, bool hadProgress)
{
    return hadProgress ? 1 : job.attempts + 1;
}

} // namespace

JobRun::JobRun(ledger::ClaimedJob claimed, std::shared_ptr<RunControl> control, LaneServices &services)
    : m_services(services), m_control(std::move(control)), m_claimed(std::move(claimed)),
      m_history(readHistory(m_claimed)), m_state(m_claimed.job.state), m_isDateStrong(m_history.isDateStrong),
      m_olderParts(m_history.olderParts), m_suggestedName(m_history.suggestedName),
      m_contentType(m_claimed.job.contentType), m_expectedDigests(digestsWished())
{
    // Who said that anything will do has seen what the server's digests led to.
    if (m_claimed.job.expectType != QLatin1StringView("any"))
        m_expectedDigests += m_history.serverDigests;
    if (m_claimed.part) {
        m_partName = m_claimed.part->name;
        m_validators = m_claimed.part->validators;
        m_ranges = m_claimed.part->ranges;
        m_durableAtClaim = std::max(m_claimed.part->durableLength, m_ranges.total());
        m_durable = m_durableAtClaim;
    }
}

JobRun::~JobRun()
{
    m_services.progress.end(m_claimed.job.id);
    m_services.limits.end(m_claimed.job.id);
    m_services.network.end(m_claimed.job.id);
}

QCoro::Task<void> JobRun::run()
{
    m_services.progress.begin(m_claimed.job.id, m_durableAtClaim, m_claimed.job.bytesTotal);
    Result<> outcome = co_await proceed();
    if (!outcome)
        co_await settle(outcome.error());
}

QCoro::Task<core::Result<>> JobRun::proceed()
{
    if (Result<> ok = mayGoOn(); !ok)
        co_return ok;
    for (const QString &obsolete : std::as_const(m_history.obsoleteParts)) {
        if (Result<> removed = co_await discard(obsolete); !removed)
            co_return removed;
    }
    switch (m_history.move) {
    case Move::RegisterFiled:
        co_return co_await registerFinalized();
    case Move::SettleFiling:
        co_return co_await settleFiling();
    case Move::SettleCopy:
        co_return co_await settleCopy();
    case Move::FilePart:
        if (Result<> opened = co_await openPart(); !opened)
            co_return opened;
        if (m_part)
            co_return co_await fileOpenPart();
        co_return co_await fetch();
    case Move::ResumePart:
        if (Result<> opened = co_await openPart(); !opened)
            co_return opened;
        co_return co_await fetch();
    case Move::Fetch:
        break;
    }
    co_return co_await proceedAnew();
}

QCoro::Task<core::Result<>> JobRun::proceedAnew()
{
    Result<bool> isFiled = co_await fileFromHeldCopy();
    if (!isFiled)
        co_return isFiled.error();
    if (*isFiled)
        co_return Result<>();
    if (Result<> adopted = co_await adoptLeftPart(); !adopted)
        co_return adopted;
    co_return co_await fetch();
}

core::Result<> JobRun::mayGoOn() const
{
    if (const std::optional<ErrorCode> reason = m_control->reason())
        return Error{*reason, QStringLiteral("run job")};
    if (!m_control->mayWrite(m_services.clock.sinceBoot()))
        return Error{ErrorCode::LeaseLost, QStringLiteral("run job"), 0,
                     QStringLiteral("the lease was not renewed in time")};
    return {};
}

Error JobRun::endReason(Error error) const
{
    const std::optional<ErrorCode> reason = m_control->reason();
    if (error.code == ErrorCode::LeaseLost)
        return error;
    if (error.code == ErrorCode::Stopped && !m_control->mayWrite(m_services.clock.sinceBoot()))
        error.code = ErrorCode::LeaseLost;
    else if (error.code == ErrorCode::Stopped || reason == ErrorCode::Cancelled)
        error.code = reason.value_or(ErrorCode::Stopped);
    return error;
}

/// For long work on files: ends it when the run must end, or when its lease has not been renewed.
storage::StopAsked JobRun::stopAsked() const
{
    return [control = m_control, &clock = m_services.clock] {
        return control->reason().has_value() || !control->mayWrite(clock.sinceBoot());
    };
}

ledger::LifeStep JobRun::newStep() const
{
    ledger::LifeStep step;
    step.lease = m_claimed.lease;
    return step;
}

/// Ops of this generation that a new start contradicts: all that is open under another key, and what was
/// done to a file that is not there any more.
QList<ledger::OpWrite> JobRun::abandonOthers(const QString &opKey) const
{
    QList<ledger::OpWrite> abandoned;
    for (const ledger::OpRecord &op : m_claimed.ops) {
        const bool isOnlyRead = op.type == core::OpType::Head || op.type == core::OpType::Resume;
        const bool isOfCare = op.type == core::OpType::Reconcile || op.type == core::OpType::Remove;
        const bool isOpenElsewhere = op.phase == core::OpPhase::Intent && op.opKey != opKey;
        const bool isUndone = op.phase == core::OpPhase::Done && !isOnlyRead && !isOfCare;
        if (isOpenElsewhere || isUndone)
            abandoned.append(ledger::OpAbandoned{op.opKey});
    }
    return abandoned;
}

ledger::PartRecord JobRun::partRecord(qint64 durableLength) const
{
    return {.job = m_claimed.job.id,
            .rootId = m_claimed.job.rootId.value_or(0),
            .name = m_partName,
            .validators = m_validators,
            .durableLength = durableLength,
            .ranges = m_ranges};
}

QList<JobState> JobRun::pathToStreaming(bool isResumed) const
{
    QList<JobState> path;
    if (m_state != JobState::HeadDone)
        path.append(JobState::HeadDone);
    if (isResumed)
        path.append(JobState::ResumeOk);
    path.append(JobState::Streaming);
    return path;
}

QList<JobState> JobRun::pathToEnd(JobState end) const
{
    QList<JobState> path;
    if (!core::isTransitionAllowed(m_state, end))
        path.append(JobState::HeadDone);
    path.append(end);
    return path;
}

/// Writes a step, waiting as long as the ledger is busy or full and the lease lasts: what the world
/// already shows must not be lost for a moment's lack of room.
QCoro::Task<core::Result<ledger::StepOutcome>> JobRun::commit(ledger::LifeStep step)
{
    bool isDelayTold = false;
    for (;;) {
        if (!m_control->mayWrite(m_services.clock.sinceBoot()))
            co_return Error{ErrorCode::LeaseLost, QStringLiteral("write step")};
        auto future = m_services.writer.post<ledger::StepOutcome>(
            [step](ledger::Session &session) { return ledger::apply(session, step); });
        Result<ledger::StepOutcome> outcome = co_await future;
        if (outcome) {
            if (!step.path.isEmpty())
                m_state = step.path.last();
            if (step.part)
                m_partName = step.part->name;
            if (step.forgetPart)
                m_partName.clear();
            logStep(step, *outcome);
            co_return outcome;
        }
        if (core::errorClass(outcome.error().code) != ErrorClass::Wait || m_control->reason())
            co_return outcome;
        if (!isDelayTold)
            warn("step delayed:", outcome.error());
        isDelayTold = true;
        co_await QCoro::sleepFor(pauseWhileLedgerIsFull);
    }
}

/// The last word of a run, with the same patience; but a stop does not wait for a ledger that is busy.
QCoro::Task<core::Result<>> JobRun::writeEnd(std::function<core::Result<>(ledger::Session &)> end)
{
    for (;;) {
        auto written = m_services.writer.post<void>(end);
        Result<> outcome = co_await written;
        const bool isWorthWaiting = !outcome && core::errorClass(outcome.error().code) == ErrorClass::Wait &&
                                    !m_control->reason() && m_control->mayWrite(m_services.clock.sinceBoot());
        if (!isWorthWaiting)
            co_return outcome;
        co_await QCoro::sleepFor(pauseWhileLedgerIsFull);
    }
}

/// Lock released, and everything on disk if it is to be so on return. The ledger hears of it with the next
/// step.
QCoro::Task<core::Result<>> JobRun::closePart(storage::Durability durability)
{
    const std::shared_ptr<storage::PartFile> part = std::exchange(m_part, nullptr);
    auto closing = runBlocking(m_services.blocking, [part, durability] { return part->close(durability); });
    Result<> closed = co_await closing;
    co_return closed;
}

QCoro::Task<core::Result<>> JobRun::discard(QString partName)
{
    auto removal = runBlocking(m_services.blocking, [root = m_claimed.job.rootPath, partName] {
        return storage::discardPart(root, partName);
    });
    Result<> removed = co_await removal;
    // A zombie may still hold its old part; it is not ours to wait for.
    if (!removed && removed.error().code == ErrorCode::PartLocked) {
        warn("part left to whoever holds it:", removed.error());
        co_return Result<>();
    }
    co_return removed;
}

/// Unlocked at once: a thread of the pool may still hold the object for a moment, and who looks at the part
/// next must find it free.
void JobRun::dropPart()
{
    if (m_part)
        m_part->letGo();
    m_part.reset();
}

/// Those that were kept in case that the new one would not get complete.
QCoro::Task<void> JobRun::discardOlderParts()
{
    const QStringList older = std::exchange(m_olderParts, QStringList());
    for (const QString &part : older) {
        if (Result<> removed = co_await discard(part); !removed)
            warn("removing an older part:", removed.error());
    }
}

/// The lease is lost. Whatever the ledger names belongs to somebody else's run by now. A part that it does
/// not name was copied while we held its lock, or never needed: nobody will ever ask for it. The lock goes
/// first: who looks at the part after we have asked finds it free, and takes or removes it.
QCoro::Task<void> JobRun::leavePartToOthers()
{
    dropPart();
    if (m_partName.isEmpty())
        co_return;
    auto query = m_services.reader.post<std::optional<ledger::PartRecord>>(
        [id = m_claimed.job.id](ledger::Session &session) { return ledger::partOf(session, id); });
    const Result<std::optional<ledger::PartRecord>> known = co_await query;
    if (!known || (*known && (*known)->name == m_partName))
        co_return;
    if (Result<> removed = co_await discard(m_partName); !removed)
        warn("removing the part:", removed.error());
}

QCoro::Task<void> JobRun::settle(Error error)
{
    error = endReason(std::move(error));
    error.detail = core::redacted(error.detail);
    logEnd(error);
    m_control->noteFailure(error.code);
    if (error.code == ErrorCode::LeaseLost) {
        co_await leavePartToOthers();
        co_return;
    }
    const bool isKept = error.code != ErrorCode::Cancelled && !castsDoubtOnAll(error.code);
    if (m_part && isKept) {
        if (Result<> saved = co_await checkpoint(m_ranges); !saved)
            warn("last checkpoint:", saved.error());
        if (Result<> closed = co_await closePart(); !closed)
            warn("closing the part:", closed.error());
    }
    dropPart();

    const bool isNetworks = m_services.network.excuses(m_claimed.job, error);
    if (isNetworks)
        error.code = ErrorCode::NetworkUnreachable;
    const ErrorClass kind = core::errorClass(error.code);
    const bool isNobodysFault = kind == ErrorClass::Wait || core::isLedgerError(error.code) || isNetworks;
    if (kind == ErrorClass::Control || isNobodysFault) {
        co_await giveBack(std::move(error));
    } else {
        co_await recordFailure(std::move(error), m_durable > m_durableAtClaim);
    }
}

/// The lease goes back without a failure: somebody asked for it, or a volume or the network is away.
QCoro::Task<void> JobRun::giveBack(Error error)
{
    const bool isCancelled = error.code == ErrorCode::Cancelled;
    if (isCancelled) {
        co_await discardOlderParts();
        if (Result<> removed = co_await discard(m_partName); !removed)
            warn("removing the part:", removed.error());
    }
    ledger::Release release{
        .lease = m_claimed.lease, .errorCode = {}, .errorDetail = {}, .isGivenUp = isCancelled};
    if (core::errorClass(error.code) != ErrorClass::Control) {
        release.nextAttemptIn = waitBeforeNextLook;
        release.errorCode = core::errorCodeName(error.code);
        release.errorDetail = error.detail;
    }
    const std::function<core::Result<>(ledger::Session &)> end =
        [release, isCancelled, part = m_partName](ledger::Session &session) {
            core::Result<> given = ledger::release(session, release);
            if (given && isCancelled)
                given = ledger::forgetPart(session, release.lease.job, part);
            return given;
        };
    if (Result<> outcome = co_await writeEnd(end); !outcome)
        warn("release:", outcome.error());
}

bool JobRun::isLastAttempt(bool hadProgress) const
{
    const ledger::JobRecord &job = m_claimed.job;
    return failuresWith(job, hadProgress) >= job.maxAttempts.value_or(m_services.settings.maxAttempts);
}

QCoro::Task<void> JobRun::recordFailure(Error error, bool hadProgress)
{
    const ledger::JobRecord &job = m_claimed.job;
    const int failures = failuresWith(job, hadProgress);
    const ErrorClass kind = core::errorClass(error.code);
    const bool mayHelpAgain = kind == ErrorClass::Retry || kind == ErrorClass::RetryAt;
    const bool isFinal = !mayHelpAgain || isLastAttempt(hadProgress);
    const auto delay = core::backoffDelay({.ceiling = m_services.settings.backoffCeiling}, failures,
                                          QRandomGenerator::global()->generateDouble(), error.retryAfter);

    const bool isEmptyForGood = isFinal && m_durable == 0;
    const bool isPartUseless = !m_partName.isEmpty() && (castsDoubtOnAll(error.code) || isEmptyForGood);
    if (isPartUseless) {
        if (Result<> removed = co_await discard(m_partName); !removed)
            warn("removing the part:", removed.error());
    }
    const ledger::Failure failure{
        .lease = m_claimed.lease,
        .error = error,
        .isFinal = isFinal,
        .hadProgress = hadProgress,
        .nextAttemptIn = delay,
    };
    const std::function<core::Result<>(ledger::Session &)> end =
        [failure, isPartUseless, part = m_partName](ledger::Session &session) {
            core::Result<> written = ledger::recordFailure(session, failure);
            if (written && isPartUseless)
                written = ledger::forgetPart(session, failure.lease.job, part);
            return written;
        };
    if (Result<> outcome = co_await writeEnd(end); !outcome)
        warn("failure not recorded:", outcome.error());
    else
        m_services.network.charged(m_claimed.job, m_claimed.lease.fence, error);
}

QCoro::Task<void> runJob(ledger::ClaimedJob claimed, std::shared_ptr<RunControl> control,
                         LaneServices *services)
{
    JobRun run(std::move(claimed), std::move(control), *services);
    co_await run.run();
}

} // namespace ingather::engine
