// SPDX-License-Identifier: MIT
#include "engine/reconciler.h"

#include "core/error.h"
#include "core/log_line.h"
#include "engine/filed_file.h"
#include "engine/filing_steps.h"
#include "engine/log.h"
#include "engine/op_content.h"
#include "engine/op_fields.h"
#include "engine/op_keys.h"
#include "ledger/ledger_thread.h"
#include "ledger/queries.h"
#include "ledger/wishes.h"
#include "platform/file_lock.h"
#include "platform/file_system.h"
#include "platform/process_identity.h"
#include "storage/filing.h"
#include "storage/leftovers.h"
#include "storage/part_file.h"

#include <QDebug>
#include <QDir>
#include <QFileInfo>
#include <QJsonObject>

#include <limits>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;
using core::JobState;
using core::ReconcileDeed;
using core::Result;
using ledger::JobRecord;
using ledger::UnsettledJob;

namespace
{

constexpr int pageSize = 1000;
const QString reconciling = QStringLiteral("reconcile");

/// Nobody will go on with it: done, failed for good, cancelled or removed.
bool isOver(const JobRecord &job)
{
    return job.doneAt || job.removedAt || job.hold == core::Hold::Cancelled;
}

/// A job that failed for good can still be retried, and goes on from its part.
bool mayNeedPart(const JobRecord &job)
{
    const bool isFailed =
        job.state == JobState::Failed && job.hold != core::Hold::Cancelled && !job.removedAt;
    return !isOver(job) || isFailed;
}

bool isFileTrouble(const QString &name)
{
    const auto code = core::errorCodeFromName(name);
    return code && core::isFileTrouble(*code);
}

bool isAbsence(ErrorCode code)
{
    return code == ErrorCode::FileMissing || code == ErrorCode::FileChanged;
}

ReconcileDeed deedOf(const ledger::OpRecord &op)
{
    const bool isForgotten =
        op.intent.value(field::deed).toString() == core::reconcileDeedName(ReconcileDeed::PartForgotten);
    return isForgotten ? ReconcileDeed::PartForgotten : ReconcileDeed::PartRemoved;
}

QString pathOf(const JobRecord &job, const QString &relative)
{
    return QDir(job.rootPath).filePath(relative);
}

QStringList deadAmong(const QStringList &owners)
{
    QStringList dead;
    for (const QString &owner : owners) {
        const auto identity = platform::ProcessIdentity::fromString(owner);
        if (identity && platform::livenessOf(*identity) == platform::Liveness::Dead)
            dead.append(owner);
    }
    return dead;
}

} // namespace

Result<core::ReconcileReport> Reconciler::reconcile(qint64 mostFiles, std::chrono::milliseconds patience,
                                                    const core::WorkControl &control)
{
    Result<platform::FileLock> lock = platform::FileLock::open(m_ledgerPath + QStringLiteral(".rlock"), true);
    if (!lock)
        return lock.error();
    const Result<bool> isOurs = patience.count() > 0 ? lock->acquire(patience) : lock->tryAcquire();
    if (!isOurs)
        return isOurs.error();
    if (!*isOurs)
        return Error{ErrorCode::LedgerBusy, reconciling, 0, QStringLiteral("another process is at it")};

    m_report = {};
    m_control = control;
    m_roots.clear();
    Result<> done = freeLeases();
    if (done)
        done = settleJobs();
    if (done)
        done = checkRecordedParts();
    if (done)
        done = checkFolders();
    if (done)
        done = checkFiles(mostFiles);
    if (!done)
        return done.error();
    for (auto it = m_roots.cbegin(); it != m_roots.cend(); ++it) {
        if (!*it)
            m_report.absentRoots.append(it.key());
    }
    m_report.absentRoots.sort();
    return m_report;
}

Result<> Reconciler::stopIfAsked() const
{
    return m_control.isStopped() ? Result<>(Error{ErrorCode::Cancelled, reconciling}) : Result<>();
}

bool Reconciler::isRootThere(const QString &root)
{
    const auto known = m_roots.constFind(root);
    if (known != m_roots.cend())
        return *known;
    const Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(root);
    const bool isThere = facts && *facts && (*facts)->isFolder;
    m_roots.insert(root, isThere);
    return isThere;
}

ledger::OpDone Reconciler::told(const JobRecord &job, ReconcileDeed deed, const QString &place,
                                const QString &part) const
{
    const QString name = core::reconcileDeedName(deed);
    QJsonObject result{{field::deed, name}};
    if (!place.isEmpty())
        result.insert(field::path, place);
    if (!part.isEmpty())
        result.insert(field::part, part);
    return {core::OpType::Reconcile, careKey(core::OpType::Reconcile, job, name, part), result};
}

