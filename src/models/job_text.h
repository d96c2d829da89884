// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "engine/snapshots.h"
#include "models/job_group.h"

#include <QCoreApplication>
#include <QString>

namespace ingather::models
{

/// What is to be said about one job: a few words for the table, sentences for the details.
class JobText final
{
    Q_DECLARE_TR_FUNCTIONS(ingather::models::JobText)

public:
    JobText() = delete;

    /// "Queued", "Receiving", "Retry in 12 s", "Failed: wrong digest", …
    static QString state(const engine::JobSnapshot &job, core::UnixTime now);
    /// Why it stands where it stands, and what happens next: whole sentences.
    static QString explanation(const engine::JobSnapshot &job, core::UnixTime now);
    static QString group(JobGroup group);

    /// What the job is called: its file's name, or the URL until there is one.
    static QString name(const engine::JobSnapshot &job);
    /// Absolute path of the file of a job that has one; empty otherwise.
    static QString filePath(const engine::JobSnapshot &job);
    /// What is known about the content: "Checked by SHA-256", "Recorded by another program", …
    static QString verification(const engine::JobSnapshot &job);
    /// "3 jobs paused." and the like.
    static QString wishOutcome(engine::Wish wish, const engine::WishAnswer &answer);
    /// "2 added, 1 known already." and the like.
    static QString addOutcome(const QList<engine::AddAnswer> &answers);

private:
    static QString whatNext(const engine::JobSnapshot &job, core::UnixTime now);
};

} // namespace ingather::models
