// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "ledger/backups/backup_info.h"
#include "ledger/backups/ledger_description.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace ingather::ledger
{

/// What stands in the header of a packed backup: what it is a copy of, as JSON in printable ASCII.
QByteArray backupNote(const LedgerDescription &ledger, const QString &appVersion);

/// Fills in what a note says; what it does not say, or says in a way that is not ours, stays unknown.
void readBackupNote(const QByteArray &note, BackupInfo &info);

/// "20261123T081500Z", and back. UTC.
QString stampOf(core::UnixTime time);
std::optional<core::UnixTime> timeOfStamp(QStringView stamp);

} // namespace ingather::ledger
