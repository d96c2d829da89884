// SPDX-License-Identifier: MIT
#include "ledger/backups/backup_file.h"

#include "core/error.h"
#include "ledger/backups/backup_note.h"
#include "ledger/backups/gzip_file.h"
#include "ledger/backups/online_backup.h"
#include "ledger/backups/unfinished_file.h"
#include "platform/file_system.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <sqlite3.h>

namespace ingather::ledger
{

using core::BackupReport;
using core::Error;
using core::ErrorCode;
using core::Result;
using core::WorkControl;

namespace
{

const QString &backingUp()
{
    static const QString text = QStringLiteral("back up ledger");
    return text;
}

Result<qint64> number(sqlite3 *connection, const char *sql)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(connection, sql);
    if (!prepared)
        return prepared.error();
    const Result<bool> row = statement.step("back up ledger");
    if (!row)
        return row.error();
    return *row ? statement.integer(0) : 0;
}

Result<> refuseExisting(const QString &path, const QString &operation)
{
    const Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(path);
    if (!facts)
        return facts.error();
    if (*facts)
        return Error{ErrorCode::FileExists, operation, 0, path};
    return {};
}

QString folderOf(const QString &path)
{
    return QFileInfo(path).absolutePath();
}

/// A disk that a backup has filled would stop the very work that it is for.
Result<> checkRoom(const QString &folder, qint64 bytes)
{
    const Result<qint64> free = platform::freeSpace(folder);
    if (!free)
        return free.error();
    if (*free >= bytes)
        return {};
    return Error{ErrorCode::DiskFull, backingUp(), 0,
                 QStringLiteral("%1 bytes are needed at %2, %3 are free").arg(bytes).arg(folder).arg(*free)};
}

/// The file that will be `path`, if nothing is there and there is room for so many bytes.
Result<UnfinishedFile> begin(const QString &path, qint64 bytes, const QString &operation)
{
    const QString folder = folderOf(path);
    Result<> done = refuseExisting(path, operation);
    if (done)
        done = platform::checkWritableFolder(folder);
    if (done)
        done = checkRoom(folder, bytes);
    if (!done)
        return done.error();
    UnfinishedFile::removeAbandoned(folder);
    return UnfinishedFile::createIn(folder);
}

/// What is wrong with a file that somebody wants to be a backup, in the words of restoring.
Error asUnusable(Error error, const QString &path)
{
    switch (error.code) {
    case ErrorCode::LedgerNotADatabase:
    case ErrorCode::LedgerCorrupt:
    case ErrorCode::LedgerIsFolder:
    case ErrorCode::LedgerReadOnly: // a journal beside it wants to be rolled back first
        error.code = ErrorCode::BackupUnusable;
        error.detail = path + QStringLiteral(": ") + error.detail;
        return error;
    default:
        return error;
    }
}

/// The database `from` into `to`, through SQLite: commits that are still in a -wal beside it come along.
Result<> copyDatabaseFile(const QString &from, const UnfinishedFile &to, const WorkControl &control)
{
    SqliteConnection connection;
    Result<> done = openForReading(connection, from, FileUse::AtRest);
    if (done)
        done = copyDatabase(connection.handle(), to, control);
    return done;
}

} // namespace

Result<> LedgerReading::open(const QString &ledgerPath)
{
    const auto none = [](const char *why) {
        return Error{ErrorCode::LedgerUnmigrated, backingUp(), 0, QString::fromLatin1(why)};
    };
    const Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(ledgerPath);
    if (!facts)
        return facts.error();
    if (!*facts)
        return none("absent");
    if ((*facts)->isFolder)
        return Error{ErrorCode::LedgerIsFolder, backingUp(), 0, ledgerPath};
    if ((*facts)->size == 0)
        return none("empty");
    Result<> done = openForReading(m_connection, ledgerPath, FileUse::InUse);
    if (done)
        done = m_snapshot.begin(m_connection.handle());
    if (!done)
        return done;
    const Result<LedgerDescription> description = describeLedger(m_connection.handle());
    if (!description)
        return description.error();
    m_description = *description;
    const Result<qint64> pages = number(m_connection.handle(), "PRAGMA page_count");
    if (!pages)
        return pages.error();
    const Result<qint64> pageSize = number(m_connection.handle(), "PRAGMA page_size");
    if (!pageSize)
        return pageSize.error();
    m_bytes = *pages * *pageSize;
    return {};
}

