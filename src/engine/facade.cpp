// SPDX-License-Identifier: MIT
#include "engine/facade.h"

#include "core/log_line.h"
#include "engine/acceptance.h"
#include "engine/blocking.h"
#include "engine/credentials.h"
#include "engine/file_removal.h"
#include "engine/log.h"
#include "engine/planner.h"
#include "engine/progress_board.h"
#include "engine/reconciliation/reconciler.h"
#include "engine/running_worker.h"
#include "engine/to_snapshot.h"
#include "engine/wisher.h"
#include "ledger/hosts.h"
#include "ledger/ledger_thread.h"
#include "ledger/network_failures.h"
#include "ledger/queries.h"
#include "ledger/repair/repair.h"
#include "ledger/startup/startup.h"
#include "ledger/volumes.h"
#include "platform/process_identity.h"
#include "platform/system_clock.h"

#include <QDebug>
#include <QThreadPool>
#include <QTimer>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

constexpr std::chrono::milliseconds announceInterval{200};
constexpr std::chrono::milliseconds idleWatchInterval{500};
constexpr int blockingThreads = 8;
const QString openLedger = QStringLiteral("open ledger");

/// The start has found that a repair is needed, and somebody has said beforehand that it may be made.
Result<> repairUnasked(const ledger::OpenOptions &options)
{
    const Result<core::RepairReport> report = ledger::repairLedger(options, {});
    if (!report)
        return report.error();
    for (const core::TableAccount &account : report->tables) {
        if (account.rejected > 0 || account.lost > 0) {
            qCWarning(logEngine).noquote() << "the repair did not bring every row of" << account.table
                                           << "back: put aside" << account.rejected << "lost" << account.lost;
        }
    }
    return {};
}

/// The roots that jobs wait for, as the ledger knows it.
Result<QList<VolumeSnapshot>> volumesOf(ledger::Session &session)
{
    const Result<QList<ledger::WaitingRoot>> roots = ledger::waitingRoots(session);
    if (!roots)
        return roots.error();
    QList<VolumeSnapshot> volumes;
    for (const ledger::WaitingRoot &root : *roots) {
        const Result<qint64> jobs = ledger::openJobsOfRoots(session, {root.root}, std::nullopt);
        if (!jobs)
            return jobs.error();
        volumes.append({root.path, {}, core::errorCodeName(root.code), root.until, *jobs});
    }
    return volumes;
}

template <typename T>
QFuture<Result<T>> answered(Result<T> result)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(std::move(result));
    promise.finish();
    return promise.future();
}

} // namespace

class Facade::Private
{
public:
    explicit Private(const Settings &withSettings) : settings(withSettings) {}

    Settings settings;
    platform::SystemClock clock;
    QString owner = platform::ProcessIdentity::current().toString();
    Credentials credentials;
    core::SecretStore *secrets = nullptr;
    ProgressBoard progress{clock};
    QThreadPool blocking; ///< for the lanes' files
    QThreadPool requests; ///< for planning and wishes, which wait for the ledger
    std::unique_ptr<ledger::LedgerThread> writer;
    std::unique_ptr<ledger::LedgerThread> reader;
    std::unique_ptr<RunningWorker> worker;
    QTimer announceTimer;
    QTimer idleWatchTimer;
    qint64 dataVersion = -1;
    QList<core::Finding> openingFindings;

    template <typename T>
    QFuture<Result<T>> read(std::function<Result<T>(ledger::Session &)> query)
    {
        return reader->post<T>(std::move(query));
    }
};

