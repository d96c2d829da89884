// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"
#include "ledger/leases.h"
#include "ledger/records.h"
#include "ledger/session.h"

#include <QJsonObject>
#include <QList>

#include <chrono>
#include <variant>

namespace ingather::ledger
{

/// "This is about to be done": op row with phase INTENT.
struct OpIntent {
    core::OpType type;
    QString opKey;
    QJsonObject intent;
};

/// "This was done": op row with phase DONE. Makes the row if the op had no open intent of its own
/// (HEAD, RESUME and INDEX are announced and done in one transaction).
struct OpDone {
    core::OpType type;
    QString opKey;
    QJsonObject result;
};

/// Open op that the world contradicts: phase ABANDONED.
struct OpAbandoned {
    QString opKey;
};

using OpWrite = std::variant<OpIntent, OpDone, OpAbandoned>;

/// Columns that a step learns; nullopt leaves them as they are.
struct JobFacts {
    std::optional<qint64> bytesTotal;
    std::optional<qint64> bytesDone;
    std::optional<QString> sha256;
    std::optional<QString> contentType;
    std::optional<QString> verification;
};

/// Takes a free name in the job's root: the wanted one, else "name (2).ext", … (core::numberedFileName).
/// A job that has a name for this generation keeps it. Names in `avoid` (found taken on disk) are passed
/// over.
struct NameAllocation {
    QString wanted;
    QStringList avoid;
};

/// One transaction of a job's life: [HEAD done + STREAM intent], [STREAM done + FINALIZE intent],
/// [FINALIZE done + INDEX + job done] and the shorter ones of recovery.
struct LifeStep {
    Lease lease;
    QList<core::JobState> path; ///< states entered, in order; each hop must be in core::transitions
    QList<OpWrite> ops;         ///< in this order
    JobFacts facts;
    std::optional<NameAllocation> name;
    std::optional<PartRecord> part; ///< inserted or replaced
    bool forgetPart = false;
    bool index = false; ///< register (sha256, root, final_path) with its size in ingather_hashes
};

struct StepOutcome {
    QString finalPath; ///< as it stands after the step
    /// For each OpIntent whose key was DONE already: its recorded result, and nothing else of the step was
    /// written for that op. In the order of the step's intents; nullopt for those newly announced.
    QList<std::optional<QJsonObject>> replayed;
};

/// Writes the whole step or nothing. LeaseLost if fence or owner are not the row's any more;
/// TransitionRefused for a hop outside the table. An intent that carries "name": "" gets the allocated
/// name written into its intent_json under "target". Ending in a terminal state sets done_at and
/// gives the lease back. Events are written in the same transaction.
core::Result<StepOutcome> apply(Session &session, const LifeStep &step);

/// A run that failed: open ops of this lease → FAILED, job → FAILED with error and next time, lease given
/// back.
struct Failure {
    Lease lease;
    core::Error error;                          ///< detail already redacted
    bool isFinal = false;                       ///< sets done_at: no further attempt
    bool hadProgress = false;                   ///< the durable part grew: attempts start again at 1
    std::chrono::milliseconds nextAttemptIn{0}; ///< from when it is recorded; ignored when final
};
/// Raises `attempts` (the only place that does). A 429 or 503 is noted of the host, too (hosts.h). LeaseLost
/// as above.
core::Result<> recordFailure(Session &session, const Failure &failure);

/// A checkpoint: the durable length of a part whose data is synced already, and bytes_done. `ranges`: of one
/// that is fetched in pieces, what is durable of it; empty for all others.
core::Result<> recordCheckpoint(Session &session, const Lease &lease, qint64 durableLength,
                                const core::ByteRanges &ranges = {});

} // namespace ingather::ledger
