// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/session.h"
#include "ledger/write_lock.h"
#include "platform/file_users.h"

namespace ingather::ledger
{

/// Nobody else reads or writes the ledger as long as this lives: the write lock keeps programs of ours from
/// writing, and an exclusive lock on SQLite's own lock bytes keeps every SQLite out of the file, also one of
/// a program that has never heard of us. In WAL mode each open connection holds a shared lock there, so idle
/// readers are found too. The file itself is never opened by SQLite meanwhile: work goes on in copies.
class LedgerHold final
{
public:
    /// LedgerBusy (write lock not had), LedgerInUse (naming the programs that have it open).
    static core::Result<std::unique_ptr<LedgerHold>> take(const OpenOptions &options);
    Q_DISABLE_COPY_MOVE(LedgerHold)

    WriteLock &writeLock() { return m_writeLock; }
    /// Absolute and clean.
    const QString &path() const { return m_path; }
    bool isFileThere() const { return m_fileLock.isHeld(); }

private:
    LedgerHold() = default;

    QString m_path;
    WriteLock m_writeLock;
    platform::RangeLock m_fileLock; ///< not held where there is no file
};

} // namespace ingather::ledger
