// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/repair_report.h"
#include "core/result.h"
#include "core/work_control.h"
#include "ledger/backups/backup_info.h"

#include <QList>
#include <QString>

#include <optional>

namespace ingather::ledger
{

/// `<ledger>.backups`: a folder for nobody else's eyes, with one packed copy of the ledger a file,
/// `<UTC>.sqlite3.gz`. What each is a copy of stands in the header of the file itself.
QString backupFolder(const QString &ledgerPath);

/// Makes a rolling backup, unless the newest one is of the same ledger, another program is about to make one,
/// or there has never been a job to save (nullopt); then removes those that backup_retention.h has no place
/// for. A backup has its name only once it has been read back and is on the disk; what a killed process left
/// of one is removed by the next. The ledger is only read. DiskFull before it is tight; LedgerUnmigrated if
/// there is no ledger at that path; LedgerCorrupt if there is one and the copy does not pass; Cancelled.
core::Result<std::optional<core::BackupReport>> backUpIfChanged(const QString &ledgerPath, core::UnixTime now,
                                                                const core::WorkControl &control);

/// Newest first: the rolling backups and those that migrations made (`<ledger>.v<version>-<UTC>.backup`).
QList<BackupInfo> listBackups(const QString &ledgerPath);

} // namespace ingather::ledger
