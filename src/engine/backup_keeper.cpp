// SPDX-License-Identifier: MIT
#include "engine/backup_keeper.h"

#include "ledger/backups/rolling_backups.h"
#include "ledger/log.h"

#include <algorithm>

namespace ingather::engine
{

using core::ErrorCode;
using core::Result;

namespace
{

constexpr double mostSecondsWithout = 24 * 3600;

} // namespace

BackupKeeper::BackupKeeper(const QString &ledgerPath, const core::Clock &clock,
                           std::chrono::milliseconds interval)
    : m_ledgerPath(ledgerPath), m_clock(clock),
      m_thread(interval, [this](const std::stop_token &stop, bool isWanted) {
          look(stop, isWanted);
          Q_EMIT looked();
      })
{
}

void BackupKeeper::look(const std::stop_token &stop, bool isWanted)
{
    if (!isWanted && !isDue())
        return;
    const Result<std::optional<core::BackupReport>> backup =
        ledger::backUpIfChanged(m_ledgerPath, m_clock.now(), {.stop = stop});
    if (backup || backup.error().code == ErrorCode::Cancelled)
        return;
    ledger::logError(backup.error());
    Q_EMIT failed(core::toLogText(backup.error()));
}

/// One from the future is of a time when the clock was wrong, and says nothing about now.
bool BackupKeeper::isDue() const
{
    const double now = m_clock.now().seconds;
    const QList<ledger::BackupInfo> backups = ledger::listBackups(m_ledgerPath);
    return std::none_of(backups.begin(), backups.end(), [now](const ledger::BackupInfo &info) {
        return info.madeAt.seconds <= now && now - info.madeAt.seconds < mostSecondsWithout;
    });
}

} // namespace ingather::engine
