// SPDX-License-Identifier: MIT
#include "platform/file_origin.h"

#include "core/shareable_url.h"
#include "platform/descriptor.h"
#include "platform/file_system.h"
#include "platform/retry_interrupted.h"

#include <QByteArray>

#include <cerrno>
#include <cmath>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>

namespace ingather::platform
{

namespace
{

constexpr const char *attribute = "user.xdg.origin.url";
constexpr qsizetype longestOrigin = 2048;
const QString originOperation = QStringLiteral("remember origin");
const QString timeOperation = QStringLiteral("set time of change");

/// Volumes without such attributes, or without room for this one: ext4 says ENOSPC when a block of attributes
/// is full, which says nothing about the volume.
bool isNotForHere(int errorNumber)
{
    return errorNumber == ENOTSUP || errorNumber == ENOSYS || errorNumber == EPERM || errorNumber == ENOSPC ||
           errorNumber == EDQUOT || errorNumber == E2BIG || errorNumber == ERANGE || errorNumber == EINVAL;
}

core::Result<Descriptor> openForMarks(const QString &path, const QString &operation)
{
    return openFile(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW, operation);
}

QByteArray originValue(const QString &url)
{
    const QString shareable = core::shareableUrl(url);
    QByteArray value = shareable.toUtf8();
    if (value.size() > longestOrigin)
        value = shareable.section(u'?', 0, 0).toUtf8();
    return value.size() > longestOrigin ? QByteArray() : value;
}

} // namespace

core::Result<bool> setOrigin(int descriptor, const QString &url)
{
    const QByteArray value = originValue(url);
    if (value.isEmpty())
        return false;
    const int outcome = retryInterrupted([&] {
        return ::fsetxattr(descriptor, attribute, value.constData(), static_cast<size_t>(value.size()), 0);
    });
    if (outcome == 0)
        return true;
    if (isNotForHere(errno))
        return false;
    return errorFromErrno(errno, originOperation);
}

core::Result<bool> setOrigin(const QString &path, const QString &url)
{
    const core::Result<Descriptor> file = openForMarks(path, originOperation);
    return file ? setOrigin(file->number(), url) : file.error();
}

core::Result<QString> originOf(const QString &path)
{
    const core::Result<Descriptor> file = openForMarks(path, QStringLiteral("read origin"));
    if (!file)
        return file.error();
    QByteArray value(longestOrigin, Qt::Uninitialized);
    const auto size = ::fgetxattr(file->number(), attribute, value.data(), static_cast<size_t>(value.size()));
    if (size >= 0)
        return QString::fromUtf8(value.left(size));
    if (errno == ENODATA || isNotForHere(errno))
        return QString();
    return errorFromErrno(errno, QStringLiteral("read origin"), path);
}

core::Result<bool> setModificationTime(int descriptor, core::UnixTime time)
{
    constexpr double latest = 7'258'118'400.0; // 2200-01-01
    if (!(time.seconds >= 0.0 && time.seconds < latest))
        return core::Error{core::ErrorCode::InvalidArgument, timeOperation, 0, QString::number(time.seconds)};
    constexpr double nanosecondsInASecond = 1e9;
    const double whole = std::floor(time.seconds);
    const timespec times[2] = {
        {0, UTIME_OMIT},
        {static_cast<time_t>(whole), static_cast<long>((time.seconds - whole) * nanosecondsInASecond)}};
    if (retryInterrupted([&] { return ::futimens(descriptor, times); }) == 0)
        return true;
    if (isNotForHere(errno))
        return false;
    return errorFromErrno(errno, timeOperation);
}

core::Result<bool> setModificationTime(const QString &path, core::UnixTime time)
{
    const core::Result<Descriptor> file = openForMarks(path, timeOperation);
    return file ? setModificationTime(file->number(), time) : file.error();
}

} // namespace ingather::platform
