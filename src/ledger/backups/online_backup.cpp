// SPDX-License-Identifier: MIT
#include "ledger/backups/online_backup.h"

#include "core/error.h"
#include "ledger/backups/copy_check.h"
#include "ledger/backups/paced_progress.h"
#include "ledger/backups/snapshot.h"
#include "ledger/backups/unfinished_file.h"
#include "ledger/inspection.h"
#include "ledger/sqlite.h"
#include "platform/file_system.h"

#include <QFileInfo>

#include <sqlite3.h>

#include <memory>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;
using core::WorkControl;
using core::WorkStep;

namespace
{

// 8 MiB at the usual page size: a few milliseconds of copying, and as much for the disk to swallow at a time.
constexpr int pagesPerStep = 2000;

const QString &operation()
{
    static const QString text = QStringLiteral("back up ledger");
    return text;
}

Error cancelled()
{
    return {ErrorCode::Cancelled, operation()};
}

Result<> copyPages(sqlite3 *source, sqlite3 *target, int descriptor, const WorkControl &control)
{
    const std::unique_ptr<sqlite3_backup, decltype(&sqlite3_backup_finish)> backup(
        sqlite3_backup_init(target, "main", source, "main"), &sqlite3_backup_finish);
    if (!backup)
        return sqliteError(target, operation());
    PacedProgress progress(control, WorkStep::CopyingLedger);
    for (;;) {
        if (control.isStopped())
            return cancelled();
        const int code = sqlite3_backup_step(backup.get(), pagesPerStep);
        if (code != SQLITE_OK && code != SQLITE_DONE)
            return sqliteError(code, operation(), QString::fromUtf8(sqlite3_errstr(code)));
        const qint64 total = sqlite3_backup_pagecount(backup.get());
        progress.tell(total - sqlite3_backup_remaining(backup.get()), total);
        // Gigabytes that are written out at once, at the end, would make every commit of others wait for
        // them.
        const Result<> synced = platform::syncData(descriptor);
        if (!synced)
            return synced;
        if (code == SQLITE_DONE)
            return {};
    }
}

/// A copy has the original's header. One that asks for WAL would want files beside it to be read.
Result<> standAlone(sqlite3 *copy)
{
    return runScript(copy, QByteArrayLiteral("PRAGMA synchronous = OFF; PRAGMA journal_mode = DELETE"),
                     operation());
}

/// A copy that says of itself what the original says.
Result<> compareFacts(sqlite3 *source, sqlite3 *copy)
{
    const Result<SchemaFacts> wanted = readSchemaFacts(source);
    if (!wanted)
        return wanted.error();
    const Result<SchemaFacts> found = readSchemaFacts(copy);
    if (!found)
        return found.error();
    if (*found != *wanted) {
        return Error{
            ErrorCode::LedgerCorrupt, QStringLiteral("check backup"), 0,
            QStringLiteral("schema version %1 instead of %2").arg(found->version).arg(wanted->version)};
    }
    return {};
}

} // namespace

Result<> copyDatabase(sqlite3 *connection, const UnfinishedFile &target, const WorkControl &control)
{
    Snapshot snapshot;
    Result<> done = snapshot.begin(connection);
    SqliteConnection copy;
    if (done)
        done = copy.open(target.path(), SqliteConnection::Mode::ReadWrite);
    // Nobody ever sees the file half done, so nothing in it has to be taken back; it is synced by us.
    if (done)
        done =
            runScript(copy.handle(), QByteArrayLiteral("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"),
                      operation());
    if (done)
        done = copyPages(connection, copy.handle(), target.descriptor(), control);
    if (done)
        done = standAlone(copy.handle());
    if (done)
        done = compareFacts(connection, copy.handle());
    return done;
}

Result<> checkDatabase(const UnfinishedFile &file, const WorkControl &control)
{
    SqliteConnection copy;
    Result<> done = copy.open(file.path(), SqliteConnection::Mode::ReadWrite);
    if (done)
        done = standAlone(copy.handle());
    if (done)
        done = checkCopy(copy.handle(), CopyCheck::Quick, control);
    return done;
}

Result<> backupTo(sqlite3 *connection, const QString &path, const WorkControl &control)
{
    const Result<std::optional<platform::FileFacts>> present = platform::fileFacts(path);
    if (!present)
        return present.error();
    if (*present)
        return Error{ErrorCode::FileExists, operation(), 0, path};
    const QString folder = QFileInfo(path).absolutePath();
    UnfinishedFile::removeAbandoned(folder);
    Result<UnfinishedFile> target = UnfinishedFile::createIn(folder);
    if (!target)
        return target.error();
    Result<> done = copyDatabase(connection, *target, control);
    if (done)
        done = checkDatabase(*target, control);
    if (done)
        done = target->publishAs(path);
    return done;
}

} // namespace ingather::ledger
