// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/records.h"
#include "ledger/session.h"

#include <QHash>
#include <QList>

namespace ingather::ledger
{

struct JobFilter {
    QList<core::JobState> states; ///< empty: all
    QList<core::JobId> ids;       ///< empty: all
    core::JobId after;            ///< page on: jobs planned after this one
    int limit = 0;                ///< 0: no limit
    bool newestFirst = false;
    bool withRemoved = false;
};

/// Oldest first by created_at, then job_id.
core::Result<QList<JobRecord>> jobs(Session &session, const JobFilter &filter);
core::Result<std::optional<JobRecord>> job(Session &session, const core::JobId &id);
/// The one part that the ledger knows for a job; nullopt if it has none.
core::Result<std::optional<PartRecord>> partOf(Session &session, const core::JobId &job);
/// The one job whose id starts with `prefix`; nullopt if none or several.
core::Result<std::optional<core::JobId>> jobByPrefix(Session &session, const QString &prefix);
/// Oldest first.
core::Result<QList<OpRecord>> ops(Session &session, const core::JobId &id);
core::Result<QList<EventRecord>> events(Session &session, const core::JobId &id);

struct LedgerStatus {
    QHash<core::JobState, qint64> states;
    qint64 held = 0;
    qint64 activeLeases = 0;
    qint64 expiredLeases = 0;
    qint64 failedForGood = 0;
    qint64 unfinished = 0; ///< neither done, failed for good nor held: what `run --until-idle` waits for
};
core::Result<LedgerStatus> status(Session &session);

/// Open jobs without a root: a worker that has no default root leaves them alone.
core::Result<qint64> openJobsWithoutRoot(Session &session);

/// Jobs changed after the cursor, oldest change first; the cursor of the next call is the last row's
/// updatedAt.
core::Result<QList<JobRecord>> changedSince(Session &session, core::UnixTime cursor, int limit);

/// Done jobs that hold a file for that URL (INDEXED or DEDUPED with final_path), best first.
core::Result<QList<JobRecord>> heldCopiesOfUrl(Session &session, const QString &canonicalUrl);

struct HeldFile {
    QString rootPath;
    QString path; ///< relative
    qint64 size = 0;
};
/// Files registered under that hash.
core::Result<QList<HeldFile>> filesWithHash(Session &session, const QString &sha256Hex);

/// Jobs leased to `owner` that somebody wants held; removed ones count as cancelled.
core::Result<QHash<core::JobId, core::Hold>> heldLeases(Session &session, const QString &owner);

/// PRAGMA data_version and the ledger's generation: changes when another connection committed or another
/// file was put in the ledger's place.
core::Result<qint64> dataVersion(Session &session);

} // namespace ingather::ledger
