// SPDX-License-Identifier: MIT
#include "ledger/health/ledger_look.h"

#include "core/error.h"
#include "ledger/row_sum.h"
#include "platform/file_system.h"

#include <sqlite3.h>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::FindingId;
using core::Result;

namespace
{

std::optional<platform::FileFacts> factsOf(const QString &path)
{
    const auto facts = platform::fileFacts(path);
    return facts ? *facts : std::nullopt;
}

} // namespace

std::optional<core::Finding> findingOf(const Error &error)
{
    const QString detail = core::toLogText(error);
    switch (error.code) {
    case ErrorCode::LedgerCorrupt:
        return core::found(FindingId::PageDamaged, {}, detail);
    case ErrorCode::LedgerNotADatabase:
        return core::found(FindingId::FileNotADatabase, {}, detail);
    case ErrorCode::LedgerIoError:
    case ErrorCode::LedgerCannotOpen:
    case ErrorCode::PermissionDenied:
    case ErrorCode::VolumeFailing:
        return core::found(FindingId::FileUnreadable, {}, detail);
    default:
        return std::nullopt;
    }
}

Result<std::unique_ptr<LedgerLook>> LedgerLook::open(const QString &path)
{
    auto opened = std::unique_ptr<LedgerLook>(new LedgerLook(path));
    const Result<> looked = opened->look();
    if (!looked) {
        opened->m_obstacle = findingOf(looked.error());
        if (!opened->m_obstacle)
            return looked.error();
    }
    if (opened->m_obstacle)
        opened->m_obstacle->place = path;
    return opened;
}

LedgerLook::~LedgerLook() = default;

Result<> LedgerLook::look()
{
    const Result<std::optional<platform::FileFacts>> file = platform::fileFacts(m_path);
    if (!file) {
        m_obstacle = core::found(FindingId::FileUnreadable, m_path, core::toLogText(file.error()));
        return {};
    }
    if (!*file) {
        m_obstacle = core::found(FindingId::FileAbsent, m_path);
        return {};
    }
    m_bytes = (*file)->size;
    if (!(*file)->isRegular) {
        m_obstacle = core::found(FindingId::FileUnreadable, m_path,
                                 (*file)->isFolder ? QStringLiteral("it is a folder")
                                                   : QStringLiteral("it is not a regular file"));
        return {};
    }
    if (m_bytes == 0) {
        m_obstacle = core::found(FindingId::FileEmpty, m_path);
        return {};
    }
    constexpr int headerBytes = 100;
    const Result<QByteArray> header = readHeader(m_path, headerBytes);
    if (!header)
        return header.error();
    if (!header->startsWith(QByteArrayView("SQLite format 3\0", 16))) {
        m_obstacle = core::found(FindingId::FileNotADatabase, m_path,
                                 QStringLiteral("the header of SQLite is not there"));
        return {};
    }
    // https://www.sqlite.org/fileformat2.html, 1.3.3: read and write version 2 is WAL.
    m_isWal = header->at(18) == 2 || header->at(19) == 2;
    return connect();
}

Result<> LedgerLook::connect()
{
    using Mode = SqliteConnection::Mode;
    m_before = stamp();
    const bool hasIndex = factsOf(m_path + QStringLiteral("-shm")).has_value();
    m_isImmutable = m_isWal && m_before.walSize <= 0 && !(m_before.walSize == 0 && hasIndex);
    const bool needsIndexInMemory = m_isWal && m_before.walSize > 0 && !hasIndex;
    const Mode mode = m_isImmutable ? Mode::Immutable : needsIndexInMemory ? Mode::ReadWrite : Mode::ReadOnly;
    Result<> done = m_connection.open(m_path, mode);
    if (!done)
        return done;
    if (needsIndexInMemory && !m_connection.isWritable()) {
        // Neither may the index be made beside the file nor its lock be taken: the main file has to do.
        m_isImmutable = true;
        done = m_connection.open(m_path, Mode::Immutable);
        if (!done)
            return done;
    }
    int granted = 0;
    for (const int option : {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, SQLITE_DBCONFIG_DEFENSIVE})
        sqlite3_db_config(m_connection.handle(), option, 1, &granted);
    // "WAL-mode File Format", 2.1 of SQLite's wal.html: with exclusive locking before the first read the
    // index lives on the heap.
    if (needsIndexInMemory)
        done = runScript(m_connection.handle(), QByteArrayLiteral("PRAGMA locking_mode = EXCLUSIVE"),
                         QStringLiteral("open ledger for a look"));
    if (done)
        done = runScript(m_connection.handle(),
                         QByteArrayLiteral("PRAGMA query_only = ON; PRAGMA cell_size_check = ON; "
                                           "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; "
                                           "BEGIN; SELECT count(*) FROM sqlite_schema"),
                         QStringLiteral("open ledger for a look"));
    if (!done && done.error().code == ErrorCode::LedgerReadOnly) {
        // A rollback journal of a transaction that was cut off; only who may write can roll it back.
        m_obstacle = core::found(FindingId::FileUnreadable, m_path,
                                 QStringLiteral("a transaction was cut off: its journal waits to be rolled "
                                                "back by the next program that writes"));
        m_obstacle->severity = core::Severity::Warning;
        return {};
    }
    return done ? addRowSumFunction(m_connection.handle()) : done;
}

LedgerLook::Stamp LedgerLook::stamp() const
{
    Stamp stamp;
    if (const auto file = factsOf(m_path)) {
        stamp.size = file->size;
        stamp.modifiedAt = file->modifiedAt;
    }
    if (const auto wal = factsOf(m_path + QStringLiteral("-wal")))
        stamp.walSize = wal->size;
    return stamp;
}

bool LedgerLook::isDisturbed() const
{
    return m_isImmutable && stamp() != m_before;
}

} // namespace ingather::ledger
