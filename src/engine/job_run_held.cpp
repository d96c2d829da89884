// SPDX-License-Identifier: MIT
#include "engine/job_run.h"

#include "core/keys.h"
#include "engine/blocking.h"
#include "engine/filing_steps.h"
#include "engine/op_content.h"
#include "engine/op_keys.h"
#include "ledger/ledger_thread.h"
#include "ledger/queries.h"
#include "storage/filing.h"

#include <QCoroFuture>
#include <QDir>
#include <QFileInfo>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;
using core::JobState;

namespace
{

bool isOneToUse(const ledger::JobRecord &copy, const ledger::JobRecord &job)
{
    const bool isExpected =
        job.expectedDigest.isEmpty() || job.expectedDigest == QStringLiteral("sha256:") + copy.sha256;
    return copy.id != job.id && isExpected && core::Sha256::fromHex(copy.sha256) && !copy.rootPath.isEmpty();
}

bool liesWhereAsked(const ledger::JobRecord &copy, const ledger::JobRecord &job)
{
    if (copy.rootPath != job.rootPath)
        return false;
    // A version that is the one held already has nothing to be filed for, whatever its name.
    return job.fileName.isEmpty() || job.fileName == copy.finalPath || core::isLaterVersion(job.artifactId);
}

} // namespace

QCoro::Task<core::Result<QList<ledger::JobRecord>>> JobRun::heldCopies()
{
    auto query =
        m_services.reader.post<QList<ledger::JobRecord>>([job = m_claimed.job](ledger::Session &session) {
            core::Result<QList<ledger::JobRecord>> held = ledger::heldCopiesOfUrl(session, job.canonicalUrl);
            if (held)
                held->removeIf([&job](const ledger::JobRecord &copy) { return !isOneToUse(copy, job); });
            return held;
        });
    Result<QList<ledger::JobRecord>> held = co_await query;
    co_return held;
}

QCoro::Task<core::Result<>> JobRun::checkHeldCopy(ledger::JobRecord copy)
{
    auto look = runBlocking(m_services.blocking, [copy, stop = stopAsked()] {
        return storage::verifyFile(QDir(copy.rootPath).filePath(copy.finalPath), copy.bytesTotal.value_or(0),
                                   *core::Sha256::fromHex(copy.sha256), stop);
    });
    Result<> isIntact = co_await look;
    co_return isIntact;
}

QCoro::Task<core::Result<bool>> JobRun::fileFromHeldCopy()
{
    Result<QList<ledger::JobRecord>> held = co_await heldCopies();
    if (!held)
        co_return held.error();
    for (const ledger::JobRecord &copy : std::as_const(*held)) {
        Result<bool> isUsed = co_await useHeldCopy(copy, QList<ledger::OpWrite>());
        if (!isUsed || *isUsed)
            co_return isUsed;
    }
    co_return false;
}

QCoro::Task<core::Result<bool>> JobRun::useHeldCopy(ledger::JobRecord copy, QList<ledger::OpWrite> before)
{
    const ledger::JobRecord &job = m_claimed.job;
    Result<> isIntact = co_await checkHeldCopy(copy);
    if (Result<> ok = mayGoOn(); !ok)
        co_return ok.error();
    if (!isIntact)
        co_return false;
    const core::Sha256 sha256 = *core::Sha256::fromHex(copy.sha256);
    const FilingPlan plan{.opKey = contentKey(core::OpType::Dedupe, job, sha256),
                          .source = QDir(copy.rootPath).filePath(copy.finalPath),
                          .target = {},
                          .sha256 = sha256,
                          .size = copy.bytesTotal.value_or(0)};
    Result<> done;
    if (liesWhereAsked(copy, job)) {
        ledger::LifeStep step = newStep();
        step.ops = abandonOthers(plan.opKey) + before;
        done = co_await skipDuplicate(step, plan);
    } else {
        done = co_await copyHeld(plan, before);
    }
    if (done)
        co_return true;
    if (!isAbsence(done.error().code))
        co_return done.error();
    // That copy is no good after all; its announcement must not be settled by a later run.
    ledger::LifeStep giveUp = newStep();
    giveUp.ops.append(ledger::OpAbandoned{plan.opKey});
    if (Result<ledger::StepOutcome> given = co_await commit(giveUp); !given)
        co_return given.error();
    co_return false;
}

QCoro::Task<core::Result<>> JobRun::skipDuplicate(ledger::LifeStep step, FilingPlan plan)
{
    step.path = pathToEnd(JobState::SkippedDuplicate);
    step.ops.append(ledger::OpDone{core::OpType::Dedupe, plan.opKey,
                                   copyResult(plan, QStringLiteral("lies there already"))});
    step.facts.sha256 = plan.sha256.toHex();
    step.facts.bytesTotal = plan.size;
    Result<ledger::StepOutcome> skipped = co_await commit(step);
    co_return skipped ? Result<>() : Result<>(skipped.error());
}

/// DEDUPE: announced, copied under a temporary name, renamed, registered.
QCoro::Task<core::Result<>> JobRun::copyHeld(FilingPlan plan, QList<ledger::OpWrite> before)
{
    QStringList avoid;
    m_suggestedName = m_suggestedName.isEmpty() ? QFileInfo(plan.source).fileName() : m_suggestedName;
    for (;;) {
        plan.copy = storage::copyName(m_claimed.job.id, m_claimed.lease.fence, ++m_partsMade);
        ledger::LifeStep announce = newStep();
        announce.name = ledger::NameAllocation{wantedName(), avoid};
        announce.ops = abandonOthers(plan.opKey) + before;
        announce.ops.append(ledger::OpIntent{core::OpType::Dedupe, plan.opKey, copyIntent(plan)});
        Result<ledger::StepOutcome> announced = co_await commit(announce);
        if (!announced)
            co_return announced.error();
        plan.target = announced->finalPath;
        auto copying =
            runBlocking(m_services.blocking, [root = m_claimed.job.rootPath, plan, stop = stopAsked()] {
                return storage::fileCopy(plan.source, root, plan.copy, plan.target, plan.sha256, stop);
            });
        Result<storage::CopyMethod> copied = co_await copying;
        if (!copied && copied.error().code == ErrorCode::FileExists) {
            avoid.append(plan.target);
            continue;
        }
        if (!copied)
            co_return copied.error();
        co_return co_await registerCopy(plan, *copied == storage::CopyMethod::Reflink
                                                  ? QStringLiteral("reflink")
                                                  : QStringLiteral("copy"));
    }
}

QCoro::Task<core::Result<>> JobRun::registerCopy(FilingPlan plan, QString method)
{
    ledger::LifeStep step = copyStep(plan, method);
    step.lease = m_claimed.lease;
    step.path = pathToEnd(JobState::Deduped);
    Result<ledger::StepOutcome> done = co_await commit(step);
    co_return done ? Result<>() : Result<>(done.error());
}

/// DEDUPE was announced by a run that did not come back: the copy is there and right, or it is made again
/// (its name is ours; a copy appears under it only complete).
QCoro::Task<core::Result<>> JobRun::settleCopy()
{
    const FilingPlan plan = *m_history.filing;
    Result<> isThere = co_await lookForFiled(plan);
    if (!isThere && !isAbsence(isThere.error().code))
        co_return isThere;
    if (!isThere)
        co_return co_await proceedAnew();
    co_return co_await registerCopy(plan, QStringLiteral("found after a crash"));
}

} // namespace ingather::engine
