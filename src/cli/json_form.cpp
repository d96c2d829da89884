// SPDX-License-Identifier: MIT
#include "cli/json_form.h"

#include "cli/texts.h"

#include <QJsonArray>

namespace ingather::cli
{

namespace
{

QJsonValue textOrNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
}

template <typename T>
QJsonValue numberOrNull(const std::optional<T> &number)
{
    return number ? QJsonValue(*number) : QJsonValue(QJsonValue::Null);
}

QJsonValue timeOrNull(const std::optional<core::UnixTime> &time)
{
    return time ? QJsonValue(time->seconds) : QJsonValue(QJsonValue::Null);
}

} // namespace

QJsonObject jobJson(const engine::JobSnapshot &job)
{
    return {
        {QStringLiteral("job_id"), job.id.value},
        {QStringLiteral("work_id"), job.workId},
        {QStringLiteral("artifact_id"), job.artifactId},
        {QStringLiteral("canonical_url"), job.url},
        {QStringLiteral("source_url"), textOrNull(job.sourceUrl)},
        {QStringLiteral("state"), core::jobStateName(job.state)},
        {QStringLiteral("hold"), textOrNull(core::holdName(job.hold))},
        {QStringLiteral("lease_owner"), textOrNull(job.leaseOwner)},
        {QStringLiteral("lease_until"), timeOrNull(job.leaseUntil)},
        {QStringLiteral("created_at"), job.createdAt.seconds},
        {QStringLiteral("updated_at"), job.updatedAt.seconds},
        {QStringLiteral("done_at"), timeOrNull(job.doneAt)},
        {QStringLiteral("next_attempt_at"), job.nextAttemptAt.seconds},
        {QStringLiteral("fence"), job.fence.value},
        {QStringLiteral("attempts"), job.attempts},
        {QStringLiteral("max_attempts"), numberOrNull(job.maxAttempts)},
        {QStringLiteral("crashes"), job.crashes},
        {QStringLiteral("priority"), job.priority},
        {QStringLiteral("generation"), job.generation},
        {QStringLiteral("host"), textOrNull(job.host)},
        {QStringLiteral("error_code"), textOrNull(job.errorCode)},
        {QStringLiteral("error_detail"), textOrNull(job.errorDetail)},
        {QStringLiteral("root"), textOrNull(job.folder)},
        {QStringLiteral("file_name"), textOrNull(job.fileName)},
        {QStringLiteral("final_path"), textOrNull(job.finalPath)},
        {QStringLiteral("expected_digest"), textOrNull(job.expectedDigest)},
        {QStringLiteral("bytes_total"), numberOrNull(job.bytesTotal)},
        {QStringLiteral("bytes_done"), job.bytesDone},
        {QStringLiteral("sha256"), textOrNull(job.sha256)},
        {QStringLiteral("content_type"), textOrNull(job.contentType)},
        {QStringLiteral("verification"), textOrNull(job.verification)},
    };
}

QJsonObject opJson(const engine::OpSnapshot &op)
{
    return {
        {QStringLiteral("op_key"), op.opKey},
        {QStringLiteral("job_id"), op.job.value},
        {QStringLiteral("op_type"), core::opTypeName(op.type)},
        {QStringLiteral("phase"), core::opPhaseName(op.phase)},
        {QStringLiteral("attempt"), op.attempt},
        {QStringLiteral("fence"), op.fence.value},
        {QStringLiteral("owner"), textOrNull(op.owner)},
        {QStringLiteral("started_at"), op.startedAt.seconds},
        {QStringLiteral("finished_at"), timeOrNull(op.finishedAt)},
        {QStringLiteral("result_code"), textOrNull(op.resultCode)},
        {QStringLiteral("intent_json"), op.intent},
        {QStringLiteral("result_json"), op.result},
    };
}

QJsonObject hostJson(const engine::HostSnapshot &host)
{
    return {
        {QStringLiteral("host"), host.host},
        {QStringLiteral("failures"), host.failures},
        {QStringLiteral("not_before"), host.notBefore.seconds},
        {QStringLiteral("error_code"), textOrNull(host.errorCode)},
        {QStringLiteral("accepts_ranges"),
         host.acceptsRanges ? QJsonValue(*host.acceptsRanges) : QJsonValue()},
        {QStringLiteral("updated_at"), host.updatedAt.seconds},
    };
}

QJsonObject eventJson(const engine::EventSnapshot &event)
{
    return {
        {QStringLiteral("seq"), event.seq},
        {QStringLiteral("at"), event.at.seconds},
        {QStringLiteral("job_id"), textOrNull(event.job.value)},
        {QStringLiteral("op_key"), textOrNull(event.opKey)},
        {QStringLiteral("op_type"), textOrNull(event.opType)},
        {QStringLiteral("attempt"), event.attempt},
        {QStringLiteral("fence"), event.fence.value},
        {QStringLiteral("owner"), textOrNull(event.owner)},
        {QStringLiteral("event"), event.event},
        {QStringLiteral("code"), textOrNull(event.code)},
        {QStringLiteral("detail"), textOrNull(event.detail)},
    };
}

