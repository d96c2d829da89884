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

} // namespace

QStringList findingLines(const core::Finding &finding)
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

} // namespace ingather::cli
