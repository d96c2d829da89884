// SPDX-License-Identifier: MIT
#include "engine/to_snapshot.h"

#include "core/file_name.h"

namespace ingather::engine
{

namespace
{

QString shownName(const ledger::JobRecord &job)
{
    if (!job.finalPath.isEmpty())
        return job.finalPath;
    return job.fileName.isEmpty() ? core::fileNameFromUrl(job.canonicalUrl) : job.fileName;
}

} // namespace

JobSnapshot toSnapshot(const ledger::JobRecord &job)
{
    JobSnapshot snapshot;
    snapshot.id = job.id;
    snapshot.workId = job.workId;
    snapshot.artifactId = job.artifactId;
    snapshot.url = job.canonicalUrl;
    snapshot.sourceUrl = job.sourceUrl;
    snapshot.state = job.state;
    snapshot.hold = job.hold;
    snapshot.leaseOwner = job.leaseOwner;
    snapshot.leaseUntil = job.leaseUntil;
    snapshot.fence = job.fence;
    snapshot.createdAt = job.createdAt;
    snapshot.updatedAt = job.updatedAt;
    snapshot.doneAt = job.doneAt;
    snapshot.nextAttemptAt = job.nextAttemptAt;
    snapshot.attempts = job.attempts;
    snapshot.maxAttempts = job.maxAttempts;
    snapshot.crashes = job.crashes;
    snapshot.priority = job.priority;
    snapshot.generation = job.generation;
    snapshot.host = job.host;
    snapshot.errorCode = job.errorCode;
    snapshot.errorDetail = job.errorDetail;
    snapshot.folder = job.rootPath;
    snapshot.fileName = shownName(job);
    snapshot.finalPath = job.finalPath;
    snapshot.bytesTotal = job.bytesTotal;
    snapshot.bytesDone = job.bytesDone;
    snapshot.sha256 = job.sha256;
    snapshot.contentType = job.contentType;
    snapshot.verification = job.verification;
    snapshot.expectedDigest = job.expectedDigest;
    return snapshot;
}

OpSnapshot toSnapshot(const ledger::OpRecord &op)
{
    return {.opKey = op.opKey,
            .job = op.job,
            .type = op.type,
            .phase = op.phase,
            .attempt = op.attempt,
            .fence = op.fence,
            .owner = op.owner,
            .startedAt = op.startedAt,
            .finishedAt = op.finishedAt,
            .resultCode = op.resultCode,
            .intent = op.intent,
            .result = op.result};
}

HostSnapshot toSnapshot(const ledger::HostRecord &host)
{
    return {host.host, host.failures, host.notBefore, host.errorCode, host.acceptsRanges, host.updatedAt};
}

EventSnapshot toSnapshot(const ledger::EventRecord &event)
{
    return {.seq = event.seq,
            .at = event.at,
            .job = event.job,
            .opKey = event.opKey,
            .opType = event.opType,
            .attempt = event.attempt,
            .fence = event.fence,
            .owner = event.owner,
            .event = event.event,
            .code = event.code,
            .detail = event.detail};
}

} // namespace ingather::engine
