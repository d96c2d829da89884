// SPDX-License-Identifier: MIT
#include "platform/rename_fallback.h"

#include "platform/descriptor.h"
#include "platform/file_system.h"
#include "platform/retry_interrupted.h"

#include <QFile>

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

namespace ingather::platform
{

core::Result<> renameByLink(const QString &from, const QString &to)
{
    const QByteArray fromName = QFile::encodeName(from);
    const QByteArray toName = QFile::encodeName(to);
    if (retryInterrupted([&] { return ::link(fromName.constData(), toName.constData()); }) != 0)
        return errorFromErrno(errno, QStringLiteral("link file"), to);
    if (retryInterrupted([&] { return ::unlink(fromName.constData()); }) != 0) {
        const int reason = errno;
        ::unlink(toName.constData()); // as it was before: one file, one name
        return errorFromErrno(reason, QStringLiteral("unlink old name"), from);
    }
    return {};
}

bool isLinkRefused(const core::Error &error)
{
    // EPERM is what link(2) documents for it; the others come from FUSE and network file systems.
    return error.native == EPERM || error.native == EOPNOTSUPP || error.native == ENOSYS ||
           error.native == EINVAL || error.native == EMLINK;
}

core::Result<> renameByPlaceholder(const QString &from, const QString &to)
{
    core::Result<std::optional<FileFacts>> source = fileFacts(from);
    if (!source)
        return source.error();
    if (!*source)
        return errorFromErrno(ENOENT, QStringLiteral("rename"), from);
    const core::Result<Descriptor> placeholder =
        openFile(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, QStringLiteral("take name"));
    if (!placeholder)
        return placeholder.error();
    const QByteArray fromName = QFile::encodeName(from);
    const QByteArray toName = QFile::encodeName(to);
    if (retryInterrupted([&] { return ::rename(fromName.constData(), toName.constData()); }) != 0) {
        const int reason = errno;
        ::unlink(toName.constData());
        return errorFromErrno(reason, QStringLiteral("rename"), to);
    }
    return {};
}

} // namespace ingather::platform
