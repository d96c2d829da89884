// SPDX-License-Identifier: MIT
#include "storage/parts_folder.h"

#include "platform/file_system.h"
#include "platform/retry_interrupted.h"
#include "storage/part_file.h"

#include <QDir>
#include <QFile>
#include <QStringList>

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ingather::storage
{

namespace
{

using core::ErrorCode;

const QString folderName = QStringLiteral(".ingather");
const QString sidecarSuffix = QStringLiteral(".json");

bool isPlainComponent(const QString &text)
{
    return !text.isEmpty() && text != u"." && text != u".." && !text.contains(u'/') &&
           !text.contains(QChar());
}

/// NotAFolder if the name is there and is anything but a real folder (a link could lead out of the root);
/// FileMissing if it is not there.
core::Result<> checkRealFolder(const QString &path, const QString &operation)
{
    struct stat facts {
    };
    const QByteArray name = QFile::encodeName(path);
    if (platform::retryInterrupted([&] { return ::lstat(name.constData(), &facts); }) != 0)
        return platform::errorFromErrno(errno, operation, path);
    if (!S_ISDIR(facts.st_mode))
        return core::Error{ErrorCode::NotAFolder, operation, ENOTDIR, path};
    return {};
}

/// The folder exists afterwards, unless somebody removes it at once.
core::Result<> makePartsFolder(const QString &root, const QString &operation)
{
    const QString folder = partsFolder(root);
    const QByteArray name = QFile::encodeName(folder);
    if (platform::retryInterrupted([&] { return ::mkdir(name.constData(), 0777); }) == 0)
        return {};
    if (errno != EEXIST)
        return withVolumeInMind(platform::errorFromErrno(errno, operation, folder), root);
    const core::Result<> real = checkRealFolder(folder, operation);
    const bool isGoneAgain = !real && real.error().code == ErrorCode::FileMissing;
    return isGoneAgain ? core::Result<>() : real;
}

} // namespace

QString partsFolder(const QString &root)
{
    return root + u'/' + folderName;
}

QString partPath(const QString &root, const QString &name)
{
    return partsFolder(root) + u'/' + name;
}

QString sidecarPath(const QString &root, const QString &name)
{
    return partPath(root, name) + sidecarSuffix;
}

core::Result<> checkPartArguments(const QString &root, const QString &name, const QString &operation)
{
    if (!QDir::isAbsolutePath(root) || !isPlainComponent(name) || name.endsWith(sidecarSuffix))
        return core::Error{ErrorCode::InvalidArgument, operation, 0, partPath(root, name)};
    return {};
}

core::Error withVolumeInMind(core::Error error, const QString &root)
{
    if (error.code != ErrorCode::FileMissing && error.code != ErrorCode::PartMissing)
        return error;
    const core::Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(root);
    if (!facts)
        return facts.error();
    if (!*facts)
        return {ErrorCode::VolumeAbsent, error.operation, error.native, root};
    return error;
}

core::Result<platform::Descriptor> createInPartsFolder(const QString &root, const QString &fileName,
                                                       unsigned mode, const QString &operation)
{
    constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW;
    // A folder that vanishes this often is not merely emptied by others.
    constexpr int mostTries = 1000;
    core::Error last;
    for (int i = 0; i < mostTries; ++i) {
        if (core::Result<> made = makePartsFolder(root, operation); !made)
            return made.error();
        core::Result<platform::Descriptor> file =
            platform::openFile(partPath(root, fileName), flags, operation, mode);
        if (file || file.error().code != ErrorCode::FileMissing)
            return file;
        last = file.error();
    }
    return withVolumeInMind(last, root);
}

void removePartsFolderIfEmpty(const QString &root)
{
    ::rmdir(QFile::encodeName(partsFolder(root)).constData());
}

core::Result<LockedPart> openLockedPart(const QString &root, const QString &name, const QString &operation)
{
    const QString path = partPath(root, name);
    const core::Error missing{ErrorCode::PartMissing, operation, ENOENT, path};
    const core::Error damaged{ErrorCode::PartDamaged, operation, 0, path + QStringLiteral(": not a file")};
    if (core::Result<> folder = checkRealFolder(partsFolder(root), operation); !folder)
        return folder.error().code == ErrorCode::FileMissing ? withVolumeInMind(missing, root)
                                                             : folder.error();

    core::Result<platform::Descriptor> opened =
        platform::openFile(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, operation);
    if (!opened) {
        if (opened.error().code == ErrorCode::FileMissing)
            return withVolumeInMind(missing, root);
        const int reason = opened.error().native;
        return reason == ELOOP || reason == EISDIR ? damaged : opened.error();
    }
    LockedPart part;
    part.descriptor = std::move(*opened);
    struct stat facts {
    };
    if (::fstat(part.descriptor.number(), &facts) != 0)
        return platform::errorFromErrno(errno, operation, path);
    if (!S_ISREG(facts.st_mode))
        return damaged;

    part.lock = platform::FileLock::borrow(part.descriptor.number());
    const core::Result<bool> locked = part.lock.tryAcquire();
    if (!locked)
        return locked.error();
    if (!*locked)
        return core::Error{ErrorCode::PartLocked, operation, EWOULDBLOCK, path};

    // Facts from before the lock may be out of date.
    struct stat named {
    };
    if (::fstat(part.descriptor.number(), &facts) != 0 ||
        (::lstat(QFile::encodeName(path).constData(), &named) != 0 && errno != ENOENT))
        return platform::errorFromErrno(errno, operation, path);
    if (named.st_ino != facts.st_ino || named.st_dev != facts.st_dev)
        return missing;
    part.size = facts.st_size;
    part.links = facts.st_nlink;
    return part;
}

core::Result<QString> targetPath(const QString &root, const QString &relativePath, const QString &operation)
{
    QStringList components = relativePath.split(u'/');
    if (!QDir::isAbsolutePath(root) || !std::all_of(components.begin(), components.end(), isPlainComponent) ||
        components.first() == folderName)
        return core::Error{ErrorCode::InvalidArgument, operation, 0, relativePath};
    const core::Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(root);
    if (!facts)
        return facts.error();
    if (!*facts)
        return core::Error{ErrorCode::VolumeAbsent, operation, ENOENT, root};
    QString path = root;
    const QString fileName = components.takeLast();
    for (const QString &component : std::as_const(components)) {
        path += u'/' + component;
        if (core::Result<> real = checkRealFolder(path, operation); !real) {
            core::Error error = real.error();
            if (error.code == ErrorCode::FileMissing)
                error.code = ErrorCode::FolderMissing;
            return error;
        }
    }
    return path + u'/' + fileName;
}

} // namespace ingather::storage
