// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/result.h"

#include <QByteArray>
#include <QList>
#include <QString>

struct sqlite3;

namespace ingather::ledger
{

inline constexpr int currentSchemaVersion = 2;

/// One numbered step, from a file of schema/ that is compiled in.
struct Migration {
    int version = 0;
    QString name; ///< "002_v2"
    QByteArray script;
    QString checksum;      ///< SHA-256 of the script, hex
    bool breaking = false; ///< programs of the version before can't go on writing
};

/// The whole chain, first step first.
QList<Migration> migrations();

/// Brings the schema from whatever version it has up to the current one: each step one BEGIN IMMEDIATE
/// transaction, which looks at the version again once it has the lock, so that of several starters only
/// the first does the work. The caller holds the write lock. An existing file is copied to
/// `<ledger>.v<version>-<UTC>.backup` first, inside the transaction of the first step, so that nothing can
/// come in between. After an error the file is as it was before the step that failed.
core::Result<> migrate(sqlite3 *connection, const QString &ledgerPath, core::UnixTime now);

} // namespace ingather::ledger
