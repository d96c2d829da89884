// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/records.h"
#include "ledger/session.h"

#include <QList>

namespace ingather::ledger
{

/// What is to become a job. URL canonical already; rootPath absolute and clean, or empty (no root yet).
struct JobRequest {
    QString canonicalUrl;
    QString sourceUrl; ///< as handed over, without userinfo; kept for show
    QString host;
    QString workId;     ///< empty: from the URL
    QString artifactId; ///< empty: "file"
    QString rootPath;
    QString fileName;
    QString expectedDigest;
    QString expectType;
    int priority = 0;
    std::optional<int> maxAttempts;
    int segments = 0;
    qint64 rateLimit = 0; ///< bytes a second; 0: none
    QString batchId;
    /// What is done already is asked for again, in case that it has changed.
    bool refresh = false;
};

enum class PlanOutcome {
    Added,         ///< a new job
    AddedInFolder, ///< a new job, because the known one files into another folder and is done
    Known,         ///< already there, unfinished (or FAILED with tries left): same id
    AlreadyDone,   ///< done, recorded at finalPath of that job
    FailedForGood, ///< FAILED with done_at
    Held,          ///< paused or cancelled
    AddedVersion,  ///< a new job, because what is done was asked for with `refresh`
    AskedAgain,    ///< the same, by the job that found it unchanged the last time (a REFETCH)
};

struct PlannedJob {
    PlanOutcome outcome = PlanOutcome::Added;
    JobRecord job; ///< as it stands after the plan
};

/// Plans each request idempotently, in order, within the running transaction. A removed job that is asked
/// for again is shown again. DESIGN's rules of "again": unfinished → the same job; done in the same folder
/// → AlreadyDone; an expected digest is taken over by a job that is not done and not leased; done in another
/// folder → a job with artifact id `file@…` (core::artifactIdForFolder). With `refresh` what is done,
/// wherever, leads to a job with artifact id `…@v2`, `…@v3`, … (core::artifactIdForVersion). The file system
/// is not looked at here.
core::Result<QList<PlannedJob>> plan(Session &session, const QList<JobRequest> &requests);

/// Id of the root with that absolute path; made if absent.
core::Result<qint64> rootIdFor(Session &session, const QString &absolutePath);

} // namespace ingather::ledger
