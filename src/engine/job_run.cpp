// SPDX-License-Identifier: MIT
#include "engine/job_run.h"

#include "core/keys.h"
#include "engine/blocking.h"
#include "engine/limits/rate_limits.h"
#include "engine/network/network_observer.h"
#include "engine/progress_board.h"
#include "engine/volumes/room_board.h"
#include "ledger/ledger_thread.h"
#include "ledger/queries.h"

#include <QCoroFuture>
#include <QCoroTimer>

namespace ingather::engine
{

using core::Error;
using core::ErrorClass;
using core::ErrorCode;
using core::JobState;

namespace
{

constexpr std::chrono::seconds pauseWhileLedgerIsFull{1};

} // namespace

JobRun::JobRun(ledger::ClaimedJob claimed, std::shared_ptr<RunControl> control, LaneServices &services)
    : m_services(services), m_control(std::move(control)), m_claimed(std::move(claimed)),
      m_begin(services.clock.sinceBoot()), m_history(readHistory(m_claimed)), m_state(m_claimed.job.state),
      m_isDateStrong(m_history.isDateStrong), m_olderParts(m_history.olderParts),
      m_suggestedName(m_history.suggestedName), m_contentType(m_claimed.job.contentType),
      m_expectedDigests(digestsWished())
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
    m_services.rooms.end(m_claimed.job.id);
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
    if (Result<> there = co_await lookForRoot(); !there)
        co_return there;
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
    // One that asks for a later version has an answer to wait for first.
    if (!core::isLaterVersion(m_claimed.job.artifactId)) {
        Result<bool> isFiled = co_await fileFromHeldCopy();
        if (!isFiled)
            co_return isFiled.error();
        if (*isFiled)
            co_return Result<>();
    }
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

/// Lock released, and everything on disk if it is to be so on return. The ledger hears of it with the next
/// step.
QCoro::Task<core::Result<>> JobRun::closePart(storage::Durability durability)
{
    const std::shared_ptr<storage::PartFile> part = std::exchange(m_part, nullptr);
    auto closing = runBlocking(m_services.blocking, [part, durability] { return part->close(durability); });
    Result<> closed = co_await closing;
    co_return closed;
}

QCoro::Task<void> runJob(ledger::ClaimedJob claimed, std::shared_ptr<RunControl> control,
                         LaneServices *services)
{
    JobRun run(std::move(claimed), std::move(control), *services);
    co_await run.run();
}

} // namespace ingather::engine
