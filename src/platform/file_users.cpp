// SPDX-License-Identifier: MIT
#include "platform/file_users.h"

#include "platform/file_system.h"

#include <QDir>
#include <QFile>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace ingather::platform
{

using core::Result;

namespace
{

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

FileUser userOf(qint64 pid)
{
    return {pid, QString::fromUtf8(contentOf(QStringLiteral("/proc/%1/comm").arg(pid)).trimmed())};
}

void addOnce(QList<FileUser> &users, const FileUser &user)
{
    if (!users.contains(user))
        users.append(user);
}

} // namespace

QString FileUser::toString() const
{
    return QStringLiteral("%1 (pid %2)").arg(program.isEmpty() ? QStringLiteral("?") : program).arg(pid);
}

QList<FileUser> lockHolders(const QString &path)
{
    struct stat file {
    };
    if (::stat(QFile::encodeName(path).constData(), &file) != 0)
        return {};
    // "1: POSIX  ADVISORY  READ  4711 08:01:1234 1073741826 1073742335", device in hexadecimal.
    const QByteArray where = QStringLiteral("%1:%2:%3")
                                 .arg(::major(file.st_dev), 2, 16, QLatin1Char('0'))
                                 .arg(::minor(file.st_dev), 2, 16, QLatin1Char('0'))
                                 .arg(static_cast<qulonglong>(file.st_ino))
                                 .toLatin1();
    QList<FileUser> users;
    const QList<QByteArray> lines = contentOf(QStringLiteral("/proc/locks")).split('\n');
    for (const QByteArray &line : lines) {
        const QList<QByteArray> fields = line.simplified().split(' ');
        const qsizetype at = fields.indexOf(where);
        // Waiting locks have "->" in front; an open-file-description lock has no process (-1).
        if (at < 1 || fields.contains("->"))
            continue;
        const qint64 pid = fields.at(at - 1).toLongLong();
        if (pid > 0)
            addOnce(users, userOf(pid));
    }
    return users;
}

QList<FileUser> openers(const QString &path)
{
    struct stat wanted {
    };
    if (::stat(QFile::encodeName(path).constData(), &wanted) != 0)
        return {};
    QList<FileUser> users;
    const QStringList processes = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &process : processes) {
        bool isNumber = false;
        const qint64 pid = process.toLongLong(&isNumber);
        if (!isNumber || pid == ::getpid())
            continue;
        const QString folder = QStringLiteral("/proc/%1/fd/").arg(pid);
        const QStringList descriptors =
            QDir(folder).entryList(QDir::Files | QDir::System | QDir::NoDotAndDotDot);
        const bool isOpen =
            std::any_of(descriptors.begin(), descriptors.end(), [&](const QString &descriptor) {
                struct stat file {
                };
                return ::stat(QFile::encodeName(folder + descriptor).constData(), &file) == 0 &&
                       file.st_dev == wanted.st_dev && file.st_ino == wanted.st_ino;
            });
        if (isOpen)
            addOnce(users, userOf(pid));
    }
    return users;
}

Result<bool> RangeLock::tryAcquire(const QString &path, qint64 start, qint64 length)
{
    const QString operation = QStringLiteral("lock file range");
    Result<Descriptor> file = openFile(path, O_RDWR, operation);
    if (!file)
        return file.error();
    struct flock range {
    };
    range.l_type = F_WRLCK;
    range.l_whence = SEEK_SET;
    range.l_start = start;
    range.l_len = length;
    if (::fcntl(file->number(), F_OFD_SETLK, &range) == 0) {
        m_file = std::move(*file);
        return true;
    }
    if (errno == EAGAIN || errno == EACCES)
        return false;
    return errorFromErrno(errno, operation, path);
}

} // namespace ingather::platform
