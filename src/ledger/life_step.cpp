// SPDX-License-Identifier: MIT
#include "ledger/life_step.h"

#include "core/file_name.h"
#include "ledger/bind.h"
#include "ledger/events.h"
#include "ledger/hosts.h"
#include "ledger/lease_guard.h"
#include "ledger/ops_writing.h"
#include "ledger/row_sum.h"
#include "ledger/rows.h"

#include <algorithm>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::JobState;
using core::Result;

namespace
{

constexpr int mostNames = 10'000;

/// Every hop of the path must stand in the table of transitions.
Result<> checkPath(JobState from, const QList<JobState> &path)
{
    for (const JobState to : path) {
        if (!core::isTransitionAllowed(from, to)) {
            return Error{ErrorCode::TransitionRefused, QStringLiteral("write life step"), 0,
                         core::jobStateName(from) + QStringLiteral(" to ") + core::jobStateName(to)};
        }
        from = to;
    }
    return {};
}

Result<bool> isNameTaken(Session &session, qint64 rootId, const QString &path)
{
    static constexpr char sql[] = "SELECT 1 FROM artifact_jobs WHERE root_id = ? AND final_path = ?";
    const Result<SqliteStatement *> rows = query(session, sql, {integer(rootId), text(path)});
    if (!rows)
        return rows.error();
    const Result<bool> row = (*rows)->step("look up name");
    (*rows)->reset();
    return row;
}

/// The job's name, as it stands after the allocation. The look-up and the write lie in one write section, so
/// the UNIQUE index has nothing left to refuse.
Result<QString> allocateName(Session &session, const Lease &lease, const LeasedJob &job,
                             const NameAllocation &allocation)
{
    const QString operation = QStringLiteral("allocate name");
    if (!job.finalPath.isEmpty() && !allocation.avoid.contains(job.finalPath))
        return job.finalPath;
    if (!job.rootId || allocation.wanted.isEmpty()) {
        return Error{ErrorCode::InvalidArgument, operation, 0,
                     job.rootId ? QStringLiteral("no name wanted") : QStringLiteral("the job has no root")};
    }
    for (int n = 1; n <= mostNames; ++n) {
        const QString candidate = n == 1 ? allocation.wanted : core::numberedFileName(allocation.wanted, n);
        if (allocation.avoid.contains(candidate))
            continue;
        const Result<bool> taken = isNameTaken(session, *job.rootId, candidate);
        if (!taken)
            return taken.error();
        if (*taken)
            continue;
        static constexpr char sql[] =
            "UPDATE artifact_jobs SET final_path = ? WHERE job_id = ? AND fence = ? AND lease_owner = ?";
        const Result<> done =
            execute(session, sql, "allocate name",
                    {text(candidate), text(lease.job.value), integer(lease.fence.value), text(lease.owner)});
        if (!done)
            return done.error();
        return candidate;
    }
    return Error{ErrorCode::NameExhausted, operation, 0, allocation.wanted};
}

Result<> writePart(Session &session, const LifeStep &step)
{
    if (step.forgetPart) {
        static constexpr char sql[] = "DELETE FROM ingather_parts WHERE job_id = ?";
        const Result<> done = execute(session, sql, "forget part", {text(step.lease.job.value)});
        if (!done)
            return done;
    }
    if (!step.part)
        return {};
    const PartRecord &part = *step.part;
    static constexpr char sql[] =
        "INSERT INTO ingather_parts(job_id, root_id, name, etag, last_modified, size, durable_length, "
        "ranges_json, updated_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(job_id) DO UPDATE SET root_id = excluded.root_id, "
        "name = excluded.name, etag = excluded.etag, last_modified = excluded.last_modified, "
        "size = excluded.size, durable_length = excluded.durable_length, ranges_json = excluded.ranges_json, "
        "updated_at = excluded.updated_at";
    return execute(session, sql, "write part",
                   {text(step.lease.job.value), integer(part.rootId), text(part.name),
                    textOrNull(part.validators.etag), textOrNull(part.validators.lastModified),
                    integerOrNull(part.validators.size), integer(part.durableLength), rangesText(part.ranges),
                    time(session.stamp())});
}

Result<> registerHash(Session &session, const LifeStep &step, const LeasedJob &job, const QString &finalPath)
{
    const QString sha256 = step.facts.sha256.value_or(job.sha256);
    const std::optional<qint64> size = step.facts.bytesTotal ? step.facts.bytesTotal : job.bytesTotal;
    if (sha256.isEmpty() || finalPath.isEmpty() || !job.rootId) {
        return Error{ErrorCode::InvalidArgument, QStringLiteral("register hash"), 0,
                     QStringLiteral("hash, root or path is missing")};
    }
    static constexpr char sql[] =
        "INSERT INTO ingather_hashes(sha256, root_id, path, size, verified_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT(sha256, root_id, path) DO UPDATE SET size = excluded.size, "
        "verified_at = excluded.verified_at";
    return execute(session, sql, "register hash",
                   {text(sha256), integer(*job.rootId), text(finalPath),
                    integer(size.value_or(step.facts.bytesDone.value_or(job.bytesDone))),
                    time(session.stamp())});
}

QVariant fact(const std::optional<QString> &value)
{
    return value ? text(*value) : null();
}

// Something came of the claim: bytes verified or filed, or an end. Looking at the server again is none.
bool isProgress(const LifeStep &step)
{
    if (!step.path.isEmpty() && core::isTerminal(step.path.last()))
        return true;
    return std::any_of(step.ops.begin(), step.ops.end(), [](const OpWrite &write) {
        const OpDone *done = std::get_if<OpDone>(&write);
        return done && done->type != core::OpType::Head && done->type != core::OpType::Resume;
    });
}

/// Only the columns that the step changes stand in the statement: SQLite rewrites the index entries of each
/// column named there, changed or not.
Result<> writeJob(Session &session, const LifeStep &step, const LeasedJob &job)
{
    static constexpr char goOn[] =
        "UPDATE artifact_jobs SET state = ?1, bytes_total = coalesce(?2, bytes_total), "
        "bytes_done = coalesce(?3, bytes_done), sha256 = coalesce(?4, sha256), "
        "content_type = coalesce(?5, content_type), verification = coalesce(?6, verification), "
        "crashes = CASE WHEN ?7 THEN 0 ELSE crashes END, updated_at = ?8 "
        "WHERE job_id = ?9 AND state = ?10 AND fence = ?11 AND lease_owner = ?12";
    static constexpr char end[] =
        "UPDATE artifact_jobs SET state = ?1, bytes_total = coalesce(?2, bytes_total), "
        "bytes_done = coalesce(?3, bytes_done), sha256 = coalesce(?4, sha256), "
        "content_type = coalesce(?5, content_type), verification = coalesce(?6, verification), "
        "crashes = CASE WHEN ?7 THEN 0 ELSE crashes END, updated_at = ?8, done_at = ?8, lease_owner = NULL, "
        "lease_until = NULL, next_attempt_at = 0, hold = NULL, error_code = NULL, error_detail = NULL "
        "WHERE job_id = ?9 AND state = ?10 AND fence = ?11 AND lease_owner = ?12";
    const JobState from = job.state;
    const JobState to = step.path.isEmpty() ? from : step.path.last();
    const JobFacts &facts = step.facts;
    const bool hasEnded = core::isTerminal(to);
    const Result<int> changed =
        change(session, hasEnded ? end : goOn, "write life step",
               {text(core::jobStateName(to)), integerOrNull(facts.bytesTotal), integerOrNull(facts.bytesDone),
                fact(facts.sha256), fact(facts.contentType), fact(facts.verification),
                integer(isProgress(step) ? 1 : 0), time(session.stamp()), text(step.lease.job.value),
                text(core::jobStateName(from)), integer(step.lease.fence.value), text(step.lease.owner)});
    if (!changed)
        return changed.error();
    if (*changed != 1)
        return leaseLost(step.lease, QStringLiteral("write life step"));
    const bool mayHaveOpenOps = job.hasOpenOps || !step.ops.isEmpty();
    return hasEnded && mayHaveOpenOps ? abandonOpen(session, step.lease) : Result<>();
}

bool touchesSignedColumns(const LifeStep &step)
{
    const JobFacts &facts = step.facts;
    return facts.bytesTotal || facts.sha256 || facts.contentType || facts.verification;
}

/// What no op tells: the way through the states.
Result<> noteStates(Session &session, const LifeStep &step)
{
    const bool isTold = std::any_of(step.ops.begin(), step.ops.end(), [](const OpWrite &write) {
        return !std::holds_alternative<OpAbandoned>(write);
    });
    if (step.path.isEmpty() || isTold)
        return {};
    QStringList names;
    for (const JobState state : step.path)
        names.append(core::jobStateName(state));
    return writeEvent(session, {"STATE",
                                step.lease.job,
                                step.lease.fence,
                                step.lease.owner,
                                names.last(),
                                names.join(QStringLiteral(" > ")),
                                {},
                                {}});
}

} // namespace

