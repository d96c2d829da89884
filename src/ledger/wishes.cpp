// SPDX-License-Identifier: MIT
#include "ledger/wishes.h"

#include "core/error.h"
#include "ledger/bind.h"
#include "ledger/events.h"
#include "ledger/queries.h"
#include "ledger/row_sum.h"
#include "ledger/rows.h"

#include <QSet>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Hold;
using core::JobId;
using core::JobState;
using core::Result;

namespace
{

/// As much of a job as decides what a wish means for it.
struct Candidate {
    QString id;
    JobState state = JobState::Planned;
    Hold hold = Hold::None;
    bool isDone = false; ///< done_at is set: finished, or failed for good
    bool isWaiting = false;
    int attempts = 0;
    bool isRemoved = false;
    int priority = 0;
    bool isLeased = false;
};

bool hasEnded(const Candidate &job)
{
    return core::isTerminal(job.state) || (job.isDone && job.state != JobState::Failed);
}

bool means(Wish wish, const Candidate &job)
{
    if (job.isRemoved)
        return wish == Wish::Restore;
    switch (wish) {
    case Wish::Pause:
        return job.hold == Hold::None && !job.isDone && !hasEnded(job);
    case Wish::Resume:
        return job.hold == Hold::Paused;
    case Wish::Cancel:
        return job.hold != Hold::Cancelled && !hasEnded(job);
    case Wish::Retry:
        return job.hold != Hold::None || (job.state == JobState::Failed && !hasEnded(job)) ||
               (job.isWaiting && !job.isDone);
    case Wish::Remove:
        return true;
    case Wish::Restore:
        return false;
    }
    Q_UNREACHABLE();
}

QString nameOf(Wish wish)
{
    switch (wish) {
    case Wish::Pause:
        return QStringLiteral("pause");
    case Wish::Resume:
        return QStringLiteral("resume");
    case Wish::Cancel:
        return QStringLiteral("cancel");
    case Wish::Retry:
        return QStringLiteral("retry");
    case Wish::Remove:
        return QStringLiteral("remove");
    case Wish::Restore:
        return QStringLiteral("restore");
    }
    Q_UNREACHABLE();
}

const char *statementOf(Wish wish)
{
    static constexpr char pause[] = "UPDATE artifact_jobs SET hold = 'PAUSED', updated_at = ?1 "
                                    "WHERE job_id IN (SELECT value FROM json_each(?2))";
    static constexpr char resume[] = "UPDATE artifact_jobs SET hold = NULL, updated_at = ?1 "
                                     "WHERE job_id IN (SELECT value FROM json_each(?2))";
    static constexpr char cancel[] = "UPDATE artifact_jobs SET hold = 'CANCELLED', updated_at = ?1 "
                                     "WHERE job_id IN (SELECT value FROM json_each(?2))";
    // A failure is forgiven with its attempts, for good or not; other states keep what they have reached.
    static constexpr char retry[] =
        "UPDATE artifact_jobs SET hold = NULL, updated_at = ?1, next_attempt_at = 0, "
        "done_at = CASE state WHEN 'FAILED' THEN NULL ELSE done_at END, "
        "attempts = CASE state WHEN 'FAILED' THEN 0 ELSE attempts END, "
        "error_code = CASE state WHEN 'FAILED' THEN NULL ELSE error_code END, "
        "error_detail = CASE state WHEN 'FAILED' THEN NULL ELSE error_detail END, "
        "state = CASE state WHEN 'FAILED' THEN 'PLANNED' ELSE state END "
        "WHERE job_id IN (SELECT value FROM json_each(?2))";
    static constexpr char remove[] = "UPDATE artifact_jobs SET removed_at = ?1, updated_at = ?1 "
                                     "WHERE job_id IN (SELECT value FROM json_each(?2))";
    static constexpr char restore[] = "UPDATE artifact_jobs SET removed_at = NULL, updated_at = ?1 "
                                      "WHERE job_id IN (SELECT value FROM json_each(?2))";
    switch (wish) {
    case Wish::Pause:
        return pause;
    case Wish::Resume:
        return resume;
    case Wish::Cancel:
        return cancel;
    case Wish::Retry:
        return retry;
    case Wish::Remove:
        return remove;
    case Wish::Restore:
        return restore;
    }
    Q_UNREACHABLE();
}

#define INGATHER_CANDIDATE                                                                                   \
    "j.job_id, j.state, j.hold, j.done_at IS NOT NULL, j.next_attempt_at > 0, j.attempts, "                  \
    "j.removed_at IS NOT NULL, j.priority, j.lease_owner IS NOT NULL "

Result<QList<Candidate>> readCandidates(const Result<SqliteStatement *> &rows)
{
    if (!rows)
        return rows.error();
    QList<Candidate> found;
    for (;;) {
        const Result<bool> row = (*rows)->step("select jobs");
        if (!row)
            return row.error();
        if (!*row)
            return found;
        const SqliteStatement &at = **rows;
        found.append({at.value(0).toString(),
                      core::jobStateFromName(at.value(1).toString()).value_or(JobState::Planned),
                      core::holdFromName(at.value(2).toString()).value_or(Hold::None), at.value(3).toBool(),
                      at.value(4).toBool(), at.value(5).toInt(), at.value(6).toBool(), at.value(7).toInt(),
                      at.value(8).toBool()});
    }
}

Result<QList<Candidate>> candidates(Session &session, const JobSelection &selection)
{
    static constexpr char all[] = "SELECT " INGATHER_CANDIDATE
                                  "FROM artifact_jobs AS j WHERE j.removed_at IS NULL ORDER BY j.created_at";
    static constexpr char failed[] = "SELECT " INGATHER_CANDIDATE "FROM artifact_jobs AS j "
                                     "WHERE j.state = 'FAILED' AND j.removed_at IS NULL";
    static constexpr char byIds[] = "SELECT " INGATHER_CANDIDATE "FROM json_each(?) AS wanted "
                                    "CROSS JOIN artifact_jobs AS j ON j.job_id = wanted.value";
    if (selection.all)
        return readCandidates(query(session, all, {}));
    if (selection.failed && selection.ids.isEmpty())
        return readCandidates(query(session, failed, {}));
    QStringList ids;
    QSet<QString> seen;
    for (const JobId &id : selection.ids) {
        if (!seen.contains(id.value)) {
            seen.insert(id.value);
            ids.append(id.value);
        }
    }
    Result<QList<Candidate>> found = readCandidates(query(session, byIds, {jsonList(ids)}));
    if (!found || !selection.failed)
        return found;
    const Result<QList<Candidate>> more = readCandidates(query(session, failed, {}));
    if (!more)
        return more.error();
    for (const Candidate &job : *more) {
        if (!seen.contains(job.id))
            found->append(job);
    }
    return found;
}

Result<> noteWish(Session &session, const QString &code, const QString &detail, const QStringList &ids)
{
    static constexpr char note[] = "INSERT INTO ingather_events(at, job_id, owner, event, code, detail) "
                                   "SELECT ?1, value, ?2, 'WISH', ?3, ?4 FROM json_each(?5)";
    return execute(
        session, note, "write event",
        {time(session.stamp()), textOrNull(session.owner()), text(code), textOrNull(detail), jsonList(ids)});
}

Result<> writeWish(Session &session, const char *sql, const QString &code, const QStringList &ids)
{
    const Result<> done = execute(session, sql, "write wish", {time(session.stamp()), jsonList(ids)});
    return done ? noteWish(session, code, {}, ids) : done;
}

/// A statement takes a list; a long one goes in pieces, so that no single value grows without bound.
template <typename Write>
Result<> inPieces(const QStringList &ids, Write write)
{
    constexpr qsizetype piece = 1000;
    for (qsizetype at = 0; at < ids.size(); at += piece) {
        const Result<> done = write(QStringList(ids.mid(at, piece)));
        if (!done)
            return done;
    }
    return {};
}

/// The report on a selection: what `means` says yes to goes to `changed`.
template <typename Means>
WishReport sorted(const QList<Candidate> &found, const JobSelection &selection, Means means)
{
    WishReport report;
    QSet<QString> known;
    for (const Candidate &job : found) {
        known.insert(job.id);
        (means(job) ? report.changed : report.unchanged).append({job.id});
    }
    for (const JobId &id : selection.ids) {
        if (!known.contains(id.value) && !report.unknown.contains(id))
            report.unknown.append(id);
    }
    return report;
}

QStringList textsOf(const QList<JobId> &ids)
{
    QStringList texts;
    texts.reserve(ids.size());
    for (const JobId &id : ids)
        texts.append(id.value);
    return texts;
}

Result<QList<PartRecord>> orphanedParts(Session &session, const QStringList &ids)
{
    static constexpr char sql[] =
        "SELECT p.job_id, p.root_id, p.name, p.etag, p.last_modified, p.size, p.durable_length, "
        "p.ranges_json "
        "FROM json_each(?) AS wanted CROSS JOIN ingather_parts AS p ON p.job_id = wanted.value "
        "JOIN artifact_jobs AS j ON j.job_id = p.job_id WHERE j.lease_owner IS NULL";
    QList<PartRecord> parts;
    const Result<> done = inPieces(ids, [&](const QStringList &piece) -> Result<> {
        const Result<SqliteStatement *> rows = query(session, sql, {jsonList(piece)});
        if (!rows)
            return rows.error();
        for (;;) {
            const Result<bool> row = (*rows)->step("find parts");
            if (!row)
                return row.error();
            if (!*row)
                return {};
            parts.append(readPart(**rows));
        }
    });
    if (!done)
        return done.error();
    return parts;
}

} // namespace

