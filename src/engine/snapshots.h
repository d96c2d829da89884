// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/fence.h"
#include "core/job_id.h"
#include "core/job_state.h"
#include "core/op.h"

#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringList>

#include <optional>

/// Plain values that the faces (models, window, command line) see of the engine. No face ever holds a
/// ledger record or a transfer.
namespace ingather::engine
{

/// A job as the ledger has it. Empty strings stand for "not known".
struct JobSnapshot {
    core::JobId id;
    QString workId;
    QString artifactId;
    QString url; ///< canonical
    QString sourceUrl;
    core::JobState state = core::JobState::Planned;
    core::Hold hold = core::Hold::None;
    QString leaseOwner;
    std::optional<core::UnixTime> leaseUntil;
    core::Fence fence;
    core::UnixTime createdAt;
    core::UnixTime updatedAt;
    std::optional<core::UnixTime> doneAt;
    core::UnixTime nextAttemptAt; ///< 0: ready
    int attempts = 0;
    std::optional<int> maxAttempts;
    int crashes = 0;
    int priority = 0;
    qint64 generation = 0;
    QString host;
    QString errorCode;
    QString errorDetail;
    QString folder;    ///< absolute path of the root; empty: not decided yet
    QString fileName;  ///< what it will be called or is called: final path, wish, or from the URL
    QString finalPath; ///< relative to `folder`; empty until a name is taken
    std::optional<qint64> bytesTotal;
    qint64 bytesDone = 0; ///< durable, as the ledger knows it
    QString sha256;
    QString contentType;
    QString verification;
    QString expectedDigest;

    bool isFailedForGood() const { return state == core::JobState::Failed && doneAt.has_value(); }
    /// Done, and the file was found to be missing, changed or damaged since (`errorCode`).
    bool hasFileTrouble() const
    {
        const auto code = core::errorCodeFromName(errorCode);
        return core::isTerminal(state) && code && core::isFileTrouble(*code);
    }
    /// Done, failed for good, or held: nothing will happen without a wish.
    bool hasEnded() const { return core::isTerminal(state) || isFailedForGood() || hold != core::Hold::None; }
};

struct OpSnapshot {
    QString opKey;
    core::JobId job;
    core::OpType type = core::OpType::Head;
    core::OpPhase phase = core::OpPhase::Intent;
    int attempt = 1;
    core::Fence fence;
    QString owner;
    core::UnixTime startedAt;
    std::optional<core::UnixTime> finishedAt;
    QString resultCode;
    QJsonObject intent;
    QJsonObject result;
};

struct EventSnapshot {
    qint64 seq = 0;
    core::UnixTime at;
    core::JobId job;
    QString opKey;
    QString opType;
    int attempt = 0;
    core::Fence fence;
    QString owner;
    QString event;
    QString code;
    QString detail;
};

/// Bytes of a job that this process is fetching right now.
struct ProgressSnapshot {
    core::JobId id;
    qint64 bytesDone = 0; ///< received, durable or not
    std::optional<qint64> bytesTotal;
    double bytesPerSecond = 0; ///< smoothed over about 3 s
};

/// A folder whose volume is full, away or failing, and the jobs that wait for it.
struct VolumeSnapshot {
    QString root;         ///< absolute
    QStringList others;   ///< further folders of the same volume
    QString errorCode;    ///< disk_full, volume_absent, volume_failing; empty: it is over
    core::UnixTime until; ///< when a job is tried again, if nothing happens before
    qint64 jobs = 0;      ///< that wait for it
};

struct StatusSnapshot {
    QHash<core::JobState, qint64> states;
    qint64 held = 0;
    qint64 activeLeases = 0;
    qint64 expiredLeases = 0;
    qint64 failedForGood = 0;
    qint64 unfinished = 0;
    qint64 waitingForNetwork = 0;
    QList<VolumeSnapshot> volumes; ///< for which jobs wait, a root each
};

/// What all processes remember of a host.
struct HostSnapshot {
    QString host;
    int failures = 0;         ///< requests that it asked us to make later, less those that went well since
    core::UnixTime notBefore; ///< not asked before; 0: at any time
    QString errorCode;
    std::optional<bool> acceptsRanges;
    core::UnixTime updatedAt;
};

/// One thing that a person hands over to be fetched.
struct AddRequest {
    QString url;    ///< as typed
    QString folder; ///< absolute; empty: decided when a worker takes it
    QString fileName;
    QString workId;
    QString artifactId;
    QString sha256; ///< expected, hex
    int priority = 0;
    std::optional<int> maxAttempts;
    int segments = 0;
    qint64 rateLimit = 0; ///< bytes a second, of this job alone; 0: none
    /// What is done already is asked for again: a newer version is filed beside it.
    bool refresh = false;
};

enum class AddOutcome {
    Added,         ///< a new job
    AddedFromHeld, ///< a new job in another folder; will be filed from the copy held already
    AddedVersion,  ///< a new job that asks whether what is done has changed
    AskedAgain,    ///< the same, by a job that has asked before
    Known,         ///< already in the ledger and unfinished: same id
    AlreadyDone,   ///< held, intact, where `job.folder`/`job.finalPath` says: nothing to fetch
    FileGone,      ///< done once, but the file is missing or changed; fetched again only on wish
    FailedForGood, ///< ended without success; tried again only on wish
    Held,          ///< paused or cancelled
    Retried,       ///< FileGone or FailedForGood, and asked for with `retryEnded`: planned again
    Rejected,      ///< see `error`; nothing planned
};

struct AddAnswer {
    QString url; ///< as typed, without userinfo
    AddOutcome outcome = AddOutcome::Rejected;
    bool isRepeated = false; ///< the same job was named earlier in this very call
    JobSnapshot job;         ///< empty when rejected
    /// Rejected: why. AlreadyDone: DigestMismatch if the held file is not the one that was asked for, or why
    /// it could not be looked at.
    std::optional<core::Error> error;

    bool isNew() const
    {
        return !isRepeated && (outcome == AddOutcome::Added || outcome == AddOutcome::AddedFromHeld ||
                               outcome == AddOutcome::AddedVersion);
    }
};

enum class Wish { Pause, Resume, Cancel, Retry, Remove, Restore };

struct JobSelection {
    QList<core::JobId> ids;
    bool all = false;
    bool failed = false;
};

struct WishAnswer {
    QList<core::JobId> changed;
    QList<core::JobId> unchanged;
    QList<core::JobId> unknown;
};

struct FileRemovalAnswer {
    QStringList deleted; ///< absolute paths
    struct Kept {
        core::JobId job;
        core::Error error; ///< why it was not deleted
    };
    QList<Kept> kept;
};

struct JobQuery {
    QList<core::JobState> states; ///< empty: all
    QList<core::JobId> ids;       ///< empty: all
    core::JobId after;            ///< page on behind this job
    int limit = 0;                ///< 0: no limit
    bool newestFirst = false;
};

} // namespace ingather::engine

Q_DECLARE_METATYPE(ingather::engine::JobSnapshot)
Q_DECLARE_METATYPE(ingather::engine::VolumeSnapshot)
