// SPDX-License-Identifier: MIT
#include "ledger/volumes.h"

#include "ledger/bind.h"
#include "ledger/claim_sql.h"

namespace ingather::ledger
{

using core::ErrorCode;
using core::Result;

namespace
{

#define INGATHER_WAITS_FOR_VOLUME                                                                            \
    "next_attempt_at > 0 AND done_at IS NULL "                                                               \
    "AND error_code IN ('disk_full','volume_absent','volume_failing')"

} // namespace

Result<QList<RootRecord>> roots(Session &session)
{
    static constexpr char sql[] = "SELECT root_id, path, volume_id FROM ingather_roots ORDER BY path";
    const Result<SqliteStatement *> rows = query(session, sql, {});
    if (!rows)
        return rows.error();
    QList<RootRecord> roots;
    for (;;) {
        const Result<bool> row = (*rows)->step("list roots");
        if (!row)
            return row.error();
        if (!*row)
            return roots;
        const SqliteStatement &at = **rows;
        roots.append({at.value(0).toLongLong(), at.value(1).toString(), at.value(2).toString()});
    }
}

Result<> noteVolume(Session &session, qint64 root, const QString &volumeId)
{
    static constexpr char sql[] = "UPDATE ingather_roots SET volume_id = ? WHERE root_id = ?";
    return execute(session, sql, "note volume", {text(volumeId), integer(root)});
}

Result<int> wakeWaitingForVolume(Session &session, const QList<qint64> &roots, std::chrono::seconds span)
{
    static constexpr char sql[] =
        "UPDATE artifact_jobs SET next_attempt_at = 0, updated_at = ?1 WHERE next_attempt_at <= ?2 "
        "AND root_id IN (SELECT value FROM json_each(?3)) AND " INGATHER_WAITS_FOR_VOLUME;
    const core::UnixTime latest = session.now() + std::chrono::duration<double>(span).count();
    return change(session, sql, "wake jobs", {time(session.stamp()), time(latest), jsonList(roots)});
}

Result<int> putOffWaitingForVolume(Session &session, const QList<qint64> &roots, std::chrono::seconds span)
{
    static constexpr char sql[] =
        "UPDATE artifact_jobs SET next_attempt_at = ?1 WHERE hold IS NULL AND lease_owner IS NULL "
        "AND root_id IN (SELECT value FROM json_each(?2)) AND " INGATHER_WAITS_FOR_VOLUME;
    const core::UnixTime due = session.now() + std::chrono::duration<double>(span).count();
    return change(session, sql, "put jobs off", {time(due), jsonList(roots)});
}

Result<qint64> openJobsOfRoots(Session &session, const QList<qint64> &roots,
                               std::optional<qint64> defaultRoot)
{
    static constexpr char ready[] =
        "SELECT count(*) FROM (SELECT root_id AS root FROM artifact_jobs WHERE " INGATHER_READY
        " ORDER BY priority DESC, created_at LIMIT 100000) "
        "WHERE coalesce(root, ?2) IN (SELECT value FROM json_each(?1))";
    static constexpr char waiting[] = "SELECT count(*) FROM artifact_jobs WHERE " INGATHER_WAITS_FOR_VOLUME
                                      " AND hold IS NULL AND removed_at IS NULL "
                                      "AND root_id IN (SELECT value FROM json_each(?1))";
    const Result<qint64> first = number(session, ready, {jsonList(roots), integerOrNull(defaultRoot)});
    if (!first)
        return first;
    const Result<qint64> second = number(session, waiting, {jsonList(roots)});
    if (!second)
        return second;
    return *first + *second;
}

Result<QList<WaitingRoot>> waitingRoots(Session &session)
{
    // The code is that of the row with the greatest time (SQLite, "Bare columns in an aggregate query").
    static constexpr char sql[] =
        "SELECT w.root_id, r.path, w.error_code, w.until FROM (SELECT root_id, error_code, "
        "max(next_attempt_at) AS until FROM artifact_jobs WHERE " INGATHER_WAITS_FOR_VOLUME
        " AND hold IS NULL AND removed_at IS NULL GROUP BY root_id) AS w "
        "JOIN ingather_roots AS r ON r.root_id = w.root_id ORDER BY r.path";
    const Result<SqliteStatement *> rows = query(session, sql, {});
    if (!rows)
        return rows.error();
    QList<WaitingRoot> waiting;
    for (;;) {
        const Result<bool> row = (*rows)->step("list waiting roots");
        if (!row)
            return row.error();
        if (!*row)
            return waiting;
        const SqliteStatement &at = **rows;
        waiting.append({at.value(0).toLongLong(),
                        at.value(1).toString(),
                        core::errorCodeFromName(at.value(2).toString()).value_or(ErrorCode::VolumeAbsent),
                        {at.value(3).toDouble()}});
    }
}

} // namespace ingather::ledger
