// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/backups/backup_info.h"

#include <QList>

namespace ingather::ledger
{

/// How many rolling backups are kept.
struct RetentionRules {
    int recent = 3;       ///< the newest ones
    int daily = 7;        ///< of the days before them (UTC) the newest one each
    qint64 mostBytes = 0; ///< all together; the oldest go first
    int fewest = 2;       ///< stay, however large they are
};

/// At most 2 GiB, and at most a tenth of what is free.
RetentionRules retentionRulesFor(qint64 freeBytes);

/// Those of `backups`, newest first, that the rules have no place for. Only rolling ones.
QList<BackupInfo> surplusBackups(const QList<BackupInfo> &backups, const RetentionRules &rules);

} // namespace ingather::ledger
