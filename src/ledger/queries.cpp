// SPDX-License-Identifier: MIT
#include "ledger/queries.h"

#include "core/error.h"
#include "ledger/bind.h"
#include "ledger/rows.h"

#include <array>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::JobId;
using core::Result;

namespace
{

// The four orders of one listing. Conditions that are not asked for are NULL.
#define INGATHER_LIST_CONDITIONS                                                                             \
    "(?1 IS NULL OR j.state IN (SELECT value FROM json_each(?1))) AND (?2 OR j.removed_at IS NULL) "
#define INGATHER_LIST_BY_IDS                                                                                 \
    "SELECT " INGATHER_JOB_COLUMNS                                                                           \
    " FROM json_each(?1) AS wanted CROSS JOIN artifact_jobs AS j ON j.job_id = wanted.value "                \
    "LEFT JOIN ingather_roots AS r ON r.root_id = j.root_id WHERE "

constexpr char oldestFirst[] =
    "SELECT " INGATHER_JOB_COLUMNS " FROM" INGATHER_JOB_SOURCE "WHERE " INGATHER_LIST_CONDITIONS
    "AND j.created_at >= ?3 AND (j.created_at > ?3 OR j.job_id > ?4) "
    "ORDER BY j.created_at, j.job_id LIMIT ?5";
constexpr char newestFirst[] =
    "SELECT " INGATHER_JOB_COLUMNS " FROM" INGATHER_JOB_SOURCE "WHERE " INGATHER_LIST_CONDITIONS
    "AND j.created_at <= ?3 AND (j.created_at < ?3 OR j.job_id < ?4) "
    "ORDER BY j.created_at DESC, j.job_id DESC LIMIT ?5";
constexpr char oldestFirstByIds[] = INGATHER_LIST_BY_IDS
    "(?2 IS NULL OR j.state IN (SELECT value FROM json_each(?2))) AND (?3 OR j.removed_at IS NULL) "
    "AND j.created_at >= ?4 AND (j.created_at > ?4 OR j.job_id > ?5) ORDER BY j.created_at, j.job_id LIMIT "
    "?6";
constexpr char newestFirstByIds[] = INGATHER_LIST_BY_IDS
    "(?2 IS NULL OR j.state IN (SELECT value FROM json_each(?2))) AND (?3 OR j.removed_at IS NULL) "
    "AND j.created_at <= ?4 AND (j.created_at < ?4 OR j.job_id < ?5) "
    "ORDER BY j.created_at DESC, j.job_id DESC LIMIT ?6";

struct Cursor {
    double createdAt = 0;
    QString jobId;
};

// Where the listing starts: behind the job named, or outside all of them.
Result<Cursor> cursorFor(Session &session, const JobFilter &filter)
{
    if (filter.after.isEmpty())
        return filter.newestFirst ? Cursor{1e18, {}} : Cursor{-1e18, {}};
    static constexpr char sql[] = "SELECT created_at FROM artifact_jobs WHERE job_id = ?";
    const Result<SqliteStatement *> rows = query(session, sql, {text(filter.after.value)});
    if (!rows)
        return rows.error();
    const Result<bool> row = (*rows)->step("find job");
    if (!row)
        return row.error();
    if (!*row)
        return Error{ErrorCode::UnknownJob, QStringLiteral("list jobs"), 0, filter.after.value};
    const Cursor cursor{(*rows)->value(0).toDouble(), filter.after.value};
    (*rows)->reset();
    return cursor;
}

} // namespace

Result<QList<JobRecord>> jobs(Session &session, const JobFilter &filter)
{
    const Result<Cursor> cursor = cursorFor(session, filter);
    if (!cursor)
        return cursor.error();
    QStringList states;
    for (const core::JobState state : filter.states)
        states.append(core::jobStateName(state));
    QStringList ids;
    for (const JobId &id : filter.ids)
        ids.append(id.value);

    const QVariant wantedStates = states.isEmpty() ? null() : jsonList(states);
    const QVariant limit = integer(filter.limit > 0 ? filter.limit : -1);
    const QVariant withRemoved = integer(filter.withRemoved ? 1 : 0);
    const Result<SqliteStatement *> rows =
        ids.isEmpty()
            ? query(session, filter.newestFirst ? newestFirst : oldestFirst,
                    {wantedStates, withRemoved, real(cursor->createdAt), text(cursor->jobId), limit})
            : query(session, filter.newestFirst ? newestFirstByIds : oldestFirstByIds,
                    {jsonList(ids), wantedStates, withRemoved, real(cursor->createdAt), text(cursor->jobId),
                     limit});
    if (!rows)
        return rows.error();
    return readJobs(**rows, "list jobs");
}

