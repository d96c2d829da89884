// SPDX-License-Identifier: MIT
#include "ledger/startup/startup.h"

#include "ledger/inspection.h"
#include "ledger/log.h"
#include "ledger/repair/swap.h"
#include "ledger/schema.h"
#include "ledger/startup/page_check.h"
#include "ledger/startup/preparation.h"
#include "ledger/validation/drift.h"
#include "ledger/validation/row_checks.h"
#include "platform/file_system.h"

#include <QDir>
#include <QFileInfo>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Finding;
using core::FindingId;
using core::Result;

namespace
{

struct FirstLook {
    FileInspection file;
    bool isInOrder = false; ///< schema and record of the steps are what they should be, as far as we can tell
    bool isPageCheckDue = false; ///< somebody came to an unclean end
};

/// Without any lock: a ledger that is in order is not to wait for its writers.
Result<FirstLook> lookAt(const OpenOptions &options)
{
    FirstLook look;
    const auto lookAtSchema = [&look, &options](sqlite3 *connection, const SchemaFacts &facts) -> Result<> {
        look.isInOrder = facts.version > currentSchemaVersion;
        if (facts.version != currentSchemaVersion)
            return {};
        const Result<QByteArray> digest = schemaDigest(connection);
        if (!digest)
            return digest.error();
        if (*digest != currentSchemaDigest()) {
            const Result<SchemaDrift> drift = compareSchema(connection);
            if (!drift)
                return drift.error();
            if (!drift->isClean()) // else another order of columns and the like
                return {};
        }
        const Result<QList<Finding>> stores = checkVersionStores(connection);
        if (!stores)
            return stores.error();
        look.isInOrder = core::worstOf(*stores) <= core::Severity::Info;
        const Result<QStringList> owners =
            ownersToCheckAfter(connection, options.owner, options.clock->now());
        if (!owners)
            return owners.error();
        look.isPageCheckDue = !owners->isEmpty();
        return {};
    };
    Result<FileInspection> file = inspectSettledFile(options.path, true, options.lockPatience, lookAtSchema);
    if (!file)
        return file.error();
    look.file = *file;
    return look;
}

Result<bool> isReady(const FirstLook &look, const QString &ledgerPath)
{
    if (!look.file.isWhole || !look.isInOrder || look.isPageCheckDue)
        return false;
    const Result<bool> isOnNetwork = platform::isNetworkFileSystem(QFileInfo(ledgerPath).absolutePath());
    if (!isOnNetwork)
        return isOnNetwork.error();
    return look.file.isWal != *isOnNetwork;
}

Finding newerFinding(const SchemaFacts &facts)
{
    return core::found(
        facts.hasBreakingStep ? FindingId::VersionNewerBreaking : FindingId::VersionNewer,
        QStringLiteral("__schema_version__"),
        QStringLiteral("version %1, this program knows %2").arg(facts.version).arg(currentSchemaVersion));
}

void noteNewer(StartUp &startUp, const SchemaFacts &facts)
{
    if (facts.version <= currentSchemaVersion)
        return;
    startUp.findings.append(newerFinding(facts));
    qCInfo(logLedger, "the ledger is newer: %s", qUtf8Printable(startUp.findings.last().detail));
}

StartUpOutcome outcomeOf(const Error &error)
{
    switch (error.code) {
    case ErrorCode::LedgerNewer:
        return StartUpOutcome::ReadOnlyNewer;
    case ErrorCode::LedgerNeedsRepair:
    case ErrorCode::LedgerCorrupt:
        return StartUpOutcome::NeedsRepair;
    default:
        return StartUpOutcome::Refused;
    }
}

void end(StartUp &startUp, const Error &error)
{
    startUp.error = error;
    startUp.outcome = outcomeOf(error);
    if (error.code == ErrorCode::LedgerNewer)
        startUp.findings.append(
            core::found(FindingId::VersionNewerBreaking, QStringLiteral("__schema_version__"), error.detail));
}

/// Once through the steps, up to Ready or to the error that ends them.
Result<> goThrough(const OpenOptions &options, StartUp &startUp)
{
    if (isSwapPending(options.path)) {
        startUp.steps.append(StartUpStep::FinishRepair);
        const Result<> finished = finishSwap(options);
        if (!finished && isSwapPending(options.path))
            return finished; // else another start was quicker
    }
    startUp.steps.append(StartUpStep::Open);
    const Result<FirstLook> look = lookAt(options);
    if (!look)
        return look.error();
    const SchemaFacts &facts = look->file.schema;
    startUp.steps.append(StartUpStep::Version);
    startUp.version = facts.version;
    noteNewer(startUp, facts);
    const Result<bool> ready = isReady(*look, options.path);
    if (!ready)
        return ready.error();
    if (*ready) {
        if (facts.version == currentSchemaVersion)
            startUp.steps.append(StartUpStep::Validate);
    } else {
        Preparation preparation(options, startUp);
        const Result<core::MigrationReport> prepared = preparation.run(currentSchemaVersion);
        if (!prepared)
            return prepared.error();
    }
    startUp.outcome = !startUp.cures.isEmpty()                       ? StartUpOutcome::ReadyCured
                      : startUp.steps.contains(StartUpStep::Migrate) ? StartUpOutcome::ReadyMigrated
                                                                     : StartUpOutcome::Ready;
    startUp.steps.append(StartUpStep::Ready);
    return {};
}

} // namespace

StartUp startUp(const OpenOptions &options)
{
    StartUp startUp;
    Result<> done = goThrough(options, startUp);
    if (done)
        return startUp;
    end(startUp, done.error());
    if (startUp.outcome != StartUpOutcome::NeedsRepair || !options.repair)
        return startUp;

    startUp.steps.append(StartUpStep::Repair);
    done = options.repair(options);
    if (done) {
        startUp.error.reset();
        startUp.cures.clear(); // of the file that was repaired
        done = goThrough(options, startUp);
    }
    if (!done)
        end(startUp, done.error());
    return startUp;
}

StartUp startUpOfReader(const SchemaFacts &facts)
{
    StartUp startUp;
    startUp.outcome = facts.oddity.isEmpty() ? StartUpOutcome::Ready : StartUpOutcome::NeedsRepair;
    startUp.steps = {StartUpStep::Open, StartUpStep::Version, StartUpStep::Ready};
    startUp.version = facts.version;
    noteNewer(startUp, facts);
    return startUp;
}

Result<core::MigrationReport> migrateLedger(const OpenOptions &options, int to)
{
    const QString operation = QStringLiteral("migrate ledger");
    if (to < 0 || to > currentSchemaVersion) {
        return Error{
            ErrorCode::InvalidArgument, operation, 0,
            QStringLiteral("version %1 is not known; the newest is %2").arg(to).arg(currentSchemaVersion)};
    }
    OpenOptions cleaned = options;
    cleaned.path = QDir::cleanPath(QFileInfo(options.path).absoluteFilePath());
    const int wanted = to == 0 ? currentSchemaVersion : to;
    const Result<FileInspection> before = inspectSettledFile(cleaned.path, true, options.lockPatience);
    if (!before)
        return before.error();
    if (before->schema.version > wanted && to != 0) {
        return Error{ErrorCode::InvalidArgument, operation, 0,
                     QStringLiteral("the ledger has version %1; there is no way back to %2")
                         .arg(before->schema.version)
                         .arg(wanted)};
    }
    StartUp startUp;
    return Preparation(cleaned, startUp).run(wanted);
}

} // namespace ingather::ledger
