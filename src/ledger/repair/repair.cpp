// SPDX-License-Identifier: MIT
#include "ledger/repair/repair.h"

#include "core/error.h"
#include "ledger/backups/backup_file.h"
#include "ledger/backups/restore_comparison.h"
#include "ledger/backups/rolling_backups.h"
#include "ledger/living_owners.h"
#include "ledger/log.h"
#include "ledger/repair/diagnosis.h"
#include "ledger/repair/file_set.h"
#include "ledger/repair/into_service.h"
#include "ledger/repair/ledger_hold.h"
#include "ledger/repair/mend.h"
#include "ledger/repair/rebuild.h"
#include "ledger/repair/repair_folder.h"
#include "ledger/repair/swap.h"
#include "ledger/repair/verification.h"
#include "ledger/repair/work_copy.h"
#include "ledger/schema.h"
#include "platform/file_system.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::RepairKind;
using core::Result;

namespace
{

const QString repairing = QStringLiteral("repair ledger");
const QString restoring = QStringLiteral("restore ledger");
constexpr int placesKept = 3;

/// One repair or restore under way: the hold on the ledger and the place where the work is done. Unless it
/// came to the swap, its end leaves everything as it was.
class Undertaking
{
public:
    explicit Undertaking(const OpenOptions &options) : m_options(options), m_folder(options.path) {}
    Q_DISABLE_COPY_MOVE(Undertaking)
    ~Undertaking()
    {
        if (!m_place.path.isEmpty() && !m_isSwapped)
            RepairFolder::discard(m_place);
    }

    /// Locks, looks for room, sets the old files aside.
    Result<> begin(const core::WorkControl &control)
    {
        Result<> done = isSwapPending(m_options.path) ? finishSwap(m_options) : Result<>();
        if (!done)
            return done;
        Result<std::unique_ptr<LedgerHold>> hold = LedgerHold::take(m_options);
        if (!hold)
            return hold.error();
        m_hold = std::move(*hold);
        m_folder = RepairFolder(m_hold->path());
        const Result<qint64> size = fileSetSize(m_hold->path());
        if (!size)
            return size.error();
        const Result<qint64> room = platform::freeSpace(QFileInfo(m_hold->path()).absolutePath());
        if (!room)
            return room.error();
        const Result<> enough = checkRoomFor(*size, *room);
        if (!enough)
            return enough;
        Result<RepairFolder::Place> place = m_folder.newPlace(m_options.clock->now());
        if (!place)
            return place.error();
        m_place = *place;
        return setAsideFileSet(m_hold->path(), m_place.old(), control);
    }

    /// The new file takes the ledger's place. `report` is written first, so that it is there whatever comes.
    Result<> swap(qint64 epoch, const QByteArray &report)
    {
        RepairFolder::clearWork(m_place);
        Result<> done = platform::replaceFileDurably(m_place.report(), report);
        if (!done)
            return done;
        m_isSwapped = true; // from here on a start finishes what we do not
        done = swapIn(*m_hold, m_folder, m_place, epoch, m_options.owner);
        if (done)
            m_folder.prune(placesKept);
        return done;
    }

