// SPDX-License-Identifier: MIT
#include "cli/care_json.h"

#include "models/finding_text.h"

#include <QJsonArray>

namespace ingather::cli
{

namespace
{

QString statusName(core::HealthStatus status)
{
    switch (status) {
    case core::HealthStatus::Healthy:
        return QStringLiteral("healthy");
    case core::HealthStatus::Degraded:
        return QStringLiteral("degraded");
    case core::HealthStatus::Broken:
        break;
    }
    return QStringLiteral("broken");
}

} // namespace

QJsonObject findingJson(const core::Finding &finding)
{
    return {
        {QStringLiteral("id"), core::findingName(finding.id)},
        {QStringLiteral("severity"), core::severityName(finding.severity)},
        {QStringLiteral("summary"), models::FindingText::summary(finding)},
        {QStringLiteral("detail"), finding.detail},
        {QStringLiteral("remedy"), models::FindingText::remedy(finding)},
        {QStringLiteral("place"), finding.place},
        {QStringLiteral("count"), finding.count},
        {QStringLiteral("examples"), QJsonArray::fromStringList(finding.examples)},
    };
}

QJsonObject healthJson(const core::HealthReport &report)
{
    QJsonObject tables;
    for (auto it = report.rowCounts.cbegin(); it != report.rowCounts.cend(); ++it) {
        const QJsonValue count = it.value() ? QJsonValue(*it.value()) : QJsonValue(QJsonValue::Null);
        tables.insert(it.key(), QJsonObject{{QStringLiteral("row_count"), count}});
    }
    QJsonObject states;
    for (const core::JobState state : core::allJobStates)
        states.insert(core::jobStateName(state), report.states.value(state));
    QJsonArray checks;
    QJsonArray errors;
    for (const core::Finding &finding : report.checks) {
        checks.append(findingJson(finding));
        if (finding.severity == core::Severity::Error)
            errors.append(findingJson(finding));
    }
    return {
        {QStringLiteral("status"), statusName(report.status)},
        {QStringLiteral("schema_version"), report.schemaVersion},
        {QStringLiteral("tables"), tables},
        {QStringLiteral("states"), states},
        {QStringLiteral("leases"), QJsonObject{{QStringLiteral("active"), report.activeLeases},
                                               {QStringLiteral("expired"), report.expiredLeases}}},
        {QStringLiteral("ops"), QJsonObject{{QStringLiteral("open"), report.openOps}}},
        {QStringLiteral("checks"), checks},
        {QStringLiteral("errors"), errors},
        {QStringLiteral("elapsed_ms"), static_cast<qint64>(report.elapsed.count())},
    };
}

} // namespace ingather::cli
