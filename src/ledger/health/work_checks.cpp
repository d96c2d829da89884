// SPDX-License-Identifier: MIT
#include "ledger/health/work_checks.h"

#include "ledger/claim_sql.h"
#include "ledger/sqlite.h"

#include <QHash>

namespace ingather::ledger
{

using core::FindingId;
using core::Result;

namespace
{

constexpr int mostExamples = 10;
/// No setting gives a longer lease.
constexpr double longestLease = 3600;
constexpr double openTooLong = 600;
/// Backoffs end after an hour, and no server is waited for as long as this.
constexpr double longestWait = 366 * 86'400.0;

const QString jobsTable = QStringLiteral("artifact_jobs");

/// Rows of a query of ids: how many there are, and the first of them.
struct Ids {
    qint64 count = 0;
    QStringList examples;

    void add(const QString &id)
    {
        if (++count <= mostExamples)
            examples.append(id);
    }
};

std::optional<core::Finding> findingFor(FindingId id, const Ids &ids, const QString &detail,
                                        const QString &place = jobsTable)
{
    if (ids.count == 0)
        return std::nullopt;
    return core::found(id, place, detail, ids.count, ids.examples);
}

Result<> collect(SqliteStatement &statement, const char *operation, Ids &ids)
{
    for (;;) {
        const Result<bool> row = statement.step(operation);
        if (!row)
            return row.error();
        if (!*row)
            return {};
        ids.add(statement.text(0));
    }
}

/// An owner that is asked about once.
class Owners
{
public:
    explicit Owners(const HealthRequest &request) : m_request(request) {}

