// SPDX-License-Identifier: MIT
#include "ledger/health/counting.h"

#include "core/error.h"
#include "ledger/health/interruption.h"
#include "ledger/sqlite.h"

#include <optional>

namespace ingather::ledger
{

using core::Result;

namespace
{

struct OwnTable {
    const char *name;
    const char *count; ///< over the smallest index that SQLite finds
    int since;         ///< version of the schema
};

// Those that are usually small come first: a quick look counts as far as its time goes. The jobs are not
// among them, they are counted by state.
constexpr OwnTable tables[]{
    {"__schema_version__", "SELECT count(*) FROM __schema_version__", 1},
    {"ingather_meta", "SELECT count(*) FROM ingather_meta", 2},
    {"ingather_migrations", "SELECT count(*) FROM ingather_migrations", 2},
    {"ingather_owners", "SELECT count(*) FROM ingather_owners", 2},
    {"ingather_roots", "SELECT count(*) FROM ingather_roots", 2},
    {"ingather_batches", "SELECT count(*) FROM ingather_batches", 2},
    {"ingather_hosts", "SELECT count(*) FROM ingather_hosts", 2},
    {"ingather_salvage", "SELECT count(*) FROM ingather_salvage", 2},
    {"ingather_parts", "SELECT count(*) FROM ingather_parts", 2},
    {"artifact_ops", "SELECT count(*) FROM artifact_ops", 1},
    {"ingather_urls", "SELECT count(*) FROM ingather_urls", 2},
    {"ingather_hashes", "SELECT count(*) FROM ingather_hashes", 2},
    {"ingather_events", "SELECT count(*) FROM ingather_events", 2},
};

/// nullopt: the time was over.
Result<std::optional<qint64>> counted(CheckContext &context, const char *sql)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(context.connection, sql);
    if (!prepared)
        return prepared.error();
    const Result<bool> row = statement.step("count rows");
    if (row)
        return *row ? std::optional<qint64>(statement.integer(0)) : std::nullopt;
    if (!isInterruption(row.error().native))
        return row.error();
    if (context.control.isStopped())
        return core::Error{core::ErrorCode::Cancelled, QStringLiteral("count rows")};
    return std::optional<qint64>();
}

Result<> countJobs(CheckContext &context)
{
    static constexpr char kept[] = "SELECT state, sum(jobs) FROM ingather_counts GROUP BY state";
    static constexpr char rows[] = "SELECT state, count(*) FROM artifact_jobs GROUP BY state";
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(context.connection, context.version >= 2 ? kept : rows);
    if (!prepared)
        return prepared.error();
    qint64 all = 0;
    for (;;) {
        const Result<bool> row = statement.step("count jobs");
        if (!row)
            return row.error();
        if (!*row)
            break;
        const qint64 jobs = statement.integer(1);
        all += jobs;
        if (const std::optional<core::JobState> state = core::jobStateFromName(statement.text(0)))
            context.report.states[*state] = jobs;
    }
    context.report.rowCounts.insert(QStringLiteral("artifact_jobs"), all);
    return {};
}

} // namespace

Result<> countRows(CheckContext &context)
{
    context.report.rowCounts.insert(QStringLiteral("artifact_jobs"), std::nullopt);
    const Result<> jobs = countJobs(context);
    if (!jobs) {
        const Result<> noted = context.checks.addFailure(jobs.error());
        if (!noted)
            return noted;
    }
    std::optional<StatementDeadline> deadline;
    if (!context.request.isDeep)
        deadline.emplace(context.connection, context.countUntil);
    for (const OwnTable &table : tables) {
        if (table.since > context.version)
            continue;
        const QString name = QString::fromLatin1(table.name);
        context.report.rowCounts.insert(name, std::nullopt);
        if (deadline && deadline->hasPassed())
            continue;
        const Result<std::optional<qint64>> count = counted(context, table.count);
        if (count) {
            context.report.rowCounts.insert(name, *count);
            continue;
        }
        const Result<> noted = context.checks.addFailure(count.error());
        if (!noted)
            return noted;
    }
    return {};
}

} // namespace ingather::ledger
