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

QString kindName(core::RepairKind kind)
{
    switch (kind) {
    case core::RepairKind::Nothing:
        return QStringLiteral("nothing");
    case core::RepairKind::Mend:
        return QStringLiteral("mend");
    case core::RepairKind::Rebuild:
        return QStringLiteral("rebuild");
    case core::RepairKind::Salvage:
        break;
    }
    return QStringLiteral("salvage");
}

QJsonArray findingArray(const QList<core::Finding> &findings)
{
    QJsonArray array;
    for (const core::Finding &finding : findings)
        array.append(findingJson(finding));
    return array;
}

QJsonValue textOrNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
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
    QJsonArray errors;
    for (const core::Finding &finding : report.checks) {
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
        {QStringLiteral("checks"), findingArray(report.checks)},
        {QStringLiteral("errors"), errors},
        {QStringLiteral("elapsed_ms"), static_cast<qint64>(report.elapsed.count())},
    };
}

QJsonObject planJson(const core::RepairPlan &plan)
{
    return {
        {QStringLiteral("kind"), kindName(plan.kind)},
        {QStringLiteral("findings"), findingArray(plan.findings)},
        {QStringLiteral("steps"), QJsonArray::fromStringList(plan.steps)},
        {QStringLiteral("obstacles"), QJsonArray::fromStringList(plan.obstacles)},
        {QStringLiteral("bytes_needed"), plan.bytesNeeded},
        {QStringLiteral("bytes_available"), plan.bytesAvailable},
    };
}

QJsonObject repairJson(const core::RepairReport &report)
{
    QJsonArray tables;
    for (const core::TableAccount &account : report.tables) {
        tables.append(QJsonObject{
            {QStringLiteral("table"), account.table},
            {QStringLiteral("readable"), account.readable},
            {QStringLiteral("kept"), account.kept},
            {QStringLiteral("altered"), account.altered},
            {QStringLiteral("rebuilt"), account.rebuilt},
            {QStringLiteral("rejected"), account.rejected},
            {QStringLiteral("lost"), account.lost},
        });
    }
    return {
        {QStringLiteral("kind"), kindName(report.kind)},
        {QStringLiteral("findings"), findingArray(report.findings)},
        {QStringLiteral("steps"), QJsonArray::fromStringList(report.steps)},
        {QStringLiteral("tables"), tables},
        {QStringLiteral("reasons"), QJsonArray::fromStringList(report.reasons)},
        {QStringLiteral("remaining"), findingArray(report.remaining)},
        {QStringLiteral("set_aside"), textOrNull(report.setAside)},
        {QStringLiteral("still_open_in"), QJsonArray::fromStringList(report.stillOpenIn)},
        {QStringLiteral("epoch"), report.epoch},
        {QStringLiteral("elapsed_ms"), static_cast<qint64>(report.elapsed.count())},
    };
}

QJsonObject backupJson(const core::BackupReport &report)
{
    return {
        {QStringLiteral("path"), report.path},
        {QStringLiteral("bytes"), report.bytes},
        {QStringLiteral("jobs"), report.jobs},
    };
}

QJsonObject restoreJson(const core::RestoreReport &report)
{
    return {
        {QStringLiteral("jobs_in_backup"), report.jobsInBackup},
        {QStringLiteral("jobs_before"), report.jobsBefore},
        {QStringLiteral("jobs_only_before"), report.jobsOnlyBefore},
        {QStringLiteral("jobs_newer_before"), report.jobsNewerBefore},
        {QStringLiteral("set_aside"), textOrNull(report.setAside)},
        {QStringLiteral("epoch"), report.epoch},
    };
}

QJsonObject migrationJson(const core::MigrationReport &report)
{
    return {
        {QStringLiteral("from"), report.from},
        {QStringLiteral("to"), report.to},
        {QStringLiteral("backup"), textOrNull(report.backup)},
    };
}

} // namespace ingather::cli
