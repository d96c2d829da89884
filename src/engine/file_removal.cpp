// SPDX-License-Identifier: MIT
#include "engine/file_removal.h"

#include "core/sha256.h"
#include "engine/held_file.h"
#include "engine/op_fields.h"
#include "engine/op_keys.h"
#include "engine/to_snapshot.h"
#include "ledger/ledger_thread.h"
#include "ledger/queries.h"
#include "ledger/reconciliation.h"
#include "storage/filing.h"

#include <QDir>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

const QString deleting = QStringLiteral("delete file");

bool hasFiled(const ledger::JobRecord &job)
{
    const bool isDone = job.state == core::JobState::Indexed || job.state == core::JobState::Deduped;
    return isDone && !job.finalPath.isEmpty() && core::Sha256::fromHex(job.sha256);
}

/// What speaks against it; nothing for a file that is not there either.
Result<> mayBeDeleted(const ledger::JobRecord &job)
{
    if (!job.removedAt)
        return Error{ErrorCode::InvalidArgument, deleting, 0, QStringLiteral("the job is not removed")};
    const Result<> intact = isHeldIntact(toSnapshot(job));
    return !intact && intact.error().code != ErrorCode::FileMissing ? intact : Result<>();
}

Result<> deleteFile(ledger::LedgerThread &writer, const ledger::JobRecord &job)
{
    const QString key = contentKey(core::OpType::Remove, job, *core::Sha256::fromHex(job.sha256));
    const QJsonObject what{{field::target, job.finalPath}, {field::sha256, job.sha256}};
    const ledger::SeenJob seen = ledger::SeenJob::of(job);
    const Result<bool> announced =
        writer
            .post<bool>([seen, intent = ledger::OpIntent{core::OpType::Remove, key, what}](
                            ledger::Session &session) { return ledger::writeCare(session, seen, {intent}); })
            .result();
    if (!announced)
        return announced.error();
    if (!*announced)
        return Error{ErrorCode::LeaseLost, deleting, 0, job.id.value};
    if (const Result<> removed = storage::removeFiled(job.rootPath, job.finalPath); !removed)
        return removed;
    const Result<bool> recorded =
        writer
            .post<bool>([seen, job, done = ledger::OpDone{core::OpType::Remove, key, what}](
                            ledger::Session &session) -> Result<bool> {
                const Result<bool> written = ledger::writeCare(session, seen, {done});
                if (!written || !*written)
                    return written;
                const Result<> forgotten = ledger::forgetHash(session, job);
                return forgotten ? Result<bool>(true) : Result<bool>(forgotten.error());
            })
            .result();
    return recorded ? Result<>() : Result<>(recorded.error());
}

} // namespace

Result<FileRemovalAnswer> deleteFiles(ledger::LedgerThread &writer, const QList<core::JobId> &jobs)
{
    FileRemovalAnswer answer;
    for (const core::JobId &id : jobs) {
        const Result<std::optional<ledger::JobRecord>> job =
            writer
                .post<std::optional<ledger::JobRecord>>(
                    [id](ledger::Session &session) { return ledger::job(session, id); })
                .result();
        if (!job)
            return job.error();
        if (!*job || !hasFiled(**job))
            continue;
        const Result<> may = mayBeDeleted(**job);
        const Result<> deleted = may ? deleteFile(writer, **job) : may;
        if (deleted)
            answer.deleted.append(QDir((*job)->rootPath).filePath((*job)->finalPath));
        else if (core::isLedgerError(deleted.error().code))
            return deleted.error();
        else
            answer.kept.append({id, deleted.error()});
    }
    return answer;
}

} // namespace ingather::engine
