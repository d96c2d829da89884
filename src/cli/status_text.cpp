// SPDX-License-Identifier: MIT
#include "cli/status_text.h"

#include "cli/texts.h"
#include "models/format.h"
#include "models/volume_text.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include <algorithm>

namespace ingather::cli
{

namespace
{

struct Status {
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::Status)
};

QString counted(const QString &what, qint64 count)
{
    return QStringLiteral("%1 %2").arg(what, -18).arg(count, 10);
}

QString bytesText(const engine::JobSnapshot &job)
{
    if (core::isTerminal(job.state) && job.bytesTotal)
        return models::Format::bytes(*job.bytesTotal);
    if (job.bytesTotal)
        return Status::tr("%1 of %2")
            .arg(models::Format::bytes(job.bytesDone), models::Format::bytes(*job.bytesTotal));
    return job.bytesDone > 0 ? models::Format::bytes(job.bytesDone) : QStringLiteral("-");
}

QString jsonText(const QJsonObject &object)
{
    return object.isEmpty() ? QString()
                            : QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

} // namespace

QStringList statusLines(const engine::StatusSnapshot &status)
{
    QStringList lines;
    for (const core::JobState state : core::allJobStates) {
        if (const qint64 count = status.states.value(state); count > 0)
            lines.append(counted(core::jobStateName(state), count));
    }
    if (lines.isEmpty())
        lines.append(Status::tr("no jobs"));
    if (status.held > 0)
        lines.append(counted(Status::tr("held"), status.held));
    if (status.failedForGood > 0)
        lines.append(counted(Status::tr("failed for good"), status.failedForGood));
    if (status.waitingForNetwork > 0)
        lines.append(counted(Status::tr("wait for network"), status.waitingForNetwork));
    for (const engine::VolumeSnapshot &volume : status.volumes)
        lines.append(models::VolumeText::sentence(volume));
    if (status.activeLeases > 0)
        lines.append(counted(Status::tr("active leases"), status.activeLeases));
    if (status.expiredLeases > 0)
        lines.append(counted(Status::tr("expired leases"), status.expiredLeases));
    return lines;
}

QString jobLine(const engine::JobSnapshot &job)
{
    const QString name = filedPath(job).isEmpty() ? job.url : filedPath(job);
    QString line =
        QStringLiteral("%1  %2  %3  %4")
            .arg(job.id.value, stateText(job).leftJustified(17), bytesText(job).rightJustified(10), name);
    const QString why = reasonText(job);
    if (!why.isEmpty() && (!core::isTerminal(job.state) || job.hasFileTrouble()))
        line += QStringLiteral("  (%1)").arg(why);
    return line;
}

QStringList jobLines(const engine::JobSnapshot &job)
{
    const std::pair<QString, QString> facts[] = {
        {Status::tr("job"), job.id.value},
        {Status::tr("state"), stateText(job)},
        {Status::tr("URL"), job.url},
        {Status::tr("came from"), job.sourceUrl == job.url ? QString() : job.sourceUrl},
        {Status::tr("work"), job.workId},
        {Status::tr("artifact"), job.artifactId},
        {Status::tr("folder"), job.folder},
        {Status::tr("file"), job.finalPath.isEmpty() ? job.fileName : job.finalPath},
        {Status::tr("size"), bytesText(job)},
        {Status::tr("type"), job.contentType},
        {Status::tr("SHA-256"), job.sha256},
        {Status::tr("expected"), job.expectedDigest},
        {Status::tr("verification"), job.verification},
        {Status::tr("attempts"), job.maxAttempts
                                     ? Status::tr("%1 of %2").arg(job.attempts).arg(*job.maxAttempts)
                                     : QString::number(job.attempts)},
        {Status::tr("failed because"), reasonText(job)},
        {Status::tr("next attempt"),
         job.nextAttemptAt.seconds > 0 ? models::Format::exactTime(job.nextAttemptAt) : QString()},
        {Status::tr("leased by"), job.leaseOwner},
        {Status::tr("leased until"), job.leaseUntil ? models::Format::exactTime(*job.leaseUntil) : QString()},
        {Status::tr("priority"), QString::number(job.priority)},
        {Status::tr("added"), models::Format::exactTime(job.createdAt)},
        {Status::tr("changed"), models::Format::exactTime(job.updatedAt)},
        {Status::tr("ended"), job.doneAt ? models::Format::exactTime(*job.doneAt) : QString()},
    };
    int width = 0;
    for (const auto &[name, value] : facts)
        width = std::max(width, columns(name));
    QStringList lines;
    for (const auto &[name, value] : facts) {
        if (!value.isEmpty())
            lines.append(name + QString(width - columns(name) + 2, u' ') + value);
    }
    return lines;
}

QString opLine(const engine::OpSnapshot &op)
{
    QString line =
        QStringLiteral("%1  %2 %3")
            .arg(models::Format::exactTime(op.startedAt), core::opTypeName(op.type).leftJustified(8),
                 core::opPhaseName(op.phase).leftJustified(9));
    line += Status::tr("  attempt %1").arg(op.attempt);
    if (op.finishedAt)
        line +=
            Status::tr("  took %1 ms").arg(qRound64((op.finishedAt->seconds - op.startedAt.seconds) * 1000));
    for (const QString &part : {op.resultCode, jsonText(op.result.isEmpty() ? op.intent : op.result)}) {
        if (!part.isEmpty())
            line += QStringLiteral("  ") + part;
    }
    return line;
}

QString eventLine(const engine::EventSnapshot &event)
{
    QString line =
        QStringLiteral("%1  %2").arg(models::Format::exactTime(event.at), event.event.leftJustified(16));
    if (event.attempt > 0)
        line += Status::tr("  attempt %1").arg(event.attempt);
    for (const QString &part : {event.opType, event.code, event.detail}) {
        if (!part.isEmpty())
            line += QStringLiteral("  ") + part;
    }
    return line;
}

} // namespace ingather::cli
