// SPDX-License-Identifier: MIT
#include "engine/worker.h"

#include "core/log_line.h"
#include "engine/log.h"
#include "engine/network/network_observer.h"
#include "ledger/leases.h"
#include "ledger/ledger_thread.h"

#include <QCoroFuture>
#include <QDebug>

#include <algorithm>

// Politeness: when a job that was claimed may begin, and when it is better given back.

namespace ingather::engine
{

using core::BootTime;
using core::ErrorCode;
using core::Result;

/// Of a host that has to be asked slowly no more than it may be asked at a time is claimed ahead.
int Worker::mostOfHost(const QString &host) const
{
    const int connections = m_pacer.connectionsTo(host);
    return connections < m_shared.settings.connectionsPerHost ? 2 * connections : mostOfHost();
}

bool Worker::mayStart(const ledger::JobRecord &job) const
{
    if (!m_shared.network.isOnline() && m_probe != job.id)
        return false;
    if (!m_volumes.mayStart(job.id, job.rootId))
        return false;
    return hasConnection(job.host) &&
           m_pacer.timeUntilNext(job.host, m_shared.clock.sinceBoot()).count() == 0;
}

/// Wakes when the next host may be asked of those that are waited for.
void Worker::awaitPace()
{
    const BootTime now = m_shared.clock.sinceBoot();
    std::optional<BootTime> soonest;
    for (const ledger::ClaimedJob &job : std::as_const(m_waiting)) {
        const BootTime wait = m_pacer.timeUntilNext(job.job.host, now);
        if (wait.count() > 0 && hasConnection(job.job.host))
            soonest = soonest ? std::min(*soonest, wait) : wait;
    }
    if (soonest)
        m_paceTimer.start(std::chrono::ceil<std::chrono::milliseconds>(*soonest));
}

/// Gives back what waits and is meant, or (null) all: a lease is no place to wait for hours.
QCoro::Task<Result<>> Worker::releaseWaiting(std::function<bool(const ledger::JobRecord &)> isMeant)
{
    QList<ledger::Release> releases;
    for (qsizetype i = 0; i < m_waiting.size();) {
        if (isMeant && !isMeant(m_waiting[i].job)) {
            ++i;
            continue;
        }
        const ledger::ClaimedJob job = m_waiting.takeAt(i);
        m_runs.remove(job.job.id);
        if (m_probe == job.job.id)
            m_probe.reset();
        m_volumes.ended(job.job.id, m_shared.clock.sinceBoot());
        if (!m_scope.onlyThese.isEmpty())
            m_pending.push_back(job.job.id);
        releases.append({.lease = job.lease, .errorCode = {}, .errorDetail = {}});
    }
    if (releases.isEmpty())
        co_return Result<>();
    auto released = m_shared.writer.post<void>([releases](ledger::Session &session) -> Result<> {
        for (const ledger::Release &release : releases) {
            Result<> outcome = ledger::release(session, release);
            if (!outcome && outcome.error().code != ErrorCode::LeaseLost)
                return outcome;
        }
        return {};
    });
    co_return co_await released;
}

/// What the ledger remembers of a host whose request has just ended.
QCoro::Task<void> Worker::heed(QString host, std::optional<ledger::HostRecord> memory)
{
    const ledger::HostRecord known = memory.value_or(ledger::HostRecord());
    const BootTime now = m_shared.clock.sinceBoot();
    const std::chrono::duration<double> closedFor(known.notBefore.seconds - m_shared.clock.now().seconds);
    m_pacer.learn(host, known.failures, std::max(closedFor, decltype(closedFor)::zero()), now);
    if (!m_pacer.isClosed(host, now))
        co_return;
    qCDebug(logEngine).noquote() << host << "asks for patience:" << known.errorCode << "for"
                                 << closedFor.count() << "s";
    auto isOfHost = [host](const ledger::JobRecord &job) { return job.host == host; };
    if (Result<> released = co_await releaseWaiting(isOfHost); !released)
        report(released.error());
}

} // namespace ingather::engine