Result<bool> Reconciler::settleInLedger(const JobRecord &job, const ledger::LifeStep &step)
{
    return m_writer
        .post<bool>([seen = ledger::SeenJob::of(job), step](ledger::Session &session) {
            return ledger::settleJob(session, seen, step);
        })
        .result();
}

Result<bool> Reconciler::writeInLedger(const JobRecord &job, const QList<ledger::OpWrite> &ops)
{
    return m_writer
        .post<bool>([seen = ledger::SeenJob::of(job), ops](ledger::Session &session) {
            return ledger::writeCare(session, seen, ops);
        })
        .result();
}

Result<std::optional<UnsettledJob>> Reconciler::look(const core::JobId &id)
{
    return m_reader
        .post<std::optional<UnsettledJob>>(
            [id](ledger::Session &session) { return ledger::unsettledJob(session, id); })
        .result();
}

/// As a claim does it, for the time when nobody claims.
Result<> Reconciler::freeLeases()
{
    const Result<QStringList> owners =
        m_reader.post<QStringList>([](ledger::Session &session) { return ledger::knownOwners(session); })
            .result();
    if (!owners)
        return owners.error();
    ledger::ClaimRequest request;
    request.ttl = m_leaseTtl;
    request.deadOwners = deadAmong(*owners);
    const Result<QList<ledger::FreedLease>> freed =
        m_writer
            .post<QList<ledger::FreedLease>>(
                [request](ledger::Session &session) { return ledger::freeLostLeases(session, request); })
            .result();
    if (!freed)
        return freed.error();
    for (const ledger::FreedLease &lease : *freed) {
        m_report.add({ReconcileDeed::LeaseFreed, lease.job, lease.owner});
        const Result<std::optional<UnsettledJob>> found = look(lease.job);
        if (!found)
            return found.error();
        if (!*found)
            continue;
        const JobRecord &job = (*found)->job;
        const Result<bool> written = writeInLedger(job, {told(job, ReconcileDeed::LeaseFreed, lease.owner)});
        if (!written)
            return written.error();
    }
    return {};
}

Result<> Reconciler::settleJobs()
{
    const Result<QList<core::JobId>> ids =
        m_reader
            .post<QList<core::JobId>>([](ledger::Session &session) { return ledger::unsettledJobs(session); })
            .result();
    if (!ids)
        return ids.error();
    for (const core::JobId &id : *ids) {
        if (const Result<> ok = stopIfAsked(); !ok)
            return ok;
        const Result<std::optional<UnsettledJob>> found = look(id);
        if (!found)
            return found.error();
        const Result<> settled = *found ? settle(**found) : Result<>();
        if (!settled)
            return settled;
    }
    return {};
}

Result<> Reconciler::settle(const UnsettledJob &unsettled)
{
    const JobRecord &job = unsettled.job;
    if (!job.rootPath.isEmpty() && !isRootThere(job.rootPath))
        return {};
    const History history = readHistory({job, {}, unsettled.ops, unsettled.part});
    const bool asksForFile = history.move == Move::SettleFiling || history.move == Move::SettleCopy ||
                             history.move == Move::RegisterFiled;
    if (asksForFile && !job.doneAt)
        return settleFiling(unsettled, history);
    for (const ledger::OpRecord &op : unsettled.ops) {
        const Result<> settled = op.phase == core::OpPhase::Intent ? settleOp(unsettled, op) : Result<>();
        if (!settled)
            return settled;
    }
    return {};
}

/// The file may lie at its place: then the job is done, whatever was wished meanwhile.
Result<> Reconciler::settleFiling(const UnsettledJob &unsettled, const History &history)
{
    const JobRecord &job = unsettled.job;
    const FilingPlan plan = history.filing ? *history.filing : filingOf(job);
    const QString path = pathOf(job, plan.target);
    const Result<> isThere =
        storage::verifyFile(path, plan.size, plan.sha256, [this] { return m_control.isStopped(); });
    if (!isThere && !isAbsence(isThere.error().code))
        return stopIfAsked(); // it can't be told now
    // What the crash left in the parts folder, as the next run of the job would clear it away: copies in the
    // making, and what is left of a part that was filed. Names of earlier claims, which nobody makes again.
    QStringList leftovers = history.obsoleteParts;
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
        const Result<QString> other = m_reader
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
    const Result<bool> settled = settleInLedger(job, step);
    if (!settled)
        return settled.error();
    if (*settled)
        m_report.add({deed, job.id, path});
    return {};
}

