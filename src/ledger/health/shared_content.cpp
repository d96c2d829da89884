// SPDX-License-Identifier: MIT
#include "ledger/health/shared_content.h"

#include "ledger/sqlite.h"

namespace ingather::ledger
{

using core::FindingId;
using core::Result;

Result<> checkSharedContent(CheckContext &context)
{
    // The hashes that occur twice are found in the index's own order; only their rows are joined.
    static constexpr char sql[] =
        "SELECT twice.sha256 FROM "
        "(SELECT sha256 FROM ingather_hashes GROUP BY sha256 HAVING count(*) > 1) AS twice "
        "CROSS JOIN ingather_hashes AS h ON h.sha256 = twice.sha256 "
        "CROSS JOIN artifact_jobs AS j ON j.root_id = h.root_id AND j.final_path = h.path "
        "AND j.final_path IS NOT NULL GROUP BY twice.sha256 HAVING count(DISTINCT j.work_id) > 1";
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(context.connection, sql);
    if (!prepared)
        return prepared.error();
    constexpr int mostExamples = 10;
    qint64 count = 0;
    QStringList examples;
    for (;;) {
        const Result<bool> row = statement.step("look for shared content");
        if (!row)
            return row.error();
        if (!*row)
            break;
        if (++count <= mostExamples)
            examples.append(statement.text(0));
    }
    std::optional<core::Finding> finding;
    if (count > 0)
        finding =
            core::found(FindingId::ContentShared, QStringLiteral("ingather_hashes"), {}, count, examples);
    context.checks.add(FindingId::ContentShared, finding);
    return {};
}

} // namespace ingather::ledger
