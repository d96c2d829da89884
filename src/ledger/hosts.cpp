// SPDX-License-Identifier: MIT
#include "ledger/hosts.h"

#include "core/host_pace.h"
#include "ledger/bind.h"

#include <algorithm>

namespace ingather::ledger
{

using core::Result;
using core::UnixTime;

namespace
{

constexpr double secondsOfLife = std::chrono::duration<double>(core::hostMemoryLife).count();
/// Rows that a claim reads without asking for them by host.
constexpr int shortTable = 64;

#define INGATHER_HOST_COLUMNS "host, failures, not_before, error_code, accepts_ranges, updated_at"

/// A reader has no transaction whose time it could take.
UnixTime timeOf(const Session &session)
{
    return session.isInTransaction() ? session.now() : session.clock().now();
}

UnixTime oldestKept(const Session &session)
{
    return timeOf(session) - secondsOfLife;
}

HostRecord readHost(const SqliteStatement &row)
{
    HostRecord record;
    record.host = row.value(0).toString();
    record.failures = row.value(1).toInt();
    record.notBefore = {row.value(2).toDouble()};
    record.errorCode = row.value(3).toString();
    if (!row.value(4).isNull())
        record.acceptsRanges = row.value(4).toBool();
    record.updatedAt = {row.value(5).toDouble()};
    return record;
}

Result<QList<HostRecord>> readHosts(const Result<SqliteStatement *> &rows)
{
    if (!rows)
        return rows.error();
    QList<HostRecord> list;
    for (;;) {
        const Result<bool> row = (*rows)->step("read hosts");
        if (!row)
            return row.error();
        if (!*row)
            return list;
        list.append(readHost(**rows));
    }
}

} // namespace

Result<> noteSetback(Session &session, const QString &host, const core::Error &error)
{
    if (host.isEmpty())
        return {};
    const Result<std::optional<HostRecord>> known = ledger::host(session, host);
    if (!known)
        return known.error();
    const UnixTime now = session.now();
    const HostRecord before = known->value_or(HostRecord());
    const bool isSameEvent = before.failures > 0 && before.notBefore > now;
    const int failures = isSameEvent ? before.failures : before.failures + 1;
    const std::chrono::duration<double> pace = core::hostPace(failures, {}, 1).interval;
    const double asked =
        error.retryAfter ? std::chrono::duration<double>(*error.retryAfter).count() : pace.count();
    const double wait = std::min(std::max(pace.count(), asked), secondsOfLife);
    static constexpr char sql[] =
        "INSERT INTO ingather_hosts(host, failures, not_before, error_code, accepts_ranges, updated_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(host) DO UPDATE SET failures = excluded.failures, "
        "not_before = excluded.not_before, error_code = excluded.error_code, updated_at = "
        "excluded.updated_at, accepts_ranges = excluded.accepts_ranges";
    const QVariant ranges = before.acceptsRanges ? integer(*before.acceptsRanges ? 1 : 0) : null();
    return execute(session, sql, "note setback of host",
                   {text(host), integer(failures), time(std::max(before.notBefore, now + wait)),
                    text(core::errorCodeName(error.code)), ranges, time(session.stamp())});
}

Result<> noteDelivery(Session &session, const QString &host)
{
    // What was under way when the host asked for patience says nothing about its patience now.
    static constexpr char lower[] = "UPDATE ingather_hosts SET failures = failures - 1, updated_at = ?1, "
                                    "error_code = CASE WHEN failures > 1 THEN error_code END "
                                    "WHERE host = ?2 AND failures > 0 AND not_before <= ?3";
    const Result<int> lowered = change(session, lower, "note delivery of host",
                                       {time(session.stamp()), text(host), time(session.now())});
    if (!lowered)
        return lowered.error();
    if (*lowered == 0)
        return {};
    static constexpr char forget[] =
        "DELETE FROM ingather_hosts WHERE host = ? AND failures = 0 AND accepts_ranges IS NULL";
    return execute(session, forget, "note delivery of host", {text(host)});
}

Result<> noteRanges(Session &session, const QString &host, bool accepts)
{
    if (host.isEmpty())
        return {};
    static constexpr char dislikes[] =
        "INSERT INTO ingather_hosts(host, accepts_ranges, updated_at) VALUES (?1, 0, ?2) "
        "ON CONFLICT(host) DO UPDATE SET accepts_ranges = 0, updated_at = excluded.updated_at";
    static constexpr char likes[] = "UPDATE ingather_hosts SET accepts_ranges = 1, updated_at = ?2 WHERE "
                                    "host = ?1 AND accepts_ranges = 0";
    return execute(session, accepts ? likes : dislikes, "note ranges of host",
                   {text(host), time(session.stamp())});
}

Result<QList<HostRecord>> hosts(Session &session)
{
    static constexpr char sql[] =
        "SELECT " INGATHER_HOST_COLUMNS " FROM ingather_hosts WHERE updated_at > ? ORDER BY host";
    return readHosts(query(session, sql, {time(oldestKept(session))}));
}

Result<std::optional<HostRecord>> host(Session &session, const QString &host)
{
    static constexpr char sql[] =
        "SELECT " INGATHER_HOST_COLUMNS " FROM ingather_hosts WHERE host = ? AND updated_at > ?";
    const Result<QList<HostRecord>> found =
        readHosts(query(session, sql, {text(host), time(oldestKept(session))}));
    if (!found)
        return found.error();
    if (found->isEmpty())
        return std::optional<HostRecord>();
    return std::optional<HostRecord>(found->first());
}

Result<int> resetHosts(Session &session, const QStringList &hosts)
{
    static constexpr char sql[] = "DELETE FROM ingather_hosts WHERE host IN (SELECT value FROM json_each(?))";
    return change(session, sql, "reset hosts", {jsonList(hosts)});
}

Result<int> resetAllHosts(Session &session)
{
    static constexpr char sql[] = "DELETE FROM ingather_hosts WHERE true";
    return change(session, sql, "reset hosts", {});
}

Result<> forgetOldHosts(Session &session)
{
    static constexpr char sql[] = "DELETE FROM ingather_hosts WHERE updated_at <= ?";
    return execute(session, sql, "forget old hosts", {time(oldestKept(session))});
}

Result<> HostGate::readSome()
{
    m_hasRead = true;
    static constexpr char sql[] = "SELECT " INGATHER_HOST_COLUMNS " FROM ingather_hosts LIMIT ?";
    const Result<QList<HostRecord>> some = readHosts(query(m_session, sql, {integer(shortTable + 1)}));
    if (!some)
        return some.error();
    m_isComplete = some->size() <= shortTable;
    for (const HostRecord &record : *some) {
        if (record.updatedAt > oldestKept(m_session))
            m_known.insert(record.host, record);
    }
    return {};
}

Result<bool> HostGate::isClosed(const QString &host)
{
    if (host.isEmpty())
        return false;
    if (!m_hasRead) {
        if (const Result<> read = readSome(); !read)
            return read.error();
    }
    auto known = m_known.constFind(host);
    if (known == m_known.cend() && m_isComplete)
        return false;
    if (known == m_known.cend()) {
        const Result<std::optional<HostRecord>> record = ledger::host(m_session, host);
        if (!record)
            return record.error();
        known = m_known.insert(host, record->value_or(HostRecord()));
    }
    return known->notBefore > m_session.now();
}

} // namespace ingather::ledger
