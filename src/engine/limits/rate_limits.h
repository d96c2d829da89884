// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/job_id.h"
#include "core/limit_timetable.h"
#include "core/token_bucket.h"

#include <QCoroTask>
#include <QHash>

#include <mutex>
#include <optional>
#include <stop_token>

namespace ingather::ledger
{
struct JobRecord;
}

namespace ingather::engine
{

/// How fast this process may receive: one limit for all its lanes together, after the timetable where it says
/// something, and one for each job that has its own. Thread-safe; the lanes of all threads share it.
class RateLimits final
{
public:
    /// `bytesPerSecond`: where the timetable has no entry; 0: no limit.
    RateLimits(const core::Clock &clock, qint64 bytesPerSecond, core::LimitTimetable timetable);
    Q_DISABLE_COPY_MOVE(RateLimits)

    /// How much to read at a time, `most` where nothing is limited: a slow rate makes small blocks, so that
    /// progress is seen and a sender is not held back for minutes.
    qint64 blockSize(const ledger::JobRecord &job, qint64 most);
    /// Resumes when the `bytes` that were received for this job are within its limit and the process's, or
    /// soon after a stop was requested. Meanwhile nothing is read, so that the sender is held back by TCP.
    /// The job's record must live until then. On any thread with an event loop.
    QCoro::Task<void> admit(const ledger::JobRecord &job, qint64 bytes, std::stop_token stop);
    /// The job's run is over: its own limit starts afresh with the next.
    void end(const core::JobId &job);

    /// The process's limit at this moment, in bytes a second; 0: none.
    qint64 currentRate();

private:
    struct Marks {
        qint64 ofAll = 0;
        qint64 ofJob = 0;
    };
    void followTimetable(core::BootTime now);
    Marks book(const ledger::JobRecord &job, qint64 bytes);
    core::BootTime timeUntilPaid(const core::JobId &job, const Marks &marks);

    const core::Clock &m_clock;
    const qint64 m_usualRate;
    const core::LimitTimetable m_timetable;
    std::mutex m_mutex; ///< of all below; never held over a co_await
    core::TokenBucket m_all;
    QHash<core::JobId, core::TokenBucket> m_jobs;
    std::optional<core::BootTime> m_followedAt;
};

} // namespace ingather::engine