Result<WishReport> applyWish(Session &session, Wish wish, const JobSelection &selection)
{
    const Result<QList<Candidate>> found = candidates(session, selection);
    if (!found)
        return found.error();
    WishReport report = sorted(*found, selection, [wish](const Candidate &job) { return means(wish, job); });
    const Result<> done = inPieces(textsOf(report.changed), [&](const QStringList &piece) {
        return writeWish(session, statementOf(wish), nameOf(wish), piece);
    });
    if (!done)
        return done.error();
    if (wish != Wish::Cancel && wish != Wish::Remove)
        return report;
    QStringList givenUp;
    for (const Candidate &job : *found) {
        if (!hasEnded(job))
            givenUp.append(job.id);
    }
    Result<QList<PartRecord>> parts = orphanedParts(session, givenUp);
    if (!parts)
        return parts.error();
    report.orphanedParts = std::move(*parts);
    return report;
}

Result<WishReport> setPriority(Session &session, int priority, const JobSelection &selection)
{
    const Result<QList<Candidate>> found = candidates(session, selection);
    if (!found)
        return found.error();
    WishReport report = sorted(*found, selection, [priority](const Candidate &job) {
        return job.priority != priority && !job.isRemoved && !hasEnded(job);
    });
    static constexpr char sql[] = "UPDATE artifact_jobs SET priority = ?1, updated_at = ?2 "
                                  "WHERE job_id IN (SELECT value FROM json_each(?3))";
    const Result<> done = inPieces(textsOf(report.changed), [&](const QStringList &piece) {
        const Result<> set = execute(session, sql, "set priority",
                                     {integer(priority), time(session.stamp()), jsonList(piece)});
        return set ? noteWish(session, QStringLiteral("priority"), QString::number(priority), piece) : set;
    });
    if (!done)
        return done.error();
    return report;
}

