// SPDX-License-Identifier: MIT
#pragma once

#include "core/byte_ranges.h"
#include "core/clock.h"
#include "core/fence.h"
#include "core/job_id.h"
#include "core/job_state.h"
#include "core/op.h"
#include "core/validators.h"

#include <QJsonObject>
#include <QString>

#include <optional>

namespace ingather::ledger
{

/// One row of artifact_jobs, with its root's path resolved. Empty strings stand for NULL.
struct JobRecord {
    core::JobId id;
    QString workId;
    QString artifactId;
    QString canonicalUrl;
    QString idempotencyKey;
    core::JobState state = core::JobState::Planned;
    core::Hold hold = core::Hold::None;
    QString leaseOwner;
    std::optional<core::UnixTime> leaseUntil;
    core::Fence fence;
    core::UnixTime createdAt;
    core::UnixTime updatedAt;
    std::optional<core::UnixTime> doneAt;
    std::optional<core::UnixTime> removedAt;
    core::UnixTime nextAttemptAt; ///< 0: ready
    int attempts = 0;
    std::optional<int> maxAttempts;
    int crashes = 0;
    int priority = 0;
    qint64 generation = 0;
    QString host;
    QString errorCode; ///< stored name, kept as text so that later versions' codes survive
    QString errorDetail;
    QString sourceUrl;
    std::optional<qint64> rootId;
    QString rootPath;
    QString fileName;       ///< asked for by the user; empty: the server or the URL names it
    QString finalPath;      ///< relative to the root; set once a name is allocated
    QString expectedDigest; ///< "sha256:<hex>"
    QString expectType;
    int segments = 0;
    qint64 rateLimit = 0; ///< bytes a second; 0: none
    std::optional<qint64> bytesTotal;
    qint64 bytesDone = 0;
    QString sha256;
    QString contentType;
    QString verification; ///< "verified", "unknown", "legacy" or empty
    QString batchId;

    friend bool operator==(const JobRecord &, const JobRecord &) = default;
};

/// One row of artifact_ops.
struct OpRecord {
    QString opKey;
    core::JobId job;
    core::OpType type = core::OpType::Head;
    core::OpPhase phase = core::OpPhase::Intent; ///< for a NULL phase by v1's rule
    int attempt = 1;
    core::Fence fence;
    QString owner;
    core::UnixTime startedAt;
    std::optional<core::UnixTime> finishedAt;
    QString resultCode;
    QJsonObject intent;
    QJsonObject result;
};

/// One row of ingather_events.
struct EventRecord {
    qint64 seq = 0;
    core::UnixTime at;
    core::JobId job;
    QString opKey;
    QString opType;
    int attempt = 0;
    core::Fence fence;
    QString owner;
    QString event; ///< CLAIM, INTENT, RESULT, FAILURE, LOST_LEASE, RELEASE, WISH, …
    QString code;
    QString detail;
};

/// One row of ingather_parts: the part that a job's bytes lie in. One a job.
struct PartRecord {
    core::JobId job;
    qint64 rootId = 0;
    QString name; ///< file name inside the parts folder
    core::Validators validators;
    qint64 durableLength = 0;
    core::ByteRanges ranges =
        {}; ///< of a part that is fetched in pieces: what is durable, the prefix included

    friend bool operator==(const PartRecord &, const PartRecord &) = default;
};

} // namespace ingather::ledger
