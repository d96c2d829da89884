// SPDX-License-Identifier: MIT
#include "ledger/backup.h"

#include "core/error.h"
#include "ledger/sqlite.h"
#include "platform/file_system.h"

#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

Result<> createPrivateFile(const QString &path)
{
    const int descriptor =
        ::open(QFile::encodeName(path).constData(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return platform::errorFromErrno(errno, QStringLiteral("create backup"), path);
    ::close(descriptor);
    return {};
}

Result<> copyAll(sqlite3 *source, sqlite3 *target)
{
    const QString operation = QStringLiteral("back up ledger");
    sqlite3_backup *backup = sqlite3_backup_init(target, "main", source, "main");
    if (backup == nullptr)
        return sqliteError(target, operation);
    const int code = sqlite3_backup_step(backup, -1);
    sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE)
        return sqliteError(code, operation, QString::fromUtf8(sqlite3_errstr(code)));
    // The copy has the source's header. One that asks for WAL would want files beside it to be read.
    return runScript(target, QByteArrayLiteral("PRAGMA journal_mode = DELETE"), operation);
}

Result<> checkCopy(sqlite3 *copy)
{
    SqliteStatement check;
    const Result<> prepared = check.prepare(copy, "PRAGMA quick_check(1)");
    if (!prepared)
        return prepared;
    const Result<bool> row = check.step("check backup");
    if (!row)
        return row.error();
    const QString verdict = *row ? check.text(0) : QString();
    check.reset();
    if (verdict != QStringLiteral("ok"))
        return Error{ErrorCode::LedgerCorrupt, QStringLiteral("check backup"), SQLITE_CORRUPT, verdict};
    return {};
}

} // namespace

Result<> backupTo(sqlite3 *connection, const QString &path)
{
    Result<> done = createPrivateFile(path);
    if (!done)
        return done;
    SqliteConnection copy;
    done = copy.open(path, SqliteConnection::Mode::ReadWrite);
    if (done)
        done = runScript(copy.handle(), QByteArrayLiteral("PRAGMA synchronous = EXTRA"),
                         QStringLiteral("back up ledger"));
    if (done)
        done = copyAll(connection, copy.handle());
    if (done)
        done = checkCopy(copy.handle());
    copy.close();
    if (done)
        done = platform::syncDirectory(QFileInfo(path).absolutePath());
    if (!done)
        QFile::remove(path);
    return done;
}

} // namespace ingather::ledger
