// SPDX-License-Identifier: MIT
#include "engine/acceptance.h"

#include "core/log_line.h"
#include "engine/log.h"
#include "ledger/acceptance.h"
#include "ledger/ledger_thread.h"
#include "ledger/queries.h"
#include "storage/filing.h"
#include "storage/part_file.h"

#include <QDebug>
#include <QDir>

namespace ingather::engine
{

using core::Result;

namespace
{

/// The newest file that was put there for the job; empty if there is none.
QString newestRefused(const QString &quarantineFolder, const core::JobId &job)
{
    const QFileInfoList files = QDir(QDir(quarantineFolder).filePath(job.value))
                                    .entryInfoList(QDir::Files | QDir::Hidden | QDir::NoSymLinks, QDir::Time);
    return files.isEmpty() ? QString() : files.first().absoluteFilePath();
}

/// False if there is nothing to accept.
Result<bool> acceptOne(ledger::LedgerThread &writer, const ledger::JobRecord &job, const QString &source)
{
    const bool isAcceptable = job.state == core::JobState::Failed && job.leaseOwner.isEmpty() &&
                              !job.removedAt && job.rootId && !source.isEmpty();
    if (!isAcceptable)
        return false;
    // No claim makes this name: theirs count from 1. One that is there was left by a crash right here.
    const QString name = storage::partName(job.id, job.fence, 0);
    if (Result<> removed = storage::discardPart(job.rootPath, name); !removed)
        return removed.error();
    const Result<qint64> copied =
        storage::copyToPart(source, job.rootPath, name, {job.id, job.canonicalUrl, {}});
    if (!copied)
        return copied.error();
    const ledger::PartRecord part{
        .job = job.id, .rootId = *job.rootId, .name = name, .validators = {}, .durableLength = *copied};
    Result<bool> accepted =
        writer.post<bool>([part](ledger::Session &session) { return ledger::acceptRefused(session, part); })
            .result();
    if (!accepted || !*accepted) {
        if (Result<> removed = storage::discardPart(job.rootPath, name); !removed)
            qCWarning(logEngine).noquote() << core::LogContext{.job = job.id}.with(removed.error())
                                           << "removing a part:" << core::toLogText(removed.error());
    }
    return accepted;
}

} // namespace

Result<WishAnswer> acceptRefused(ledger::LedgerThread &writer, const QString &quarantineFolder,
                                 const QList<core::JobId> &jobs)
{
    WishAnswer answer;
    for (const core::JobId &id : jobs) {
        const Result<std::optional<ledger::JobRecord>> job =
            writer
                .post<std::optional<ledger::JobRecord>>(
                    [id](ledger::Session &session) { return ledger::job(session, id); })
                .result();
        if (!job)
            return job.error();
        if (!*job) {
            answer.unknown.append(id);
            continue;
        }
        const Result<bool> accepted = acceptOne(writer, **job, newestRefused(quarantineFolder, id));
        if (!accepted)
            return accepted.error();
        (*accepted ? answer.changed : answer.unchanged).append(id);
    }
    return answer;
}

} // namespace ingather::engine
