// SPDX-License-Identifier: MIT
#include "engine/job_run.h"

#include "core/file_name.h"
#include "core/keys.h"
#include "engine/blocking.h"
#include "engine/filing_steps.h"
#include "engine/network/network_observer.h"
#include "engine/op_content.h"
#include "engine/op_keys.h"
#include "engine/volumes/room_board.h"
#include "ledger/ledger_thread.h"
#include "ledger/queries.h"
#include "platform/crash_point.h"
#include "platform/file_system.h"
#include "storage/filing.h"
#include "storage/group_sync.h"

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

QList<JobState> afterStreaming()
{
    return {JobState::Finalized, JobState::Indexed};
}

/// A group of small files costs two syncs of the volume; a large one would hold up the others.
storage::Durability durabilityOf(qint64 size)
{
    constexpr qint64 largestInGroup = 1024 * 1024;
    return size <= largestInGroup ? storage::Durability::BySyncVolume : storage::Durability::OnReturn;
}

} // namespace

QString JobRun::absolute(const QString &relativePath) const
{
    return QDir(m_claimed.job.rootPath).filePath(relativePath);
}

QString JobRun::wantedName() const
{
    const ledger::JobRecord &job = m_claimed.job;
    if (!job.fileName.isEmpty())
        return job.fileName;
    return m_suggestedName.isEmpty() ? core::fileNameFromUrl(job.canonicalUrl) : m_suggestedName;
}

/// [STREAM done + FINALIZE intent], the rename, [FINALIZE done + INDEX + job done].
QCoro::Task<core::Result<>> JobRun::fileStreamed()
{
    const core::Sha256 sha256 = m_part->digest();
    const qint64 size = m_part->length();
    m_control->tellBodyIsIn();
    m_services.rooms.end(m_claimed.job.id);
    const storage::Durability durability = durabilityOf(size);
    const QString path = m_part->path();
    const QList<core::Digest> digests = m_part->digests();
    if (Result<> closed = co_await closePart(durability); !closed)
        co_return closed;
    if (Result<> genuine = m_services.network.received(m_claimed.job, sha256); !genuine) {
        // Complete as it is, the next run would file it without asking anybody.
        if (Result<> removed = co_await discard(m_partName); !removed)
            warn("removing somebody else's page:", removed.error());
        co_return genuine;
    }
    Result<Verified> verified = co_await verify(path, digests);
    if (!verified)
        co_return verified.error();
    if (durability == storage::Durability::BySyncVolume) {
        if (Result<> durable = co_await makePartDurable(path); !durable)
            co_return durable;
    }

    ledger::LifeStep step = newStep();
    step.ops.append(ledger::OpDone{core::OpType::Stream, streamKey(m_claimed.job, m_validators),
                                   streamResult(m_partName, size, sha256, size - m_fetchedFrom)});
    // The length is known now, whatever the headers said; a later run sees that the part is complete.
    step.part = partRecord(size);
    step.part->validators.size = size;
    step.facts.sha256 = sha256.toHex();
    step.facts.bytesDone = size;
    step.facts.bytesTotal = size;
    co_return co_await fileOrSkip(step, filingOfPart(sha256, size, *verified));
}

FilingPlan JobRun::filingOfPart(const core::Sha256 &sha256, qint64 size, const Verified &verified) const
{
    return {.opKey = contentKey(core::OpType::Finalize, m_claimed.job, sha256),
            .source = m_partName,
            .target = {},
            .sha256 = sha256,
            .size = size,
            .isVerified = verified.isByDigest,
            .content = verified.content};
}

/// A part that an earlier run completed: hashed again when it was opened, compared, filed.
QCoro::Task<core::Result<>> JobRun::fileOpenPart()
{
    const core::Sha256 sha256 = m_part->digest();
    if (m_history.streamed && *m_history.streamed != sha256) {
        giveUpPart(QStringLiteral("the part changed after it was complete"));
        co_return co_await fetch();
    }
    const qint64 size = m_part->length();
    const QString path = m_part->path();
    const QList<core::Digest> digests = m_part->digests();
    m_control->tellBodyIsIn();
    m_services.rooms.end(m_claimed.job.id);
    if (Result<> closed = co_await closePart(); !closed)
        co_return closed;
    Result<Verified> verified = co_await verify(path, digests);
    if (!verified)
        co_return verified.error();
    ledger::LifeStep step = newStep();
    step.path = pathToStreaming(true);
    step.ops.append(ledger::OpDone{core::OpType::Resume, resumeKey(m_claimed.job, m_validators),
                                   resumeResult(QStringLiteral("complete"), m_resumeReason, size)});
    if (!m_history.streamed)
        step.ops.append(ledger::OpDone{core::OpType::Stream, streamKey(m_claimed.job, m_validators),
                                       streamResult(m_partName, size, sha256, 0)});
    step.facts.sha256 = sha256.toHex();
    step.facts.bytesDone = size;
    step.facts.bytesTotal = size;
    co_return co_await fileOrSkip(step, filingOfPart(sha256, size, *verified));
}

QCoro::Task<core::Result<>> JobRun::fileOrSkip(ledger::LifeStep step, FilingPlan plan)
{
    Result<bool> isSkipped = co_await skipIfHeld(step, plan);
    if (!isSkipped)
        co_return isSkipped.error();
    if (*isSkipped)
        co_return Result<>();
    co_return co_await announceAndFile(step, plan);
}

