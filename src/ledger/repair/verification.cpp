// SPDX-License-Identifier: MIT
#include "ledger/repair/verification.h"

#include "core/error.h"
#include "ledger/repair/work_copy.h"
#include "ledger/validation/drift.h"
#include "ledger/validation/row_checks.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Finding;
using core::Result;
using core::Severity;

namespace
{

QJsonArray toJson(const QStringList &lines)
{
    return QJsonArray::fromStringList(lines);
}

QJsonArray toJson(const QList<Finding> &findings)
{
    QJsonArray array;
    for (const Finding &finding : findings)
        array.append(QJsonObject{{QStringLiteral("id"), core::findingName(finding.id)},
                                 {QStringLiteral("severity"), core::severityName(finding.severity)},
                                 {QStringLiteral("place"), finding.place},
                                 {QStringLiteral("count"), finding.count},
                                 {QStringLiteral("detail"), finding.detail}});
    return array;
}

} // namespace

Result<QList<Finding>> verifyNew(const QString &path, const core::WorkControl &control)
{
    WorkCopy fresh;
    const Result<> opened = fresh.open(path);
    if (!opened)
        return opened.error();
    QList<Finding> all;
    for (const auto &look : {checkPages, checkRows}) {
        const Result<QList<Finding>> findings = look(fresh.handle(), control);
        if (!findings)
            return findings.error();
        all += *findings;
    }
    const Result<SchemaDrift> drift = compareSchema(fresh.handle());
    if (!drift)
        return drift.error();
    all += drift->findings;
    QList<Finding> remaining;
    for (const Finding &finding : std::as_const(all)) {
        if (finding.severity == Severity::Error) {
            return Error{
                ErrorCode::LedgerCorrupt, QStringLiteral("verify repaired ledger"), 0,
                QStringLiteral("%1 %2 %3").arg(core::findingName(finding.id), finding.place, finding.detail)};
        }
        if (finding.severity != Severity::Ok)
            remaining.append(finding);
    }
    return remaining;
}

QString summaryOf(const core::RepairReport &report)
{
    qint64 readable = 0;
    qint64 kept = 0;
    qint64 rebuilt = 0;
    qint64 rejected = 0;
    qint64 lost = 0;
    for (const core::TableAccount &table : report.tables) {
        readable += table.readable;
        kept += table.kept;
        rebuilt += table.rebuilt;
        rejected += table.rejected;
        lost += table.lost;
    }
    const QString kind = report.kind == core::RepairKind::Mend      ? QStringLiteral("mended in place")
                         : report.kind == core::RepairKind::Rebuild ? QStringLiteral("written anew")
                                                                    : QStringLiteral("salvaged");
    return QStringLiteral("%1; %2 rows readable, %3 kept, %4 rebuilt, %5 rejected, %6 lost; epoch %7")
        .arg(kind)
        .arg(readable)
        .arg(kept)
        .arg(rebuilt)
        .arg(rejected)
        .arg(lost)
        .arg(report.epoch);
}

QByteArray toJson(const core::RepairReport &report)
{
    QJsonArray tables;
    for (const core::TableAccount &table : report.tables)
        tables.append(QJsonObject{{QStringLiteral("table"), table.table},
                                  {QStringLiteral("readable"), table.readable},
                                  {QStringLiteral("kept"), table.kept},
                                  {QStringLiteral("altered"), table.altered},
                                  {QStringLiteral("rebuilt"), table.rebuilt},
                                  {QStringLiteral("rejected"), table.rejected},
                                  {QStringLiteral("lost"), table.lost}});
    const QJsonObject object{{QStringLiteral("summary"), summaryOf(report)},
                             {QStringLiteral("findings"), toJson(report.findings)},
                             {QStringLiteral("steps"), toJson(report.steps)},
                             {QStringLiteral("tables"), tables},
                             {QStringLiteral("reasons"), toJson(report.reasons)},
                             {QStringLiteral("remaining"), toJson(report.remaining)},
                             {QStringLiteral("still_open_in"), toJson(report.stillOpenIn)},
                             {QStringLiteral("epoch"), report.epoch}};
    return QJsonDocument(object).toJson();
}

QByteArray toJson(const core::RestoreReport &report)
{
    const QJsonObject object{{QStringLiteral("jobs_in_backup"), report.jobsInBackup},
                             {QStringLiteral("jobs_before"), report.jobsBefore},
                             {QStringLiteral("jobs_only_before"), report.jobsOnlyBefore},
                             {QStringLiteral("jobs_newer_before"), report.jobsNewerBefore},
                             {QStringLiteral("epoch"), report.epoch}};
    return QJsonDocument(object).toJson();
}

} // namespace ingather::ledger
