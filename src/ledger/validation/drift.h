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
        RebuildTable,  ///< a table whose text differs: write it anew, then its indexes and triggers
    };
    Kind kind = Kind::CreateIndex;
    QString name;   ///< of the object; for AddColumn of the table
    QByteArray sql; ///< complete statement that makes it (ALTER TABLE … ADD COLUMN … for AddColumn)
    QByteArray dropSql = {}; ///< for Recreate: complete statement that has to come first

    /// Done at a start without asking, after a backup: adds, and touches no row. False for the tables that
    /// must not come back empty: the jobs, the version stores, ingather_meta, whose epoch only a repair can
    /// find out, and ingather_roots, without which no file has a place.
    bool isUnasked() const;
    /// "CREATE INDEX ingather_ready", for plans and reports.
    QString description() const;

    friend bool operator==(const SchemaCure &, const SchemaCure &) = default;
};

struct SchemaDrift {
    int version = 0;               ///< that the file says it has, and that it was compared with
    QList<core::Finding> findings; ///< extra objects are Info
    QList<SchemaCure> cures;       ///< in an order in which they can be carried out
    bool isJobsTableMissing =
        false; ///< artifact_jobs or __schema_version__: nothing that may be made empty unasked

    bool isClean() const { return core::worstOf(findings) <= core::Severity::Info; }
    /// There is something to cure, and all of it may be cured unasked.
    bool canBeCuredUnasked() const;
};

/// Compares every object of ours with what a ledger of the file's version should have; explains differences
/// by columns, types, defaults, checks, indexes and foreign keys. Reads only the schema and the version
/// stores; where these can't be read or contradict each other, the highest version that any of them or the
/// tables themselves speak of counts (see checkVersionStores() for the contradiction).
/// Newer versions than ours are not compared: only VersionNewer or VersionNewerBreaking comes back.
core::Result<SchemaDrift> compareSchema(sqlite3 *connection);

} // namespace ingather::ledger
