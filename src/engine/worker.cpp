// SPDX-License-Identifier: MIT
#include "engine/worker.h"

#include "core/log_line.h"
#include "engine/http_settings.h"
#include "engine/log.h"
#include "engine/network/network_observer.h"
#include "engine/to_snapshot.h"
#include "ledger/ledger_thread.h"
#include "ledger/planning.h"
#include "ledger/queries.h"

#include <QCoroFuture>
#include <QDebug>
#include <QThread>

#include <algorithm>
#include <utility>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

constexpr std::chrono::milliseconds watchInterval{250};
constexpr std::chrono::milliseconds retryInterval{1000};
constexpr int mostThreads = 4;
constexpr int candidatesPerClaim = 4;
constexpr int filingsPerLane = 4;

int threadCount(const Settings &settings)
{
    if (settings.threads > 0)
        return settings.threads;
    return std::clamp(QThread::idealThreadCount(), 1, mostThreads);
}

/// What the ledger has of a job, and of its host, when a run has ended.
struct AfterRun {
    std::optional<ledger::JobRecord> job;
    std::optional<ledger::HostRecord> host;
};

Result<AfterRun> readAfterRun(ledger::Session &session, const core::JobId &id, const QString &hostName)
{
    Result<std::optional<ledger::JobRecord>> job = ledger::job(session, id);
    if (!job)
        return job.error();
    Result<std::optional<ledger::HostRecord>> host = ledger::host(session, hostName);
    if (!host)
        return host.error();
    return AfterRun{std::move(*job), std::move(*host)};
}

} // namespace

Worker::Worker(const SharedServices &shared, std::shared_ptr<transfer::LoginSource> logins,
               const QString &owner, const WorkerScope &scope)
    : m_shared(shared), m_logins(std::move(logins)), m_owner(owner), m_scope(scope),
      m_pacer(shared.settings.hostInterval, shared.settings.connectionsPerHost), m_walkTimer(this),
      m_pending(scope.onlyThese.begin(), scope.onlyThese.end()), m_renewTimer(this), m_watchTimer(this),
      m_paceTimer(this)
{
}

Worker::~Worker() = default;

void Worker::start()
{
    const Settings &settings = m_shared.settings;
    // Checked with the settings; a file of theirs that changed since then is no reason to start without them.
    Result<transfer::HttpOptions> options = httpOptions(settings);
    if (!options) {
        Q_EMIT ledgerFailed(core::toLogText(options.error()));
        return;
    }
    options->logins = m_logins;
    const auto ended = [this](const core::JobId &id) {
        QMetaObject::invokeMethod(
            this, [this, id] { endRun(id); }, Qt::QueuedConnection);
    };
    for (int i = 0; i < threadCount(settings); ++i)
        m_threads.push_back(std::make_unique<LaneThread>(m_shared, *options, ended));

    m_shared.network.beginBeats();
    followNetwork();
    connect(&m_renewTimer, &QTimer::timeout, this, [this] { renewLeases(); });
    connect(&m_watchTimer, &QTimer::timeout, this, [this] {
        m_shared.network.beat();
        putRight();
        lookAtVolumes();
        watch();
    });
    connect(&m_paceTimer, &QTimer::timeout, this, &Worker::startWaiting);
    m_paceTimer.setSingleShot(true);
    m_paceTimer.setTimerType(Qt::PreciseTimer);
    m_walkTimer.setSingleShot(true);
    connect(&m_walkTimer, &QTimer::timeout, this, [this] { claimMore(); });
    m_renewTimer.start(std::chrono::duration_cast<std::chrono::milliseconds>(settings.leaseTtl) / 3);
    m_watchTimer.start(watchInterval);
    begin();
}

