// SPDX-License-Identifier: MIT
#include "engine/reconciliation/unfinished_files.h"

#include "core/error.h"
#include "core/log_line.h"
#include "engine/history.h"
#include "engine/log.h"
#include "engine/op_fields.h"
#include "ledger/health/filed_jobs.h"
#include "ledger/ledger_thread.h"
#include "ledger/queries.h"
#include "ledger/wishes.h"
#include "platform/file_system.h"
#include "storage/leftovers.h"
#include "storage/part_file.h"

#include <QDebug>
#include <QDir>
#include <QJsonObject>

namespace ingather::engine
{

using core::JobState;
using core::ReconcileDeed;
using core::Result;
using ledger::JobRecord;
using ledger::UnsettledJob;

namespace
{

/// A job that failed for good can still be retried, and goes on from its part.
bool mayNeedPart(const JobRecord &job)
{
    const bool isFailed =
        job.state == JobState::Failed && job.hold != core::Hold::Cancelled && !job.removedAt;
    return !isOver(job) || isFailed;
}

QString pathOfPart(const QString &root, const QString &name)
{
    return QDir(storage::partsFolder(root)).filePath(name);
}

Result<> checkRecordedPart(ReconcileRound &round, const UnsettledJob &unsettled)
{
    const JobRecord &job = unsettled.job;
    const ledger::PartRecord &part = *unsettled.part;
    if (!mayNeedPart(job))
        return removePart(round, job, part.name, ReconcileDeed::PartRemoved);
    const QString path = pathOfPart(job.rootPath, part.name);
    const Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(path);
    if (!facts)
        return {};
    const bool isShort = !*facts || !(*facts)->isRegular || (*facts)->size < part.durableLength;
    // A filing that was announced and not settled has renamed it away.
    const bool mayBeFiled = readHistory({job, {}, unsettled.ops, unsettled.part}).filing.has_value();
    return isShort && !mayBeFiled ? removePart(round, job, part.name, ReconcileDeed::PartForgotten)
                                  : Result<>();
}

/// Deleted is only what is of a job that has ended and that nobody has at hand; what is of no job of this
/// ledger may be of another one.
Result<> checkLeftover(ReconcileRound &round, const QString &root, const QString &name)
{
    const QString path = pathOfPart(root, name);
    const std::optional<core::JobId> id = storage::jobOfPart(name);
    Result<std::optional<JobRecord>> job = std::optional<JobRecord>();
    if (id)
        job = round.reader()
                  .post<std::optional<JobRecord>>(
                      [id = *id](ledger::Session &session) { return ledger::job(session, id); })
                  .result();
    if (!job)
        return job.error();
    if (!*job || (*job)->rootPath != root) {
        round.report().add({ReconcileDeed::PartUnknown, {}, path});
        return {};
    }
    const bool isWanted = !(*job)->leaseOwner.isEmpty() || mayNeedPart(**job);
    return isWanted ? Result<>() : removePart(round, **job, name, ReconcileDeed::PartRemoved);
}

Result<> checkFolders(ReconcileRound &round)
{
    const Result<QStringList> roots =
        round.reader()
            .post<QStringList>([](ledger::Session &session) {
                return ledger::rootPaths(static_cast<sqlite3 *>(session.handle()));
            })
            .result();
    if (!roots)
        return roots.error();
    for (const QString &root : *roots) {
        const Result<QStringList> names =
            round.roots().isThere(root) ? storage::leftoversIn(root) : Result<QStringList>(QStringList());
        if (!names)
            continue; // what can't be listed can't be judged
        for (const QString &name : *names) {
            if (const Result<> ok = round.stopIfAsked(); !ok)
                return ok;
            if (const Result<> checked = checkLeftover(round, root, name); !checked)
                return checked;
        }
    }
    return {};
}

} // namespace

Result<> reconcileParts(ReconcileRound &round)
{
    const Result<> done = round.forEachJob(ledger::jobsWithPart, [&round](const UnsettledJob &unsettled) {
        const bool isLookedAt = unsettled.part && round.roots().isThere(unsettled.job.rootPath);
        return isLookedAt ? checkRecordedPart(round, unsettled) : Result<>();
    });
    return done ? checkFolders(round) : done;
}

Result<> removePart(ReconcileRound &round, const JobRecord &job, const QString &name, ReconcileDeed deed)
{
    const QString path = pathOfPart(job.rootPath, name);
    const ledger::OpDone done = told(job, deed, path, name);
    const ledger::OpIntent intent{core::OpType::Reconcile,
                                  done.opKey,
                                  {{field::deed, core::reconcileDeedName(deed)}, {field::part, name}}};
    const Result<bool> announced = round.write(job, {intent});
    if (!announced || !*announced)
        return announced ? Result<>() : Result<>(announced.error());
    const Result<> removed = storage::discardPart(job.rootPath, name);
    if (!removed) {
        qCDebug(logEngine).noquote() << core::LogContext{.job = job.id}.with(removed.error())
                                     << "part left alone:" << core::toLogText(removed.error());
        return round.giveUp(job, done.opKey);
    }
    const Result<std::optional<UnsettledJob>> found = round.look(job.id);
    if (!found)
        return found.error();
    if (!*found)
        return {};
    ledger::LifeStep step;
    step.ops.append(done);
    const bool isRecorded = (*found)->part && (*found)->part->name == name;
    Result<bool> written = false;
    if (isRecorded && !isOver(job)) {
        for (const ledger::OpRecord &op : (*found)->ops) {
            if (op.type == core::OpType::Stream && op.phase == core::OpPhase::Intent)
                step.ops.append(ledger::OpAbandoned{op.opKey});
        }
        const bool hasBegun = job.state == JobState::Streaming || job.state == JobState::ResumeOk;
        if (hasBegun)
            step.path = {JobState::HeadDone};
        step.forgetPart = true;
        step.facts.bytesDone = 0;
        written = round.settle(job, step);
    } else {
        written = round.writer()
                      .post<bool>([seen = ledger::SeenJob::of(job), ops = step.ops,
                                   name](ledger::Session &session) -> Result<bool> {
                          const Result<bool> closed = ledger::writeCare(session, seen, ops);
                          if (!closed || !*closed)
                              return closed;
                          const Result<> forgotten = ledger::forgetPart(session, seen.id, name);
                          return forgotten ? Result<bool>(true) : Result<bool>(forgotten.error());
                      })
                      .result();
    }
    if (!written)
        return written.error();
    if (*written)
        round.report().add({deed, job.id, path});
    return {};
}

} // namespace ingather::engine
