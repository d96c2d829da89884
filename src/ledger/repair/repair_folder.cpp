// SPDX-License-Identifier: MIT
#include "ledger/repair/repair_folder.h"

#include "platform/file_system.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <sys/stat.h>

#include <cerrno>

namespace ingather::ledger
{

using core::Result;

namespace
{

/// False: it was there before.
Result<bool> makePrivateFolder(const QString &path)
{
    if (::mkdir(QFile::encodeName(path).constData(), 0700) == 0)
        return true;
    if (errno == EEXIST)
        return false;
    return platform::errorFromErrno(errno, QStringLiteral("make repair folder"), path);
}

void removeFolder(const QString &path)
{
    QDir(path).removeRecursively();
}

} // namespace

RepairFolder::RepairFolder(const QString &ledgerPath) : m_path(ledgerPath + QStringLiteral(".repair")) {}

QString RepairFolder::pendingPath() const
{
    return m_path + QStringLiteral("/pending");
}

Result<RepairFolder::Place> RepairFolder::newPlace(core::UnixTime now) const
{
    const Result<bool> isNew = makePrivateFolder(m_path);
    if (!isNew)
        return isNew.error();
    const QString stem = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(now.seconds * 1000), Qt::UTC)
                             .toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'"));
    Place place;
    for (int n = 1;; ++n) {
        place.path = m_path + u'/' + (n == 1 ? stem : QStringLiteral("%1-%2").arg(stem).arg(n));
        const Result<bool> made = makePrivateFolder(place.path);
        if (!made)
            return made.error();
        if (*made)
            break;
    }
    for (const QString &folder : {place.old(), QFileInfo(place.work()).path()}) {
        const Result<bool> made = makePrivateFolder(folder);
        if (!made)
            return made.error();
    }
    Result<> synced = platform::syncDirectory(place.path);
    if (synced)
        synced = platform::syncDirectory(m_path);
    if (synced)
        synced = platform::syncDirectory(QFileInfo(m_path).absolutePath());
    if (!synced)
        return synced.error();
    return place;
}

void RepairFolder::clearWork(const Place &place)
{
    removeFolder(QFileInfo(place.work()).path());
}

void RepairFolder::discard(const Place &place)
{
    removeFolder(place.path);
    QDir().rmdir(QFileInfo(place.path).path()); // only if it is empty now
}

void RepairFolder::prune(int count) const
{
    // The names sort by time.
    QStringList finished;
    const QStringList names = QDir(m_path).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    for (const QString &name : names) {
        if (QFileInfo::exists(Place{m_path + u'/' + name}.report()))
            finished.append(name);
    }
    for (qsizetype i = 0; i + count < finished.size(); ++i)
        removeFolder(m_path + u'/' + finished.at(i));
}

} // namespace ingather::ledger