QCoro::Task<void> Worker::begin()
{
    const InFlight inFlight(*this);
    auto registered = m_shared.writer.post<std::optional<qint64>>(
        [owner = m_owner,
         folder = m_scope.defaultFolder](ledger::Session &session) -> Result<std::optional<qint64>> {
            if (Result<> done = ledger::registerOwner(session, owner, QStringLiteral("worker")); !done)
                return done.error();
            if (Result<> done = ledger::forgetOldHosts(session); !done)
                return done.error();
            if (folder.isEmpty())
                return std::optional<qint64>();
            Result<qint64> root = ledger::rootIdFor(session, folder);
            if (!root)
                return root.error();
            return std::optional<qint64>(*root);
        });
    Result<std::optional<qint64>> root = co_await registered;
    if (!root) {
        report(root.error());
        if (core::errorClass(root.error().code) == core::ErrorClass::Wait)
            QTimer::singleShot(retryInterval, this, [this] {
                if (!m_isStopping)
                    begin();
            });
        co_return;
    }
    m_defaultRoot = *root;
    co_await rememberWitnesses();
    co_await rememberMounts();
    co_await lookForDeadOwners();
    m_hasBegun = true;
    co_await claimMore();
}

core::BootTime Worker::mayWriteUntil(core::BootTime grantedAt) const
{
    return grantedAt + std::chrono::duration_cast<core::BootTime>(m_shared.settings.leaseTtl) * 5 / 6;
}

int Worker::lanesInUse() const
{
    return static_cast<int>(m_runs.size() - m_waiting.size()) - m_filing;
}

bool Worker::hasConnection(const QString &host) const
{
    return m_connections.value(host) < m_pacer.connectionsTo(host);
}

/// Jobs that wait for a lane, and not for their host.
int Worker::readyToStart() const
{
    return static_cast<int>(
        std::count_if(m_waiting.begin(), m_waiting.end(),
                      [this](const ledger::ClaimedJob &job) { return mayStart(job.job); }));
}

int Worker::heldOfHost(const QString &host) const
{
    return static_cast<int>(std::count_if(
        m_runs.begin(), m_runs.end(), [&host](const Run &run) { return run.host == host && !run.isFiling; }));
}

/// What it may fetch at a time, and some more, so that its connections need not wait for the next claim; not
/// so many that the jobs of a slow host are all that this worker has.
int Worker::mostOfHost() const
{
    const int connections = m_shared.settings.connectionsPerHost;
    return connections + std::clamp(m_shared.settings.lanes / 2, 1, 3 * connections);
}

void Worker::report(const Error &error)
{
    // What keeps the ledger away keeps coming back every second until it is gone: told once.
    if (std::exchange(m_reported, error.code) != error.code)
        qCWarning(logEngine).noquote()
            << core::LogContext().with(error) << "worker:" << core::toLogText(error);
    if (core::errorClass(error.code) != core::ErrorClass::Wait)
        Q_EMIT ledgerFailed(core::toLogText(error));
}

ledger::ClaimRequest Worker::nextClaim(int limit)
{
    ledger::ClaimRequest request{.limit = limit,
                                 .ttl = m_shared.settings.leaseTtl,
                                 .deadOwners = {},
                                 .onlyThese = {},
                                 .defaultRootId = m_defaultRoot,
                                 .perHost = mostOfHost(),
                                 .heldOfHost = {},
                                 .afterHost = m_lastHost,
                                 .leftOfRoot = m_volumes.leftOfRoots(m_shared.clock.sinceBoot()),
                                 .from = m_claimFrom};
    for (const Run &run : std::as_const(m_runs)) {
        if (!run.isFiling)
            ++request.heldOfHost[run.host];
    }
    // A host that has to be asked slowly has a smaller share: the rest of it counts as held.
    for (const QString &slow : m_pacer.hosts())
        request.heldOfHost[slow] += mostOfHost() - mostOfHost(slow);
    // A limited scope is asked for a handful at a time, in turn, whatever its size.
    const std::size_t candidates =
        std::min(m_pending.size(), static_cast<std::size_t>(limit) * candidatesPerClaim);
    for (std::size_t i = 0; i < candidates; ++i) {
        request.onlyThese.append(m_pending.front());
        m_pending.pop_front();
    }
    return request;
}

