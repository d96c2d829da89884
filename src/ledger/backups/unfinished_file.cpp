// SPDX-License-Identifier: MIT
#include "ledger/backups/unfinished_file.h"

#include "core/error.h"
#include "platform/crash_point.h"
#include "platform/descriptor.h"
#include "platform/file_system.h"
#include "platform/nonce.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace ingather::ledger
{

using core::Result;

namespace
{

const QLatin1StringView namePrefix(".ingather-unfinished-");

/// What SQLite keeps beside a database while it is open.
const QLatin1StringView companions[]{QLatin1StringView("-journal"), QLatin1StringView("-wal"),
                                     QLatin1StringView("-shm")};

void removeWithCompanions(const QString &path)
{
    // The file itself goes last: as long as it is there, the others are found again.
    for (const QLatin1StringView suffix : companions)
        QFile::remove(path + suffix);
    QFile::remove(path);
}

bool isStillThere(int descriptor)
{
    struct stat facts {
    };
    return ::fstat(descriptor, &facts) == 0 && facts.st_nlink > 0;
}

} // namespace

UnfinishedFile::UnfinishedFile(UnfinishedFile &&other) noexcept
    : m_path(std::exchange(other.m_path, {})), m_lock(std::move(other.m_lock))
{
}

UnfinishedFile &UnfinishedFile::operator=(UnfinishedFile &&other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_lock, other.m_lock);
    return *this;
}

UnfinishedFile::~UnfinishedFile()
{
    if (!m_path.isEmpty())
        removeWithCompanions(m_path);
}

Result<UnfinishedFile> UnfinishedFile::createIn(const QString &folder)
{
    const Result<> isUsable = platform::checkWritableFolder(folder);
    if (!isUsable)
        return isUsable.error();
    for (;;) {
        UnfinishedFile file;
        file.m_path = QDir(folder).filePath(namePrefix + platform::newNonce());
        {
            const Result<platform::Descriptor> made = platform::openFile(
                file.m_path, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW, QStringLiteral("create backup"), 0600);
            if (!made) {
                file.m_path.clear(); // not ours
                return made.error();
            }
        }
        Result<platform::FileLock> lock = platform::FileLock::open(file.m_path, true);
        if (!lock)
            return lock.error();
        const Result<bool> isHeld = lock->tryAcquire();
        if (!isHeld)
            return isHeld.error();
        file.m_lock = std::move(*lock);
        // Somebody who was cleaning up may have come in between.
        if (*isHeld && isStillThere(file.descriptor()))
            return file;
    }
}

void UnfinishedFile::removeAbandoned(const QString &folder)
{
    static const QRegularExpression form(
        QStringLiteral("^%1[0-9a-f]{16}$").arg(QRegularExpression::escape(namePrefix)));
    const QStringList entries = QDir(folder).entryList({namePrefix + QLatin1Char('*')},
                                                       QDir::Files | QDir::Hidden | QDir::NoSymLinks);
    for (const QString &entry : entries) {
        if (!form.match(entry).hasMatch())
            continue;
        const QString path = QDir(folder).filePath(entry);
        Result<platform::FileLock> lock = platform::FileLock::open(path, false);
        if (!lock)
            continue;
        const Result<bool> isFree = lock->tryAcquire();
        if (isFree && *isFree)
            removeWithCompanions(path);
    }
}

Result<> UnfinishedFile::publishAs(const QString &path)
{
    Result<> done = platform::syncData(descriptor());
    if (!done)
        return done;
    platform::passCrashPoint(platform::CrashPoint::BackupBeforeRename);
    done = platform::renameNoReplace(m_path, path);
    if (!done)
        return done;
    m_path.clear();
    platform::passCrashPoint(platform::CrashPoint::BackupAfterRename);
    m_lock = {};
    return platform::syncDirectory(QFileInfo(path).absolutePath());
}

} // namespace ingather::ledger