    LedgerHold &hold() { return *m_hold; }
    const RepairFolder::Place &place() const { return m_place; }

private:
    const OpenOptions &m_options;
    RepairFolder m_folder;
    std::unique_ptr<LedgerHold> m_hold;
    RepairFolder::Place m_place;
    bool m_isSwapped = false;
};

/// The first few; a hundred names help nobody.
QString joined(const QStringList &names)
{
    constexpr qsizetype most = 5;
    const QString list = names.mid(0, most).join(QStringLiteral(", "));
    return names.size() <= most ? list : QStringLiteral("%1 … (%2 in all)").arg(list).arg(names.size());
}

Result<> refuseLivingOwners(sqlite3 *connection, const OpenOptions &options)
{
    const Result<OwnersFound> owners = findOwners(connection, options.owner, options.clock->now());
    if (owners && !owners->living.isEmpty())
        return Error{ErrorCode::LedgerInUse, repairing, 0, joined(owners->living)};
    return {}; // in a file that does not tell, the lock on it has to do
}

/// The newest backup that can be read, unpacked beside the work; empty if there is none.
QString unpackLastBackup(const QString &ledgerPath, const QString &target)
{
    const QList<BackupInfo> backups = listBackups(ledgerPath);
    for (const BackupInfo &backup : backups) {
        const Result<QString> unpacked = unpackBackup(backup.path, target);
        if (unpacked)
            return *unpacked;
        logError(unpacked.error());
    }
    return {};
}

/// 1 + the largest epoch that anything speaks of.
qint64 nextEpoch(LedgerHold &hold, std::initializer_list<qint64> others)
{
    return 1 + std::max({hold.writeLock().read().epoch, std::max(others)});
}

Result<> intoService(const QString &file, qint64 epoch, const char *event, const QString &detail,
                     const OpenOptions &options)
{
    WorkCopy fresh;
    Result<> done = fresh.open(file);
    if (done)
        done = putIntoService(fresh.handle(), epoch, event, detail, options.owner, options.clock->now());
    fresh.close();
    return done ? syncWholeFile(file) : done;
}

/// What a repair makes of a copy: place.fresh(), complete but for its epoch.
struct Made {
    Diagnosis diagnosis;
    qint64 epochBefore = 0;
    RebuildOutcome rebuilt;
};

Result<Made> makeNew(const OpenOptions &options, const RepairFolder::Place &place, const QString &database,
                     const core::WorkControl &control)
{
    Made made;
    WorkCopy copy;
    const Result<> opened = copy.open(place.work());
    if (opened) {
        const Result<> free = refuseLivingOwners(copy.handle(), options);
        if (!free)
            return free.error();
        Result<Diagnosis> diagnosis = diagnose(copy.handle(), control);
        if (!diagnosis)
            return diagnosis.error();
        made.diagnosis = std::move(*diagnosis);
        made.epochBefore = largestEpoch(copy.handle());
    } else {
        made.diagnosis = unreadable(opened.error());
    }
    if (made.diagnosis.kind == RepairKind::Nothing)
        return made;

    if (made.diagnosis.kind == RepairKind::Mend) {
        Result<QList<core::TableAccount>> mended = mend(copy.handle(), made.diagnosis, options.clock->now());
        if (!mended)
            return mended.error();
        made.rebuilt.tables = std::move(*mended);
        Result<> done = copy.intoOneFile();
        copy.close();
        if (done && made.diagnosis.version < currentSchemaVersion)
            done = migrateFile(place.work(), options.clock->now());
        if (done && !QFile::rename(place.work(), place.fresh()))
            done = Error{ErrorCode::LedgerIoError, repairing, 0, place.fresh()};
        return done ? Result<Made>(std::move(made)) : Result<Made>(done.error());
    }

    // With its log written back where SQLite could; else the scanner reads the log by itself.
    const bool isWhole = opened && copy.intoOneFile().has_value();
    copy.close();
    RebuildSources sources;
    sources.database = isWhole ? place.work() : place.old() + u'/' + QFileInfo(database).fileName();
    sources.isReadable = isWhole && made.diagnosis.isReadable;
    // Rows that are wrong by themselves may have an identity in pages that are right.
    sources.scansPages = made.diagnosis.kind == RepairKind::Salvage || made.diagnosis.hasWrongRows();
    sources.version = made.diagnosis.version;
    sources.hasLostRows = made.diagnosis.kind == RepairKind::Salvage;
    if (sources.hasLostRows || made.diagnosis.lacksTable())
        sources.backup = unpackLastBackup(database, place.path + QStringLiteral("/copy/backup.sqlite3"));
    Result<RebuildOutcome> rebuilt = rebuildLedger(sources, place.fresh(), *options.clock, control);
    if (!rebuilt)
        return rebuilt.error();
    made.rebuilt = std::move(*rebuilt);
    made.epochBefore = std::max(made.epochBefore, made.rebuilt.largestEpoch);
    return made;
}

} // namespace

Result<core::RepairPlan> planRepair(const OpenOptions &options, const core::WorkControl &control)
{
    core::RepairPlan plan;
    const QString path = QDir::cleanPath(QFileInfo(options.path).absoluteFilePath());
    const Result<qint64> size = fileSetSize(path);
    if (!size)
        return size.error();
    if (*size == 0)
        return Error{ErrorCode::LedgerUnmigrated, repairing, 0, QStringLiteral("absent or empty")};
    plan.bytesNeeded = roomNeededFor(*size);
    const Result<qint64> room = platform::freeSpace(QFileInfo(path).absolutePath());
    plan.bytesAvailable = room ? *room : 0;
    const QList<platform::FileUser> users = platform::lockHolders(path);
    for (const platform::FileUser &user : users)
        plan.obstacles.append(user.toString());

    // A copy, in which SQLite may recover what it has to; but a file that is in use is looked at where it is:
    // opening and closing it here would drop the locks that this process may have on it.
    const QTemporaryDir temporary;
    const QString copyPath = temporary.filePath(QStringLiteral("ledger.sqlite3"));
    WorkCopy copy;
    Result<> opened;
    if (users.isEmpty()) {
        const Result<> copied = copyFileSet(path, copyPath, control);
        if (!copied)
            return copied.error();
        opened = copy.open(copyPath);
    } else {
        opened = copy.openForLooking(path);
    }
    Diagnosis diagnosis;
    if (opened) {
        const Result<OwnersFound> owners = findOwners(copy.handle(), options.owner, options.clock->now());
        if (owners)
            plan.obstacles += owners->living;
        Result<Diagnosis> found = diagnose(copy.handle(), control);
        if (!found)
            return found.error();
        diagnosis = std::move(*found);
    } else {
        diagnosis = unreadable(opened.error());
    }
    plan.kind = diagnosis.kind;
    plan.findings = diagnosis.findings;
    plan.steps = diagnosis.steps();
    return plan;
}

