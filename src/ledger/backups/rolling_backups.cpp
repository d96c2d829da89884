// SPDX-License-Identifier: MIT
#include "ledger/backups/rolling_backups.h"

#include "core/error.h"
#include "ledger/backups/backup_file.h"
#include "ledger/backups/backup_note.h"
#include "ledger/backups/backup_retention.h"
#include "ledger/backups/gzip_file.h"
#include "ledger/backups/snapshot.h"
#include "ledger/backups/unfinished_file.h"
#include "ledger/log.h"
#include "platform/file_lock.h"
#include "platform/file_system.h"

#include <QDebug>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace ingather::ledger
{

using core::BackupReport;
using core::Error;
using core::ErrorCode;
using core::Result;
using core::UnixTime;
using core::WorkControl;

namespace
{

const QString stampPattern = QStringLiteral("(\\d{8}T\\d{6}Z)(-\\d+)?");
const QString rollingSuffix = QStringLiteral(".sqlite3.gz");
const QString lockName = QStringLiteral(".lock");

Result<> makeBackupFolder(const QString &folder)
{
    if (::mkdir(QFile::encodeName(folder).constData(), 0700) == 0)
        return platform::syncDirectory(QFileInfo(folder).absolutePath());
    if (errno == EEXIST)
        return {};
    return platform::errorFromErrno(errno, QStringLiteral("make backup folder"), folder);
}

/// A name of this second that nobody has. What is published under it still refuses to replace anything.
QString newName(const QString &folder, UnixTime now)
{
    const QString stem = QDir(folder).filePath(stampOf(now));
    QString path = stem + rollingSuffix;
    for (int n = 2; QFileInfo::exists(path); ++n)
        path = QStringLiteral("%1-%2%3").arg(stem).arg(n).arg(rollingSuffix);
    return path;
}

QList<BackupInfo> rollingBackups(const QString &ledgerPath)
{
    static const QRegularExpression form(
        QStringLiteral("^%1%2$").arg(stampPattern, QRegularExpression::escape(rollingSuffix)));
    QList<BackupInfo> found;
    const QFileInfoList files = QDir(backupFolder(ledgerPath)).entryInfoList(QDir::Files | QDir::NoSymLinks);
    for (const QFileInfo &file : files) {
        const QRegularExpressionMatch match = form.match(file.fileName());
        const std::optional<UnixTime> madeAt = timeOfStamp(match.capturedView(1));
        if (!match.hasMatch() || !madeAt)
            continue;
        BackupInfo info{
            .path = file.absoluteFilePath(), .madeAt = *madeAt, .bytes = file.size(), .isRolling = true};
        const Result<std::optional<QByteArray>> note = gzipComment(info.path);
        if (note && *note)
            readBackupNote(**note, info);
        found.append(info);
    }
    return found;
}

QList<BackupInfo> migrationBackups(const QString &ledgerPath)
{
    const QFileInfo ledger(ledgerPath);
    const QRegularExpression form(QStringLiteral("^%1\\.v(\\d+)-%2\\.backup$")
                                      .arg(QRegularExpression::escape(ledger.fileName()), stampPattern));
    QList<BackupInfo> found;
    const QFileInfoList files =
        QDir(ledger.absolutePath()).entryInfoList(QDir::Files | QDir::Hidden | QDir::NoSymLinks);
    for (const QFileInfo &file : files) {
        const QRegularExpressionMatch match = form.match(file.fileName());
        const std::optional<UnixTime> madeAt = timeOfStamp(match.capturedView(2));
        if (!match.hasMatch() || !madeAt)
            continue;
        BackupInfo info{.path = file.absoluteFilePath(), .madeAt = *madeAt, .bytes = file.size()};
        info.schemaVersion = match.captured(1).toInt();
        found.append(info);
    }
    return found;
}

void newestFirst(QList<BackupInfo> &backups)
{
    std::sort(backups.begin(), backups.end(), [](const BackupInfo &a, const BackupInfo &b) {
        // Of one second: the later ones carry a number.
        return a.madeAt != b.madeAt             ? a.madeAt > b.madeAt
               : a.path.size() != b.path.size() ? a.path.size() > b.path.size()
                                                : a.path > b.path;
    });
}

void removeSurplus(const QString &ledgerPath)
{
    const Result<qint64> free = platform::freeSpace(backupFolder(ledgerPath));
    if (!free) {
        logError(free.error());
        return;
    }
    QList<BackupInfo> backups = rollingBackups(ledgerPath);
    newestFirst(backups);
    for (const BackupInfo &backup : surplusBackups(backups, retentionRulesFor(*free))) {
        if (QFile::remove(backup.path))
            qCInfo(logLedger).noquote() << "removed old backup" << backup.path;
        else
            qCWarning(logLedger).noquote() << "cannot remove old backup" << backup.path;
    }
}

} // namespace

QString backupFolder(const QString &ledgerPath)
{
    return QDir::cleanPath(QFileInfo(ledgerPath).absoluteFilePath()) + QStringLiteral(".backups");
}

Result<std::optional<BackupReport>> backUpIfChanged(const QString &ledgerPath, UnixTime now,
                                                    const WorkControl &control)
{
    LedgerReading ledger;
    Result<> done = ledger.open(ledgerPath);
    if (!done)
        return done.error();
    const QString folder = backupFolder(ledgerPath);
    if (ledger.description().jobs == 0 && !QFileInfo::exists(folder))
        return std::optional<BackupReport>();
    done = makeBackupFolder(folder);
    if (!done)
        return done.error();

    Result<platform::FileLock> lock = platform::FileLock::open(QDir(folder).filePath(lockName), true);
    if (!lock)
        return lock.error();
    const Result<bool> isOurs = lock->tryAcquire();
    if (!isOurs)
        return isOurs.error();
    if (!*isOurs)
        return std::optional<BackupReport>();
    UnfinishedFile::removeAbandoned(folder);
    QList<BackupInfo> present = rollingBackups(ledgerPath);
    newestFirst(present);
    if (!present.isEmpty() && present.first().fingerprint == ledger.description().fingerprint)
        return std::optional<BackupReport>();

    const Result<BackupReport> made = ledger.packInto(newName(folder, now), control);
    if (!made)
        return made.error();
    qCInfo(logLedger).noquote() << "backed up" << made->jobs << "jobs to" << made->path;
    removeSurplus(ledgerPath);
    return std::optional(*made);
}

QList<BackupInfo> listBackups(const QString &ledgerPath)
{
    QList<BackupInfo> found = rollingBackups(ledgerPath) + migrationBackups(ledgerPath);
    newestFirst(found);
    return found;
}

} // namespace ingather::ledger
