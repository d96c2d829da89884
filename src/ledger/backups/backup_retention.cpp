// SPDX-License-Identifier: MIT
#include "ledger/backups/backup_retention.h"

#include <QSet>

#include <algorithm>
#include <cmath>

namespace ingather::ledger
{

namespace
{

constexpr qint64 mostBytesEver = qint64{2} << 30;
constexpr qint64 shareOfFreeSpace = 10;
constexpr double secondsOfADay = 86'400;

qint64 dayOf(core::UnixTime time)
{
    return static_cast<qint64>(std::floor(time.seconds / secondsOfADay));
}

} // namespace

RetentionRules retentionRulesFor(qint64 freeBytes)
{
    RetentionRules rules;
    rules.mostBytes = std::min(mostBytesEver, freeBytes / shareOfFreeSpace);
    return rules;
}

QList<BackupInfo> surplusBackups(const QList<BackupInfo> &backups, const RetentionRules &rules)
{
    QList<BackupInfo> surplus;
    QSet<qint64> days;
    int kept = 0;
    int daily = 0;
    qint64 bytes = 0;
    for (const BackupInfo &backup : backups) {
        if (!backup.isRolling)
            continue;
        bytes += backup.bytes;
        const qint64 day = dayOf(backup.madeAt);
        const bool isRecent = kept < rules.recent;
        const bool isDaily = !isRecent && !days.contains(day) && daily < rules.daily;
        const bool hasRoom = bytes <= rules.mostBytes || kept < rules.fewest;
        if (!(isRecent || isDaily) || !hasRoom) {
            bytes -= backup.bytes;
            surplus.append(backup);
            continue;
        }
        days.insert(day);
        daily += isDaily ? 1 : 0;
        ++kept;
    }
    return surplus;
}

} // namespace ingather::ledger