QCoro::Task<void> Worker::claimMore()
{
    const int lanes = m_shared.settings.lanes;
    const int ready = readyToStart();
    const int room = roomForNetwork(2 * lanes - lanesInUse() - ready);
    const bool isLimited = !m_scope.onlyThese.isEmpty();
    if (!m_hasBegun || m_isClaiming || m_isStopping || room <= 0 || ready > lanes / 2)
        co_return;
    if (isLimited && m_pending.empty()) {
        co_return;
    }
    const InFlight inFlight(*this);
    m_isClaiming = true;
    m_watchesSinceClaim = 0;
    const core::BootTime grantedAt = m_shared.clock.sinceBoot();
    const bool isProbe = !m_shared.network.isOnline();
    ledger::ClaimRequest request = nextClaim(room);
    if (isProbe)
        passOverTriedHosts(request);
    auto future = m_shared.writer.post<ledger::ClaimAnswer>(
        [request](ledger::Session &session) { return ledger::claimSome(session, request); });
    Result<ledger::ClaimAnswer> answer = co_await future;
    m_isClaiming = false;
    if (!answer) {
        m_pending.insert(m_pending.end(), request.onlyThese.begin(), request.onlyThese.end());
        report(answer.error());
        co_return;
    }
    const QList<ledger::ClaimedJob> *claimed = &answer->jobs;
    m_reported.reset();
    if (isProbe)
        beginProbe(*claimed);
    if (!claimed->isEmpty())
        qCDebug(logEngine) << "claimed" << claimed->size() << "of" << room;
    for (const ledger::ClaimedJob &job : std::as_const(*claimed)) {
        if (m_runs.contains(job.job.id))
            m_early.insert(job.job.id, {job, grantedAt});
        else
            admit(job, grantedAt);
    }
    for (const core::JobId &id : request.onlyThese) {
        if (!m_runs.contains(id))
            m_pending.push_back(id);
    }
    if (!claimed->isEmpty())
        m_lastHost = claimed->last().job.host;
    co_await followClaim(*answer, room);
    startWaiting();
    if (!isProbe && !m_shared.network.isOnline())
        co_await suspendWork();
    if (claimed->isEmpty() && m_runs.isEmpty() && !m_isStopping)
        co_await announceIdle();
}

void Worker::admit(const ledger::ClaimedJob &job, core::BootTime claimedAt)
{
    m_pacer.learn(job.job.host, job.hostFailures, {}, m_shared.clock.sinceBoot());
    Run run;
    run.control = std::make_shared<RunControl>(mayWriteUntil(claimedAt), milestonesOf(job.job.id));
    run.fence = job.lease.fence;
    run.host = job.job.host;
    run.rootId = job.job.rootId;
    run.rootPath = job.job.rootPath;
    m_runs.insert(job.job.id, run);
    m_waiting.append(job);
}

/// Idle is more than an empty claim: jobs in backoff and jobs that living others have are waited for.
QCoro::Task<void> Worker::announceIdle()
{
    const bool leavesRootlessAlone = !m_defaultRoot.has_value();
    auto query =
        m_shared.reader.post<qint64>([leavesRootlessAlone](ledger::Session &session) -> Result<qint64> {
            Result<ledger::LedgerStatus> status = ledger::status(session);
            if (!status)
                return status.error();
            if (!leavesRootlessAlone)
                return status->unfinished;
            Result<qint64> rootless = ledger::openJobsWithoutRoot(session);
            if (!rootless)
                return rootless.error();
            return status->unfinished - *rootless;
        });
    Result<qint64> unfinished = co_await query;
    if (unfinished && *unfinished == 0 && m_runs.isEmpty() && !m_isStopping)
        Q_EMIT idle();
}

void Worker::startWaiting()
{
    // Where filing cannot keep up, fetching more would only lengthen its queue.
    if (m_isStopping || m_filing >= filingsPerLane * m_shared.settings.lanes)
        return;
    for (qsizetype i = 0; i < m_waiting.size() && lanesInUse() < m_shared.settings.lanes;) {
        if (mayStart(m_waiting[i].job))
            startRun(m_waiting.takeAt(i));
        else
            ++i;
    }
    awaitPace();
}

