// SPDX-License-Identifier: MIT
#pragma once

#include "cli/exit_code.h"
#include "cli/progress_lines.h"
#include "engine/snapshots.h"

#include <QHash>
#include <QList>
#include <QSet>

namespace ingather::cli
{

/// What `get` and `run` know of the jobs they wait for or work on: which have ended and how, which have
/// not, and what that makes the process end with. No clock, no ledger: facts are told to it.
class JobBoard final
{
public:
    /// A job that must end before `get` does. One that has ended already counts at once.
    void expect(const engine::JobSnapshot &job);
    /// A newer look at a job. True if it is the one that tells that an expected job ended: once a job.
    bool update(const engine::JobSnapshot &job);
    /// The worker of this process ended a job that nobody expected (`run`). The last end of a job counts.
    void end(const engine::JobSnapshot &job);

    /// The job is not in the ledger any more; counts as not done. False if it had ended already.
    bool drop(const core::JobId &id);

    bool isAllEnded() const { return m_open.isEmpty(); }
    /// Ids that have not ended, in the order expected. At most `most` of them, continuing where the last
    /// call stopped, so that thousands are looked at in turns.
    QList<core::JobId> nextOpen(qsizetype most);
    QList<core::JobId> open() const;

    /// The newest look at a job.
    engine::JobSnapshot latest(const core::JobId &id) const { return m_jobs.value(id); }
    bool isKnown(const core::JobId &id) const { return m_jobs.contains(id); }
    /// A name to show for a job that is only being worked on.
    void introduce(const engine::JobSnapshot &job);

    ExitCode exitCode() const { return m_bad.isEmpty() ? AllWell : NotAllWell; }

    ProgressView view(const QList<engine::ProgressSnapshot> &running, core::UnixTime now) const;

private:
    void settle(const engine::JobSnapshot &job);

    QHash<core::JobId, engine::JobSnapshot> m_jobs;
    QSet<core::JobId> m_open;
    QList<core::JobId> m_order; ///< all that were expected
    qsizetype m_turn = 0;       ///< index into m_order
    QSet<core::JobId> m_good;   ///< ended so
    QSet<core::JobId> m_bad;
    qint64 m_bytesEnded = 0;
};

} // namespace ingather::cli
