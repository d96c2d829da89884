// SPDX-License-Identifier: MIT
#pragma once

#include "core/repair_report.h"
#include "core/result.h"
#include "core/work_control.h"
#include "ledger/backups/ledger_description.h"
#include "ledger/backups/snapshot.h"
#include "ledger/sqlite.h"

#include <QString>

namespace ingather::ledger
{

class UnfinishedFile;

/// A ledger at one moment, to be copied once.
class LedgerReading final
{
public:
    /// LedgerUnmigrated for a file that is absent, empty or holds no ledger; else SQLite's codes.
    core::Result<> open(const QString &ledgerPath);
    const LedgerDescription &description() const { return m_description; }

    /// A plain copy, verified and durable, or a packed one, which is read back too. FileExists;
    /// FolderMissing, NotAFolder, FolderNotWritable; DiskFull, also if it is foreseen; LedgerCorrupt;
    /// Cancelled.
    core::Result<core::BackupReport> copyInto(const QString &path, const core::WorkControl &control);
    core::Result<core::BackupReport> packInto(const QString &path, const core::WorkControl &control);

private:
    core::Result<> copyChecked(const UnfinishedFile &target, const core::WorkControl &control);
    core::Result<core::BackupReport> reportOn(const QString &path) const;

    SqliteConnection m_connection;
    Snapshot m_snapshot; // ends before the connection closes
    LedgerDescription m_description;
    qint64 m_bytes = 0;
};

/// `backup FILE`: an SQLite file, or a packed one if its name ends in ".gz". The ledger may be at work.
/// The errors of LedgerReading.
core::Result<core::BackupReport> backupToFile(const QString &ledgerPath, const QString &path,
                                              const core::WorkControl &control);

/// Makes an SQLite file at `targetPath` out of a backup, packed or plain, and checks it (quick_check); the
/// backup itself is only read. Returns `targetPath`. FileExists; BackupUnusable, with why, for a file that is
/// not whole or no database; DiskFull, Cancelled.
core::Result<QString> unpackBackup(const QString &backupPath, const QString &targetPath,
                                   const core::WorkControl &control = {});

} // namespace ingather::ledger
