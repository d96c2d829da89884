// SPDX-License-Identifier: MIT
#include "engine/worker.h"

#include "core/log_line.h"
#include "engine/blocking.h"
#include "engine/held_file.h"
#include "engine/log.h"
#include "engine/network/network_observer.h"
#include "engine/to_snapshot.h"
#include "ledger/ledger_thread.h"
#include "ledger/network_failures.h"
#include "ledger/queries.h"
#include "storage/filing.h"

#include <QCoroFuture>
#include <QDebug>
#include <QUrl>

#include <algorithm>
#include <utility>

// What a worker does while the network is not as it should be: waits, tries one job at a time, and puts right
// what was taken for the jobs' own fault.

namespace ingather::engine
{

using core::NetworkState;
using core::Result;

namespace
{

constexpr std::chrono::seconds waitForNetwork{15}; ///< as JobRun gives jobs back

QList<ledger::RecordedFailures> byJob(const QList<ChargedFailure> &charges)
{
    QHash<core::JobId, ledger::RecordedFailures> failures;
    for (const ChargedFailure &charge : charges) {
        const auto known = failures.find(charge.job);
        if (known == failures.end())
            failures.insert(charge.job, {charge.job, charge.fence, 1});
        else
            *known = {charge.job, std::max(known->fence, charge.fence), known->count + 1};
    }
    return failures.values();
}

/// Deletes what a portal's page was filed as, if nobody has changed it since. False: left alone.
bool removePage(const ledger::JobRecord &job)
{
    if (job.state != core::JobState::Indexed || job.finalPath.isEmpty() || job.rootPath.isEmpty())
        return false;
    return isHeldIntact(toSnapshot(job)) && storage::removeFiled(job.rootPath, job.finalPath);
}

} // namespace

void Worker::followNetwork()
{
    const NetworkState state = m_shared.network.state();
    if (std::exchange(m_networkState, state) == state)
        return;
    qCInfo(logEngine).noquote() << "the network is now:" << core::networkStateName(state);
    Q_EMIT networkChanged(state);
    if (state == NetworkState::Online) {
        m_probe.reset();
        resumeWork();
    } else {
        suspendWork();
    }
}

/// Of earlier processes: this one may begin where nothing answers.
QCoro::Task<void> Worker::rememberWitnesses()
{
    auto query = m_shared.reader.post<QList<ledger::JobRecord>>(
        [](ledger::Session &session) { return ledger::latestDeliveries(session); });
    const Result<QList<ledger::JobRecord>> jobs = co_await query;
    for (const ledger::JobRecord &job : jobs.value_or(QList<ledger::JobRecord>()))
        m_shared.network.remember(job.host, QUrl(job.canonicalUrl, QUrl::StrictMode));
}

/// Hosts that have answered once tell a dead network from hosts that are gone for good.
QCoro::Task<void> Worker::askWitnesses()
{
    if (std::exchange(m_isAskingWitnesses, true))
        co_return;
    const InFlight inFlight(*this);
    for (const QUrl &url : m_shared.network.witnesses()) {
        if (m_isStopping || m_shared.network.isOnline())
            break;
        auto asked = m_threads.front()->ask(url, m_witnessStop.get_token());
        co_await asked;
    }
    m_isAskingWitnesses = false;
}

/// What has not begun goes back: while it waits, other processes may fare better.
QCoro::Task<void> Worker::suspendWork()
{
    const InFlight inFlight(*this);
    m_triedHosts.clear();
    for (auto host = m_connections.keyBegin(); host != m_connections.keyEnd(); ++host)
        m_triedHosts.insert(*host);
    if (Result<> released = co_await releaseWaiting(nullptr); !released)
        report(released.error());
    co_await askWitnesses();
}

QCoro::Task<void> Worker::resumeWork()
{
    const InFlight inFlight(*this);
    co_await putRight();
    auto woken = m_shared.writer.post<int>(
        [](ledger::Session &session) { return ledger::wakeWaitingForNetwork(session, waitForNetwork); });
    if (Result<int> count = co_await woken; !count)
        report(count.error());
    co_await claimMore();
}

/// Whether a claim may be made now, and for how many: while the network is away, for one that tries it.
int Worker::roomForNetwork(int room)
{
    if (m_shared.network.isOnline())
        return room;
    return !m_probe && m_shared.network.isProbeDue() ? 1 : 0;
}

/// Hosts take turns in being tried: the oldest jobs may all be of one that is dead.
void Worker::passOverTriedHosts(ledger::ClaimRequest &request) const
{
    for (const QString &host : m_triedHosts)
        request.heldOfHost[host] = request.perHost;
}

void Worker::beginProbe(const QList<ledger::ClaimedJob> &claimed)
{
    if (claimed.isEmpty()) {
        m_triedHosts.clear();
        return;
    }
    m_probe = claimed.first().job.id;
    m_triedHosts.insert(claimed.first().job.host);
    m_shared.network.probeBegan();
    askWitnesses();
}

/// Attempts that were charged before anybody knew, and pages that were filed as documents.
QCoro::Task<void> Worker::putRight()
{
    const InFlight inFlight(*this);
    const QList<ledger::RecordedFailures> failures = byJob(m_shared.network.takeExcused());
    if (!failures.isEmpty()) {
        const std::chrono::seconds wait =
            m_shared.network.isOnline() ? std::chrono::seconds(0) : waitForNetwork;
        auto taken = m_shared.writer.post<QList<core::JobId>>([failures, wait](ledger::Session &session) {
            return ledger::takeBackFailures(session, failures, wait);
        });
        Result<QList<core::JobId>> jobs = co_await taken;
        if (jobs) {
            qCInfo(logEngine) << "takes back the failures of" << jobs->size() << "jobs";
            for (const core::JobId &id : *jobs)
                awaitAgain(id);
        } else {
            report(jobs.error());
        }
    }
    for (const core::JobId &id : m_shared.network.takeDeceived())
        co_await takeBackPage(id);
}

/// A worker on certain jobs only has done with those that ended for good.
void Worker::awaitAgain(const core::JobId &id)
{
    const bool isOurs = m_scope.onlyThese.contains(id) && !m_runs.contains(id);
    if (isOurs && std::find(m_pending.begin(), m_pending.end(), id) == m_pending.end())
        m_pending.push_back(id);
}

QCoro::Task<void> Worker::takeBackPage(core::JobId id)
{
    auto query = m_shared.reader.post<std::optional<ledger::JobRecord>>(
        [id](ledger::Session &session) { return ledger::job(session, id); });
    const Result<std::optional<ledger::JobRecord>> job = co_await query;
    if (!job || !*job)
        co_return;
    auto removal = runBlocking(m_shared.blocking, [record = **job] { return removePage(record); });
    const bool isRemoved = co_await removal;
    if (!isRemoved)
        co_return;
    auto taken = m_shared.writer.post<bool>([id, sha256 = (*job)->sha256](ledger::Session &session) {
        return ledger::takeBackDelivery(session, id, sha256);
    });
    const Result<bool> outcome = co_await taken;
    if (!outcome)
        report(outcome.error());
    else if (*outcome)
        qCInfo(logEngine).noquote() << core::LogContext{.job = id} << "was a portal's page; fetched again";
    if (outcome && *outcome)
        awaitAgain(id);
}

} // namespace ingather::engine