Result<> Reconciler::settleOp(const UnsettledJob &unsettled, const ledger::OpRecord &op)
{
    const JobRecord &job = unsettled.job;
    if (op.type == core::OpType::Remove)
        return settleRemoval(job, op);
    const QString part = op.intent.value(field::part).toString();
    if (op.type == core::OpType::Reconcile && !part.isEmpty())
        return removePart(job, part, deedOf(op));
    return isOver(job) ? giveUp(job, op.opKey) : Result<>();
}

/// A deletion on wish: it happened, or it is called off.
Result<> Reconciler::settleRemoval(const JobRecord &job, const ledger::OpRecord &op)
{
    const QString path = pathOf(job, op.intent.value(field::target).toString());
    const Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(path);
    if (!facts)
        return {};
    if (*facts)
        return giveUp(job, op.opKey);
    const Result<bool> written =
        m_writer
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
        m_report.add({ReconcileDeed::RemovalFinished, job.id, path});
    return {};
}

Result<> Reconciler::giveUp(const JobRecord &job, const QString &opKey)
{
    const Result<bool> written =
        writeInLedger(job, {ledger::OpAbandoned{opKey}, told(job, ReconcileDeed::OpGivenUp, QString())});
    if (!written)
        return written.error();
    if (*written)
        m_report.add({ReconcileDeed::OpGivenUp, job.id, {}});
    return {};
}

Result<> Reconciler::checkRecordedParts()
{
    const Result<QList<core::JobId>> ids =
        m_reader
            .post<QList<core::JobId>>([](ledger::Session &session) { return ledger::jobsWithPart(session); })
            .result();
    if (!ids)
        return ids.error();
    for (const core::JobId &id : *ids) {
        if (const Result<> ok = stopIfAsked(); !ok)
            return ok;
        const Result<std::optional<UnsettledJob>> found = look(id);
        if (!found)
            return found.error();
        const bool isLookedAt = *found && (*found)->part && isRootThere((*found)->job.rootPath);
        const Result<> checked = isLookedAt ? checkRecordedPart(**found) : Result<>();
        if (!checked)
            return checked;
    }
    return {};
}

Result<> Reconciler::checkRecordedPart(const UnsettledJob &unsettled)
{
    const JobRecord &job = unsettled.job;
    const ledger::PartRecord &part = *unsettled.part;
    if (!mayNeedPart(job))
        return removePart(job, part.name, ReconcileDeed::PartRemoved);
    const QString path = QDir(storage::partsFolder(job.rootPath)).filePath(part.name);
    const Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(path);
    if (!facts)
        return {};
    const bool isShort = !*facts || !(*facts)->isRegular || (*facts)->size < part.durableLength;
    // A filing that was announced and not settled has renamed it away.
    const bool mayBeFiled = readHistory({job, {}, unsettled.ops, unsettled.part}).filing.has_value();
    return isShort && !mayBeFiled ? removePart(job, part.name, ReconcileDeed::PartForgotten) : Result<>();
}

/// Announced, removed, recorded. Nothing there is as good; one that somebody still writes to is left alone.
Result<> Reconciler::removePart(const JobRecord &job, const QString &name, ReconcileDeed deed)
{
    const QString path = QDir(storage::partsFolder(job.rootPath)).filePath(name);
    const ledger::OpDone done = told(job, deed, path, name);
    const ledger::OpIntent intent{core::OpType::Reconcile,
                                  done.opKey,
                                  {{field::deed, core::reconcileDeedName(deed)}, {field::part, name}}};
    const Result<bool> announced = writeInLedger(job, {intent});
    if (!announced || !*announced)
        return announced ? Result<>() : Result<>(announced.error());
    const Result<> removed = storage::discardPart(job.rootPath, name);
    if (!removed) {
        qCDebug(logEngine).noquote() << core::LogContext{.job = job.id}.with(removed.error())
                                     << "part left alone:" << core::toLogText(removed.error());
        return giveUp(job, done.opKey);
    }
    const Result<std::optional<UnsettledJob>> found = look(job.id);
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
        written = settleInLedger(job, step);
    } else {
        written = m_writer
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
        m_report.add({deed, job.id, path});
    return {};
}