Result<std::unique_ptr<Facade>> Facade::open(const Settings &settings, Access access,
                                             core::SecretStore *secrets)
{
    auto d = std::make_unique<Private>(settings);
    d->secrets = secrets;
    ledger::OpenOptions options;
    options.path = settings.ledgerPath;
    options.clock = &d->clock;
    options.owner = d->owner;
    if (access == Access::ReadWrite) {
        options.access = ledger::OpenOptions::Access::ReadWrite;
        if (settings.autoRepair)
            options.repair = repairUnasked;
        auto writer = ledger::LedgerThread::start(ledger::LedgerThread::Kind::Writer, options);
        if (!writer)
            return writer.error();
        d->writer = std::move(*writer);
    }
    options.access = ledger::OpenOptions::Access::ReadOnly;
    auto reader = ledger::LedgerThread::start(ledger::LedgerThread::Kind::Reader, options);
    if (!reader)
        return reader.error();
    d->reader = std::move(*reader);
    d->openingFindings = d->reader
                             ->post<QList<core::Finding>>([](ledger::Session &session) {
                                 return Result<QList<core::Finding>>(session.startUp().findings);
                             })
                             .result()
                             .value_or(QList<core::Finding>());
    return std::unique_ptr<Facade>(new Facade(std::move(d)));
}

Facade::Facade(std::unique_ptr<Private> withPrivate) : d(std::move(withPrivate))
{
    qRegisterMetaType<JobSnapshot>();
    qRegisterMetaType<core::NetworkState>();
    qRegisterMetaType<VolumeSnapshot>();
    d->blocking.setMaxThreadCount(blockingThreads);
    d->requests.setMaxThreadCount(1); // requests take effect in the order in which they were made
    d->announceTimer.setSingleShot(true);
    d->announceTimer.setInterval(announceInterval);
    connect(&d->announceTimer, &QTimer::timeout, this, &Facade::changed);
    connect(&d->idleWatchTimer, &QTimer::timeout, this, [this] {
        if (isWorkerRunning())
            return; // the worker looks by itself
        d->read<qint64>([](ledger::Session &session) {
             return ledger::dataVersion(session);
         }).then(this, [this](const Result<qint64> &version) {
            if (version && std::exchange(d->dataVersion, *version) != *version)
                d->announceTimer.start();
        });
    });
    d->idleWatchTimer.start(idleWatchInterval);
}

Facade::~Facade()
{
    stopWorker();
    d->worker.reset();
    d->requests.waitForDone();
    d->blocking.waitForDone();
    d->reader->stop();
    if (d->writer)
        d->writer->stop();
}

QFuture<Result<QList<AddAnswer>>> Facade::add(const QList<AddRequest> &requests, bool retryEnded)
{
    if (!d->writer)
        return answered<QList<AddAnswer>>(Error{ErrorCode::LedgerReadOnly, QStringLiteral("add")});
    return runBlocking(d->requests, [this, requests, retryEnded] {
        return Planner(*d->writer, d->credentials).add(requests, retryEnded);
    });
}

QFuture<Result<WishAnswer>> Facade::wish(Wish wish, const JobSelection &selection)
{
    if (!d->writer)
        return answered<WishAnswer>(Error{ErrorCode::LedgerReadOnly, QStringLiteral("wish")});
    return runBlocking(d->requests,
                       [this, wish, selection] { return applyWish(*d->writer, wish, selection); });
}

QFuture<Result<WishAnswer>> Facade::setPriority(int priority, const JobSelection &selection)
{
    if (!d->writer)
        return answered<WishAnswer>(Error{ErrorCode::LedgerReadOnly, QStringLiteral("set priority")});
    return runBlocking(d->requests, [this, priority, selection] {
        return engine::setPriority(*d->writer, priority, selection);
    });
}

QFuture<Result<WishAnswer>> Facade::forget(const JobSelection &selection)
{
    if (!d->writer)
        return answered<WishAnswer>(Error{ErrorCode::LedgerReadOnly, QStringLiteral("forget")});
    return runBlocking(d->requests, [this, selection] { return forgetJobs(*d->writer, selection); });
}

QFuture<Result<WishAnswer>> Facade::acceptRefused(const QList<core::JobId> &jobs)
{
    if (!d->writer)
        return answered<WishAnswer>(Error{ErrorCode::LedgerReadOnly, QStringLiteral("accept file")});
    return runBlocking(d->requests, [this, jobs] {
        return engine::acceptRefused(*d->writer, d->settings.quarantineFolder, jobs);
    });
}

