// SPDX-License-Identifier: MIT
#include "ledger/startup/preparation.h"

#include "ledger/connection_setup.h"
#include "ledger/inspection.h"
#include "ledger/log.h"
#include "ledger/migrations/backup_before.h"
#include "ledger/migrations/history.h"
#include "ledger/schema.h"
#include "ledger/schema_cures.h"
#include "ledger/startup/ledger_file.h"
#include "ledger/startup/page_check.h"
#include "ledger/validation/row_checks.h"
#include "platform/crash_point.h"
#include "platform/file_system.h"

#include <QFile>
#include <QFileInfo>

#include <sqlite3.h>

#include <algorithm>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Finding;
using core::FindingId;
using core::Result;

namespace
{

// A start may have to wait for another program that migrates a large ledger.
constexpr std::chrono::seconds startPatience{60};
constexpr std::chrono::seconds pageCheckSpan{1};

QString operation()
{
    return QStringLiteral("validate ledger");
}

bool isProblem(const Finding &finding)
{
    return finding.severity > core::Severity::Info;
}

} // namespace

Preparation::Preparation(const OpenOptions &options, StartUp &startUp)
    : m_options(options), m_startUp(startUp)
{
}

Result<core::MigrationReport> Preparation::run(int to)
{
    Result<> done = makeLedgerFolder(m_options.path);
    if (done)
        done = takeLock();
    if (!done)
        return done.error();
    const Result<bool> isOnNetwork = platform::isNetworkFileSystem(QFileInfo(m_options.path).absolutePath());
    if (!isOnNetwork)
        return isOnNetwork.error();
    const Result<bool> isNew = openFile();
    if (!isNew)
        return isNew.error();
    // A new file starts in WAL; one that is there is not touched before all is well with it.
    if (*isNew)
        done = chooseJournal(m_file.handle(), *isOnNetwork);
    if (!done)
        return done.error();
    Result<core::MigrationReport> migrated = migrateFile(to);
    if (!migrated)
        return migrated;
    if (migrated->to == currentSchemaVersion)
        done = validate();
    if (done && !*isNew)
        done = chooseJournal(m_file.handle(), *isOnNetwork);
    if (!done)
        return done.error();
    return migrated;
}

Result<> Preparation::takeLock()
{
    const auto patience = std::max<std::chrono::milliseconds>(m_options.lockPatience, startPatience);
    Result<> done = m_lock.open(m_options.path, true);
    if (done)
        done = m_lock.acquire(patience, m_options.owner, 0);
    if (done || done.error().code != ErrorCode::LedgerSwapped)
        return done;
    // While we waited. Nothing of the file before it has been opened.
    done = m_lock.open(m_options.path, true);
    return done ? m_lock.acquire(patience, m_options.owner, 0) : done;
}

/// True for a file without anything in it. Somebody may have been quicker to make it.
Result<bool> Preparation::openFile()
{
    const Result<FileInspection> inspection = inspectFile(m_options.path, true);
    if (!inspection)
        return inspection.error();
    Result<> done;
    if (inspection->isAbsent)
        done = createLedgerFile(m_options.path);
    if (done)
        done = m_file.open(m_options.path, SqliteConnection::Mode::ReadWrite);
    if (done)
        done = configureConnection(m_file.handle());
    if (!done)
        return done.error();
    return !inspection->hasBytes;
}

Result<core::MigrationReport> Preparation::migrateFile(int to)
{
    MigrationRequest request;
    request.ledgerPath = m_options.path;
    request.now = m_options.clock->now();
    request.owner = m_options.owner;
    request.to = to;
    Result<core::MigrationReport> migrated = migrate(m_file.handle(), request);
    if (!migrated)
        return migrated;
    m_startUp.version = migrated->to;
    m_startUp.backup = migrated->backup;
    if (migrated->to > migrated->from)
        m_startUp.steps.append(StartUpStep::Migrate);
    return migrated;
}

Result<> Preparation::validate()
{
    m_startUp.steps.append(StartUpStep::Validate);
    Result<QList<Finding>> problems = findProblems();
    if (!problems)
        return problems.error();
    m_startUp.findings.append(*problems);
    if (problems->isEmpty())
        return notePageCheck();
    if (!canCure(*problems))
        return errorOfFindings(*problems, operation());

    const Result<> cured = cure(*problems);
    if (!cured)
        return cured;
    m_startUp.steps.append(StartUpStep::ValidateAgain);
    problems = findProblems();
    if (!problems)
        return problems.error();
    m_startUp.findings.append(*problems);
    return problems->isEmpty() ? notePageCheck() : errorOfFindings(*problems, operation());
}

