// SPDX-License-Identifier: MIT
#include "engine/job_run.h"

#include "core/backoff.h"
#include "core/redaction.h"
#include "engine/blocking.h"
#include "engine/network/network_observer.h"
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

QCoro::Task<core::Result<>> JobRun::discard(QString partName)
{
    if (partName.isEmpty())
        co_return Result<>();
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

    const bool isNetworks = m_services.network.excuses(m_claimed.job, error, m_begin);
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
        m_services.network.charged(m_claimed.job, m_claimed.lease.fence, error, m_begin);
}

} // namespace ingather::engine