QFuture<Result<FileRemovalAnswer>> Facade::deleteFiles(const QList<core::JobId> &jobs)
{
    if (!d->writer)
        return answered<FileRemovalAnswer>(Error{ErrorCode::LedgerReadOnly, QStringLiteral("delete files")});
    return runBlocking(d->requests, [this, jobs] { return engine::deleteFiles(*d->writer, jobs); });
}

QFuture<Result<core::ReconcileReport>> Facade::reconcile(const core::WorkControl &control)
{
    if (!d->writer) {
        return answered<core::ReconcileReport>(Error{ErrorCode::LedgerReadOnly, QStringLiteral("reconcile")});
    }
    return runBlocking(d->requests, [this, control] {
        constexpr std::chrono::seconds patience{5};
        return Reconciler(*d->writer, *d->reader, d->settings.ledgerPath, d->settings.leaseTtl)
            .reconcile(0, patience, control);
    });
}

QFuture<Result<QList<JobSnapshot>>> Facade::jobs(const JobQuery &query)
{
    const ledger::JobFilter filter{.states = query.states,
                                   .ids = query.ids,
                                   .after = query.after,
                                   .limit = query.limit,
                                   .newestFirst = query.newestFirst};
    return d->read<QList<JobSnapshot>>([filter](ledger::Session &session) -> Result<QList<JobSnapshot>> {
        Result<QList<ledger::JobRecord>> jobs = ledger::jobs(session, filter);
        if (!jobs)
            return jobs.error();
        return toSnapshots(*jobs);
    });
}

QFuture<Result<JobSnapshot>> Facade::job(const QString &idOrPrefix)
{
    return d->read<JobSnapshot>([idOrPrefix](ledger::Session &session) -> Result<JobSnapshot> {
        Result<std::optional<core::JobId>> id = ledger::jobByPrefix(session, idOrPrefix);
        if (!id)
            return id.error();
        if (!*id)
            return Error{ErrorCode::UnknownJob, QStringLiteral("look for job"), 0, idOrPrefix};
        Result<std::optional<ledger::JobRecord>> job = ledger::job(session, **id);
        if (!job)
            return job.error();
        if (!*job)
            return Error{ErrorCode::UnknownJob, QStringLiteral("look for job"), 0, idOrPrefix};
        return toSnapshot(**job);
    });
}

QFuture<Result<QList<OpSnapshot>>> Facade::ops(const core::JobId &id)
{
    return d->read<QList<OpSnapshot>>([id](ledger::Session &session) -> Result<QList<OpSnapshot>> {
        Result<QList<ledger::OpRecord>> ops = ledger::ops(session, id);
        if (!ops)
            return ops.error();
        return toSnapshots(*ops);
    });
}

QFuture<Result<QList<EventSnapshot>>> Facade::events(const core::JobId &id)
{
    return d->read<QList<EventSnapshot>>([id](ledger::Session &session) -> Result<QList<EventSnapshot>> {
        Result<QList<ledger::EventRecord>> events = ledger::events(session, id);
        if (!events)
            return events.error();
        return toSnapshots(*events);
    });
}

QFuture<Result<StatusSnapshot>> Facade::status()
{
    return d->read<StatusSnapshot>([](ledger::Session &session) -> Result<StatusSnapshot> {
        Result<ledger::LedgerStatus> status = ledger::status(session);
        if (!status)
            return status.error();
        const Result<qint64> waiting = ledger::waitingForNetwork(session);
        if (!waiting)
            return waiting.error();
        Result<QList<VolumeSnapshot>> volumes = volumesOf(session);
        if (!volumes)
            return volumes.error();
        return StatusSnapshot{status->states,
                              status->held,
                              status->activeLeases,
                              status->expiredLeases,
                              status->failedForGood,
                              status->unfinished,
                              *waiting,
                              *volumes};
    });
}