/// What is wrong with the schema, the version stores and, after an unclean end, the pages. What is wrong with
/// the schema stays in m_drift.
Result<QList<Finding>> Preparation::findProblems()
{
    m_drift = {};
    const Result<QByteArray> digest = schemaDigest(m_file.handle());
    if (!digest)
        return digest.error();
    if (*digest != currentSchemaDigest()) {
        const Result<SchemaDrift> compared = compareSchema(m_file.handle());
        if (!compared)
            return compared.error();
        m_drift = *compared;
    }
    QList<Finding> problems = m_drift.findings;
    const Result<QList<Finding>> stores = checkVersionStores(m_file.handle());
    if (!stores)
        return stores.error();
    problems.append(*stores);
    const Result<QList<Finding>> ofPages = findPageProblems();
    if (!ofPages)
        return ofPages.error();
    problems.append(*ofPages);
    problems.removeIf([](const Finding &finding) { return !isProblem(finding); });
    return problems;
}

Result<QList<Finding>> Preparation::findPageProblems()
{
    m_checkedAfter.clear();
    if (!m_drift.isClean() && !m_drift.canBeCuredUnasked())
        return QList<Finding>(); // a repair looks for itself
    const Result<QStringList> owners =
        ownersToCheckAfter(m_file.handle(), m_options.owner, m_options.clock->now());
    if (!owners && !m_drift.isClean())
        return QList<Finding>(); // before the cure the table may be missing that would tell
    if (!owners)
        return owners.error();
    if (owners->isEmpty())
        return QList<Finding>();
    m_checkedAfter = *owners;
    return checkPagesWithin(pageCheckSpan, m_file.handle());
}

Result<> Preparation::notePageCheck()
{
    return m_checkedAfter.isEmpty() ? Result<>() : noteCheckedAfter(m_file.handle(), m_checkedAfter);
}

bool Preparation::canCure(const QList<Finding> &problems) const
{
    const auto isDamagedIndex = [](const Finding &finding) { return finding.id == FindingId::IndexDamaged; };
    const auto ofSchema = std::count_if(m_drift.findings.begin(), m_drift.findings.end(), isProblem);
    const auto ofIndexes = std::count_if(problems.begin(), problems.end(), isDamagedIndex);
    return problems.size() == ofSchema + ofIndexes && (ofSchema == 0 || m_drift.canBeCuredUnasked());
}

Result<> Preparation::cure(const QList<Finding> &problems)
{
    m_startUp.steps.append(StartUpStep::Backup);
    const Result<QString> backup = backUpBefore(m_options.path, currentSchemaVersion, m_options.clock->now());
    if (!backup)
        return backup.error();
    m_startUp.backup = *backup;
    m_startUp.steps.append(StartUpStep::Cure);
    const QString operation = QStringLiteral("cure ledger");
    Result<> done = runScript(m_file.handle(), QByteArrayLiteral("BEGIN IMMEDIATE"), operation);
    if (done)
        done = cureInTransaction(problems);
    if (done) {
        platform::passCrashPoint(platform::CrashPoint::CureBeforeCommit);
        done = runScript(m_file.handle(), QByteArrayLiteral("COMMIT"), operation);
    }
    if (done) {
        platform::passCrashPoint(platform::CrashPoint::CureAfterCommit);
        return {};
    }
    m_startUp.cures.clear();
    m_startUp.backup.clear();
    QFile::remove(*backup); // of a file that has not changed
    if (sqlite3_get_autocommit(m_file.handle()) == 0) {
        const Result<> undone = runScript(m_file.handle(), QByteArrayLiteral("ROLLBACK"), operation);
        if (!undone)
            logError(undone.error());
    }
    if (done.error().code != ErrorCode::LedgerConstraint)
        return done;
    // Rows that a UNIQUE index refuses: which of them is the right one is not for a start to decide.
    Error error = done.error();
    error.code = ErrorCode::LedgerNeedsRepair;
    return error;
}

Result<> Preparation::cureInTransaction(const QList<Finding> &problems)
{
    // Damaged indexes first: what is made anew after them may read by them.
    const Result<QStringList> reindexed = reindex(m_file.handle(), problems);
    if (!reindexed)
        return reindexed.error();
    m_startUp.cures.append(*reindexed);
    if (m_drift.isClean())
        return {};
    const Result<> done = cureUnasked(m_file.handle(), m_drift);
    if (!done)
        return done;
    for (const SchemaCure &cure : std::as_const(m_drift.cures))
        m_startUp.cures.append(cure.description());
    return {};
}

} // namespace ingather::ledger
