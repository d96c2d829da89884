// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/finding.h"
#include "core/network_state.h"
#include "core/reconcile_report.h"
#include "core/result.h"
#include "core/secret_store.h"
#include "core/work_control.h"
#include "engine/settings.h"
#include "engine/snapshots.h"

#include <QFuture>
#include <QObject>

#include <memory>
#include <optional>

namespace ingather::engine
{

/// What a worker of this process may take.
struct WorkerScope {
    QList<core::JobId> onlyThese; ///< not empty: none but these (`get`)
    QString defaultFolder;        ///< for jobs without a folder; empty: they are left alone
};

/// The engine as the faces see it: requests go in, value snapshots come back through futures, and a
/// signal says that something changed. Lives on the thread that made it (the GUI thread in the
/// window); no call blocks, but open() and the destructor.
class Facade final : public QObject
{
    Q_OBJECT

public:
    enum class Access { ReadWrite, ReadOnly };

    /// Opens the ledger (creating and migrating it with ReadWrite). Errors of ledger/session.h.
    /// `secrets` has the logins of the keyring and outlives the façade; null: there is none.
    static core::Result<std::unique_ptr<Facade>> open(const Settings &settings, Access access,
                                                      core::SecretStore *secrets = nullptr);
    /// Stops the worker, drains the ledger.
    ~Facade() override;

    /// Plans what was handed over; every answer is committed before the future finishes. `retryEnded`:
    /// jobs that failed for good or whose file is gone are planned again (`get`). Answers in the order given.
    QFuture<core::Result<QList<AddAnswer>>> add(const QList<AddRequest> &requests, bool retryEnded);

    QFuture<core::Result<QList<JobSnapshot>>> jobs(const JobQuery &query);
    /// By id or by an unambiguous beginning of one; UnknownJob.
    QFuture<core::Result<JobSnapshot>> job(const QString &idOrPrefix);
    QFuture<core::Result<QList<OpSnapshot>>> ops(const core::JobId &id);
    QFuture<core::Result<QList<EventSnapshot>>> events(const core::JobId &id);
    QFuture<core::Result<StatusSnapshot>> status();
    /// Jobs changed after `cursor` (updatedAt of the last one seen), oldest change first.
    QFuture<core::Result<QList<JobSnapshot>>> changedSince(core::UnixTime cursor, int limit);

    /// Hosts of which something is remembered, by name.
    QFuture<core::Result<QList<HostSnapshot>>> hosts();
    /// Forgets it, of all hosts if none is named; how many were known.
    QFuture<core::Result<int>> resetHosts(const QStringList &hosts);

    QFuture<core::Result<WishAnswer>> wish(Wish wish, const JobSelection &selection);
    /// Higher is fetched earlier.
    QFuture<core::Result<WishAnswer>> setPriority(int priority, const JobSelection &selection);
    /// Deletes the jobs with their history; their files stay. `unchanged`: a worker still has them, and ends.
    QFuture<core::Result<WishAnswer>> forget(const JobSelection &selection);
    /// "Keep it anyway": what lies in quarantine for these jobs is filed after all (engine/acceptance.h).
    QFuture<core::Result<WishAnswer>> acceptRefused(const QList<core::JobId> &jobs);
    /// Deletes the files of removed jobs; those that were changed since they were filed are kept.
    QFuture<core::Result<FileRemovalAnswer>> deleteFiles(const QList<core::JobId> &jobs);

    /// Makes ledger and disk fit each other (engine/reconciliation/reconciler.h), all files of done jobs
    /// included. A worker does this by itself, some files at a time.
    QFuture<core::Result<core::ReconcileReport>> reconcile(const core::WorkControl &control);

    /// Starts fetching in this process. At most once at a time.
    core::Result<> startWorker(const WorkerScope &scope);
    /// Leases released, parts kept, results of what is under way committed; then workerStopped().
    void stopWorker();
    bool isWorkerRunning() const;

    /// Jobs being fetched by this process at this moment. Cheap; safe to call several times a second.
    QList<ProgressSnapshot> progress() const;

    /// What was found when the ledger was opened and should be told, such as that it is newer than this
    /// program.
    const QList<core::Finding> &openingFindings() const;

    core::UnixTime now() const;
    /// ProcessIdentity text of this process's worker; tells own leases from others'.
    QString ownOwner() const;

Q_SIGNALS:
    /// The ledger changed, by this process or another; at most five times a second.
    void changed();
    /// A job of this process's worker ended (done, failed, or held).
    void jobEnded(const ingather::engine::JobSnapshot &job);
    /// The worker looked for work and there is none left that it may take or must wait for.
    void workerIdle();
    void workerStopped();
    /// How the worker finds the network; OFFLINE, PORTAL and SUSPECT mean that it waits, and tries now and
    /// then.
    void networkChanged(ingather::core::NetworkState state);
    /// A folder's volume is full, away or failing, and its jobs wait; or it is not any more (no errorCode).
    /// Told once each.
    void volumeChanged(const ingather::engine::VolumeSnapshot &volume);
    /// The ledger can't be written any more; the text is for the log.
    void ledgerFailed(const QString &text);
    /// There is no room for the ledger. While a worker runs, what was to be written waits for it, add() and
    /// wish() too, and goes on by itself; without one they fail.
    void ledgerPaused(const ingather::core::Error &why);
    void ledgerResumed();
    /// A rolling backup could not be made. It stops nothing; the text is for the log, where it stands too.
    void backupFailed(const QString &text);

private:
    class Private;
    explicit Facade(std::unique_ptr<Private> d);
    void tellOfPause(const std::optional<core::Error> &why);
    std::unique_ptr<Private> d;
};

} // namespace ingather::engine
