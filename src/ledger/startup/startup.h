// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"
#include "core/finding.h"
#include "core/repair_report.h"
#include "ledger/session.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace ingather::ledger
{

struct SchemaFacts;

/// What a start goes through, in this order; a ledger that is in order needs Open, Version, Validate, Ready.
enum class StartUpStep {
    FinishRepair,  ///< a repair or a restore was interrupted while it put its result in place
    Open,          ///< the file is there (or was made), is a database and may be written
    Version,       ///< what it says it is
    Migrate,       ///< steps forward were carried out
    Validate,      ///< the schema, the record of the migrations and, after an unclean end, the pages
    Backup,        ///< before a cure
    Cure,          ///< what may be done unasked: it adds what is missing, and touches no row
    ValidateAgain, ///< after the cure
    Repair,        ///< OpenOptions::repair was called; the steps before Ready follow once more
    Ready,
};

enum class StartUpOutcome {
    Ready,         ///< nothing had to be done
    ReadyMigrated, ///< made, or brought forward
    ReadyCured,    ///< something was missing, and is there again
    ReadOnlyNewer, ///< a newer program marked one of its steps as breaking: may be read
    NeedsRepair,   ///< a person, or --auto-repair, has to order it; may be read as far as it goes
    Refused,       ///< cannot be used, and a repair is no help
};

struct StartUp {
    StartUpOutcome outcome = StartUpOutcome::Refused;
    QList<StartUpStep> steps; ///< taken, in order
    int version = 0;          ///< of the schema, as far as it is known
    QList<core::Finding> findings;
    QStringList cures;                ///< done, technical: "CREATE INDEX ingather_ready"
    QString backup;                   ///< made before a migration or a cure; empty if none was made
    bool wasUnclean = false;          ///< a program that worked with the ledger ended without saying so
    std::optional<core::Error> error; ///< why it can't be written; none if it is ready
};

/// Makes the ledger ready for a writer: open → version → migrate → validate → (cure → validate) → ready. What
/// may be done unasked is done once, after a verified backup, in one transaction under the write lock. A
/// ledger that is in order is only looked at, without any lock. Any number of processes may start at once,
/// also on a file that does not exist yet.
StartUp startUp(const OpenOptions &options);

/// What a session says that only reads: nothing is done then.
StartUp startUpOfReader(const SchemaFacts &facts);

/// Brings the ledger (made, if it is absent) forward to version `to`; 0 stands for the current one.
/// InvalidArgument for a version that is not known or lies behind the ledger's own; the errors of migrate().
core::Result<core::MigrationReport> migrateLedger(const OpenOptions &options, int to);

} // namespace ingather::ledger