Result<std::optional<JobRecord>> job(Session &session, const JobId &id)
{
    static constexpr char sql[] =
        "SELECT " INGATHER_JOB_COLUMNS " FROM" INGATHER_JOB_SOURCE "WHERE j.job_id = ?";
    const Result<SqliteStatement *> rows = query(session, sql, {text(id.value)});
    if (!rows)
        return rows.error();
    Result<QList<JobRecord>> found = readJobs(**rows, "read job");
    if (!found)
        return found.error();
    return found->isEmpty() ? std::nullopt : std::optional(std::move(found->first()));
}

Result<std::optional<JobId>> jobByPrefix(Session &session, const QString &prefix)
{
    if (prefix.isEmpty())
        return std::optional<JobId>();
    // A range on the primary key: no LIKE, whose wildcards a prefix may hold.
    static constexpr char sql[] =
        "SELECT job_id FROM artifact_jobs WHERE job_id >= ?1 AND substr(job_id, 1, length(?1)) = ?1 "
        "AND job_id < ?2 ORDER BY job_id LIMIT 2";
    QString end = prefix;
    end.append(QString::fromUcs4(U"\U0010FFFF", 1));
    const Result<SqliteStatement *> rows = query(session, sql, {text(prefix), text(end)});
    if (!rows)
        return rows.error();
    QStringList found;
    for (;;) {
        const Result<bool> row = (*rows)->step("find job");
        if (!row)
            return row.error();
        if (!*row)
            break;
        found.append((*rows)->value(0).toString());
    }
    if (found.size() == 1 || (found.size() == 2 && found.first() == prefix))
        return std::optional(JobId{found.first()});
    return std::optional<JobId>();
}

Result<QList<OpRecord>> ops(Session &session, const JobId &id)
{
    static constexpr char sql[] =
        "SELECT " INGATHER_OP_COLUMNS " FROM artifact_ops WHERE job_id = ? ORDER BY started_at, rowid";
    const Result<SqliteStatement *> rows = query(session, sql, {text(id.value)});
    if (!rows)
        return rows.error();
    QList<OpRecord> list;
    for (;;) {
        const Result<bool> row = (*rows)->step("list ops");
        if (!row)
            return row.error();
        if (!*row)
            return list;
        list.append(readOp(**rows));
    }
}

Result<QList<EventRecord>> events(Session &session, const JobId &id)
{
    static constexpr char sql[] =
        "SELECT seq, at, job_id, op_key, op_type, attempt, fence, owner, event, code, "
        "detail FROM ingather_events WHERE job_id = ? ORDER BY seq";
    const Result<SqliteStatement *> rows = query(session, sql, {text(id.value)});
    if (!rows)
        return rows.error();
    QList<EventRecord> list;
    for (;;) {
        const Result<bool> row = (*rows)->step("list events");
        if (!row)
            return row.error();
        if (!*row)
            return list;
        const SqliteStatement &at = **rows;
        EventRecord event;
        event.seq = at.value(0).toLongLong();
        event.at = {at.value(1).toDouble()};
        event.job = {at.value(2).toString()};
        event.opKey = at.value(3).toString();
        event.opType = at.value(4).toString();
        event.attempt = at.value(5).toInt();
        event.fence = {at.value(6).toLongLong()};
        event.owner = at.value(7).toString();
        event.event = at.value(8).toString();
        event.code = at.value(9).toString();
        event.detail = at.value(10).toString();
        list.append(event);
    }
}

Result<LedgerStatus> status(Session &session)
{
    LedgerStatus status;
    static constexpr char counts[] = "SELECT state, kind, jobs FROM ingather_counts";
    const Result<SqliteStatement *> rows = query(session, counts, {});
    if (!rows)
        return rows.error();
    for (;;) {
        const Result<bool> row = (*rows)->step("count jobs");
        if (!row)
            return row.error();
        if (!*row)
            break;
        const std::optional<core::JobState> state = core::jobStateFromName((*rows)->value(0).toString());
        const QString kind = (*rows)->value(1).toString();
        const qint64 count = (*rows)->value(2).toLongLong();
        if (!state || kind == QStringLiteral("REMOVED") || count == 0)
            continue;
        status.states[*state] += count;
        if (kind == QStringLiteral("HELD"))
            status.held += count;
        else if (kind == QStringLiteral("OPEN"))
            status.unfinished += count;
        else if (*state == core::JobState::Failed)
            status.failedForGood += count;
    }

    static constexpr char active[] =
        "SELECT count(*) FROM artifact_jobs WHERE lease_owner IS NOT NULL AND lease_until > ?";
    static constexpr char all[] = "SELECT count(*) FROM artifact_jobs WHERE lease_owner IS NOT NULL";
    const Result<qint64> living = number(session, active, {time(session.clock().now())});
    if (!living)
        return living.error();
    const Result<qint64> leases = number(session, all, {});
    if (!leases)
        return leases.error();
    status.activeLeases = *living;
    status.expiredLeases = *leases - *living;
    return status;
}

