// SPDX-License-Identifier: MIT
#include "engine/worker.h"

#include "core/log_line.h"
#include "engine/blocking.h"
#include "engine/log.h"
#include "engine/volumes/mounted_roots.h"
#include "engine/volumes/room_board.h"
#include "ledger/ledger_thread.h"
#include "ledger/volumes.h"
#include "platform/file_system.h"

#include <QCoroFuture>
#include <QDebug>

// What a worker does while a volume is full, away or failing: leaves the jobs of its folders alone, tries one
// now and then, and goes on when that gets through.

namespace ingather::engine
{

using core::BootTime;
using core::ErrorCode;
using core::Result;

namespace
{

constexpr int watchesBetweenLooks = 8; ///< two seconds
constexpr int looksBetweenPutOffs = 5;
constexpr std::chrono::milliseconds untilNextStep{20};
constexpr std::chrono::seconds waitOfJobs{15}; ///< as JobRun gives jobs back

/// Those of the roots that lie on a device. Reads the file system.
QHash<qint64, QString> rootsOn(const QList<ledger::RootRecord> &roots, quint64 device)
{
    QHash<qint64, QString> found;
    for (const ledger::RootRecord &root : roots) {
        const Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(root.path);
        if (facts && *facts && (*facts)->device == device)
            found.insert(root.id, root.path);
    }
    return found;
}

} // namespace

/// Of earlier processes: this one may begin while a volume is away.
QCoro::Task<void> Worker::rememberMounts()
{
    auto query = m_shared.reader.post<QList<ledger::RootRecord>>(
        [](ledger::Session &session) { return ledger::roots(session); });
    const Result<QList<ledger::RootRecord>> roots = co_await query;
    QSet<QString> mounted;
    for (const ledger::RootRecord &root : roots.value_or(QList<ledger::RootRecord>())) {
        if (!root.volumeId.isEmpty())
            mounted.insert(root.path);
    }
    m_shared.mounts.remember(mounted);
}

RunControl::Milestones Worker::milestonesOf(const core::JobId &id)
{
    const auto posting = [this, id](void (Worker::*tell)(const core::JobId &)) {
        return [this, id, tell] {
            QMetaObject::invokeMethod(
                this, [this, id, tell] { (this->*tell)(id); }, Qt::QueuedConnection);
        };
    };
    return {.bodyIsIn = posting(&Worker::endTransfer), .partIsDurable = posting(&Worker::volumeWorks)};
}

/// A run is over: what it tells of its volume.
void Worker::heedVolume(const core::JobId &id, const Run &run, std::optional<ErrorCode> failure)
{
    if (!run.rootId)
        return;
    const BootTime now = m_shared.clock.sinceBoot();
    if (failure && core::isVolumeTrouble(*failure)) {
        if (m_volumes.failed(*run.rootId, run.rootPath, id, *failure, now))
            pauseVolume(*run.rootId, run.rootPath);
    } else if (failure) {
        m_volumes.ended(id, now);
    } else if (const std::optional<VolumeTrouble> over = m_volumes.worked(*run.rootId, id)) {
        endTrouble(*over);
    }
}

/// Its part has bytes that are durable.
void Worker::volumeWorks(const core::JobId &id)
{
    const auto run = m_runs.constFind(id);
    if (run == m_runs.cend() || !run->rootId)
        return;
    if (const std::optional<VolumeTrouble> over = m_volumes.worked(*run->rootId, id))
        endTrouble(*over);
}

/// The root is left alone from now on; whether it is the volume's trouble, and whose else, is looked at.
QCoro::Task<void> Worker::pauseVolume(qint64 root, QString path)
{
    const InFlight inFlight(*this);
    auto looking =
        runBlocking(m_shared.blocking, [&rooms = m_shared.rooms, path] { return rooms.look(path); });
    const RoomBoard::Look look = co_await looking;
    const VolumeTrouble *trouble = m_volumes.troubleOf(root);
    if (!trouble || m_isStopping)
        co_return;
    const ErrorCode code = trouble->code;
    if (code == ErrorCode::DiskFull && look.isThere && !m_volumes.isFull(root, look.left)) {
        m_shared.rooms.forgive(look.device.value_or(0));
        m_volumes.pardon(root);
        co_await claimMore();
        co_return;
    }
    const bool isWell =
        code != ErrorCode::VolumeAbsent && look.isThere && (code != ErrorCode::DiskFull || look.isEnough);
    m_volumes.looked(root, isWell, m_shared.clock.sinceBoot());
    m_volumes.troubleOf(root)->isCertain = true;
    if (code != ErrorCode::VolumeAbsent && look.device)
        co_await shareTrouble(root, *look.device);
    if (const VolumeTrouble *certain = m_volumes.troubleOf(root))
        endRunsOf(*certain);
    auto isLeftAlone = [this](const ledger::JobRecord &job) {
        return !m_volumes.mayStart(job.id, job.rootId);
    };
    if (Result<> released = co_await releaseWaiting(isLeftAlone); !released)
        report(released.error());
    co_await tellTrouble(root);
    co_await claimMore();
}

QCoro::Task<void> Worker::shareTrouble(qint64 root, quint64 device)
{
    auto query = m_shared.reader.post<QList<ledger::RootRecord>>(
        [](ledger::Session &session) { return ledger::roots(session); });
    const Result<QList<ledger::RootRecord>> roots = co_await query;
    if (!roots)
        co_return;
    auto looking = runBlocking(m_shared.blocking, [list = *roots, device] { return rootsOn(list, device); });
    const QHash<qint64, QString> there = co_await looking;
    m_volumes.share(root, device, there);
}

/// Of a volume that is full they go on: what they still need was taken before they began.
void Worker::endRunsOf(const VolumeTrouble &trouble)
{
    if (trouble.code == ErrorCode::DiskFull)
        return;
    for (auto run = m_runs.begin(); run != m_runs.end(); ++run) {
        const bool isOfIt = run->rootId && trouble.roots.contains(*run->rootId);
        if (isOfIt && run->lane && !run->isFiling && trouble.probe != run.key())
            run->control->end(trouble.code);
    }
}

QCoro::Task<void> Worker::tellTrouble(qint64 root)
{
    const VolumeTrouble *trouble = m_volumes.troubleOf(root);
    if (!trouble || trouble->isTold)
        co_return;
    m_volumes.troubleOf(root)->isTold = true;
    VolumeSnapshot volume;
    volume.root = trouble->folder;
    volume.errorCode = core::errorCodeName(trouble->code);
    core::LogContext context;
    context.errorCode = trouble->code;
    for (const QString &path : trouble->roots) {
        if (path != volume.root)
            volume.others.append(path);
    }
    const std::chrono::duration<double> wait = trouble->until - m_shared.clock.sinceBoot();
    volume.until = m_shared.clock.now() + wait.count();
    auto query = m_shared.reader.post<qint64>(
        [roots = trouble->roots.keys(), defaultRoot = m_defaultRoot](ledger::Session &session) {
            return ledger::openJobsOfRoots(session, roots, defaultRoot);
        });
    const Result<qint64> jobs = co_await query;
    volume.jobs = jobs.value_or(0);
    qCInfo(logEngine).noquote() << context << volume.root << "and" << volume.others.size()
                                << "more folders are left alone;" << volume.jobs << "jobs wait";
    Q_EMIT volumeChanged(volume);
}

QCoro::Task<void> Worker::endTrouble(VolumeTrouble trouble)
{
    const InFlight inFlight(*this);
    if (trouble.device)
        m_shared.rooms.forgive(*trouble.device);
    if (trouble.isTold) {
        qCInfo(logEngine).noquote() << trouble.folder << "can be written again";
        VolumeSnapshot over;
        over.root = trouble.folder;
        Q_EMIT volumeChanged(over);
    }
    co_await wakeWaiting(trouble.roots.keys());
    co_await claimMore();
}

/// Those that have met the trouble themselves.
QCoro::Task<void> Worker::wakeWaiting(QList<qint64> roots)
{
    auto woken = m_shared.writer.post<int>([roots](ledger::Session &session) {
        return ledger::wakeWaitingForVolume(session, roots, VolumeWatch::longestWait);
    });
    if (Result<int> count = co_await woken; !count)
        report(count.error());
}

/// They stay due a little later than now as long as it lasts, so that the ledger says what they wait for.
QCoro::Task<void> Worker::putOffWaiting(QList<qint64> roots)
{
    auto written = m_shared.writer.post<int>([roots](ledger::Session &session) {
        return ledger::putOffWaitingForVolume(session, roots, waitOfJobs);
    });
    if (Result<int> count = co_await written; !count)
        report(count.error());
}

QCoro::Task<void> Worker::lookAtVolumes()
{
    if (m_volumes.isEmpty() || m_isLookingAtVolumes || m_isStopping ||
        ++m_watchesSinceLook < watchesBetweenLooks)
        co_return;
    const InFlight inFlight(*this);
    m_isLookingAtVolumes = true;
    m_watchesSinceLook = 0;
    m_looksSincePutOff = (m_looksSincePutOff + 1) % looksBetweenPutOffs;
    const QList<VolumeTrouble> troubles = m_volumes.troubles();
    for (const VolumeTrouble &trouble : troubles) {
        if (trouble.isCertain && !m_isStopping)
            co_await lookAtVolume(trouble);
    }
    m_isLookingAtVolumes = false;
}

/// A folder that is back, or has room again, is tried before its time; one that is not is spared the try.
/// What fails is not looked at: asking a dead device may take for ever.
QCoro::Task<void> Worker::lookAtVolume(VolumeTrouble trouble)
{
    const qint64 root = trouble.roots.cbegin().key();
    if (trouble.code != ErrorCode::VolumeFailing) {
        auto looking = runBlocking(m_shared.blocking, [&shared = m_shared, trouble] {
            const RoomBoard::Look look = shared.rooms.look(trouble.folder);
            const bool isThere = look.isThere && shared.mounts.isThere(trouble.folder);
            return isThere && (trouble.code != ErrorCode::DiskFull || look.isEnough);
        });
        const bool isWell = co_await looking;
        m_volumes.looked(root, isWell, m_shared.clock.sinceBoot());
    }
    const VolumeTrouble *now = m_volumes.troubleOf(root);
    if (!now || now->probe)
        co_return;
    if (now->isDue(m_shared.clock.sinceBoot())) {
        co_await wakeWaiting(trouble.roots.keys()); // they may be all that there is
        co_await claimMore();
    } else if (m_looksSincePutOff == 0) {
        co_await putOffWaiting(trouble.roots.keys());
    }
}

/// Jobs of a root in trouble that were claimed all the same: one may be the probe, the others go back. And
/// the next step of the walk past such jobs.
QCoro::Task<void> Worker::followClaim(ledger::ClaimAnswer answer, int asked)
{
    m_claimFrom = answer.stoppedAt.value_or(ledger::ReadyPlace());
    const bool isWanting = answer.jobs.size() < asked;
    if (answer.stoppedAt && isWanting && !m_isStopping)
        m_walkTimer.start(untilNextStep);
    if (m_volumes.isEmpty())
        co_return;
    bool isAnyLeftAlone = false;
    for (const ledger::ClaimedJob &job : std::as_const(answer.jobs)) {
        m_volumes.claimed(job.job.id, job.job.rootId, m_shared.clock.sinceBoot());
        isAnyLeftAlone = isAnyLeftAlone || !m_volumes.mayStart(job.job.id, job.job.rootId);
    }
    if (!isAnyLeftAlone)
        co_return;
    auto isLeftAlone = [this](const ledger::JobRecord &job) {
        return !m_volumes.mayStart(job.id, job.rootId);
    };
    if (Result<> released = co_await releaseWaiting(isLeftAlone); !released)
        report(released.error());
}

} // namespace ingather::engine
