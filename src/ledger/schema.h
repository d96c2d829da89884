// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/repair_report.h"
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

struct MigrationRequest {
    QString ledgerPath;
    core::UnixTime now;
    QString owner; ///< of the caller: does not stand in its own way before a breaking step
    int to = currentSchemaVersion;
    bool makesBackup = true;               ///< false for a copy that nobody works with
    QList<Migration> chain = migrations(); ///< other ones only in tests
};

/// Brings the schema forward to `to`: each step one BEGIN IMMEDIATE transaction, which looks at the version
/// again once it has the lock, so that of several starters only the first does the work. The caller holds the
/// write lock. An existing file is copied to `<ledger>.v<version>-<UTC>.backup` first, inside the transaction
/// of the first step, so that nothing can come in between. Rows, columns of v1, objects of others,
/// user_version and application_id are compared before and after, else the step is undone. Nothing is done to
/// a ledger that has that version or a later one.
/// A ledger of v1 without a version becomes an exact v1 in the transaction of the step after that.
/// LedgerSchema if an earlier step was another one than in this chain, or for a step that changed what it
/// must keep; LedgerNeedsRepair if the schema is not that of its version; LedgerNewer; LedgerInUse, naming
/// the living owners, before a breaking step; LedgerConstraint, LedgerFull … After an error the file is as it
/// was before the step that failed.
core::Result<core::MigrationReport> migrate(sqlite3 *connection, const MigrationRequest &request);

} // namespace ingather::ledger