Result<StepOutcome> apply(Session &session, const LifeStep &step)
{
    const Lease &lease = step.lease;
    const Result<LeasedJob> job = assertLease(session, lease);
    if (!job)
        return job.error();
    Result<> done = checkPath(job->state, step.path);
    if (!done)
        return done.error();

    StepOutcome outcome;
    outcome.finalPath = job->finalPath;
    if (step.name) {
        const Result<QString> name = allocateName(session, lease, *job, *step.name);
        if (!name)
            return name.error();
        outcome.finalPath = *name;
    }
    for (const OpWrite &write : step.ops) {
        if (const auto *intent = std::get_if<OpIntent>(&write)) {
            OpIntent named = *intent;
            const auto name = named.intent.constFind(QStringLiteral("name"));
            if (name != named.intent.constEnd() && name->isString() && name->toString().isEmpty())
                named.intent.insert(QStringLiteral("target"), outcome.finalPath);
            Result<std::optional<QJsonObject>> replayed = announce(session, lease, named);
            if (!replayed)
                return replayed.error();
            outcome.replayed.append(std::move(*replayed));
        } else if (const auto *result = std::get_if<OpDone>(&write)) {
            done = finish(session, lease, *result);
        } else {
            done = abandon(session, lease, std::get<OpAbandoned>(write).opKey);
        }
        if (!done)
            return done.error();
    }

    done = writePart(session, step);
    if (done && step.index)
        done = registerHash(session, step, *job, outcome.finalPath);
    if (done)
        done = writeJob(session, step, *job);
    const bool wasFetched = !step.path.isEmpty() && step.path.last() == JobState::Indexed;
    if (done && wasFetched)
        done = noteDelivery(session, job->host);
    if (done && (touchesSignedColumns(step) || outcome.finalPath != job->finalPath))
        done = signRow(session, lease.job.value);
    if (done)
        done = noteStates(session, step);
    if (!done)
        return done.error();
    session.markCrashPoints(platform::CrashPoint::StepBeforeCommit, platform::CrashPoint::StepAfterCommit);
    return outcome;
}

} // namespace ingather::ledger
