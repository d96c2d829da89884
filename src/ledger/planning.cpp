// SPDX-License-Identifier: MIT
#include "ledger/planning.h"

#include "core/error.h"
#include "core/keys.h"
#include "ledger/bind.h"
#include "ledger/events.h"
#include "ledger/queries.h"
#include "ledger/row_sum.h"
#include "ledger/rows.h"
#include "ledger/wishes.h"

#include <QHash>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::JobState;
using core::Result;

namespace
{

/// So many at once are most likely a page of a list, with more pages to come.
constexpr qsizetype pageOfAList = 500;

struct Identity {
    QString workId;
    QString artifactId;
    QString key;
};

Identity identityOf(const JobRequest &request, const QString &artifactId)
{
    Identity identity;
    identity.workId = request.workId.isEmpty() ? core::defaultWorkId(request.canonicalUrl) : request.workId;
    identity.artifactId = artifactId;
    identity.key = core::jobKey(identity.workId, identity.artifactId, request.canonicalUrl);
    return identity;
}

Result<std::optional<JobRecord>> firstJob(const Result<SqliteStatement *> &rows)
{
    if (!rows)
        return rows.error();
    const Result<bool> row = (*rows)->step("find job");
    if (!row)
        return row.error();
    std::optional<JobRecord> job;
    if (*row)
        job = readJob(**rows);
    (*rows)->reset();
    return job;
}

/// By key; else by what the key is made of, for a row whose key another version of the rule has made.
Result<std::optional<JobRecord>> find(Session &session, const JobRequest &request, const Identity &identity)
{
    static constexpr char byKey[] =
        "SELECT " INGATHER_JOB_COLUMNS " FROM" INGATHER_JOB_SOURCE "WHERE j.idempotency_key = ?";
    Result<std::optional<JobRecord>> job = firstJob(query(session, byKey, {text(identity.key)}));
    if (!job || *job)
        return job;
    static constexpr char byParts[] = "SELECT " INGATHER_JOB_COLUMNS " FROM" INGATHER_JOB_SOURCE
                                      "WHERE j.work_id = ? AND j.artifact_id = ? AND j.canonical_url = ?";
    return firstJob(query(session, byParts,
                          {text(identity.workId), text(identity.artifactId), text(request.canonicalUrl)}));
}

Result<> noteBatch(Session &session, const QString &batchId)
{
    if (batchId.isEmpty())
        return {};
    static constexpr char sql[] =
        "INSERT INTO ingather_batches(batch_id, created_at) VALUES (?, ?) ON CONFLICT(batch_id) DO NOTHING";
    return execute(session, sql, "write batch", {text(batchId), time(session.stamp())});
}

/// Ids of the folders that one call names: each is looked up once.
class Roots final
{
public:
    explicit Roots(Session &session) : m_session(session) {}

