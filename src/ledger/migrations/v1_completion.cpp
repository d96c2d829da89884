// SPDX-License-Identifier: MIT
#include "ledger/migrations/v1_completion.h"

#include "core/error.h"
#include "ledger/migrations/history.h"
#include "ledger/schema_cures.h"
#include "ledger/sqlite.h"
#include "ledger/validation/drift.h"

#include <algorithm>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

Result<> makeVersionTable(sqlite3 *connection)
{
    const QString table = QStringLiteral("__schema_version__");
    const Result<QList<SchemaObject>> objects = schemaObjects(connection);
    if (!objects)
        return objects.error();
    const auto isIt = [&table](const SchemaObject &object) { return object.name == table; };
    if (std::any_of(objects->begin(), objects->end(), isIt))
        return {};
    const QList<SchemaObject> &wanted = expectedSchema(1);
    const auto found = std::find_if(wanted.begin(), wanted.end(), isIt);
    Q_ASSERT(found != wanted.end());
    return runScript(connection, found->sql, QStringLiteral("make version table"));
}

Result<> enterVersion(sqlite3 *connection, core::UnixTime now)
{
    const Result<> made = makeVersionTable(connection);
    if (!made)
        return made;
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(
        connection, "INSERT INTO __schema_version__(schema_version, updated_at) SELECT 1, ?1 "
                    "WHERE NOT EXISTS (SELECT 1 FROM __schema_version__ WHERE schema_version >= 1)");
    if (!prepared)
        return prepared;
    statement.bind(1, now.seconds);
    return statement.run("record schema version");
}

// Of v1's objects only these can be made without touching a row.
bool isLossless(const SchemaCure &cure)
{
    return cure.kind == SchemaCure::Kind::CreateIndex || cure.kind == SchemaCure::Kind::Recreate ||
           (cure.kind == SchemaCure::Kind::CreateTable && cure.name == QStringLiteral("artifact_ops"));
}

} // namespace

Result<> completeV1(sqlite3 *connection, core::UnixTime now)
{
    const Result<> entered = enterVersion(connection, now);
    if (!entered)
        return entered;
    Result<SchemaDrift> drift = compareSchema(connection);
    if (!drift)
        return drift.error();
    for (const SchemaCure &cure : std::as_const(drift->cures)) {
        if (!isLossless(cure))
            continue;
        const Result<> done = carryOut(connection, cure);
        if (!done && done.error().code == ErrorCode::LedgerConstraint) // rows that a UNIQUE index refuses
            return Error{ErrorCode::LedgerNeedsRepair, cure.description(), done.error().native,
                         done.error().detail};
        if (!done)
            return done;
    }
    if (!drift->isClean())
        drift = compareSchema(connection);
    if (!drift)
        return drift.error();
    return errorOfFindings(drift->findings, QStringLiteral("complete schema version 1"));
}

} // namespace ingather::ledger
