// SPDX-License-Identifier: MIT
#include "ledger/repair/work_copy.h"

#include "ledger/row_sum.h"
#include "ledger/schema.h"
#include "platform/descriptor.h"
#include "platform/file_system.h"

#include <fcntl.h>

namespace ingather::ledger
{

using core::Result;

namespace
{

const QString opening = QStringLiteral("open copy of ledger");

} // namespace

Result<> WorkCopy::open(const QString &path)
{
    Result<> done = m_connection.open(path, SqliteConnection::Mode::ReadWrite);
    // Alone with it: no shared memory is needed. A record that claims more than its page holds is an error at
    // once. What others put into the schema is not run.
    if (done)
        done = runScript(handle(),
                         QByteArrayLiteral("PRAGMA locking_mode = EXCLUSIVE; PRAGMA cell_size_check = ON; "
                                           "PRAGMA trusted_schema = OFF; PRAGMA cache_size = -65536; "
                                           "SELECT count(*) FROM sqlite_schema"),
                         opening);
    if (done)
        done = addRowSumFunction(handle());
    if (!done)
        close();
    return done;
}

Result<> WorkCopy::openForLooking(const QString &path)
{
    Result<> done = m_connection.open(path, SqliteConnection::Mode::ReadOnly);
    if (done)
        done = runScript(handle(),
                         QByteArrayLiteral("PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; "
                                           "SELECT count(*) FROM sqlite_schema"),
                         opening);
    if (done)
        done = addRowSumFunction(handle());
    if (!done)
        close();
    return done;
}

Result<> WorkCopy::intoOneFile()
{
    return runScript(handle(),
                     QByteArrayLiteral("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE"),
                     opening);
}

Result<> migrateFile(const QString &path, core::UnixTime now)
{
    WorkCopy copy;
    Result<> done = copy.open(path);
    if (!done)
        return done;
    MigrationRequest request;
    request.ledgerPath = path;
    request.now = now;
    request.makesBackup = false;
    const Result<core::MigrationReport> migrated = migrate(copy.handle(), request);
    return migrated ? copy.intoOneFile() : Result<>(migrated.error());
}

Result<> syncWholeFile(const QString &path)
{
    const Result<platform::Descriptor> file =
        platform::openFile(path, O_RDONLY, QStringLiteral("sync ledger"));
    if (!file)
        return file.error();
    return platform::syncData(file->number());
}

} // namespace ingather::ledger
