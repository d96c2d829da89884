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

class Choice final
{
public:
    explicit Choice(Session &session, const ClaimRequest &request)
        : m_session(session), m_request(request), m_gate(session), m_taken(request.heldOfHost)
    {
    }
    Q_DISABLE_COPY_MOVE(Choice)

    Result<> amongThese();
    Result<> byPriority();
    /// The hosts behind `first` and, with an `end`, up to that one.
    Result<> byHost(const QString &first, const QString &end);
    Result<> ofHost(const QVariant &host);

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
    Result<> offer(qint64 row, const QString &host);
    Result<> takeRows(const Result<SqliteStatement *> &rows);
    QVariant anyRoot() const { return integer(m_request.defaultRootId ? 1 : 0); }

    Session &m_session;
    const ClaimRequest &m_request;
    HostGate m_gate;
    QHash<QString, int> m_taken;
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

Result<> Choice::offer(qint64 row, const QString &host)
{
    ++m_seen;
    if (m_known.contains(row))
        return {};
    const Result<bool> isPassedOver = isFullOrClosed(host);
    if (!isPassedOver)
        return isPassedOver.error();
    if (*isPassedOver) {
        ++m_passedOver;
        return {};
    }
    m_known.insert(row);
    m_rows.append(row);
    ++m_taken[host];
    if (const int failures = m_gate.failuresOf(host); failures > 0)
        m_failures.insert(host, failures);
    return {};
}

ChosenJobs Choice::chosen() const
{
    return {m_rows, m_failures};
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
        if (const Result<> offered = offer((*rows)->value(0).toLongLong(), (*rows)->value(1).toString());
            !offered)
            return offered;
    }
    (*rows)->reset();
    return {};
}

Result<> Choice::amongThese()
{
    // The list drives, each job found by its primary key; CROSS JOIN keeps it so.
    static constexpr char sql[] =
        "SELECT j.rowid, j.host FROM json_each(?1) AS wanted CROSS JOIN artifact_jobs AS j "
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
        "SELECT rowid, host FROM artifact_jobs INDEXED BY ingather_by_host WHERE " INGATHER_READY
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

} // namespace

Result<ChosenJobs> chooseJobs(Session &session, const ClaimRequest &request)
{
    Choice choice(session, request);
    Result<> done = request.onlyThese.isEmpty() ? choice.byPriority() : choice.amongThese();
    const bool asksHosts = request.onlyThese.isEmpty() && choice.isObstructed();
    if (done && asksHosts)
        done = choice.byHost(request.afterHost, {});
    if (done && asksHosts && !request.afterHost.isEmpty())
        done = choice.byHost({}, request.afterHost);
    if (done && asksHosts)
        done = choice.ofHost(null());
    if (!done)
        return done.error();
    return choice.chosen();
}

} // namespace ingather::ledger
