// SPDX-License-Identifier: MIT
#include "ledger/schema.h"

#include "core/error.h"
#include "ledger/inspection.h"
#include "ledger/living_owners.h"
#include "ledger/log.h"
#include "ledger/migrations/backup_before.h"
#include "ledger/migrations/history.h"
#include "ledger/migrations/kept_content.h"
#include "ledger/migrations/v1_completion.h"
#include "ledger/schema_cures.h"
#include "ledger/sqlite.h"
#include "ledger/validation/row_checks.h"
#include "platform/crash_point.h"

#include <QCryptographicHash>
#include <QFile>

#include <array>

// A static library's resources are dropped by the linker unless somebody asks for them, and the macro
// only works outside any namespace.
static void registerSchemaResources()
{
    Q_INIT_RESOURCE(ledger_schema);
}

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

struct Step {
    int version;
    const char *name;
    bool breaking;
};

constexpr std::array steps{Step{1, "001_v1", false}, Step{2, "002_v2", false}};
static_assert(steps.back().version == currentSchemaVersion);

QString operationOf(int version)
{
    return QStringLiteral("migrate ledger to version %1").arg(version);
}

/// ADD COLUMN with a CHECK reads the whole table each time, to see whether the default passes: half the time
/// of migrating a million jobs. Ours pass (a test looks), and that all rows were kept is compared afterwards.
Result<> runStepScript(sqlite3 *connection, const Migration &step)
{
    const QString operation = operationOf(step.version);
    Result<> done =
        runScript(connection, QByteArrayLiteral("PRAGMA ignore_check_constraints = ON"), operation);
    if (done)
        done = runScript(connection, step.script, operation);
    const Result<> undone =
        runScript(connection, QByteArrayLiteral("PRAGMA ignore_check_constraints = OFF"), operation);
    return done ? undone : done;
}

/// What goes on from one step to the next.
struct Progress {
    bool isFirst = true; ///< nothing has been committed yet
    bool isOurs = false; ///< everything in the file was made by the steps before
};

/// One step, or the two that make a ledger of the current version of an unversioned v1, in one transaction.
class StepTransaction final
{
public:
    StepTransaction(sqlite3 *connection, const MigrationRequest &request, core::MigrationReport &report,
                    Progress &progress)
        : m_connection(connection), m_request(request), m_report(report), m_progress(progress)
    {
    }
    ~StepTransaction();
    Q_DISABLE_COPY_MOVE(StepTransaction)

    /// False: nothing is left to be done.
    Result<bool> run();

private:
    Result<SchemaFacts> look() const;
    const Migration *stepAfter(int version) const;
    Result<> checkBefore(const Migration &step, const SchemaFacts &facts) const;
    Result<> checkSchema() const;
    Result<> backUp(int version);
    Result<> carryOut(const Migration &step, const SchemaFacts &facts);
    Result<> commit();

    sqlite3 *m_connection;
    const MigrationRequest &m_request;
    core::MigrationReport &m_report;
    Progress &m_progress;
    bool m_isOpen = false;
};

StepTransaction::~StepTransaction()
{
    if (!m_isOpen)
        return;
    const Result<> undone =
        runScript(m_connection, QByteArrayLiteral("ROLLBACK"), QStringLiteral("undo migration"));
    if (!undone)
        logError(undone.error());
}

Result<bool> StepTransaction::run()
{
    Result<> done = runScript(m_connection, QByteArrayLiteral("BEGIN IMMEDIATE"), operationOf(m_request.to));
    if (!done)
        return done.error();
    m_isOpen = true;
    Result<SchemaFacts> facts = look();
    if (!facts)
        return facts.error();
    const Migration *step = stepAfter(facts->version);
    if (step == nullptr)
        return false;
    m_progress.isOurs = m_progress.isOurs || facts->isEmpty;
    const bool isCompletion = facts->hasUnversionedV1;
    while (step != nullptr) {
        done = checkBefore(*step, *facts);
        if (done)
            done = carryOut(*step, *facts);
        if (!done)
            return done.error();
        m_report.to = step->version;
        const bool wasFirst = step->version == 1;
        step = isCompletion && wasFirst ? stepAfter(step->version) : nullptr;
        if (step != nullptr)
            facts = look();
        if (!facts)
            return facts.error();
    }
    done = commit();
    if (!done)
        return done.error();
    qCInfo(logLedger, "migrated to schema version %d", m_report.to);
    return true;
}

Result<SchemaFacts> StepTransaction::look() const
{
    Result<SchemaFacts> facts = readSchemaFacts(m_connection, m_request.chain.last().version);
    if (!facts)
        return facts;
    const Result<> usable = checkSchemaFacts(*facts, true);
    if (!usable)
        return usable.error();
    return facts;
}

const Migration *StepTransaction::stepAfter(int version) const
{
    for (const Migration &step : m_request.chain) {
        if (step.version == version + 1 && step.version <= m_request.to)
            return &step;
    }
    return nullptr;
}

