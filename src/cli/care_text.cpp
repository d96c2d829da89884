// SPDX-License-Identifier: MIT
#include "cli/care_text.h"

#include "models/finding_text.h"
#include "models/format.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace ingather::cli
{

using models::FindingText;

namespace
{

struct CareText {
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::CareText)
};

constexpr int shownExamples = 3;
const QString indent = QStringLiteral("    ");

QString jobCount(const core::HealthReport &report)
{
    const std::optional<qint64> jobs = report.rowCounts.value(QStringLiteral("artifact_jobs"));
    return jobs ? QLocale().toString(*jobs) : CareText::tr("not known");
}

/// Without what to do: that is being done.
QStringList whatLines(const core::Finding &finding)
{
    const QString name = core::findingName(finding.id);
    const QString what = FindingText::summary(finding);
    QStringList lines{
        QStringLiteral("%1: %2 (%3)")
            .arg(FindingText::severity(finding.severity), what,
                 finding.detail.isEmpty() ? name : name + QStringLiteral(": ") + finding.detail)};
    if (!finding.examples.isEmpty()) {
        const QString some = finding.examples.mid(0, shownExamples).join(QStringLiteral(", "));
        const bool isAll =
            finding.examples.size() <= shownExamples && finding.count <= finding.examples.size();
        lines.append(indent + (isAll ? some : CareText::tr("such as %1").arg(some)));
    }
    return lines;
}

QStringList allFindingLines(const QList<core::Finding> &findings)
{
    QStringList lines;
    for (const core::Finding &finding : findings) {
        if (finding.severity != core::Severity::Ok)
            lines.append(whatLines(finding));
    }
    return lines;
}

QString accountLine(const core::TableAccount &account)
{
    const QLocale locale;
    QString line = CareText::tr("%1: readable %2, kept %3")
                       .arg(account.table, locale.toString(account.readable), locale.toString(account.kept));
    if (account.altered > 0)
        line += CareText::tr(", of those altered %1").arg(locale.toString(account.altered));
    if (account.rebuilt > 0)
        line += CareText::tr(", made again %1").arg(locale.toString(account.rebuilt));
    if (account.rejected > 0)
        line += CareText::tr(", put aside %1").arg(locale.toString(account.rejected));
    if (account.lost > 0)
        line += CareText::tr(", lost %1").arg(locale.toString(account.lost));
    return line;
}

} // namespace

QStringList findingLines(const core::Finding &finding)
{
    QStringList lines = whatLines(finding);
    const QString remedy = FindingText::remedy(finding);
    if (!remedy.isEmpty())
        lines.append(indent + remedy);
    return lines;
}

QStringList healthLines(const core::HealthReport &report, const QString &ledgerPath, bool isVerbose)
{
    const QString took = models::Format::fineDuration(static_cast<double>(report.elapsed.count()) / 1000);
    QStringList lines{CareText::tr("%1: %2 (version %3, jobs: %4, looked for %5)")
                          .arg(FindingText::status(report.status), ledgerPath)
                          .arg(report.schemaVersion)
                          .arg(jobCount(report), took)};
    QList<core::Finding> checks = report.checks;
    std::stable_sort(checks.begin(), checks.end(),
                     [](const core::Finding &a, const core::Finding &b) { return a.severity > b.severity; });
    for (const core::Finding &finding : checks) {
        if (finding.severity != core::Severity::Ok)
            lines.append(findingLines(finding));
        else if (isVerbose)
            lines.append(QStringLiteral("%1: %2").arg(FindingText::severity(finding.severity),
                                                      core::findingName(finding.id)));
    }
    return lines;
}

QStringList planLines(const core::RepairPlan &plan, const QString &ledgerPath)
{
    QStringList lines{QStringLiteral("%1: %2").arg(ledgerPath, FindingText::repairKind(plan.kind))};
    lines.append(allFindingLines(plan.findings));
    for (const QString &step : plan.steps)
        lines.append(CareText::tr("would do: %1").arg(step));
    if (plan.bytesNeeded > 0) {
        lines.append(
            CareText::tr("room needed: %1, available: %2")
                .arg(models::Format::bytes(plan.bytesNeeded), models::Format::bytes(plan.bytesAvailable)));
    }
    for (const QString &obstacle : plan.obstacles)
        lines.append(CareText::tr("has to end first: %1").arg(obstacle));
    return lines;
}

QStringList repairLines(const core::RepairReport &report, const QString &ledgerPath)
{
    if (report.kind == core::RepairKind::Nothing)
        return {QStringLiteral("%1: %2").arg(ledgerPath, FindingText::repairKind(report.kind))};
    const QString took = models::Format::fineDuration(static_cast<double>(report.elapsed.count()) / 1000);
    QStringList lines{CareText::tr("repaired: %1 (%2)").arg(ledgerPath, took)};
    lines.append(allFindingLines(report.findings));
    for (const QString &step : report.steps)
        lines.append(CareText::tr("done: %1", "step of a repair").arg(step));
    for (const core::TableAccount &account : report.tables)
        if (account.readable + account.rebuilt + account.lost > 0)
            lines.append(accountLine(account));
    for (const QString &reason : report.reasons)
        lines.append(CareText::tr("put aside: %1").arg(reason));
    if (!report.setAside.isEmpty())
        lines.append(CareText::tr("the ledger as it was lies in %1").arg(report.setAside));
    for (const QString &program : report.stillOpenIn)
        lines.append(CareText::tr("has the old ledger open, end it: %1").arg(program));
    if (core::worstOf(report.remaining) >= core::Severity::Warning) {
        lines.append(CareText::tr("what remains:"));
        lines.append(allFindingLines(report.remaining));
    }
    return lines;
}

QStringList backupLines(const core::BackupReport &report)
{
    return {CareText::tr("backed up: %1 (%2, jobs: %3)")
                .arg(report.path, models::Format::bytes(report.bytes), QLocale().toString(report.jobs))};
}

QStringList restoreLines(const core::RestoreReport &report, const QString &ledgerPath)
{
    const QLocale locale;
    QStringList lines{
        CareText::tr("restored: %1 (jobs: %2, before: %3)")
            .arg(ledgerPath, locale.toString(report.jobsInBackup), locale.toString(report.jobsBefore))};
    if (report.jobsOnlyBefore > 0) {
        lines.append(CareText::tr("jobs that the backup does not have: %1")
                         .arg(locale.toString(report.jobsOnlyBefore)));
    }
    if (report.jobsNewerBefore > 0) {
        lines.append(CareText::tr("jobs that have changed since the backup: %1")
                         .arg(locale.toString(report.jobsNewerBefore)));
    }
    if (!report.setAside.isEmpty())
        lines.append(CareText::tr("the ledger as it was lies in %1").arg(report.setAside));
    return lines;
}

QStringList migrationLines(const core::MigrationReport &report, const QString &ledgerPath)
{
    if (report.from == report.to)
        return {CareText::tr("%1 has version %2 already").arg(ledgerPath).arg(report.to)};
    QStringList lines{
        CareText::tr("migrated: %1, version %2 → %3").arg(ledgerPath).arg(report.from).arg(report.to)};
    if (!report.backup.isEmpty())
        lines.append(CareText::tr("the ledger as it was: %1").arg(report.backup));
    return lines;
}

} // namespace ingather::cli