Result<core::RepairReport> repairLedger(const OpenOptions &options, const core::WorkControl &control)
{
    QElapsedTimer timer;
    timer.start();
    const Result<qint64> size = fileSetSize(options.path);
    if (!size)
        return size.error();
    if (*size == 0)
        return Error{ErrorCode::LedgerUnmigrated, repairing, 0, QStringLiteral("absent or empty")};

    Undertaking undertaking(options);
    Result<> done = undertaking.begin(control);
    if (!done)
        return done.error();
    const RepairFolder::Place &place = undertaking.place();
    const QString ledger = undertaking.hold().path();
    done = copyFileSet(ledger, place.work(), control);
    if (!done)
        return done.error();
    Result<Made> made = makeNew(options, place, ledger, control);
    if (!made)
        return made.error();

    core::RepairReport report;
    report.kind = made->diagnosis.kind;
    report.findings = made->diagnosis.findings;
    if (report.kind == RepairKind::Nothing)
        return report;
    report.steps = made->diagnosis.steps();
    report.tables = made->rebuilt.tables;
    report.reasons = made->rebuilt.reasons;
    report.epoch = nextEpoch(undertaking.hold(), {made->epochBefore});
    done = intoService(place.fresh(), report.epoch, "REPAIR", summaryOf(report), options);
    if (!done)
        return done.error();
    Result<QList<core::Finding>> remaining = verifyNew(place.fresh(), control);
    if (!remaining)
        return remaining.error();
    report.remaining = std::move(*remaining);
    report.setAside = place.old();
    for (const platform::FileUser &user : platform::openers(ledger))
        report.stillOpenIn.append(user.toString());
    report.elapsed = std::chrono::milliseconds(timer.elapsed());
    if (control.isStopped())
        return Error{ErrorCode::Cancelled, repairing, 0, {}};
    done = undertaking.swap(report.epoch, toJson(report));
    if (!done)
        return done.error();
    qCInfo(logLedger, "repaired: %s", qUtf8Printable(summaryOf(report)));
    return report;
}

Result<core::RestoreReport> restoreLedger(const OpenOptions &options, const QString &backup,
                                          const core::WorkControl &control)
{
    Undertaking undertaking(options);
    Result<> done = undertaking.begin(control);
    if (!done)
        return done.error();
    const RepairFolder::Place &place = undertaking.place();
    const QString ledger = undertaking.hold().path();

    const Result<QString> unpacked = unpackBackup(backup, place.fresh());
    if (!unpacked)
        return unpacked.error();
    qint64 epochBefore = 0;
    {
        done = copyFileSet(ledger, place.work(), control);
        if (!done)
            return done.error();
        WorkCopy present;
        if (undertaking.hold().isFileThere() && present.open(place.work())) {
            const Result<> free = refuseLivingOwners(present.handle(), options);
            if (!free)
                return free.error();
            epochBefore = largestEpoch(present.handle());
        }
    }
    done = migrateFile(place.fresh(), options.clock->now());
    if (!done)
        return Error{ErrorCode::BackupUnusable, restoring, 0, core::toLogText(done.error())};
    Result<core::RestoreReport> report = compareWithBackup(place.work(), place.fresh(), control);
    if (!report)
        return report.error();
    WorkCopy fresh;
    done = fresh.open(place.fresh());
    if (!done)
        return done.error();
    report->epoch = nextEpoch(undertaking.hold(), {epochBefore, largestEpoch(fresh.handle())});
    fresh.close();
    done = intoService(place.fresh(), report->epoch, "RESTORE", QFileInfo(backup).fileName(), options);
    if (!done)
        return done.error();
    const Result<QList<core::Finding>> remaining = verifyNew(place.fresh(), control);
    if (!remaining)
        return Error{ErrorCode::BackupUnusable, restoring, 0, core::toLogText(remaining.error())};
    report->setAside = undertaking.hold().isFileThere() ? place.old() : QString();
    if (control.isStopped())
        return Error{ErrorCode::Cancelled, restoring, 0, {}};
    done = undertaking.swap(report->epoch, toJson(*report));
    if (!done)
        return done.error();
    qCInfo(logLedger, "restored from a backup, epoch %lld", static_cast<long long>(report->epoch));
    return report;
}

} // namespace ingather::ledger
