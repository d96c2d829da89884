// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>

struct sqlite3;

namespace ingather::ledger
{

/// What a schema says about itself, read without writing anything.
struct SchemaFacts {
    int version = 0;              ///< 0: no ledger in it yet, whatever tables of others there are
    bool isEmpty = true;          ///< no object at all: nothing that a migration could spoil
    bool hasBreakingStep = false; ///< newer than ours, and a step beyond ours is marked as breaking
    QString oddity;               ///< not empty: neither v1, v2 nor free of a ledger; says what is odd

    friend bool operator==(const SchemaFacts &, const SchemaFacts &) = default;
};

/// Reads the facts on an open connection.
core::Result<SchemaFacts> readSchemaFacts(sqlite3 *connection);

/// Whether this program can work with such a schema. LedgerSchema; LedgerNewer for a writer when a newer
/// program marked one of its steps as breaking (a reader may look).
core::Result<> checkSchemaFacts(const SchemaFacts &facts, bool forWriting);

struct FileInspection {
    bool isAbsent = true;
    bool hasBytes = false;
    bool isWal = false; ///< its header asks for write-ahead logging
    SchemaFacts schema;
};

/// First look at the file at `path`: creates nothing, changes no byte, leaves nothing beside it.
/// LedgerIsFolder, LedgerNotADatabase, LedgerCorrupt, LedgerCannotOpen; LedgerReadOnly if it is to be written
/// and the system does not allow it; LedgerSchema and LedgerNewer as above.
core::Result<FileInspection> inspectFile(const QString &path, bool forWriting);

} // namespace ingather::ledger
