// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "engine/periodic_thread.h"

#include <QObject>
#include <QString>

#include <chrono>

namespace ingather::engine
{

/// Sees to it that there is a rolling backup not older than a day, as long as somebody works on the ledger
/// (ledger/backups/rolling_backups.h has what is backed up and what is kept). It has a thread of its own,
/// looks at once and then every hour, and reads the ledger only while it makes a backup. What fails is logged
/// and tried again at the next look.
class BackupKeeper final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds defaultInterval = std::chrono::hours(1);

    BackupKeeper(const QString &ledgerPath, const core::Clock &clock,
                 std::chrono::milliseconds interval = defaultInterval);

    /// Somebody's work has ended badly: makes a backup, however young the last one is, if the ledger has
    /// changed since. Thread-safe.
    void backUpSoon() { m_thread.wake(); }
    /// Gives up what is under way; at once, without waiting for it. Thread-safe.
    void stop() { m_thread.stop(); }

Q_SIGNALS:
    // From the keeper's thread.
    void failed(const QString &text);
    /// It has looked, and made a backup if one was due.
    void looked();

private:
    void look(const std::stop_token &stop, bool isWanted);
    bool isDue() const;

    const QString m_ledgerPath;
    const core::Clock &m_clock;
    PeriodicThread m_thread; ///< the last member: it uses the others
};

} // namespace ingather::engine
