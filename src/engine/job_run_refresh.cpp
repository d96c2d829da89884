// SPDX-License-Identifier: MIT
#include "engine/job_run.h"

#include "core/keys.h"
#include "engine/op_content.h"
#include "engine/op_keys.h"
#include "ledger/ledger_thread.h"
#include "ledger/queries.h"
#include "transfer/outgoing_request.h"

#include <QCoroFuture>

#include <algorithm>

namespace ingather::engine
{

namespace
{

/// What the server said of the file when it was fetched; nothing if another job fetched it.
core::Result<core::Validators> validatorsOf(ledger::Session &session, const core::JobId &job)
{
    const core::Result<QList<ledger::OpRecord>> ops = ledger::ops(session, job);
    if (!ops)
        return ops.error();
    core::Validators validators;
    for (const ledger::OpRecord &op : *ops) {
        if (op.type == core::OpType::Head && op.phase == core::OpPhase::Done)
            validators = validatorsOfHead(op.result);
    }
    return validators;
}

/// Of several versions that are held, the one fetched last, as far as the ledger can tell.
core::Result<std::optional<HeldVersion>> newestOf(ledger::Session &session,
                                                  const QList<ledger::JobRecord> &copies)
{
    std::optional<HeldVersion> newest;
    for (const ledger::JobRecord &copy : copies) {
        const core::Result<core::Validators> validators = validatorsOf(session, copy.id);
        if (!validators)
            return validators.error();
        const bool isKnown = !validators->etag.isEmpty() || !validators->lastModified.isEmpty();
        if (isKnown && (!newest || newest->job.doneAt < copy.doneAt))
            newest = HeldVersion{copy, *validators};
    }
    return newest;
}

} // namespace

QCoro::Task<core::Result<>> JobRun::lookForHeldVersion()
{
    if (!core::isLaterVersion(m_claimed.job.artifactId) || m_isHeldVersionUnfit)
        co_return Result<>();
    Result<QList<ledger::JobRecord>> held = co_await heldCopies();
    if (!held)
        co_return held.error();
    auto query = m_services.reader.post<std::optional<HeldVersion>>(
        [copies = *held](ledger::Session &session) { return newestOf(session, copies); });
    Result<std::optional<HeldVersion>> newest = co_await query;
    if (!newest)
        co_return newest.error();
    m_heldVersion = *newest;
    co_return Result<>();
}

void JobRun::addConditions(transfer::HttpRequest *request) const
{
    if (!m_heldVersion)
        return;
    // As the server wrote them, if that is what they should be: some send tags without quotes, and odd dates.
    const QByteArray tag = m_heldVersion->validators.etag.toLatin1();
    const QByteArray date = m_heldVersion->validators.lastModified.toLatin1();
    if (transfer::isEntityTag(tag))
        request->ifNoneMatch = tag;
    if (transfer::isConditionDate(date))
        request->ifModifiedSince = date;
}

QCoro::Task<core::Result<>> JobRun::keepHeldVersion(transfer::ResponseHead head)
{
    const ledger::JobRecord asked = m_heldVersion->job;
    Result<QList<ledger::JobRecord>> held = co_await heldCopies();
    if (!held)
        co_return held.error();
    QList<ledger::OpWrite> before;
    before.append(ledger::OpDone{core::OpType::Head, headKey(m_claimed.job), headResult(head)});
    // Best is one that lies where it is wanted; any other has to be copied.
    std::stable_partition(held->begin(), held->end(), [this](const ledger::JobRecord &copy) {
        return copy.rootPath == m_claimed.job.rootPath;
    });
    for (const ledger::JobRecord &copy : std::as_const(*held)) {
        if (copy.sha256 != asked.sha256)
            continue;
        Result<bool> isUsed = co_await useHeldCopy(copy, before);
        if (!isUsed)
            co_return isUsed.error();
        if (*isUsed)
            co_return Result<>();
    }
    // Not modified, says the server, but what we hold was, or is gone.
    m_heldVersion.reset();
    m_isHeldVersionUnfit = true;
    co_return co_await fetch();
}

QCoro::Task<core::Result<bool>> JobRun::skipIfHeld(ledger::LifeStep step, FilingPlan plan)
{
    if (!core::isLaterVersion(m_claimed.job.artifactId))
        co_return false;
    Result<QList<ledger::JobRecord>> held = co_await heldCopies();
    if (!held)
        co_return held.error();
    for (const ledger::JobRecord &copy : std::as_const(*held)) {
        if (copy.sha256 != plan.sha256.toHex() || copy.rootPath != m_claimed.job.rootPath)
            continue;
        Result<> isIntact = co_await checkHeldCopy(copy);
        if (Result<> ok = mayGoOn(); !ok)
            co_return ok.error();
        if (!isIntact)
            continue;
        // Before the job's end is recorded: afterwards nobody would come back for them.
        co_await discardOlderParts();
        if (Result<> removed = co_await discard(m_partName); !removed)
            co_return removed.error();
        plan.opKey = contentKey(core::OpType::Dedupe, m_claimed.job, plan.sha256);
        plan.source = absolute(copy.finalPath);
        step.part.reset();
        step.forgetPart = true;
        Result<> skipped = co_await skipDuplicate(step, plan);
        co_return skipped ? Result<bool>(true) : Result<bool>(skipped.error());
    }
    co_return false;
}

} // namespace ingather::engine