Result<WishReport> forgetJobs(Session &session, const JobSelection &selection)
{
    const Result<QList<Candidate>> found = candidates(session, selection);
    if (!found)
        return found.error();
    WishReport report = sorted(*found, selection, [](const Candidate &job) { return !job.isLeased; });
    const Result<> done = inPieces(textsOf(report.changed), [&session](const QStringList &piece) {
        // Ops, parts and URLs go with their job, by their foreign keys.
        Result<> gone;
        for (const char *sql :
             {"DELETE FROM ingather_hashes WHERE (sha256, root_id, path) IN (SELECT sha256, root_id, "
              "final_path "
              "FROM artifact_jobs WHERE job_id IN (SELECT value FROM json_each(?)))",
              "DELETE FROM ingather_events WHERE job_id IN (SELECT value FROM json_each(?))",
              "DELETE FROM artifact_jobs WHERE job_id IN (SELECT value FROM json_each(?))"}) {
            if (gone)
                gone = execute(session, sql, "forget jobs", {jsonList(piece)});
        }
        return gone ? noteWish(session, QStringLiteral("forget"), {}, piece) : gone;
    });
    if (!done)
        return done.error();
    return report;
}

Result<> refetch(Session &session, const JobId &id, const QString &reason)
{
    const QString operation = QStringLiteral("refetch");
    const Result<std::optional<JobRecord>> found = job(session, id);
    if (!found)
        return found.error();
    if (!*found)
        return Error{ErrorCode::UnknownJob, operation, 0, id.value};
    const JobRecord &record = **found;
    if (!core::isTerminal(record.state) && !record.doneAt) {
        return Error{ErrorCode::TransitionRefused, operation, 0,
                     QStringLiteral("%1 is %2").arg(id.value, core::jobStateName(record.state))};
    }

    if (!record.sha256.isEmpty() && record.rootId && !record.finalPath.isEmpty()) {
        static constexpr char forget[] =
            "DELETE FROM ingather_hashes WHERE sha256 = ? AND root_id = ? AND path = ?";
        const Result<> done = execute(session, forget, "forget hash",
                                      {text(record.sha256), integer(*record.rootId), text(record.finalPath)});
        if (!done)
            return done;
    }
    static constexpr char abandon[] = "UPDATE artifact_ops SET phase = 'ABANDONED', finished_at = "
                                      "coalesce(finished_at, ?) WHERE job_id = ?";
    Result<> done = execute(session, abandon, "abandon ops", {time(session.stamp()), text(id.value)});
    if (!done)
        return done;
    static constexpr char sql[] =
        "UPDATE artifact_jobs SET state = 'PLANNED', generation = generation + 1, attempts = 0, crashes = 0, "
        "next_attempt_at = 0, done_at = NULL, hold = NULL, lease_owner = NULL, lease_until = NULL, "
        "final_path = NULL, sha256 = NULL, verification = NULL, bytes_total = NULL, bytes_done = 0, "
        "content_type = NULL, error_code = NULL, error_detail = NULL, updated_at = ? WHERE job_id = ?";
    done = execute(session, sql, "refetch", {time(session.stamp()), text(id.value)});
    if (done)
        done = signRow(session, id.value);
    if (done) {
        done = writeEvent(
            session,
            {"REFETCH", id, record.fence, session.owner(), core::jobStateName(record.state), reason, {}, {}});
    }
    return done;
}

Result<> forgetPart(Session &session, const JobId &job, const QString &name)
{
    static constexpr char sql[] = "DELETE FROM ingather_parts WHERE job_id = ? AND name = ?";
    const Result<int> forgotten = change(session, sql, "forget part", {text(job.value), text(name)});
    if (!forgotten)
        return forgotten.error();
    static constexpr char none[] =
        "UPDATE artifact_jobs SET bytes_done = 0, updated_at = ? WHERE job_id = ? AND done_at IS NULL";
    return *forgotten == 0 ? Result<>()
                           : execute(session, none, "forget bytes", {time(session.stamp()), text(job.value)});
}

} // namespace ingather::ledger
