// SPDX-License-Identifier: MIT
#include "ledger/repair/ledger_hold.h"

#include "core/error.h"

#include <QDir>
#include <QFileInfo>
#include <QStringList>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

// https://www.sqlite.org/src/file/src/os.h: the pending byte, the reserved byte and 510 shared bytes.
constexpr qint64 lockBytesStart = 0x40000000;
constexpr qint64 lockBytesLength = 512;

Error inUse(const QList<platform::FileUser> &holders)
{
    QStringList users;
    for (const platform::FileUser &user : holders)
        users.append(user.toString());
    return {ErrorCode::LedgerInUse, QStringLiteral("lock ledger file"), 0,
            users.isEmpty() ? QStringLiteral("another program") : users.join(QStringLiteral(", "))};
}

} // namespace

Result<std::unique_ptr<LedgerHold>> LedgerHold::take(const OpenOptions &options)
{
    std::unique_ptr<LedgerHold> hold(new LedgerHold);
    hold->m_path = QDir::cleanPath(QFileInfo(options.path).absoluteFilePath());
    Result<> done = hold->m_writeLock.open(hold->m_path, true);
    if (done)
        done = hold->m_writeLock.acquire(options.lockPatience, options.owner, 0);
    if (!done)
        return done.error();
    if (!QFileInfo::exists(hold->m_path))
        return hold;

    // Looked at before the file is opened here: closing it again would drop the locks that this process
    // itself holds on it through SQLite (SQLite, "How To Corrupt", 2.2).
    const QList<platform::FileUser> holders = platform::lockHolders(hold->m_path);
    if (!holders.isEmpty())
        return inUse(holders);
    const Result<bool> locked = hold->m_fileLock.tryAcquire(hold->m_path, lockBytesStart, lockBytesLength);
    if (!locked)
        return locked.error();
    if (!*locked)
        return inUse(platform::lockHolders(hold->m_path));
    return hold;
}

} // namespace ingather::ledger