/// The snapshot ends with the copy: as long as it lasts, the write-ahead log can't start anew.
Result<> LedgerReading::copyChecked(const UnfinishedFile &target, const WorkControl &control)
{
    const Result<> copied = copyDatabase(m_connection.handle(), target, control);
    m_snapshot.end();
    if (!copied)
        return copied;
    return checkDatabase(target, control);
}

Result<BackupReport> LedgerReading::reportOn(const QString &path) const
{
    const Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(path);
    if (!facts)
        return facts.error();
    return BackupReport{path, *facts ? (*facts)->size : 0, m_description.jobs};
}

Result<BackupReport> LedgerReading::copyInto(const QString &path, const WorkControl &control)
{
    Result<UnfinishedFile> ready = begin(path, m_bytes, backingUp());
    if (!ready)
        return ready.error();
    Result<> done = copyChecked(*ready, control);
    if (done)
        done = ready->publishAs(path);
    if (!done)
        return done.error();
    return reportOn(path);
}

Result<BackupReport> LedgerReading::packInto(const QString &path, const WorkControl &control)
{
    // The packed file grows beside the plain one, to half its size at most in practice.
    Result<UnfinishedFile> packed = begin(path, m_bytes + m_bytes / 2, backingUp());
    if (!packed)
        return packed.error();
    Result<> done;
    {
        const Result<UnfinishedFile> plain = UnfinishedFile::createIn(folderOf(path));
        if (!plain)
            return plain.error();
        done = copyChecked(*plain, control);
        if (done)
            done = compress(plain->descriptor(), packed->descriptor(),
                            backupNote(m_description, QCoreApplication::applicationVersion()), control);
        if (!done)
            return done.error();
    }
    const Result<qint64> readBack = decompress(packed->path(), -1, control);
    if (!readBack)
        return readBack.error();
    if (*readBack != m_bytes) {
        return Error{ErrorCode::BackupUnusable, QStringLiteral("check backup"), 0,
                     QStringLiteral("%1 bytes instead of %2").arg(*readBack).arg(m_bytes)};
    }
    done = packed->publishAs(path);
    if (!done)
        return done.error();
    return reportOn(path);
}

Result<BackupReport> backupToFile(const QString &ledgerPath, const QString &path, const WorkControl &control)
{
    LedgerReading ledger;
    const Result<> opened = ledger.open(ledgerPath);
    if (!opened)
        return opened.error();
    return path.endsWith(QLatin1StringView(".gz"), Qt::CaseInsensitive) ? ledger.packInto(path, control)
                                                                        : ledger.copyInto(path, control);
}

Result<QString> unpackBackup(const QString &backupPath, const QString &targetPath, const WorkControl &control)
{
    const QString operation = QStringLiteral("unpack backup");
    const Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(backupPath);
    if (!facts)
        return facts.error();
    if (!*facts)
        return Error{ErrorCode::FileMissing, operation, 0, backupPath};
    if (!(*facts)->isRegular || (*facts)->size == 0)
        return Error{ErrorCode::BackupUnusable, operation, 0, backupPath + QStringLiteral(": not a backup")};
    Result<UnfinishedFile> target = begin(targetPath, (*facts)->size, operation);
    if (!target)
        return target.error();

    // Read by SQLite's own layer: the file may be open in this process as a database.
    const Result<QByteArray> head = readHeader(backupPath, 2);
    if (!head)
        return head.error();
    Result<> done;
    if (*head == QByteArrayView("\x1f\x8b", 2)) {
        const Result<qint64> unpacked = decompress(backupPath, target->descriptor(), control);
        if (!unpacked)
            return unpacked.error();
    } else {
        done = copyDatabaseFile(backupPath, *target, control);
    }
    if (done)
        done = checkDatabase(*target, control);
    if (!done)
        return asUnusable(done.error(), backupPath);
    done = target->publishAs(targetPath);
    if (!done)
        return done.error();
    return targetPath;
}

} // namespace ingather::ledger
