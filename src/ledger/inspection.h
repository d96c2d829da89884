// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>

#include <chrono>
#include <functional>

struct sqlite3;

namespace ingather::ledger
{

/// What a schema says about itself, read without writing anything.
struct SchemaFacts {
    int version = 0;               ///< 0: no ledger in it yet, whatever tables of others there are
    bool isEmpty = true;           ///< no object at all: nothing that a migration could spoil
    bool hasUnversionedV1 = false; ///< version 0, and yet the tables of v1 are there: made by the reference's
                                   ///< other creator (its version is in `_meta`), or half written
    bool hasBreakingStep = false;  ///< newer than ours, and a step beyond ours is marked as breaking
    QString oddity;                ///< not empty: neither v1, v2 nor free of a ledger; says what is odd
    bool isRepairable = false;     ///< with an oddity: a repair can make sense of it

    friend bool operator==(const SchemaFacts &, const SchemaFacts &) = default;
};

/// Reads the facts on an open connection. `knownVersion`: of the newest step that the caller has.
core::Result<SchemaFacts> readSchemaFacts(sqlite3 *connection);
core::Result<SchemaFacts> readSchemaFacts(sqlite3 *connection, int knownVersion);

/// Whether this program can work with such a schema. LedgerNeedsRepair or LedgerSchema for an oddity;
/// LedgerNewer when a newer program marked one of its steps as breaking. A reader may look at the latter, and
/// at what a repair can make sense of, as far as its statements fit.
core::Result<> checkSchemaFacts(const SchemaFacts &facts, bool forWriting);

struct FileInspection {
    bool isAbsent = true;
    bool hasBytes = false;
    bool isWal = false;   ///< its header asks for write-ahead logging
    bool isWhole = false; ///< what `schema` says counts; else a log is still to be applied to the file
    SchemaFacts schema;
};

/// First look at the file at `path`: creates nothing, changes no byte, leaves nothing beside it.
/// LedgerIsFolder, LedgerNotADatabase, LedgerCorrupt, LedgerCannotOpen; LedgerReadOnly if it is to be written
/// and the system does not allow it; LedgerSchema and LedgerNewer as above.
/// `look`, if there is one, is asked as well when the schema is usable, on the same connection.
using SchemaLook = std::function<core::Result<>(sqlite3 *connection, const SchemaFacts &facts)>;
core::Result<FileInspection> inspectFile(const QString &path, bool forWriting, const SchemaLook &look = {});

/// The same for a file that another program may just be setting up or swapping: if there is a lock file, a
/// refusal and a missing file are looked at again under the lock, which is waited for `patience`.
core::Result<FileInspection> inspectSettledFile(const QString &path, bool forWriting,
                                                std::chrono::milliseconds patience,
                                                const SchemaLook &look = {});

} // namespace ingather::ledger