QCoro::Task<core::Result<>> JobRun::makeDurable(QStringList files, QStringList folders)
{
    auto promise = std::make_shared<QPromise<Result<>>>();
    promise->start();
    QFuture<Result<>> future = promise->future();
    m_services.groupSync.sync(m_claimed.job.rootPath, files, folders, [promise](const Result<> &synced) {
        promise->addResult(synced);
        promise->finish();
    });
    Result<> synced = co_await future;
    co_return synced;
}

QCoro::Task<core::Result<>> JobRun::makePartDurable(const QString &path)
{
    return makeDurable({path}, {});
}

QCoro::Task<core::Result<>> JobRun::makeNameDurable(const FilingPlan &plan)
{
    return makeDurable(
        {}, {QFileInfo(absolute(plan.target)).path(), storage::partsFolder(m_claimed.job.rootPath)});
}

/// The rename, durable.
QCoro::Task<core::Result<>> JobRun::placePart(FilingPlan plan)
{
    const storage::Durability durability = durabilityOf(plan.size);
    auto filing = runBlocking(m_services.blocking, [root = m_claimed.job.rootPath, plan, durability] {
        return storage::filePart(root, plan.source, plan.target, durability);
    });
    Result<> filed = co_await filing;
    if (!filed || durability == storage::Durability::OnReturn)
        co_return filed;
    Result<> durable = co_await makeNameDurable(plan);
    if (durable)
        platform::passCrashPoint(platform::CrashPoint::FilingAfterSync);
    co_return durable;
}

QCoro::Task<core::Result<>> JobRun::announceAndFile(ledger::LifeStep step, FilingPlan plan)
{
    step.name = ledger::NameAllocation{wantedName(), QStringList()};
    for (;;) {
        step.ops.append(ledger::OpIntent{core::OpType::Finalize, plan.opKey, filingIntent(plan)});
        Result<ledger::StepOutcome> announced = co_await commit(step);
        if (!announced)
            co_return announced.error();
        plan.target = announced->finalPath;
        if (Result<> ok = mayGoOn(); !ok)
            co_return ok;
        Result<> filed = co_await placePart(plan);
        if (filed)
            break;
        if (filed.error().code != ErrorCode::FileExists)
            co_return filed;
        // A file that is not ours has that name: leave it alone and take the next.
        ledger::NameAllocation next = *step.name;
        next.avoid.append(plan.target);
        step = newStep();
        step.name = next;
    }
    co_return co_await registerFiled(plan, afterStreaming());
}

QCoro::Task<core::Result<>> JobRun::registerFiled(FilingPlan plan, QList<JobState> path)
{
    // Before the job's end is recorded: afterwards nobody would come back for them.
    co_await discardOlderParts();
    auto other = m_services.reader.post<QString>(
        [sha256 = plan.sha256](ledger::Session &session) { return fileWithContent(session, sha256); });
    Result<QString> sameContentAs = co_await other;
    ledger::LifeStep step = registrationStep(m_claimed.job, plan, sameContentAs.value_or(QString()));
    step.lease = m_claimed.lease;
    step.path = std::move(path);
    Result<ledger::StepOutcome> done = co_await commit(step);
    if (!done)
        co_return done.error();
    co_return Result<>();
}

QCoro::Task<core::Result<>> JobRun::lookForFiled(FilingPlan plan)
{
    auto look = runBlocking(m_services.blocking, [root = m_claimed.job.rootPath, path = absolute(plan.target),
                                                  plan, stop = stopAsked()] {
        core::Result<> found = storage::verifyFile(path, plan.size, plan.sha256, stop);
        // The crash may have come between the rename and the sync of its folder.
        return found ? platform::syncDirectory(root) : found;
    });
    co_return co_await look;
}

/// FINALIZE was announced by a run that did not come back. The rename happened: register. It did not: do
/// it now. Neither file nor part: start again.
QCoro::Task<core::Result<>> JobRun::settleFiling()
{
    const FilingPlan plan = *m_history.filing;
    Result<> isThere = co_await lookForFiled(plan);
    if (!isThere && !isAbsence(isThere.error().code))
        co_return isThere;
    if (Result<> ok = mayGoOn(); !ok)
        co_return ok;
    if (isThere) {
        // The part's sidecar may have survived the crash between the two folders.
        if (Result<> removed = co_await discard(plan.source); !removed)
            co_return removed;
        QList<JobState> path;
        if (m_state != JobState::Streaming)
            path = pathToStreaming(false);
        co_return co_await registerFiled(plan, path + afterStreaming());
    }
    if (m_claimed.part) {
        m_history.move = Move::FilePart;
        if (Result<> opened = co_await openPart(); !opened)
            co_return opened;
        if (m_part)
            co_return co_await fileOpenPart();
    }
    m_resumeReason = QStringLiteral("neither the file nor its part is there");
    co_return co_await fetch();
}

/// FINALIZED, with path and hash: the file is looked at once more and registered.
QCoro::Task<core::Result<>> JobRun::registerFinalized()
{
    const FilingPlan plan = filingOf(m_claimed.job);
    Result<> isThere = co_await lookForFiled(plan);
    if (isThere)
        co_return co_await registerFiled(plan, QList<JobState>(1, JobState::Indexed));
    if (!isAbsence(isThere.error().code))
        co_return isThere;
    m_resumeReason = QStringLiteral("the filed copy is not there");
    co_return co_await fetch();
}

} // namespace ingather::engine