QFuture<Result<QList<HostSnapshot>>> Facade::hosts()
{
    return d->read<QList<HostSnapshot>>([](ledger::Session &session) -> Result<QList<HostSnapshot>> {
        Result<QList<ledger::HostRecord>> hosts = ledger::hosts(session);
        if (!hosts)
            return hosts.error();
        return toSnapshots(*hosts);
    });
}

QFuture<Result<int>> Facade::resetHosts(const QStringList &hosts)
{
    if (!d->writer)
        return answered<int>(Error{ErrorCode::LedgerReadOnly, QStringLiteral("reset hosts")});
    return d->writer->post<int>([hosts](ledger::Session &session) {
        return hosts.isEmpty() ? ledger::resetAllHosts(session) : ledger::resetHosts(session, hosts);
    });
}

QFuture<Result<QList<JobSnapshot>>> Facade::changedSince(core::UnixTime cursor, int limit)
{
    return d->read<QList<JobSnapshot>>(
        [cursor, limit](ledger::Session &session) -> Result<QList<JobSnapshot>> {
            Result<QList<ledger::JobRecord>> jobs = ledger::changedSince(session, cursor, limit);
            if (!jobs)
                return jobs.error();
            return toSnapshots(*jobs);
        });
}

Result<> Facade::startWorker(const WorkerScope &scope)
{
    if (!d->writer)
        return Error{ErrorCode::LedgerReadOnly, QStringLiteral("start worker")};
    if (d->worker)
        return Error{ErrorCode::Internal, QStringLiteral("start worker"), 0,
                     QStringLiteral("a worker is running already")};
    // A worker has time, and work that is worth keeping; a single command has not.
    d->writer->pauseWhenFull([this](const std::optional<Error> &why) {
        QMetaObject::invokeMethod(
            this, [this, why] { tellOfPause(why); }, Qt::QueuedConnection);
    });
    d->worker = std::make_unique<RunningWorker>(
        RunningWorker::Surroundings{*d->writer, *d->reader, d->blocking, d->progress, d->credentials,
                                    d->clock, d->settings, d->secrets},
        d->owner, scope);
    const Worker &worker = d->worker->worker();
    connect(&worker, &Worker::jobEnded, this, &Facade::jobEnded);
    connect(&worker, &Worker::idle, this, &Facade::workerIdle);
    connect(&worker, &Worker::networkChanged, this, &Facade::networkChanged);
    connect(&worker, &Worker::volumeChanged, this, &Facade::volumeChanged);
    connect(&worker, &Worker::ledgerFailed, this, &Facade::ledgerFailed);
    connect(&worker, &Worker::ledgerChanged, this, [this] {
        if (!d->announceTimer.isActive())
            d->announceTimer.start();
    });
    connect(&worker, &Worker::stopped, this, [this] {
        d->worker.reset();
        Q_EMIT workerStopped();
    });
    if (const BackupKeeper *backups = d->worker->backups())
        connect(backups, &BackupKeeper::failed, this, &Facade::backupFailed);
    d->worker->start();
    return {};
}

void Facade::tellOfPause(const std::optional<Error> &why)
{
    if (why) {
        qCWarning(logEngine).noquote()
            << core::LogContext().with(*why) << "waits for room for the ledger:" << core::toLogText(*why);
        Q_EMIT ledgerPaused(*why);
    } else {
        qCInfo(logEngine, "no longer waits for room for the ledger");
        Q_EMIT ledgerResumed();
    }
}

void Facade::stopWorker()
{
    if (d->writer)
        d->writer->failWhenFull();
    if (d->worker)
        d->worker->stop();
}

bool Facade::isWorkerRunning() const
{
    return d->worker != nullptr;
}

QList<ProgressSnapshot> Facade::progress() const
{
    return d->progress.snapshot();
}

const QList<core::Finding> &Facade::openingFindings() const
{
    return d->openingFindings;
}

core::UnixTime Facade::now() const
{
    return d->clock.now();
}

QString Facade::ownOwner() const
{
    return d->owner;
}

} // namespace ingather::engine
