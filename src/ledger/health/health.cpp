// SPDX-License-Identifier: MIT
#include "ledger/health/health.h"

#include "core/error.h"
#include "ledger/health/backup_checks.h"
#include "ledger/health/counting.h"
#include "ledger/health/interruption.h"
#include "ledger/health/ledger_look.h"
#include "ledger/health/shared_content.h"
#include "ledger/health/surroundings.h"
#include "ledger/health/work_checks.h"
#include "ledger/inspection.h"
#include "ledger/log.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"
#include "ledger/validation/drift.h"
#include "ledger/validation/row_checks.h"

#include <QDebug>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>

#include <algorithm>
#include <chrono>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Finding;
using core::FindingId;
using core::HealthReport;
using core::Result;

namespace
{

const QList<FindingId> fileChecks{FindingId::FileAbsent, FindingId::FileEmpty, FindingId::FileUnmigrated,
                                  FindingId::FileNotADatabase, FindingId::FileUnreadable};
const QList<FindingId> versionChecks{FindingId::VersionMismatch, FindingId::MigrationChanged,
                                     FindingId::MigrationGap};
const QList<FindingId> schemaChecks{
    FindingId::VersionNewer,  FindingId::VersionNewerBreaking, FindingId::TableMissing,
    FindingId::ColumnMissing, FindingId::IndexMissing,         FindingId::TriggerMissing,
    FindingId::TableChanged,  FindingId::IndexChanged,         FindingId::TriggerChanged};
const QList<FindingId> pageChecks{FindingId::PageDamaged, FindingId::IndexDamaged};
const QList<FindingId> rowChecks{
    FindingId::ForeignKeyBroken, FindingId::KeyDuplicated, FindingId::KeyMismatch,
    FindingId::StateRuleBroken,  FindingId::ValueMistyped, FindingId::RowSumWrong,
    FindingId::RowUnsigned,      FindingId::CountsWrong,   FindingId::MetaBroken};

/// One look. What can't be looked at for what is wrong already is left out.
class Examination
{
public:
    Examination(const HealthRequest &request, const core::WorkControl &control)
        : m_request(request), m_control(control)
    {
    }

    Result<HealthReport> report();
    bool wasDisturbed() const { return m_look && m_look->isDisturbed(); }

private:
    Result<> examine();
    Result<> examineVersions(CheckContext &context);
    Result<> examineSchema(CheckContext &context);
    Result<bool> isDigestRight() const;
    Result<> examineRows(CheckContext &context);
    Result<> make(CheckContext &context, Result<> (*check)(CheckContext &));
    Result<> settle(const Result<> &outcome);

