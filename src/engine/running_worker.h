// SPDX-License-Identifier: MIT
#pragma once

#include "core/network_state.h"
#include "core/secret_store.h"
#include "engine/backup_keeper.h"
#include "engine/facade.h"
#include "engine/lane_services.h"
#include "engine/limits/rate_limits.h"
#include "engine/logins/kept_logins.h"
#include "engine/network/network_observer.h"
#include "engine/reconciliation/reconcile_keeper.h"
#include "engine/volumes/mounted_roots.h"
#include "engine/volumes/room_board.h"
#include "engine/worker.h"
#include "storage/group_sync.h"

#include <QThread>

#include <memory>

namespace ingather::engine
{

/// A worker on its thread, and all that lives exactly as long as it: what its lanes share, and the keepers of
/// the ledger and of the disk. Made and destroyed on one thread, the owner's.
class RunningWorker final
{
public:
    /// What is there before a worker and after it; outlives it.
    struct Surroundings {
        ledger::LedgerThread &writer;
        ledger::LedgerThread &reader;
        QThreadPool &blocking;
        ProgressBoard &progress;
        const Credentials &credentials;
        const core::Clock &clock;
        const Settings &settings;
        core::SecretStore *secrets; ///< null: there is no keyring
    };

    /// The worker waits for start(), so that its signals can be connected first.
    RunningWorker(const Surroundings &around, const QString &owner, const WorkerScope &scope);
    /// Stops what runs and waits for it.
    ~RunningWorker();
    Q_DISABLE_COPY_MOVE(RunningWorker)

    Worker &worker() { return *m_worker; }
    /// Null without rolling backups (Settings::backups).
    BackupKeeper *backups() { return m_backups.get(); }

    void start();
    /// Asks all to end, without waiting; Worker::stopped() tells when nothing is left to be written.
    void stop();

private:
    storage::GroupSync m_groupSync;
    RateLimits m_limits;
    RoomBoard m_rooms;
    MountedRoots m_mounts;
    NetworkObserver m_network;
    std::shared_ptr<KeptLogins> m_logins; ///< null without a keyring
    QThread m_thread;
    std::unique_ptr<Worker> m_worker; ///< lives on m_thread; destroyed once that has ended
    std::unique_ptr<BackupKeeper> m_backups;
    ReconcileKeeper m_reconciliation;
};

} // namespace ingather::engine
