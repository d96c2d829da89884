// SPDX-License-Identifier: MIT
#include "ledger/schema_cures.h"

#include "ledger/log.h"
#include "ledger/sqlite.h"

#include <algorithm>

namespace ingather::ledger
{

using core::Result;

Result<> countAnew(sqlite3 *connection)
{
    return runScript(
        connection,
        QByteArrayLiteral("DELETE FROM ingather_counts; "
                          "INSERT INTO ingather_counts(state, kind, jobs) "
                          "SELECT state, CASE WHEN removed_at IS NOT NULL THEN 'REMOVED' "
                          "WHEN done_at IS NOT NULL THEN 'DONE' WHEN hold IS NOT NULL THEN 'HELD' "
                          "ELSE 'OPEN' END AS kind, count(*) FROM artifact_jobs GROUP BY state, kind"),
        QStringLiteral("count jobs anew"));
}

Result<> endFinishedJobs(sqlite3 *connection)
{
    return runScript(
        connection,
        QByteArrayLiteral(
            "UPDATE artifact_jobs SET done_at = updated_at, "
            "verification = CASE WHEN final_path IS NULL AND sha256 IS NULL THEN 'legacy' ELSE verification "
            "END, "
            "row_sum = CASE WHEN final_path IS NULL AND sha256 IS NULL THEN NULL ELSE row_sum END "
            "WHERE done_at IS NULL AND (state IN ('INDEXED','DEDUPED','SKIPPED_DUPLICATE') "
            "OR (state = 'FINALIZED' AND final_path IS NULL AND sha256 IS NULL))"),
        QStringLiteral("end finished jobs"));
}

Result<> carryOut(sqlite3 *connection, const SchemaCure &cure)
{
    Q_ASSERT(cure.kind != SchemaCure::Kind::RebuildTable);
    if (cure.kind == SchemaCure::Kind::Recreate) {
        const Result<> dropped = runScript(connection, cure.dropSql, cure.description());
        if (!dropped)
            return dropped;
    }
    return runScript(connection, cure.sql, cure.description());
}

Result<> cureUnasked(sqlite3 *connection, const SchemaDrift &drift)
{
    Q_ASSERT(drift.canBeCuredUnasked());
    for (const SchemaCure &cure : drift.cures) {
        const Result<> done = carryOut(connection, cure);
        if (!done)
            return done;
        qCInfo(logLedger, "cured the schema: %s", qUtf8Printable(cure.description()));
    }
    const auto touches = [&drift](SchemaCure::Kind kind, const char *name) {
        return std::any_of(drift.cures.begin(), drift.cures.end(), [&](const SchemaCure &cure) {
            return cure.kind == kind && cure.name.startsWith(QLatin1StringView(name));
        });
    };
    using Kind = SchemaCure::Kind;
    const bool hasNewColumns = touches(Kind::AddColumn, "artifact_jobs");
    Result<> done;
    if (hasNewColumns || touches(Kind::CreateTrigger, "ingather_done"))
        done = endFinishedJobs(connection);
    if (done && (hasNewColumns || touches(Kind::CreateTrigger, "ingather_") ||
                 touches(Kind::CreateTable, "ingather_counts")))
        done = countAnew(connection);
    return done;
}

} // namespace ingather::ledger