    platform::Liveness livenessOf(const QString &owner)
    {
        const auto known = m_known.constFind(owner);
        if (known != m_known.cend())
            return *known;
        const std::optional<platform::ProcessIdentity> process = platform::ProcessIdentity::fromString(owner);
        const platform::Liveness liveness =
            process ? m_request.livenessOf(*process) : platform::Liveness::Unknown;
        m_known.insert(owner, liveness);
        return liveness;
    }

private:
    const HealthRequest &m_request;
    QHash<QString, platform::Liveness> m_known;
};

} // namespace

Result<> checkLeases(CheckContext &context)
{
    // Version 1 has no index over the owners, but sets both columns or none.
    static constexpr char v1[] =
        "SELECT job_id, lease_until FROM artifact_jobs WHERE lease_until IS NOT NULL";
    static constexpr char v2[] =
        "SELECT job_id, lease_until FROM artifact_jobs WHERE lease_owner IS NOT NULL";
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(context.connection, context.version >= 2 ? v2 : v1);
    if (!prepared)
        return prepared.error();
    Ids expired;
    Ids farAhead;
    for (;;) {
        const Result<bool> row = statement.step("look at leases");
        if (!row)
            return row.error();
        if (!*row)
            break;
        // By SQLite's order a text lies after every number: such a lease never expires.
        const bool isText = statement.value(1).typeId() == QMetaType::QString;
        const bool isNever = statement.isNull(1);
        const double until = statement.real(1);
        if (!isText && (isNever || until <= context.now.seconds))
            expired.add(statement.text(0));
        else
            ++context.report.activeLeases;
        if (isText || until > context.now.seconds + longestLease)
            farAhead.add(statement.text(0));
    }
    context.report.expiredLeases = expired.count;
    context.checks.add(FindingId::LeasesExpired, findingFor(FindingId::LeasesExpired, expired, {}));
    context.checks.add(FindingId::LeaseFarAhead,
                       findingFor(FindingId::LeaseFarAhead, farAhead,
                                  QStringLiteral("lease_until is more than %1 s ahead").arg(longestLease)));
    return {};
}

Result<> checkOpenOps(CheckContext &context)
{
    static constexpr char v1[] =
        "SELECT o.op_key, o.started_at, NULL, NULL, j.lease_until, "
        "j.state IN ('INDEXED','DEDUPED','SKIPPED_DUPLICATE') FROM artifact_ops AS o "
        "LEFT JOIN artifact_jobs AS j ON j.job_id = o.job_id WHERE o.finished_at IS NULL";
    // What programs of v1 left open in jobs that have ended is theirs, and harms nobody.
    static constexpr char v2[] =
        "SELECT o.op_key, o.started_at, o.owner, j.lease_owner, j.lease_until, "
        "j.hold IS NOT NULL OR j.removed_at IS NOT NULL OR (o.phase IS NULL AND j.done_at IS NOT NULL) "
        "FROM artifact_ops AS o LEFT JOIN artifact_jobs AS j ON j.job_id = o.job_id "
        "WHERE o.finished_at IS NULL";
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(context.connection, context.version >= 2 ? v2 : v1);
    if (!prepared)
        return prepared.error();
    Owners owners(context.request);
    Ids tooLong;
    for (;;) {
        const Result<bool> row = statement.step("look at open operations");
        if (!row)
            return row.error();
        if (!*row)
            break;
        ++context.report.openOps;
        const bool isNobodysWish = statement.integer(5) != 0;
        if (isNobodysWish || statement.real(1) > context.now.seconds - openTooLong)
            continue;
        const QString owner = statement.text(2);
        const bool isLeased = !statement.isNull(4) && statement.real(4) > context.now.seconds;
        const platform::Liveness liveness = owners.livenessOf(owner);
        // Of an owner elsewhere only its lease tells whether it lives.
        const bool isAlive =
            liveness == platform::Liveness::Alive || (liveness == platform::Liveness::Unknown && isLeased);
        if (!isAlive)
            tooLong.add(statement.text(0));
    }
    context.checks.add(FindingId::OpsOpenTooLong,
                       findingFor(FindingId::OpsOpenTooLong, tooLong,
                                  QStringLiteral("open for more than %1 s").arg(openTooLong),
                                  QStringLiteral("artifact_ops")));
    return {};
}

Result<> checkStuckJobs(CheckContext &context)
{
    // The counters say whether there are any; only then the rows are looked for. FINALIZED and done is what
    // version 1 left; whether it may be so is seen row by row, in a deep look.
    static constexpr char counts[] =
        "SELECT coalesce(sum(jobs), 0) FROM ingather_counts WHERE jobs > 0 AND "
        "((state IN ('INDEXED','DEDUPED','SKIPPED_DUPLICATE') AND kind IN ('OPEN','HELD')) OR "
        "(kind = 'DONE' AND state IN ('PLANNED','LEASED','HEAD_DONE','RESUME_OK','STREAMING')))";
    static constexpr char ids[] =
        "SELECT job_id FROM artifact_jobs WHERE removed_at IS NULL AND "
        "((state IN ('INDEXED','DEDUPED','SKIPPED_DUPLICATE') AND done_at IS NULL) OR "
        "(state IN ('PLANNED','LEASED','HEAD_DONE','RESUME_OK','STREAMING') AND done_at IS NOT NULL)) "
        "LIMIT 10";
    static constexpr char waiting[] =
        "SELECT job_id FROM artifact_jobs WHERE next_attempt_at > 0 AND next_attempt_at > ?1 "
        "AND done_at IS NULL AND hold IS NULL AND removed_at IS NULL";
    Ids stuck;
    SqliteStatement statement;
    Result<> done = statement.prepare(context.connection, waiting);
    if (!done)
        return done;
    statement.bind(1, context.now.seconds + longestWait);
    done = collect(statement, "look for jobs that wait too long", stuck);
    if (done)
        done = statement.prepare(context.connection, counts);
    if (!done)
        return done;
    const Result<bool> row = statement.step("look for stuck jobs");
    if (!row)
        return row.error();
    const qint64 contradictory = *row ? statement.integer(0) : 0;
    QStringList details;
    if (stuck.count > 0)
        details.append(QStringLiteral("%1 wait for a time that is more than a year ahead").arg(stuck.count));
    if (contradictory > 0) {
        details.append(
            QStringLiteral("%1 have a state and a done_at that contradict each other").arg(contradictory));
        done = statement.prepare(context.connection, ids);
        Ids some;
        if (done)
            done = collect(statement, "look for stuck jobs", some);
        if (!done)
            return done;
        stuck.count += contradictory;
        stuck.examples = (stuck.examples + some.examples).mid(0, mostExamples);
    }
    context.checks.add(FindingId::JobsStuck,
                       findingFor(FindingId::JobsStuck, stuck, details.join(QStringLiteral("; "))));
    return {};
}

Result<> checkClaimPlan(CheckContext &context)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(context.connection, planOfChooseAnyJob);
    if (!prepared)
        return prepared.error();
    QStringList steps;
    constexpr int planText = 3; // SQLite, "EXPLAIN QUERY PLAN", 1: the column "detail"
    for (;;) {
        const Result<bool> row = statement.step("explain the claim");
        if (!row)
            return row.error();
        if (!*row)
            break;
        steps.append(statement.text(planText));
    }
    const QString plan = steps.join(QStringLiteral("; "));
    const bool isByIndex = plan.contains(QStringLiteral("ingather_ready"));
    const bool isSorted = plan.contains(QStringLiteral("TEMP B-TREE"));
    std::optional<core::Finding> finding;
    if (!isByIndex || isSorted)
        finding = core::found(FindingId::ClaimPlanWrong, QStringLiteral("ingather_ready"), plan);
    context.checks.add(FindingId::ClaimPlanWrong, finding);
    return {};
}

Result<> checkSalvaged(CheckContext &context)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(context.connection, "SELECT count(*) FROM ingather_salvage");
    if (!prepared)
        return prepared.error();
    const Result<bool> row = statement.step("count salvaged rows");
    if (!row)
        return row.error();
    const qint64 rows = *row ? statement.integer(0) : 0;
    std::optional<core::Finding> finding;
    if (rows > 0)
        finding = core::found(FindingId::RowsSalvaged, QStringLiteral("ingather_salvage"), {}, rows);
    context.checks.add(FindingId::RowsSalvaged, finding);
    return {};
}

} // namespace ingather::ledger