    Result<qint64> idOf(const QString &path)
    {
        if (const auto known = m_ids.constFind(path); known != m_ids.cend())
            return *known;
        const Result<qint64> id = rootIdFor(m_session, path);
        if (id)
            m_ids.insert(path, *id);
        return id;
    }

private:
    Session &m_session;
    QHash<QString, qint64> m_ids;
};

/// The new row, as it was written.
Result<JobRecord> insert(Session &session, const JobRequest &request, const Identity &identity, Roots &roots)
{
    JobRecord job;
    if (!request.rootPath.isEmpty()) {
        const Result<qint64> root = roots.idOf(request.rootPath);
        if (!root)
            return root.error();
        job.rootId = *root;
        job.rootPath = request.rootPath;
    }
    Result<> done = noteBatch(session, request.batchId);
    if (!done)
        return done.error();

    job.id = core::jobIdForKey(identity.key);
    job.workId = identity.workId;
    job.artifactId = identity.artifactId;
    job.canonicalUrl = request.canonicalUrl;
    job.idempotencyKey = identity.key;
    // Each row gets a time of its own, so that a list keeps its order among jobs of one priority.
    job.createdAt = session.nextStamp();
    job.updatedAt = job.createdAt;
    job.sourceUrl = request.sourceUrl;
    job.host = request.host;
    job.fileName = request.fileName;
    job.expectedDigest = request.expectedDigest;
    job.expectType = request.expectType;
    job.priority = request.priority;
    job.maxAttempts = request.maxAttempts;
    job.segments = request.segments;
    job.rateLimit = request.rateLimit;
    job.batchId = request.batchId;
    static constexpr char sql[] =
        "INSERT INTO artifact_jobs(job_id, work_id, artifact_id, canonical_url, idempotency_key, state, "
        "created_at, updated_at, source_url, host, root_id, file_name, expected_digest, expect_type, "
        "priority, "
        "max_attempts, segments, batch_id, rate_limit, row_sum) "
        "VALUES (?1, ?2, ?3, ?4, ?5, 'PLANNED', ?6, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, "
        "ingather_row_sum(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?9, ?10, NULL, NULL, NULL, ?11, NULL, NULL, 0))";
    done = execute(session, sql, "plan job",
                   {text(job.id.value), text(job.workId), text(job.artifactId), text(job.canonicalUrl),
                    text(job.idempotencyKey), time(job.createdAt), textOrNull(job.sourceUrl),
                    textOrNull(job.host), integerOrNull(job.rootId), textOrNull(job.fileName),
                    textOrNull(job.expectedDigest), textOrNull(job.expectType), integer(job.priority),
                    integerOrNull(job.maxAttempts), integer(job.segments), textOrNull(job.batchId),
                    integer(job.rateLimit)});
    if (!done)
        return done.error();
    return job;
}

/// A removed job that is asked for again is shown again; one without a folder takes the one asked for.
Result<> welcomeBack(Session &session, const JobRequest &request, JobRecord &known, Roots &roots)
{
    if (known.removedAt) {
        static constexpr char show[] =
            "UPDATE artifact_jobs SET removed_at = NULL, updated_at = ? WHERE job_id = ?";
        Result<> done =
            execute(session, show, "show job again", {time(session.stamp()), text(known.id.value)});
        if (done)
            done = writeEvent(session,
                              {"WISH", known.id, {}, session.owner(), QStringLiteral("add"), {}, {}, {}});
        if (!done)
            return done;
        known.removedAt.reset();
        known.updatedAt = session.stamp();
    }
    const bool needsRoot =
        !known.rootId && !known.doneAt && known.leaseOwner.isEmpty() && known.finalPath.isEmpty();
    if (!needsRoot || request.rootPath.isEmpty())
        return {};
    const Result<qint64> root = roots.idOf(request.rootPath);
    if (!root)
        return root.error();
    static constexpr char file[] = "UPDATE artifact_jobs SET root_id = ?, updated_at = ? WHERE job_id = ?";
    Result<> done = execute(session, file, "give job a folder",
                            {integer(*root), time(session.stamp()), text(known.id.value)});
    if (done)
        done = signRow(session, known.id.value);
    known.rootId = *root;
    known.rootPath = request.rootPath;
    known.updatedAt = session.stamp();
    return done;
}

/// A job that is not done and that nobody works on takes the digest that was given last.
Result<> takeDigest(Session &session, const JobRequest &request, JobRecord &known)
{
    const bool isDone = known.doneAt && known.state != JobState::Failed;
    const bool isNew = !request.expectedDigest.isEmpty() && request.expectedDigest != known.expectedDigest;
    if (!isNew || isDone || !known.leaseOwner.isEmpty())
        return {};
    static constexpr char sql[] =
        "UPDATE artifact_jobs SET expected_digest = ?, updated_at = ? WHERE job_id = ?";
    Result<> done = execute(session, sql, "expect digest",
                            {text(request.expectedDigest), time(session.stamp()), text(known.id.value)});
    if (done)
        done = signRow(session, known.id.value);
    known.expectedDigest = request.expectedDigest;
    known.updatedAt = session.stamp();
    return done;
}

PlanOutcome outcomeFor(const JobRecord &known)
{
    if (core::isTerminal(known.state) || (known.doneAt && known.state != JobState::Failed))
        return PlanOutcome::AlreadyDone;
    if (known.hold != core::Hold::None)
        return PlanOutcome::Held;
    return known.doneAt ? PlanOutcome::FailedForGood : PlanOutcome::Known;
}

Result<PlannedJob> planNew(Session &session, const JobRequest &request, const Identity &identity,
                           PlanOutcome outcome, Roots &roots)
{
    Result<JobRecord> made = insert(session, request, identity, roots);
    return made ? Result<PlannedJob>(PlannedJob{outcome, std::move(*made)})
                : Result<PlannedJob>(made.error());
}

Result<PlannedJob> planKnown(Session &session, const JobRequest &request, const JobRecord &known,
                             Roots &roots)
{
    PlannedJob planned{outcomeFor(known), known};
    Result<> done = welcomeBack(session, request, planned.job, roots);
    if (done)
        done = takeDigest(session, request, planned.job);
    return done ? Result<PlannedJob>(std::move(planned)) : Result<PlannedJob>(done.error());
}

/// Behind what is done already: the job that is still asking for a newer version, or the one that found none
/// the last time, or a new one.
Result<PlannedJob> planVersion(Session &session, const JobRequest &request, const QString &artifactId,
                               Roots &roots)
{
    for (int version = 2;; ++version) {
        const Identity identity = identityOf(request, core::artifactIdForVersion(artifactId, version));
        const Result<std::optional<JobRecord>> known = find(session, request, identity);
        if (!known)
            return known.error();
        if (!*known)
            return planNew(session, request, identity, PlanOutcome::AddedVersion, roots);
        const bool isUnfinished = outcomeFor(**known) != PlanOutcome::AlreadyDone;
        if (!isUnfinished && (*known)->state != JobState::SkippedDuplicate)
            continue;
        if (!isUnfinished) {
            const Result<> again =
                refetch(session, (*known)->id, QStringLiteral("asked whether there is a newer version"));
            if (!again)
                return again.error();
        }
        const Result<std::optional<JobRecord>> current = job(session, (*known)->id);
        if (!current)
            return current.error();
        Result<PlannedJob> planned = planKnown(session, request, **current, roots);
        if (planned && !isUnfinished)
            planned->outcome = PlanOutcome::AskedAgain;
        return planned;
    }
}

Result<PlannedJob> planOne(Session &session, const JobRequest &request, Roots &roots)
{
    if (request.canonicalUrl.isEmpty())
        return Error{ErrorCode::InvalidArgument, QStringLiteral("plan job"), 0, QStringLiteral("no URL")};
    const QString artifactId = request.artifactId.isEmpty() ? core::defaultArtifactId() : request.artifactId;

    PlanOutcome outcomeIfNew = PlanOutcome::Added;
    Identity identity = identityOf(request, artifactId);
    Result<std::optional<JobRecord>> known = find(session, request, identity);
    if (known && *known && outcomeFor(**known) == PlanOutcome::AlreadyDone && !request.rootPath.isEmpty() &&
        (*known)->rootPath != request.rootPath) {
        // Done, but filed elsewhere: a second artifact, whose file comes from the held copy.
        const QString suffix =
            core::artifactIdForFolder(request.rootPath).mid(core::defaultArtifactId().size());
        outcomeIfNew = PlanOutcome::AddedInFolder;
        identity = identityOf(request, artifactId + suffix);
        known = find(session, request, identity);
    }
    if (!known)
        return known.error();
    const bool isDone =
        *known ? outcomeFor(**known) == PlanOutcome::AlreadyDone : outcomeIfNew == PlanOutcome::AddedInFolder;
    if (isDone && request.refresh)
        return planVersion(session, request, identity.artifactId, roots);
    return *known ? planKnown(session, request, **known, roots)
                  : planNew(session, request, identity, outcomeIfNew, roots);
}

} // namespace