Result<> Reconciler::checkFolders()
{
    const Result<QStringList> roots =
        m_reader
            .post<QStringList>([](ledger::Session &session) {
                return ledger::rootPaths(static_cast<sqlite3 *>(session.handle()));
            })
            .result();
    if (!roots)
        return roots.error();
    for (const QString &root : *roots) {
        const Result<QStringList> names =
            isRootThere(root) ? storage::leftoversIn(root) : Result<QStringList>(QStringList());
        if (!names)
            continue; // what can't be listed can't be judged
        for (const QString &name : *names) {
            if (const Result<> ok = stopIfAsked(); !ok)
                return ok;
            if (const Result<> checked = checkLeftover(root, name); !checked)
                return checked;
        }
    }
    return {};
}

/// Deleted is only what is of a job that has ended and that nobody has at hand; what is of no job of this
/// ledger may be of another one.
Result<> Reconciler::checkLeftover(const QString &root, const QString &name)
{
    const QString path = QDir(storage::partsFolder(root)).filePath(name);
    const std::optional<core::JobId> id = storage::jobOfPart(name);
    Result<std::optional<JobRecord>> job = std::optional<JobRecord>();
    if (id)
        job = m_reader
                  .post<std::optional<JobRecord>>(
                      [id = *id](ledger::Session &session) { return ledger::job(session, id); })
                  .result();
    if (!job)
        return job.error();
    if (!*job || (*job)->rootPath != root) {
        m_report.add({ReconcileDeed::PartUnknown, {}, path});
        return {};
    }
    const bool isWanted = !(*job)->leaseOwner.isEmpty() || mayNeedPart(**job);
    return isWanted ? Result<>() : removePart(**job, name, ReconcileDeed::PartRemoved);
}

Result<> Reconciler::checkFiles(qint64 most)
{
    for (qint64 left = most > 0 ? most : std::numeric_limits<qint64>::max(); left > 0;) {
        const int limit = static_cast<int>(std::min<qint64>(left, pageSize));
        const Result<QList<ledger::FiledJob>> page =
            m_reader
                .post<QList<ledger::FiledJob>>([from = m_lastFile, limit](ledger::Session &session) {
                    return ledger::filedJobs(static_cast<sqlite3 *>(session.handle()), from, limit);
                })
                .result();
        if (!page)
            return page.error();
        for (const ledger::FiledJob &job : *page) {
            if (const Result<> ok = stopIfAsked(); !ok)
                return ok;
            if (const Result<> checked = checkFile(job); !checked)
                return checked;
            m_lastFile = job.row;
        }
        m_report.filesChecked += page->size();
        m_control.report(core::WorkStep::CheckingFiles, m_report.filesChecked, 0);
        left -= page->size();
        if (page->size() < limit) {
            m_lastFile = 0;
            return {};
        }
    }
    return {};
}

Result<> Reconciler::checkFile(const ledger::FiledJob &filed)
{
    if (!isRootThere(filed.root))
        return {};
    ReconcileDeed deed = ReconcileDeed::FileBack;
    std::optional<ErrorCode> code;
    switch (lookAtFile(filed).verdict) {
    case FileVerdict::Fits:
        break;
    case FileVerdict::Missing:
        deed = ReconcileDeed::FileMissing;
        code = ErrorCode::FileMissing;
        break;
    case FileVerdict::Changed:
        deed = ReconcileDeed::FileChanged;
        code = ErrorCode::FileChanged;
        break;
    case FileVerdict::Damaged:
        deed = ReconcileDeed::FileDamaged;
        code = ErrorCode::FileDamaged;
        break;
    case FileVerdict::Unreadable:
        return {};
    }
    const QString path = QDir(filed.root).filePath(filed.path);
    if (code)
        m_report.add({deed, filed.id, path});
    const bool isKnown =
        code ? filed.errorCode == core::errorCodeName(*code) : !isFileTrouble(filed.errorCode);
    if (isKnown)
        return {};
    JobRecord job;
    job.id = filed.id;
    job.fence = filed.fence;
    job.state = filed.state;
    job.generation = filed.generation;
    std::optional<Error> what;
    if (code)
        what = Error{*code, reconciling, 0, path};
    const Result<bool> marked =
        m_writer
            .post<bool>([seen = ledger::SeenJob::of(job), what, op = told(job, deed, path)](
                            ledger::Session &session) { return ledger::markFile(session, seen, what, op); })
            .result();
    if (!marked)
        return marked.error();
    if (*marked && !code)
        m_report.add({deed, filed.id, path});
    return {};
}

} // namespace ingather::engine
