// SPDX-License-Identifier: MIT
#include "engine/reconciliation/open_work.h"

#include "core/error.h"
#include "engine/filing_steps.h"
#include "engine/history.h"
#include "engine/op_fields.h"
#include "engine/reconciliation/unfinished_files.h"
#include "ledger/ledger_thread.h"
#include "ledger/living_owners.h"
#include "platform/file_system.h"
#include "storage/filing.h"
#include "storage/part_file.h"

#include <QDir>
#include <QFileInfo>

namespace ingather::engine
{

using core::ErrorCode;
using core::JobState;
using core::ReconcileDeed;
using core::Result;
using ledger::JobRecord;
using ledger::UnsettledJob;

namespace
{

bool isAbsence(ErrorCode code)
{
    return code == ErrorCode::FileMissing || code == ErrorCode::FileChanged;
}

QString pathOf(const JobRecord &job, const QString &relative)
{
    return QDir(job.rootPath).filePath(relative);
}

ReconcileDeed deedOf(const ledger::OpRecord &op)
{
    const bool isForgotten =
        op.intent.value(field::deed).toString() == core::reconcileDeedName(ReconcileDeed::PartForgotten);
    return isForgotten ? ReconcileDeed::PartForgotten : ReconcileDeed::PartRemoved;
}

/// The file may lie at its place: then the job is done, whatever was wished meanwhile.
Result<> settleFiling(ReconcileRound &round, const UnsettledJob &unsettled, const History &history)
{
    const JobRecord &job = unsettled.job;
    const FilingPlan plan = history.filing ? *history.filing : filingOf(job);
    const QString path = pathOf(job, plan.target);
    const Result<> isThere =
        storage::verifyFile(path, plan.size, plan.sha256, [&round] { return round.isStopped(); });
    if (!isThere && !isAbsence(isThere.error().code))
        return round.stopIfAsked(); // it can't be told now
    // What the crash left in the parts folder, as the next run of the job would clear it away: copies in the
    // making, and what is left of a part that was filed. Names of earlier claims, which nobody makes again.
    QStringList leftovers = history.obsoleteParts;
    if (isThere)
        leftovers += history.olderParts;
    if (isThere && history.move == Move::SettleFiling)
        leftovers.append(plan.source);
    for (const QString &name : std::as_const(leftovers)) {
        const Result<> removed = storage::discardPart(job.rootPath, name);
        if (!removed && removed.error().code != ErrorCode::PartLocked)
            return {};
    }
    const bool isCopy = history.move == Move::SettleCopy;
    ledger::LifeStep step;
    ReconcileDeed deed = ReconcileDeed::FileRegistered;
    if (isThere) {
        if (const Result<> synced = platform::syncDirectory(QFileInfo(path).path()); !synced)
            return {};
        const Result<QString> other = round.reader()
                                          .post<QString>([sha256 = plan.sha256](ledger::Session &session) {
                                              return fileWithContent(session, sha256);
                                          })
                                          .result();
        if (!other)
            return other.error();
        step = isCopy ? copyStep(plan, QStringLiteral("found after a crash"))
                      : registrationStep(job, plan, *other);
        step.path = core::pathBetween(job.state, isCopy ? JobState::Deduped : JobState::Indexed);
    } else {
        deed = ReconcileDeed::FileAbsent;
        if (history.move == Move::RegisterFiled)
            step.path = core::pathBetween(job.state, JobState::HeadDone);
        else
            step.ops.append(ledger::OpAbandoned{plan.opKey});
    }
    step.ops.append(told(job, deed, path));
    const Result<bool> settled = round.settle(job, step);
    if (!settled)
        return settled.error();
    if (*settled)
        round.report().add({deed, job.id, path});
    return {};
}

/// A deletion on wish: it happened, or it is called off.
Result<> settleRemoval(ReconcileRound &round, const JobRecord &job, const ledger::OpRecord &op)
{
    const QString path = pathOf(job, op.intent.value(field::target).toString());
    const Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(path);
    if (!facts)
        return {};
    if (*facts)
        return round.giveUp(job, op.opKey);
    const Result<bool> written =
        round.writer()
            .post<bool>([job, op, tell = told(job, ReconcileDeed::RemovalFinished, path)](
                            ledger::Session &session) -> Result<bool> {
                const ledger::OpDone done{core::OpType::Remove, op.opKey, op.intent};
                const Result<bool> closed =
                    ledger::writeCare(session, ledger::SeenJob::of(job), {done, tell});
                if (!closed || !*closed)
                    return closed;
                const Result<> forgotten = ledger::forgetHash(session, job);
                return forgotten ? Result<bool>(true) : Result<bool>(forgotten.error());
            })
            .result();
    if (!written)
        return written.error();
    if (*written)
        round.report().add({ReconcileDeed::RemovalFinished, job.id, path});
    return {};
}

Result<> settleOp(ReconcileRound &round, const UnsettledJob &unsettled, const ledger::OpRecord &op)
{
    const JobRecord &job = unsettled.job;
    if (op.type == core::OpType::Remove)
        return settleRemoval(round, job, op);
    const QString part = op.intent.value(field::part).toString();
    if (op.type == core::OpType::Reconcile && !part.isEmpty())
        return removePart(round, job, part, deedOf(op));
    return isOver(job) ? round.giveUp(job, op.opKey) : Result<>();
}

Result<> settle(ReconcileRound &round, const UnsettledJob &unsettled)
{
    const JobRecord &job = unsettled.job;
    if (!job.rootPath.isEmpty() && !round.roots().isThere(job.rootPath))
        return {};
    const History history = readHistory({job, {}, unsettled.ops, unsettled.part});
    const bool asksForFile = history.move == Move::SettleFiling || history.move == Move::SettleCopy ||
                             history.move == Move::RegisterFiled;
    if (asksForFile && !job.doneAt)
        return settleFiling(round, unsettled, history);
    for (const ledger::OpRecord &op : unsettled.ops) {
        const Result<> settled =
            op.phase == core::OpPhase::Intent ? settleOp(round, unsettled, op) : Result<>();
        if (!settled)
            return settled;
    }
    return {};
}

} // namespace

Result<> freeLeases(ReconcileRound &round, std::chrono::seconds leaseTtl)
{
    const Result<QStringList> owners =
        round.reader()
            .post<QStringList>([](ledger::Session &session) { return ledger::knownOwners(session); })
            .result();
    if (!owners)
        return owners.error();
    ledger::ClaimRequest request;
    request.ttl = leaseTtl;
    request.deadOwners = ledger::deadAmong(*owners);
    const Result<QList<ledger::FreedLease>> freed =
        round.writer()
            .post<QList<ledger::FreedLease>>(
                [request](ledger::Session &session) { return ledger::freeLostLeases(session, request); })
            .result();
    if (!freed)
        return freed.error();
    for (const ledger::FreedLease &lease : *freed) {
        round.report().add({ReconcileDeed::LeaseFreed, lease.job, lease.owner});
        const Result<std::optional<UnsettledJob>> found = round.look(lease.job);
        if (!found)
            return found.error();
        if (!*found)
            continue;
        const JobRecord &job = (*found)->job;
        const Result<bool> written = round.write(job, {told(job, ReconcileDeed::LeaseFreed, lease.owner)});
        if (!written)
            return written.error();
    }
    return {};
}

Result<> settleOpenWork(ReconcileRound &round)
{
    return round.forEachJob(ledger::unsettledJobs,
                            [&round](const UnsettledJob &unsettled) { return settle(round, unsettled); });
}

} // namespace ingather::engine
