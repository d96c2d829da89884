// SPDX-License-Identifier: MIT
#pragma once

#include "core/network_state.h"
#include "engine/facade.h"
#include "engine/hosts/host_pacer.h"
#include "engine/lane_thread.h"
#include "engine/snapshots.h"
#include "engine/volumes/volume_watch.h"
#include "ledger/hosts.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

#include <deque>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace ingather::engine
{

/// Claims jobs, hands them to lanes, renews the leases, watches for wishes. Lives on a thread of its own,
/// so that no face waits for it; all members belong to that thread. Claims ahead by one lane-full, so
/// that a lane which gets free finds work, and of each host not more than its share, so that a slow one does
/// not occupy all. A job ends here only when its lane says so.
class Worker final : public QObject
{
    Q_OBJECT

public:
    /// `logins`: null if there is no keyring.
    Worker(const SharedServices &shared, std::shared_ptr<transfer::LoginSource> logins, const QString &owner,
           const WorkerScope &scope);
    ~Worker() override;

    void start();
    /// Ends every run (parts kept, leases released), retires the owner, then emits stopped().
    void stop();
    /// Acts on a changed state of the network.
    void followNetwork();

Q_SIGNALS:
    void jobEnded(const ingather::engine::JobSnapshot &job);
    void idle();
    void stopped();
    void networkChanged(ingather::core::NetworkState state);
    /// A volume is in trouble, told when it is certain, or it is not any more (no errorCode).
    void volumeChanged(const ingather::engine::VolumeSnapshot &volume);
    void ledgerChanged();
    /// Others have ended without saying so, before this worker came or while it runs.
    void deadOwnersFound();
    void ledgerFailed(const QString &text);

private:
    struct Run {
        std::shared_ptr<RunControl> control;
        core::Fence fence;
        QString host;
        std::optional<qint64> rootId;
        QString rootPath;
        LaneThread *lane = nullptr; ///< null while it waits for a lane
        bool isFiling = false;      ///< its body is in: lane and connection are free for others
    };

    /// Counts a coroutine as long as its frame lives; the last one lets a waiting stop go on.
    class InFlight final
    {
    public:
        explicit InFlight(Worker &worker) : m_worker(worker) { ++m_worker.m_coroutines; }
        ~InFlight()
        {
            if (--m_worker.m_coroutines == 0 && m_worker.m_isStopping)
                QMetaObject::invokeMethod(
                    &m_worker, [&worker = m_worker] { worker.finishStop(); }, Qt::QueuedConnection);
        }
        Q_DISABLE_COPY_MOVE(InFlight)

    private:
        Worker &m_worker;
    };

    QCoro::Task<void> begin();
    QCoro::Task<void> claimMore();
    QCoro::Task<void> renewLeases();
    QCoro::Task<void> watch();
    QCoro::Task<void> endRun(core::JobId id);
    void endTransfer(const core::JobId &id);
    void giveUpConnection(const QString &host);
    QCoro::Task<void> finishStop();
    QCoro::Task<core::Result<>> releaseWaiting(std::function<bool(const ledger::JobRecord &)> isMeant);
    QCoro::Task<void> heed(QString host, std::optional<ledger::HostRecord> memory);
    QCoro::Task<void> lookForDeadOwners();
    QCoro::Task<void> suspendWork();
    QCoro::Task<void> resumeWork();
    QCoro::Task<void> putRight();
    void awaitAgain(const core::JobId &id);
    QCoro::Task<void> takeBackPage(core::JobId id);
    QCoro::Task<void> rememberWitnesses();
    QCoro::Task<void> askWitnesses();
    QCoro::Task<void> rememberMounts();
    void heedVolume(const core::JobId &id, const Run &run, std::optional<core::ErrorCode> failure);
    QCoro::Task<void> pauseVolume(qint64 root, QString path);
    QCoro::Task<void> shareTrouble(qint64 root, quint64 device);
    QCoro::Task<void> tellTrouble(qint64 root);
    QCoro::Task<void> endTrouble(VolumeTrouble trouble);
    QCoro::Task<void> wakeWaiting(QList<qint64> roots);
    QCoro::Task<void> putOffWaiting(QList<qint64> roots);
    QCoro::Task<void> lookAtVolume(VolumeTrouble trouble);
    QCoro::Task<void> lookAtVolumes();
    QCoro::Task<void> followClaim(ledger::ClaimAnswer answer, int asked);
    void endRunsOf(const VolumeTrouble &trouble);
    void volumeWorks(const core::JobId &id);
    int roomForNetwork(int room);
    void passOverTriedHosts(ledger::ClaimRequest &request) const;
    void beginProbe(const QList<ledger::ClaimedJob> &claimed);
    QCoro::Task<void> announceIdle();
    RunControl::Milestones milestonesOf(const core::JobId &id);
    void admit(const ledger::ClaimedJob &job, core::BootTime claimedAt);
    void startWaiting();
    void startRun(ledger::ClaimedJob job);
    ledger::ClaimRequest nextClaim(int limit);
    core::BootTime mayWriteUntil(core::BootTime grantedAt) const;
    int lanesInUse() const;
    bool hasConnection(const QString &host) const;
    int readyToStart() const;
    int heldOfHost(const QString &host) const;
    int mostOfHost() const;
    int mostOfHost(const QString &host) const;
    bool mayStart(const ledger::JobRecord &job) const;
    void awaitPace();
    void report(const core::Error &error);

    SharedServices m_shared;
    std::shared_ptr<transfer::LoginSource> m_logins;
    QString m_owner;
    WorkerScope m_scope;
    std::vector<std::unique_ptr<LaneThread>> m_threads;
    QHash<core::JobId, Run> m_runs;      ///< claimed, waiting or started
    int m_filing = 0;                    ///< runs whose body is in
    QList<ledger::ClaimedJob> m_waiting; ///< claimed, not started; oldest claim first
    /// Claimed again before the end of their last run was heard of here (a backoff of milliseconds, or a
    /// quick resume): admitted when it is.
    QHash<core::JobId, std::pair<ledger::ClaimedJob, core::BootTime>> m_early;
    QHash<QString, int> m_connections; ///< started runs, by host
    HostPacer m_pacer;
    VolumeWatch m_volumes;
    ledger::ReadyPlace m_claimFrom; ///< while volumes are in trouble: where the next claim looks on
    QTimer m_walkTimer;             ///< until that claim
    int m_watchesSinceLook = 0;
    int m_looksSincePutOff = 0;
    bool m_isLookingAtVolumes = false;
    core::NetworkState m_networkState = core::NetworkState::Online; ///< as it was last acted on
    std::optional<core::JobId> m_probe; ///< while not online: the run that tries the network
    std::stop_source m_witnessStop;
    bool m_isAskingWitnesses = false;
    QSet<QString> m_triedHosts;        ///< while not online: whose turn is over
    QString m_lastHost;                ///< of the last claim: the hosts take turns behind it
    std::deque<core::JobId> m_pending; ///< of a limited scope: not ended and not claimed
    std::optional<qint64> m_defaultRoot;
    QTimer m_renewTimer;
    QTimer m_watchTimer;
    QTimer m_paceTimer; ///< until the next host that is waited for may be asked
    qint64 m_dataVersion = -1;
    int m_watchesSinceClaim = 0;
    int m_coroutines = 0;                      ///< in flight; stop waits for them
    std::optional<core::ErrorCode> m_reported; ///< the ledger's trouble, as long as it lasts
    bool m_hasBegun = false;
    bool m_isClaiming = false;
    bool m_isWatching = false;
    bool m_isStopping = false;
    bool m_hasStopped = false;
};

} // namespace ingather::engine