Result<> StepTransaction::checkBefore(const Migration &step, const SchemaFacts &facts) const
{
    const Result<QList<core::Finding>> stores = checkVersionStores(m_connection, m_request.chain);
    if (!stores)
        return stores.error();
    const Result<> agree = errorOfFindings(*stores, operationOf(step.version));
    if (!agree)
        return agree;
    if (!step.breaking || m_progress.isOurs || (facts.version == 0 && !facts.hasUnversionedV1))
        return {};
    const Result<OwnersFound> owners = findOwners(m_connection, m_request.owner, m_request.now);
    if (!owners)
        return owners.error();
    if (owners->living.isEmpty())
        return {};
    return Error{ErrorCode::LedgerInUse, operationOf(step.version), 0,
                 owners->living.join(QStringLiteral(", "))};
}

Result<> StepTransaction::carryOut(const Migration &step, const SchemaFacts &facts)
{
    const auto kept = [&](bool withOps) -> Result<KeptContent> {
        return m_progress.isOurs ? KeptContent() : readKeptContent(m_connection, withOps);
    };
    const Result<KeptContent> before = kept(false);
    if (!before)
        return before.error();
    Result<> done;
    if (!m_progress.isOurs && (facts.hasUnversionedV1 || facts.version == 1))
        done = completeV1(m_connection, m_request.now);
    else if (!m_progress.isOurs && facts.version >= 2)
        done = checkSchema();
    if (done && m_progress.isFirst && !m_progress.isOurs && m_request.makesBackup)
        done = backUp(facts.version);
    if (done && !facts.hasUnversionedV1) {
        done = runStepScript(m_connection, step);
        if (done)
            done = recordStep(m_connection, m_request.chain, step, m_request.now, m_report.backup);
    }
    if (!done)
        return done;

    Result<KeptContent> after = kept(false);
    if (after && after->references.value(QStringLiteral("artifact_ops")) !=
                     before->references.value(QStringLiteral("artifact_ops")))
        after = kept(true);
    if (!after)
        return after.error();
    const QString difference = differenceOf(*before, *after);
    if (!difference.isEmpty())
        return Error{ErrorCode::LedgerSchema, operationOf(step.version), 0,
                     QStringLiteral("the step did not keep: ") + difference};
    return {};
}

/// What is there, before the first step changes it. Inside the transaction, so that nothing comes in between.
Result<> StepTransaction::backUp(int version)
{
    if (!m_report.backup.isEmpty())
        return {}; // the second of two steps in one transaction
    const Result<QString> backup = backUpBefore(m_request.ledgerPath, version, m_request.now);
    if (!backup)
        return backup.error();
    m_report.backup = *backup;
    return {};
}

/// A step is made for one schema. What may be cured unasked is cured first, under the same backup.
Result<> StepTransaction::checkSchema() const
{
    Result<SchemaDrift> drift = compareSchema(m_connection);
    if (drift && drift->canBeCuredUnasked()) {
        const Result<> cured = cureUnasked(m_connection, *drift);
        if (!cured)
            return cured;
        drift = compareSchema(m_connection);
    }
    if (!drift)
        return drift.error();
    return errorOfFindings(drift->findings, QStringLiteral("check schema before migration"));
}

Result<> StepTransaction::commit()
{
    platform::passCrashPoint(platform::CrashPoint::MigrateBeforeCommit);
    const Result<> done = runScript(m_connection, QByteArrayLiteral("COMMIT"), operationOf(m_report.to));
    if (!done)
        return done;
    m_isOpen = false;
    platform::passCrashPoint(platform::CrashPoint::MigrateAfterCommit);
    return {};
}

QList<Migration> readChain()
{
    registerSchemaResources();
    QList<Migration> chain;
    for (const Step &step : steps) {
        Migration migration;
        migration.version = step.version;
        migration.name = QString::fromLatin1(step.name);
        migration.breaking = step.breaking;
        QFile file(QStringLiteral(":/ingather/ledger/schema/%1.sql").arg(migration.name));
        const bool isThere = file.open(QIODevice::ReadOnly);
        Q_ASSERT(isThere);
        migration.script = file.readAll();
        migration.checksum = QString::fromLatin1(
            QCryptographicHash::hash(migration.script, QCryptographicHash::Sha256).toHex());
        chain.append(migration);
    }
    return chain;
}

} // namespace

QList<Migration> migrations()
{
    static const QList<Migration> chain = readChain();
    return chain;
}

Result<core::MigrationReport> migrate(sqlite3 *connection, const MigrationRequest &request)
{
    const Result<SchemaFacts> facts = readSchemaFacts(connection, request.chain.last().version);
    if (!facts)
        return facts.error();
    core::MigrationReport report;
    report.from = facts->version;
    report.to = facts->version;
    Progress progress;
    for (;; progress.isFirst = false) {
        StepTransaction transaction(connection, request, report, progress);
        const Result<bool> wentOn = transaction.run();
        if (!wentOn) {
            if (progress.isFirst && !report.backup.isEmpty())
                QFile::remove(report.backup); // of a file that has not changed
            return wentOn.error();
        }
        if (!*wentOn)
            return report;
    }
}

} // namespace ingather::ledger