void Worker::startRun(ledger::ClaimedJob job)
{
    Run &run = m_runs[job.job.id];
    const auto leastLoaded = std::min_element(m_threads.begin(), m_threads.end(),
                                              [](const auto &a, const auto &b) { return a->load < b->load; });
    run.lane = leastLoaded->get();
    ++run.lane->load;
    ++m_connections[run.host];
    m_pacer.started(run.host, m_shared.clock.sinceBoot());
    run.lane->start(std::move(job), run.control);
}

void Worker::giveUpConnection(const QString &host)
{
    if (--m_connections[host] == 0)
        m_connections.remove(host);
}

/// Filing waits for the disk and for the ledger: the network need not wait with it.
void Worker::endTransfer(const core::JobId &id)
{
    const auto run = m_runs.find(id);
    if (run == m_runs.end() || !run->lane || run->isFiling)
        return;
    run->isFiling = true;
    ++m_filing;
    giveUpConnection(run->host);
    startWaiting();
    claimMore();
}

QCoro::Task<void> Worker::endRun(core::JobId id)
{
    const InFlight inFlight(*this);
    const Run run = m_runs.take(id);
    --run.lane->load;
    if (run.isFiling)
        --m_filing;
    else
        giveUpConnection(run.host);
    if (const auto early = m_early.constFind(id); early != m_early.cend()) {
        admit(early->first, early->second);
        m_early.erase(early);
    }
    const std::optional<ErrorCode> failure = run.control->failure();
    if (failure && core::asksForPatience(*failure))
        m_pacer.hold(run.host, m_shared.clock.sinceBoot());
    if (m_probe == id)
        m_probe.reset();
    heedVolume(id, run, failure);
    startWaiting();
    auto query = m_shared.reader.post<AfterRun>(
        [id, host = run.host](ledger::Session &session) { return readAfterRun(session, id, host); });
    // Where the hosts set the pace, one claim for several of a host's jobs is as good as one for each.
    if (m_runs.isEmpty() || 3 * heldOfHost(run.host) <= 2 * mostOfHost())
        claimMore();
    Result<AfterRun> after = co_await query;
    if (after)
        co_await heed(run.host, after->host);
    if (after && after->job) {
        const JobSnapshot snapshot = toSnapshot(*after->job);
        if (snapshot.hasEnded())
            Q_EMIT jobEnded(snapshot);
        else if (!m_scope.onlyThese.isEmpty() && !m_runs.contains(id))
            m_pending.push_back(id);
    } else if (!after && !m_scope.onlyThese.isEmpty() && !m_runs.contains(id)) {
        m_pending.push_back(id);
    }
    if (m_runs.isEmpty())
        co_await claimMore();
}

void Worker::stop()
{
    if (m_isStopping)
        return;
    m_isStopping = true;
    m_witnessStop.request_stop();
    qCDebug(logEngine) << "stops;" << m_runs.size() << "jobs under lease";
    m_renewTimer.stop();
    m_watchTimer.stop();
    for (const Run &run : std::as_const(m_runs))
        run.control->end(ErrorCode::Stopped);
    finishStop();
}

/// Called again whenever the last coroutine in flight has ended, and so after the last run.
QCoro::Task<void> Worker::finishStop()
{
    if (m_hasStopped)
        co_return;
    if (!m_waiting.isEmpty()) {
        if (Result<> released = co_await releaseWaiting(nullptr); !released)
            report(released.error());
    }
    if (!m_runs.isEmpty() || m_coroutines > 0 || m_hasStopped)
        co_return;
    m_hasStopped = true;
    auto retired = m_shared.writer.post<void>(
        [owner = m_owner](ledger::Session &session) { return ledger::retireOwner(session, owner); });
    if (Result<> outcome = co_await retired; !outcome)
        report(outcome.error());
    m_threads.clear();
    qCDebug(logEngine) << "has stopped";
    Q_EMIT stopped();
    QThread::currentThread()->quit();
}

} // namespace ingather::engine
