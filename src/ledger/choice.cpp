// SPDX-License-Identifier: MIT
#include "ledger/choice.h"

#include "ledger/bind.h"
#include "ledger/claim_sql.h"
#include "ledger/hosts.h"

#include <QSet>

#include <limits>

namespace ingather::ledger
{

using core::Result;

namespace
{

/// Jobs of full hosts that are passed over in the order of priority and age, before the hosts are asked.
constexpr int mostPassedOver = 64;
/// Jobs that one claim walks past for limited roots, and hosts that it jumps over meanwhile.
constexpr int mostWalkedPast = 256;
constexpr int mostJumps = 32;
constexpr qint64 behindHost = std::numeric_limits<qint64>::max(); ///< as a row: the end of its host's jobs

struct Candidate {
    qint64 row = 0;
    QString host;
    std::optional<qint64> root;
};

class Choice final
{
public:
    explicit Choice(Session &session, const ClaimRequest &request)
        : m_session(session), m_request(request), m_gate(session), m_taken(request.heldOfHost),
          m_leftOfRoot(request.leftOfRoot)
    {
    }
    Q_DISABLE_COPY_MOVE(Choice)

    Result<> amongThese();
    Result<> byPriority();
    /// The hosts behind `first` and, with an `end`, up to that one.
    Result<> byHost(const QString &first, const QString &end);
    Result<> ofHost(const QVariant &host);
    /// All ready jobs behind `request.from`, as far as one claim goes.
    Result<> walk();

    bool hasReachedEnd() const { return !m_stoppedAt; }
    bool isFull() const { return m_rows.size() >= m_request.limit; }
    /// Jobs of full hosts stand in front, and others may stand behind them.
    bool isObstructed() const { return m_passedOver > 0 && m_seen == m_request.limit + mostPassedOver; }
    ChosenJobs chosen() const;

private:
    /// A host that is not known has no share: those are of programs of v1, and the claim will learn it.
    int leftFor(const QString &host) const
    {
        if (m_request.perHost <= 0 || host.isEmpty())
            return std::numeric_limits<int>::max();
        return m_request.perHost - m_taken.value(host);
    }
    /// Whether the host is to give nothing now: it has its share, or its time has not come.
    Result<bool> isFullOrClosed(const QString &host);
    Result<SqliteStatement *> behind(const ReadyPlace &place, int most);
    bool isRootUsedUp(const Candidate &job) const;
    Candidate candidate(const SqliteStatement &at) const;
    Result<bool> offer(const Candidate &job);
    void take(const Candidate &job);
    Result<> takeRows(const Result<SqliteStatement *> &rows);
    QVariant anyRoot() const { return integer(m_request.defaultRootId ? 1 : 0); }

