// SPDX-License-Identifier: MIT
#include "ledger/living_owners.h"

#include "ledger/sqlite.h"
#include "platform/process_identity.h"

namespace ingather::ledger
{

using core::Result;

namespace
{

platform::Liveness livenessOf(const QString &owner)
{
    const auto identity = platform::ProcessIdentity::fromString(owner);
    return identity ? platform::livenessOf(*identity) : platform::Liveness::Unknown;
}

Result<bool> hasOwnersTable(sqlite3 *connection)
{
    SqliteStatement table;
    const Result<> prepared = table.prepare(
        connection, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'ingather_owners'");
    if (!prepared)
        return prepared.error();
    return table.step("list owners");
}

Result<> addRegistered(sqlite3 *connection, const QString &self, OwnersFound &found)
{
    const Result<bool> isThere = hasOwnersTable(connection);
    if (!isThere)
        return isThere.error();
    if (!*isThere)
        return {};
    SqliteStatement owners;
    const Result<> prepared = owners.prepare(connection, "SELECT owner FROM ingather_owners ORDER BY owner");
    if (!prepared)
        return prepared;
    for (;;) {
        const Result<bool> row = owners.step("list owners");
        if (!row)
            return row.error();
        if (!*row)
            return {};
        const QString owner = owners.text(0);
        if (owner != self)
            (livenessOf(owner) == platform::Liveness::Dead ? found.dead : found.living).append(owner);
    }
}

Result<> addLeaseHolders(sqlite3 *connection, const QString &self, core::UnixTime now, OwnersFound &found)
{
    SqliteStatement holders;
    const Result<> prepared = holders.prepare(
        connection, "SELECT lease_owner, max(lease_until) FROM artifact_jobs WHERE lease_owner IS NOT NULL "
                    "AND lease_until IS NOT NULL GROUP BY lease_owner ORDER BY lease_owner");
    if (!prepared)
        return prepared;
    for (;;) {
        const Result<bool> row = holders.step("list lease holders");
        if (!row)
            return row.error();
        if (!*row)
            return {};
        const QString owner = holders.text(0);
        if (owner == self || found.living.contains(owner))
            continue;
        const platform::Liveness liveness = livenessOf(owner);
        const bool isLeaseRunning = holders.real(1) > now.seconds;
        if (liveness == platform::Liveness::Alive ||
            (liveness == platform::Liveness::Unknown && isLeaseRunning))
            found.living.append(owner);
    }
}

} // namespace

QStringList deadAmong(const QStringList &owners)
{
    QStringList dead;
    for (const QString &owner : owners) {
        if (livenessOf(owner) == platform::Liveness::Dead)
            dead.append(owner);
    }
    return dead;
}

Result<OwnersFound> findOwners(sqlite3 *connection, const QString &self, core::UnixTime now)
{
    OwnersFound found;
    Result<> done = addRegistered(connection, self, found);
    if (done)
        done = addLeaseHolders(connection, self, now, found);
    if (!done)
        return done.error();
    return found;
}

} // namespace ingather::ledger