QJsonObject statusJson(const engine::StatusSnapshot &status)
{
    QJsonObject states;
    for (const core::JobState state : core::allJobStates)
        states.insert(core::jobStateName(state), status.states.value(state));
    QJsonArray volumes;
    for (const engine::VolumeSnapshot &volume : status.volumes)
        volumes.append(QJsonObject{
            {QStringLiteral("root"), volume.root},
            {QStringLiteral("code"), volume.errorCode},
            {QStringLiteral("until"), volume.until.seconds},
            {QStringLiteral("jobs"), volume.jobs},
        });
    const QJsonObject leases{
        {QStringLiteral("active"), status.activeLeases},
        {QStringLiteral("expired"), status.expiredLeases},
    };
    return {
        {QStringLiteral("states"), states},
        {QStringLiteral("held"), status.held},
        {QStringLiteral("leases"), leases},
        {QStringLiteral("waiting_for_network"), status.waitingForNetwork},
        {QStringLiteral("volumes"), volumes},
    };
}

QJsonObject answersJson(const QList<engine::AddAnswer> &answers)
{
    QJsonArray jobs;
    for (const engine::AddAnswer &answer : answers) {
        const bool isRejected = answer.outcome == engine::AddOutcome::Rejected;
        const QString errorCode =
            answer.error ? core::errorCodeName(answer.error->code) : answer.job.errorCode;
        jobs.append(QJsonObject{
            {QStringLiteral("job_id"), textOrNull(answer.job.id.value)},
            {QStringLiteral("url"), answer.url},
            {QStringLiteral("new"), answer.isNew()},
            {QStringLiteral("state"),
             isRejected ? QJsonValue(QJsonValue::Null) : QJsonValue(core::jobStateName(answer.job.state))},
            {QStringLiteral("final_path"), textOrNull(answer.job.finalPath)},
            {QStringLiteral("error_code"), textOrNull(errorCode)},
        });
    }
    return {{QStringLiteral("jobs"), jobs}};
}

QJsonArray idArray(const QList<core::JobId> &ids)
{
    QJsonArray array;
    for (const core::JobId &id : ids)
        array.append(id.value);
    return array;
}

QJsonObject wishJson(const engine::WishAnswer &answer)
{
    return {
        {QStringLiteral("changed"), idArray(answer.changed)},
        {QStringLiteral("unchanged"), idArray(answer.unchanged)},
    };
}

QJsonObject verifyJson(const core::VerifyReport &report)
{
    QJsonArray items;
    for (const core::VerifiedFile &file : report.items)
        items.append(QJsonObject{{QStringLiteral("job_id"), file.job.value},
                                 {QStringLiteral("path"), file.path},
                                 {QStringLiteral("outcome"), core::fileOutcomeName(file.outcome)}});
    return {{QStringLiteral("full"), report.isFull},
            {QStringLiteral("checked"), report.checked},
            {QStringLiteral("verified"), report.verified},
            {QStringLiteral("fits"), report.fits},
            {QStringLiteral("unknown"), report.unknown},
            {QStringLiteral("wrong"), report.wrong},
            {QStringLiteral("files"), items},
            {QStringLiteral("absent_roots"), QJsonArray::fromStringList(report.absentRoots)}};
}

QJsonObject reconcileJson(const core::ReconcileReport &report)
{
    QJsonObject counts;
    for (auto it = report.counts.cbegin(); it != report.counts.cend(); ++it)
        counts.insert(core::reconcileDeedName(it.key()), *it);
    QJsonArray items;
    for (const core::ReconcileItem &item : report.items)
        items.append(QJsonObject{{QStringLiteral("deed"), core::reconcileDeedName(item.deed)},
                                 {QStringLiteral("job_id"), textOrNull(item.job.value)},
                                 {QStringLiteral("place"), textOrNull(item.place)}});
    return {{QStringLiteral("counts"), counts},
            {QStringLiteral("items"), items},
            {QStringLiteral("absent_roots"), QJsonArray::fromStringList(report.absentRoots)},
            {QStringLiteral("files_checked"), report.filesChecked}};
}

QJsonObject importJson(const ImportCount &count)
{
    QJsonArray rejected;
    for (const RejectedLine &line : count.rejected) {
        rejected.append(QJsonObject{
            {QStringLiteral("line"), line.line},
            {QStringLiteral("text"), line.text},
            {QStringLiteral("reason"), reasonText(line.error)},
        });
    }
    return {
        {QStringLiteral("added"), count.added},
        {QStringLiteral("existing"), count.existing},
        {QStringLiteral("rejected"), rejected},
    };
}

} // namespace ingather::cli