    Session &m_session;
    const ClaimRequest &m_request;
    HostGate m_gate;
    QHash<QString, int> m_taken;
    QHash<qint64, int> m_leftOfRoot;
    std::optional<ReadyPlace> m_stoppedAt;
    QHash<QString, int> m_failures;
    QSet<qint64> m_known;
    QList<qint64> m_rows;
    int m_seen = 0;
    int m_passedOver = 0;
};

Result<bool> Choice::isFullOrClosed(const QString &host)
{
    if (leftFor(host) <= 0)
        return true;
    return m_gate.isClosed(host);
}

bool Choice::isRootUsedUp(const Candidate &job) const
{
    return job.root && m_leftOfRoot.value(*job.root, 1) <= 0;
}

/// Of a row with rowid, host and root_id. A job without a root would get the default one.
Candidate Choice::candidate(const SqliteStatement &at) const
{
    Candidate job{at.value(0).toLongLong(), at.value(1).toString(), m_request.defaultRootId};
    if (const QVariant root = at.value(2); !root.isNull())
        job.root = root.toLongLong();
    return job;
}

/// False: passed over.
Result<bool> Choice::offer(const Candidate &job)
{
    ++m_seen;
    if (m_known.contains(job.row))
        return true;
    if (isRootUsedUp(job)) {
        ++m_passedOver;
        return false;
    }
    const Result<bool> isPassedOver = isFullOrClosed(job.host);
    if (!isPassedOver)
        return isPassedOver.error();
    if (*isPassedOver) {
        ++m_passedOver;
        return false;
    }
    take(job);
    return true;
}

void Choice::take(const Candidate &job)
{
    m_known.insert(job.row);
    m_rows.append(job.row);
    ++m_taken[job.host];
    if (const auto left = job.root ? m_leftOfRoot.find(*job.root) : m_leftOfRoot.end();
        left != m_leftOfRoot.end())
        --*left;
    if (const int failures = m_gate.failuresOf(job.host); failures > 0)
        m_failures.insert(job.host, failures);
}

ChosenJobs Choice::chosen() const
{
    return {m_rows, m_failures, m_stoppedAt};
}

/// Reads no further than it must: most claims are full after as many rows as they want.
Result<> Choice::takeRows(const Result<SqliteStatement *> &rows)
{
    if (!rows)
        return rows.error();
    while (!isFull()) {
        const Result<bool> row = (*rows)->step("choose jobs");
        if (!row)
            return row.error();
        if (!*row)
            return {};
        if (const Result<bool> offered = offer(candidate(**rows)); !offered)
            return offered.error();
    }
    (*rows)->reset();
    return {};
}

Result<> Choice::amongThese()
{
    // The list drives, each job found by its primary key; CROSS JOIN keeps it so.
    static constexpr char sql[] =
        "SELECT j.rowid, j.host, j.root_id FROM json_each(?1) AS wanted CROSS JOIN artifact_jobs AS j "
        "ON j.job_id = wanted.value WHERE " INGATHER_READY
        " AND (?2 OR root_id IS NOT NULL) ORDER BY priority DESC, created_at";
    QStringList ids;
    for (const core::JobId &id : m_request.onlyThese)
        ids.append(id.value);
    return takeRows(query(m_session, sql, {jsonList(ids), anyRoot()}));
}

Result<> Choice::byPriority()
{
    return takeRows(query(m_session, chooseAnyJob, {anyRoot(), integer(m_request.limit + mostPassedOver)}));
}

Result<> Choice::ofHost(const QVariant &host)
{
    // In the order of age, as rows are written; a job with a higher priority stands in front in
    // ingather_ready.
    static constexpr char sql[] =
        "SELECT rowid, host, root_id FROM artifact_jobs INDEXED BY ingather_by_host WHERE " INGATHER_READY
        " AND host IS ?1 AND (?2 OR root_id IS NOT NULL) ORDER BY rowid LIMIT ?3";
    return takeRows(query(m_session, sql, {host, anyRoot(), integer(m_request.limit + mostPassedOver)}));
}

Result<> Choice::byHost(const QString &first, const QString &end)
{
    static constexpr char sql[] =
        "SELECT host FROM artifact_jobs INDEXED BY ingather_by_host WHERE " INGATHER_READY
        " AND host > ?1 AND (?2 OR root_id IS NOT NULL) ORDER BY host LIMIT 1";
    for (QString host = first; !isFull();) {
        const Result<SqliteStatement *> rows = query(m_session, sql, {text(host), anyRoot()});
        if (!rows)
            return rows.error();
        const Result<bool> row = (*rows)->step("find next host");
        if (!row)
            return row.error();
        if (!*row)
            return {};
        host = (*rows)->value(0).toString();
        (*rows)->reset();
        const bool isBeyond = !end.isEmpty() && host > end;
        if (isBeyond)
            return {};
        const Result<bool> isPassedOver = isFullOrClosed(host);
        if (!isPassedOver)
            return isPassedOver.error();
        const Result<> done = *isPassedOver ? Result<>() : ofHost(text(host));
        if (!done)
            return done;
    }
    return {};
}

/// The jobs behind a place: first those of its host, then those of the hosts behind it. (A comparison of both
/// columns at once would read its host from the beginning.)
Result<SqliteStatement *> Choice::behind(const ReadyPlace &place, int most)
{
#define INGATHER_WALK                                                                                        \
    "SELECT rowid, host, root_id FROM artifact_jobs INDEXED BY ingather_by_host WHERE " INGATHER_READY       \
    " AND (?1 OR root_id IS NOT NULL) AND "
    static constexpr char restOfHost[] = INGATHER_WALK "host = ?2 AND rowid > ?4 ORDER BY rowid LIMIT ?3";
    static constexpr char laterHosts[] = INGATHER_WALK "host > ?2 ORDER BY host, rowid LIMIT ?3";
#undef INGATHER_WALK
    if (place.row == behindHost)
        return query(m_session, laterHosts, {anyRoot(), text(place.host), integer(most)});
    return query(m_session, restOfHost, {anyRoot(), text(place.host), integer(most), integer(place.row)});
}

Result<> Choice::walk()
{
    ReadyPlace place = m_request.from;
    int left = mostWalkedPast;
    for (int jumps = 0; left > 0 && jumps < mostJumps && !isFull(); ++jumps) {
        if (place.host.isEmpty())
            place.row = behindHost;
        const bool seesLaterHosts = place.row == behindHost;
        const Result<SqliteStatement *> rows = behind(place, left);
        if (!rows)
            return rows.error();
        while (left > 0 && !isFull()) {
            const Result<bool> row = (*rows)->step("walk through ready jobs");
            if (!row)
                return row.error();
            if (!*row) {
                if (seesLaterHosts)
                    return {};
                place.row = behindHost;
                break;
            }
            --left;
            const Candidate job = candidate(**rows);
            place = {job.host, job.row};
            const Result<bool> offered = offer(job);
            if (!offered)
                return offered.error();
            if (!*offered && !isRootUsedUp(job)) {
                // It is the host that gives nothing: its other jobs need not be looked at.
                place.row = behindHost;
                break;
            }
        }
        (*rows)->reset();
    }
    m_stoppedAt = place;
    return {};
}

} // namespace

Result<ChosenJobs> chooseJobs(Session &session, const ClaimRequest &request)
{
    Choice choice(session, request);
    Result<> done = request.onlyThese.isEmpty() ? choice.byPriority() : choice.amongThese();
    const bool isObstructed = request.onlyThese.isEmpty() && choice.isObstructed();
    const bool walks = isObstructed && !request.leftOfRoot.isEmpty();
    const bool asksHosts = isObstructed && !walks;
    if (done && walks)
        done = choice.walk();
    if (done && asksHosts)
        done = choice.byHost(request.afterHost, {});
    if (done && asksHosts && !request.afterHost.isEmpty())
        done = choice.byHost({}, request.afterHost);
    if (done && (asksHosts || (walks && choice.hasReachedEnd())))
        done = choice.ofHost(null());
    if (!done)
        return done.error();
    return choice.chosen();
}

} // namespace ingather::ledger
