// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "ledger/validation/schema_tokens.h"

#include <QByteArray>
#include <QList>
#include <QString>

struct sqlite3;

namespace ingather::ledger
{

/// One row of sqlite_schema that has a text of its own (autoindexes have none).
struct SchemaObject {
    QString type; ///< "table", "index", "trigger", "view"
    QString name;
    QString table; ///< that it belongs to
    QByteArray sql;
    int rootPage = 0;

    friend bool operator==(const SchemaObject &, const SchemaObject &) = default;
};

/// What is in the file, in the order in which it was made; SQLite's own objects (sqlite_*) left out.
core::Result<QList<SchemaObject>> schemaObjects(sqlite3 *connection);

/// What a ledger of that version has, made by running the chain of migrations in memory, once a process and
/// version (about 4 ms). Thread-safe.
const QList<SchemaObject> &expectedSchema(int version);

/// SHA-256, hex, over types, names and tokens of our objects that the connection's schema has, in order of
/// type and name; other people's objects do not count. Microseconds: for each start.
core::Result<QByteArray> schemaDigest(sqlite3 *connection);
/// The digest of a ledger of the current version. A test derives it from the chain.
QByteArrayView currentSchemaDigest();

/// Ours by name: the two tables of v1, the version table, the v1 indexes, and everything "ingather_…".
bool isOwnObject(const SchemaObject &object);

} // namespace ingather::ledger