    const HealthRequest &m_request;
    const core::WorkControl &m_control;
    std::chrono::steady_clock::time_point m_begun = std::chrono::steady_clock::now();
    HealthReport m_report;
    CheckList m_checks;
    std::unique_ptr<LedgerLook> m_look;
};

Result<HealthReport> Examination::report()
{
    const Result<> examined = examine();
    if (m_control.isStopped())
        return Error{ErrorCode::Cancelled, QStringLiteral("look at ledger")};
    if (!examined)
        return examined.error();
    m_report.checks = m_checks.findings();
    m_report.status = core::statusOf(m_checks.worst());
    return m_report;
}

/// An error of a check becomes what it says about the file, if it says anything.
Result<> Examination::settle(const Result<> &outcome)
{
    if (outcome || m_control.isStopped())
        return outcome;
    return m_checks.addFailure(outcome.error());
}

Result<> Examination::make(CheckContext &context, Result<> (*check)(CheckContext &))
{
    return settle(check(context));
}

Result<> Examination::examine()
{
    checkUnfinishedRepair(m_request, m_checks);
    Result<std::unique_ptr<LedgerLook>> look = LedgerLook::open(m_request.path);
    if (!look)
        return look.error();
    m_look = std::move(*look);
    if (!m_look->isOpen()) {
        m_checks.add(m_look->obstacle()->id, m_look->obstacle());
        return {};
    }
    const StopsStatements stops(m_look->handle(), m_control.stop);
    const Result<SchemaFacts> facts = readSchemaFacts(m_look->handle());
    if (!facts)
        return settle(facts.error());
    m_report.schemaVersion = facts->version;
    // What the reference's other creator has made, or nobody has finished, is rows of version 1 all the same.
    const bool isUnversioned = facts->hasUnversionedV1 && facts->oddity.isEmpty();
    const bool isForeign = facts->version == 0 && facts->oddity.isEmpty() && !isUnversioned;
    std::optional<Finding> unmigrated;
    if (isForeign || isUnversioned || (facts->version > 0 && facts->version < currentSchemaVersion)) {
        unmigrated = core::found(FindingId::FileUnmigrated, m_request.path,
                                 QStringLiteral("schema version %1, this program has %2")
                                     .arg(facts->version)
                                     .arg(currentSchemaVersion));
    }
    m_checks.add(fileChecks, unmigrated ? QList<Finding>{*unmigrated} : QList<Finding>());

    CheckContext context{m_look->handle(), m_request, m_control, m_request.clock->now(),
                         facts->version,   m_checks,  m_report,  m_begun + m_request.countingEnds};
    Result<> done;
    if (!isForeign && !isUnversioned)
        done = examineVersions(context);
    if (isUnversioned) {
        context.version = 1;
        done = examineRows(context);
    } else if (done && facts->hasBreakingStep) {
        // Nothing is known of what is in it.
        m_checks.add(FindingId::VersionNewerBreaking,
                     core::found(FindingId::VersionNewerBreaking, {},
                                 QStringLiteral("schema version %1, this program has %2")
                                     .arg(facts->version)
                                     .arg(currentSchemaVersion)));
    } else if (done && !isForeign) {
        done = examineSchema(context);
        if (done && context.version > 0)
            done = examineRows(context);
    }
    if (!facts->oddity.isEmpty() && m_checks.worst() < core::Severity::Error)
        m_checks.add(FindingId::VersionMismatch, core::found(FindingId::VersionMismatch, {}, facts->oddity));
    if (done)
        done = settle(checkSurroundings(m_request, m_look->bytes(), m_look->isWal(), m_checks));
    return done;
}

/// One digest says that all is as it should be; the comparison is made only to explain a difference, and for
/// what other people have put beside our objects.
Result<bool> Examination::isDigestRight() const
{
    if (m_request.isDeep || m_report.schemaVersion != currentSchemaVersion)
        return false;
    const Result<QByteArray> digest = schemaDigest(m_look->handle());
    if (!digest)
        return digest.error();
    return *digest == currentSchemaDigest();
}

Result<> Examination::examineVersions(CheckContext &context)
{
    const Result<QList<Finding>> stores = checkVersionStores(context.connection);
    if (!stores)
        return settle(stores.error());
    m_checks.add(versionChecks, *stores);
    return {};
}

Result<> Examination::examineSchema(CheckContext &context)
{
    const Result<bool> isRight = isDigestRight();
    if (!isRight)
        return settle(isRight.error());
    if (*isRight) {
        m_checks.add(schemaChecks, QList<Finding>());
        return {};
    }
    const Result<SchemaDrift> drift = compareSchema(context.connection);
    if (!drift)
        return settle(drift.error());
    m_checks.add(schemaChecks, drift->findings);
    // Of a file whose version is lost the objects tell what its rows are.
    context.version = std::max(context.version, drift->version);
    return {};
}

Result<> Examination::examineRows(CheckContext &context)
{
    Result<> done = make(context, checkLeases);
    if (done)
        done = make(context, checkOpenOps);
    if (context.version >= 2) {
        for (const auto check : {checkStuckJobs, checkClaimPlan, checkSalvaged, checkBackups}) {
            if (done)
                done = make(context, check);
        }
    }
    // Last: of a quick look it gets the time that is left.
    if (done)
        done = make(context, countRows);
    if (!done || !m_request.isDeep)
        return done;

    const Result<QList<Finding>> pages = checkPages(context.connection, m_control);
    if (pages)
        m_checks.add(pageChecks, *pages);
    else
        done = settle(pages.error());
    if (!done || context.version < 2)
        return done;
    const Result<QList<Finding>> rows = checkRows(context.connection, m_control);
    if (rows)
        m_checks.add(rowChecks, *rows);
    else
        done = settle(rows.error());
    if (done)
        done = make(context, checkSharedContent);
    return done;
}

} // namespace

Result<HealthReport> checkHealth(const HealthRequest &asked, const core::WorkControl &control)
{
    QElapsedTimer timer;
    timer.start();
    HealthRequest request = asked;
    request.path = QDir::cleanPath(QFileInfo(asked.path).absoluteFilePath());
    constexpr int mostLooks = 3;
    for (int looks = 1;; ++looks) {
        Examination examination(request, control);
        Result<HealthReport> report = examination.report();
        // Somebody has begun to work with the ledger: from now on it is read along with them.
        if (report && examination.wasDisturbed() && looks < mostLooks)
            continue;
        if (!report)
            return report;
        report->elapsed = std::chrono::milliseconds(timer.elapsed());
        qCInfo(logLedger).noquote() << "looked at the ledger:"
                                    << core::severityName(core::worstOf(report->checks)) << "after"
                                    << timer.elapsed() << "ms";
        for (const Finding &finding : report->checks) {
            if (finding.severity > core::Severity::Info)
                qCInfo(logLedger).noquote()
                    << "found" << core::findingName(finding.id) << finding.place << finding.detail;
        }
        return report;
    }
}

} // namespace ingather::ledger
