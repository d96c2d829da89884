// SPDX-License-Identifier: MIT
#include "ledger/health/filed_jobs.h"

#include "ledger/sqlite.h"

namespace ingather::ledger
{

using core::Result;

Result<QList<FiledJob>> filedJobs(sqlite3 *connection, qint64 afterRow, int limit)
{
    // In the table's own order: by the index of the states each page would read and sort all of them.
    static constexpr char sql[] =
        "SELECT j.rowid, j.job_id, r.path, j.final_path, j.bytes_total, j.sha256, j.done_at, j.fence, "
        "j.state, j.error_code, j.generation, j.expected_digest "
        "FROM artifact_jobs AS j NOT INDEXED CROSS JOIN ingather_roots AS r ON r.root_id = j.root_id "
        "WHERE j.rowid > ?1 AND j.state IN ('INDEXED','DEDUPED','SKIPPED_DUPLICATE') "
        "AND j.done_at IS NOT NULL AND j.final_path IS NOT NULL AND j.removed_at IS NULL "
        "AND j.verification IS NOT 'legacy' ORDER BY j.rowid LIMIT ?2";
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(connection, sql);
    if (!prepared)
        return prepared.error();
    statement.bind(1, afterRow);
    statement.bind(2, qint64{limit});
    QList<FiledJob> jobs;
    for (;;) {
        const Result<bool> row = statement.step("read filed jobs");
        if (!row)
            return row.error();
        if (!*row)
            return jobs;
        FiledJob job;
        job.row = statement.integer(0);
        job.id = {statement.text(1)};
        job.root = statement.text(2);
        job.path = statement.text(3);
        if (!statement.isNull(4))
            job.size = statement.integer(4);
        job.sha256 = statement.text(5);
        job.doneAt = {statement.real(6)};
        job.fence = {statement.integer(7)};
        job.state = core::jobStateFromName(statement.text(8)).value_or(core::JobState::Indexed);
        job.errorCode = statement.text(9);
        job.generation = statement.integer(10);
        job.expectedDigest = statement.text(11);
        jobs.append(job);
    }
}

Result<qint64> filedJobCount(sqlite3 *connection)
{
    static constexpr char sql[] = "SELECT coalesce(sum(jobs), 0) FROM ingather_counts WHERE kind = 'DONE' "
                                  "AND state IN ('INDEXED','DEDUPED','SKIPPED_DUPLICATE')";
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(connection, sql);
    if (!prepared)
        return prepared.error();
    const Result<bool> row = statement.step("count filed jobs");
    if (!row)
        return row.error();
    return *row ? statement.integer(0) : 0;
}

Result<QStringList> rootPaths(sqlite3 *connection)
{
    SqliteStatement statement;
    const Result<> prepared =
        statement.prepare(connection, "SELECT path FROM ingather_roots ORDER BY root_id");
    if (!prepared)
        return prepared.error();
    QStringList paths;
    for (;;) {
        const Result<bool> row = statement.step("read roots");
        if (!row)
            return row.error();
        if (!*row)
            return paths;
        paths.append(statement.text(0));
    }
}

Result<bool> isPartWanted(sqlite3 *connection, const core::JobId &job, const QString &partName)
{
    static constexpr char sql[] =
        "SELECT EXISTS (SELECT 1 FROM ingather_parts WHERE job_id = ?1 AND name = ?2) OR "
        "EXISTS (SELECT 1 FROM artifact_jobs WHERE job_id = ?1 AND done_at IS NULL)";
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(connection, sql);
    if (!prepared)
        return prepared.error();
    statement.bind(1, job.value);
    statement.bind(2, partName);
    const Result<bool> row = statement.step("look for the job of a part");
    if (!row)
        return row.error();
    return *row && statement.integer(0) != 0;
}

} // namespace ingather::ledger
