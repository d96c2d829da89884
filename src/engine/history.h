// SPDX-License-Identifier: MIT
#pragma once

#include "core/digest.h"
#include "core/sha256.h"
#include "ledger/leases.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>

namespace ingather::engine
{

/// Where a claimed job goes on.
enum class Move {
    Fetch,         ///< nothing usable is left: from the start
    ResumePart,    ///< a part with a durable prefix
    FilePart,      ///< the part is complete: verify it, then file it
    SettleFiling,  ///< a FINALIZE was announced: did the rename happen?
    SettleCopy,    ///< a DEDUPE was announced: did the copy get there?
    RegisterFiled, ///< FINALIZED: only the registration is missing
};

/// What was announced for a file's final place, from an op's intent_json.
struct FilingPlan {
    QString opKey;
    QString source;    ///< part name (FINALIZE) or absolute path of the held copy (DEDUPE)
    QString copy = {}; ///< name of the copy in the making (DEDUPE)
    QString target;    ///< relative to the job's root
    core::Sha256 sha256;
    qint64 size = 0;
    bool isVerified = false;  ///< by a digest that the user or the server gave
    QJsonObject content = {}; ///< what the content gate found (FINALIZE)
};

struct History {
    Move move = Move::Fetch;
    std::optional<FilingPlan> filing;     ///< for SettleFiling and SettleCopy
    std::optional<core::Sha256> streamed; ///< the hash that a finished STREAM recorded
    QList<core::Digest> serverDigests;    ///< what the part must hash to when it is complete
    QString suggestedName;                ///< what the server called the file
    bool isDateStrong = false;            ///< the part's Last-Modified may stand in If-Range
    QStringList olderParts;               ///< given up for the part, and kept until that is complete
    QStringList obsoleteParts;            ///< what nobody will ask for again
};

/// Reads from a claim what earlier runs left, without looking at the world. An intent that does not hold
/// what its type needs (another writer's, or damaged) counts as absent.
History readHistory(const ledger::ClaimedJob &claimed);

} // namespace ingather::engine