Result<qint64> openJobsWithoutRoot(Session &session)
{
    static constexpr char sql[] =
        "SELECT count(*) FROM artifact_jobs WHERE root_id IS NULL AND done_at IS NULL "
        "AND hold IS NULL AND removed_at IS NULL";
    return number(session, sql, {});
}

Result<QList<JobRecord>> changedSince(Session &session, core::UnixTime cursor, int limit)
{
    static constexpr char sql[] = "SELECT " INGATHER_JOB_COLUMNS " FROM" INGATHER_JOB_SOURCE
                                  "WHERE j.updated_at > ?1 ORDER BY j.updated_at LIMIT ?2";
    const Result<SqliteStatement *> rows =
        query(session, sql, {time(cursor), integer(limit > 0 ? limit : -1)});
    if (!rows)
        return rows.error();
    Result<QList<JobRecord>> found = readJobs(**rows, "read changes");
    if (!found || limit <= 0 || found->size() < limit)
        return found;

    // One transaction gives many rows one time. The cursor can't stand in the middle of them.
    static constexpr char rest[] =
        "SELECT " INGATHER_JOB_COLUMNS " FROM" INGATHER_JOB_SOURCE "WHERE j.updated_at = ?";
    const core::UnixTime last = found->last().updatedAt;
    const Result<SqliteStatement *> restRows = query(session, rest, {time(last)});
    if (!restRows)
        return restRows.error();
    const Result<QList<JobRecord>> together = readJobs(**restRows, "read changes");
    if (!together)
        return together.error();
    found->removeIf([&](const JobRecord &job) { return job.updatedAt == last; });
    found->append(*together);
    return found;
}

Result<QList<JobRecord>> heldCopiesOfUrl(Session &session, const QString &canonicalUrl)
{
    static constexpr char sql[] =
        "SELECT " INGATHER_JOB_COLUMNS " FROM" INGATHER_JOB_SOURCE
        "WHERE j.canonical_url = ? AND j.final_path IS NOT NULL AND j.done_at IS NOT NULL "
        "AND j.state IN ('INDEXED','DEDUPED') "
        "ORDER BY j.state = 'INDEXED' DESC, j.done_at DESC";
    const Result<SqliteStatement *> rows = query(session, sql, {text(canonicalUrl)});
    if (!rows)
        return rows.error();
    return readJobs(**rows, "find held copies");
}

Result<QList<HeldFile>> filesWithHash(Session &session, const QString &sha256Hex)
{
    static constexpr char sql[] = "SELECT r.path, h.path, h.size FROM ingather_hashes AS h "
                                  "JOIN ingather_roots AS r ON r.root_id = h.root_id "
                                  "WHERE h.sha256 = ? ORDER BY h.verified_at DESC";
    const Result<SqliteStatement *> rows = query(session, sql, {text(sha256Hex.toLower())});
    if (!rows)
        return rows.error();
    QList<HeldFile> files;
    for (;;) {
        const Result<bool> row = (*rows)->step("find files by hash");
        if (!row)
            return row.error();
        if (!*row)
            return files;
        files.append(
            {(*rows)->value(0).toString(), (*rows)->value(1).toString(), (*rows)->value(2).toLongLong()});
    }
}

Result<QHash<JobId, core::Hold>> heldLeases(Session &session, const QString &owner)
{
    static constexpr char sql[] =
        "SELECT job_id, CASE WHEN removed_at IS NOT NULL THEN 'CANCELLED' ELSE hold END FROM artifact_jobs "
        "INDEXED BY ingather_lease WHERE lease_owner = ? AND (hold IS NOT NULL OR removed_at IS NOT NULL)";
    const Result<SqliteStatement *> rows = query(session, sql, {text(owner)});
    if (!rows)
        return rows.error();
    QHash<JobId, core::Hold> held;
    for (;;) {
        const Result<bool> row = (*rows)->step("find held leases");
        if (!row)
            return row.error();
        if (!*row)
            return held;
        held.insert({(*rows)->value(0).toString()},
                    core::holdFromName((*rows)->value(1).toString()).value_or(core::Hold::Paused));
    }
}

Result<qint64> dataVersion(Session &session)
{
    // SQLite's number counts for one connection; one to another file may start at the same.
    static constexpr char sql[] = "PRAGMA data_version";
    const Result<qint64> version = number(session, sql, {});
    if (!version)
        return version.error();
    return (session.generation() << 32) + *version;
}

} // namespace ingather::ledger
