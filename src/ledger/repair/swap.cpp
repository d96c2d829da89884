// SPDX-License-Identifier: MIT
#include "ledger/repair/swap.h"

#include "core/error.h"
#include "ledger/log.h"
#include "ledger/repair/file_set.h"
#include "platform/crash_point.h"
#include "platform/file_system.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include <cerrno>
#include <cstdio>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;
using platform::CrashPoint;
using platform::passCrashPoint;

namespace
{

const QString swapping = QStringLiteral("swap ledger file");

/// What `pending` says. The old file's size and time tell whether it is still the one that was set aside.
struct Pending {
    QString place; ///< name of the place's folder
    qint64 epoch = 0;
    qint64 oldSize = -1; ///< -1: there was none
    double oldModifiedAt = 0;
};

Result<> rename(const QString &from, const QString &to)
{
    if (::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) != 0)
        return platform::errorFromErrno(errno, swapping, to);
    return {};
}

Result<> writePending(const RepairFolder &folder, const Pending &pending)
{
    const QJsonObject object{
        {QStringLiteral("place"), pending.place},
        {QStringLiteral("epoch"), pending.epoch},
        {QStringLiteral("old_size"), pending.oldSize},
        {QStringLiteral("old_modified_at"), pending.oldModifiedAt},
    };
    return platform::replaceFileDurably(folder.pendingPath(), QJsonDocument(object).toJson());
}

Result<Pending> readPending(const RepairFolder &folder)
{
    QFile file(folder.pendingPath());
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::LedgerCannotOpen, swapping, 0, file.errorString()};
    const QJsonObject object = QJsonDocument::fromJson(file.readAll()).object();
    Pending pending;
    pending.place = object.value(QStringLiteral("place")).toString();
    pending.epoch = object.value(QStringLiteral("epoch")).toInteger();
    pending.oldSize = object.value(QStringLiteral("old_size")).toInteger(-1);
    pending.oldModifiedAt = object.value(QStringLiteral("old_modified_at")).toDouble();
    if (pending.place.isEmpty() || pending.place.contains(u'/'))
        return Error{ErrorCode::LedgerError, swapping, 0,
                     folder.pendingPath() + QStringLiteral(" is unreadable")};
    return pending;
}

Result<> removePending(const RepairFolder &folder)
{
    QFile::remove(folder.pendingPath());
    return platform::syncDirectory(folder.path());
}

/// Everything after the decision; each step may have been done before.
Result<> carryOut(LedgerHold &hold, const RepairFolder &folder, const Pending &pending, const QString &owner)
{
    const QString ledger = hold.path();
    const QString ledgerFolder = QFileInfo(ledger).absolutePath();
    const RepairFolder::Place place{folder.path() + u'/' + pending.place};
    if (QFileInfo::exists(place.fresh())) {
        for (const QString &suffix : fileSetSuffixes()) {
            if (suffix.isEmpty() || !QFileInfo::exists(ledger + suffix))
                continue;
            const Result<> moved = rename(ledger + suffix, place.path + QStringLiteral("/replaced") + suffix);
            if (!moved)
                return moved;
        }
        Result<> done = platform::syncDirectory(ledgerFolder);
        if (!done)
            return done;
        passCrashPoint(CrashPoint::SwapBeforeRename);
        done = rename(place.fresh(), ledger);
        if (!done)
            return done;
    }
    passCrashPoint(CrashPoint::SwapAfterRename);
    Result<> done = platform::syncDirectory(ledgerFolder);
    if (done)
        done = hold.writeLock().raiseGeneration(owner, pending.epoch);
    if (!done)
        return done;
    passCrashPoint(CrashPoint::SwapAfterGeneration);
    return removePending(folder);
}

/// True: still the file that was set aside, or already the new one.
Result<bool> isUntouched(const QString &ledger, const Pending &pending, const RepairFolder::Place &place)
{
    if (!QFileInfo::exists(place.fresh()))
        return true; // it lies under the ledger's name
    const Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(ledger);
    if (!facts)
        return facts.error();
    if (!*facts)
        return pending.oldSize < 0;
    // A -wal or -journal of somebody who came after the first step has the old file's rows in it, or new
    // ones.
    return (*facts)->size == pending.oldSize && (*facts)->modifiedAt == pending.oldModifiedAt;
}

} // namespace

Result<> swapIn(LedgerHold &hold, const RepairFolder &folder, const RepairFolder::Place &place, qint64 epoch,
                const QString &owner)
{
    const Result<std::optional<platform::FileFacts>> old = platform::fileFacts(hold.path());
    if (!old)
        return old.error();
    Pending pending;
    pending.place = QFileInfo(place.path).fileName();
    pending.epoch = epoch;
    if (*old) {
        pending.oldSize = (*old)->size;
        pending.oldModifiedAt = (*old)->modifiedAt;
    }
    Result<> done = platform::syncDirectory(place.path);
    passCrashPoint(CrashPoint::SwapBeforeDecision);
    if (done)
        done = writePending(folder, pending);
    if (!done)
        return done;
    passCrashPoint(CrashPoint::SwapAfterDecision);
    return carryOut(hold, folder, pending, owner);
}

bool isSwapPending(const QString &ledgerPath)
{
    return QFileInfo::exists(RepairFolder(ledgerPath).pendingPath());
}

Result<> finishSwap(const OpenOptions &options)
{
    Result<std::unique_ptr<LedgerHold>> hold = LedgerHold::take(options);
    if (!hold)
        return hold.error();
    const RepairFolder folder((*hold)->path());
    if (!QFileInfo::exists(folder.pendingPath()))
        return {}; // somebody was quicker
    const Result<Pending> pending = readPending(folder);
    if (!pending)
        return pending.error();
    const RepairFolder::Place place{folder.path() + u'/' + pending->place};
    const Result<bool> untouched = isUntouched((*hold)->path(), *pending, place);
    if (!untouched)
        return untouched.error();
    if (!*untouched) {
        qCWarning(logLedger, "a swap that was cut off is called off: the ledger has changed since; the new "
                             "file is kept in the repair folder");
        return removePending(folder);
    }
    const Result<> done = carryOut(**hold, folder, *pending, options.owner);
    if (done)
        qCInfo(logLedger, "finished a swap that was cut off");
    return done;
}

} // namespace ingather::ledger
