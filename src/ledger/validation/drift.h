// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.h"
#include "ledger/validation/schema_objects.h"

namespace ingather::ledger
{

/// One thing that would bring a schema back to what it should be.
struct SchemaCure {
    enum class Kind {
        CreateTable,   ///< missing, to be made empty
        AddColumn,     ///< missing, and it has a default or may be NULL
        CreateIndex,   ///< missing
        CreateTrigger, ///< missing
        Recreate,      ///< an index, trigger or view whose text differs: drop it and make it anew
        RebuildTable,  ///< a table whose text differs: write it anew
    };
    Kind kind = Kind::CreateIndex;
    QString name;   ///< of the object; for AddColumn of the table
    QByteArray sql; ///< complete statement that makes it (ALTER TABLE … ADD COLUMN … for AddColumn)

    /// Done at a start without asking, after a backup: adds, and touches no row.
    bool isUnasked() const;
    /// "CREATE INDEX ingather_ready", for plans and reports.
    QString description() const;
};

struct SchemaDrift {
    int version = 0;                 ///< that the file says it has, and that it was compared with
    QList<core::Finding> findings;   ///< extra objects are Info
    QList<SchemaCure> cures;         ///< in an order in which they can be carried out
    bool isJobsTableMissing = false; ///< nothing that may be made empty unasked

    bool isClean() const { return core::worstOf(findings) <= core::Severity::Info; }
    bool canBeCuredUnasked() const;
};

/// Compares every object of ours with what a ledger of the file's version should have; explains differences
/// by columns, types, defaults, checks, indexes and foreign keys. Reads only the schema.
/// Newer versions than ours are not compared: only VersionNewer or VersionNewerBreaking comes back.
core::Result<SchemaDrift> compareSchema(sqlite3 *connection);

} // namespace ingather::ledger
