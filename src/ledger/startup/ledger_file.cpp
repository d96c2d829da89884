// SPDX-License-Identifier: MIT
#include "ledger/startup/ledger_file.h"

#include "core/error.h"
#include "platform/file_system.h"

#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

Result<> makeFolder(const QString &folder)
{
    if (QFileInfo(folder).isDir())
        return {};
    const QString parent = QFileInfo(folder).absolutePath();
    if (parent != folder) {
        const Result<> made = makeFolder(parent);
        if (!made)
            return made;
    }
    if (::mkdir(QFile::encodeName(folder).constData(), 0700) != 0 && errno != EEXIST) {
        Error error = platform::errorFromErrno(errno, QStringLiteral("make ledger folder"), folder);
        error.code = ErrorCode::LedgerCannotOpen;
        return error;
    }
    return {};
}

} // namespace

Result<> makeLedgerFolder(const QString &ledgerPath)
{
    return makeFolder(QFileInfo(ledgerPath).absolutePath());
}

Result<> createLedgerFile(const QString &ledgerPath)
{
    // Nobody has it open yet, so closing it drops no locks.
    const int descriptor =
        ::open(QFile::encodeName(ledgerPath).constData(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        Error error = platform::errorFromErrno(errno, QStringLiteral("create ledger"), ledgerPath);
        error.code = error.code == ErrorCode::PermissionDenied ? ErrorCode::LedgerReadOnly
                     : error.code == ErrorCode::DiskFull       ? ErrorCode::LedgerFull
                                                               : ErrorCode::LedgerCannotOpen;
        return error;
    }
    ::close(descriptor);
    return platform::syncDirectory(QFileInfo(ledgerPath).absolutePath());
}

} // namespace ingather::ledger