Result<QList<PlannedJob>> plan(Session &session, const QList<JobRequest> &requests)
{
    if (requests.size() >= pageOfAList)
        session.markAsOneOfMany();
    QList<PlannedJob> planned;
    planned.reserve(requests.size());
    Roots roots(session);
    for (const JobRequest &request : requests) {
        Result<PlannedJob> one = planOne(session, request, roots);
        if (!one)
            return one.error();
        planned.append(std::move(*one));
    }
    session.markCrashPoints(platform::CrashPoint::PlanBeforeCommit, platform::CrashPoint::PlanAfterCommit);
    return planned;
}

Result<qint64> rootIdFor(Session &session, const QString &absolutePath)
{
    static constexpr char find[] = "SELECT root_id FROM ingather_roots WHERE path = ?";
    static constexpr char make[] =
        "INSERT INTO ingather_roots(path, created_at) VALUES (?, ?) ON CONFLICT(path) DO NOTHING";
    for (int round = 0; round < 2; ++round) {
        const Result<SqliteStatement *> rows = query(session, find, {text(absolutePath)});
        if (!rows)
            return rows.error();
        const Result<bool> row = (*rows)->step("find root");
        if (!row)
            return row.error();
        if (*row) {
            const qint64 id = (*rows)->value(0).toLongLong();
            (*rows)->reset();
            return id;
        }
        const Result<> made =
            execute(session, make, "make root", {text(absolutePath), time(session.stamp())});
        if (!made)
            return made.error();
    }
    return Error{ErrorCode::Internal, QStringLiteral("make root"), 0, {}};
}

} // namespace ingather::ledger
