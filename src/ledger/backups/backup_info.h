// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"

#include <QString>

#include <optional>

namespace ingather::ledger
{

/// A backup as it is known without reading it: by its name, and by what its header says.
struct BackupInfo {
    QString path;
    core::UnixTime madeAt;
    qint64 bytes = 0; ///< of the file
    /// One of the rolling backups, which come and go by themselves; else the one before a migration, which
    /// stays.
    bool isRolling = false;
    std::optional<int> schemaVersion = {};
    std::optional<qint64> jobs = {};
    QString fingerprint = {}; ///< of the ledger then (ledger_description.h); empty: not known
    QString appVersion = {};

    friend bool operator==(const BackupInfo &, const BackupInfo &) = default;
};

} // namespace ingather::ledger
