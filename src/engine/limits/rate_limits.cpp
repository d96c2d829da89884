// SPDX-License-Identifier: MIT
#include "engine/limits/rate_limits.h"

#include "engine/log.h"
#include "ledger/records.h"

#include <QCoroTimer>
#include <QDateTime>
#include <QDebug>

#include <algorithm>

namespace ingather::engine
{

namespace
{

/// Waiting goes in steps, so that a stop and another rate are noticed.
constexpr std::chrono::milliseconds longestStep{200};
constexpr std::chrono::seconds timetableInterval{10};
constexpr qint64 leastBlock = 4 * 1024;
constexpr int blocksPerSecond = 20;

core::WeekTime weekTimeOf(core::UnixTime time)
{
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(qint64(time.seconds * 1000));
    return {local.date().dayOfWeek(), local.time().hour() * 60 + local.time().minute()};
}

} // namespace

RateLimits::RateLimits(const core::Clock &clock, qint64 bytesPerSecond, core::LimitTimetable timetable)
    : m_clock(clock), m_usualRate(bytesPerSecond), m_timetable(std::move(timetable)),
      m_all(bytesPerSecond, clock.sinceBoot())
{
    const std::lock_guard lock(m_mutex);
    followTimetable(clock.sinceBoot());
}

void RateLimits::followTimetable(core::BootTime now)
{
    if (m_timetable.entries.isEmpty() || (m_followedAt && now - *m_followedAt < timetableInterval))
        return;
    m_followedAt = now;
    const qint64 rate = core::limitAt(m_timetable, weekTimeOf(m_clock.now())).value_or(m_usualRate);
    if (rate == m_all.rate())
        return;
    qCInfo(logEngine).noquote() << "the timetable limits to" << rate << "bytes a second";
    m_all.setRate(rate, now);
}

qint64 RateLimits::currentRate()
{
    const std::lock_guard lock(m_mutex);
    followTimetable(m_clock.sinceBoot());
    return m_all.rate();
}

qint64 RateLimits::blockSize(const ledger::JobRecord &job, qint64 most)
{
    const qint64 ofAll = currentRate();
    qint64 size = most;
    for (const qint64 rate : {ofAll, job.rateLimit}) {
        if (rate > 0)
            size = std::min(size, std::max(rate / blocksPerSecond, leastBlock));
    }
    return size;
}

RateLimits::Marks RateLimits::book(const ledger::JobRecord &job, qint64 bytes)
{
    const std::lock_guard lock(m_mutex);
    const core::BootTime now = m_clock.sinceBoot();
    followTimetable(now);
    Marks marks;
    marks.ofAll = m_all.book(bytes, now);
    if (job.rateLimit > 0) {
        auto own = m_jobs.find(job.id);
        if (own == m_jobs.end())
            own = m_jobs.insert(job.id, core::TokenBucket(job.rateLimit, now));
        marks.ofJob = own->book(bytes, now);
    }
    return marks;
}

core::BootTime RateLimits::timeUntilPaid(const core::JobId &job, const Marks &marks)
{
    const std::lock_guard lock(m_mutex);
    const core::BootTime now = m_clock.sinceBoot();
    followTimetable(now);
    const core::BootTime ofAll = m_all.timeUntilPaid(marks.ofAll, now);
    const auto own = m_jobs.find(job);
    return own == m_jobs.end() ? ofAll : std::max(ofAll, own->timeUntilPaid(marks.ofJob, now));
}

QCoro::Task<void> RateLimits::admit(const ledger::JobRecord &job, qint64 bytes, std::stop_token stop)
{
    using std::chrono::ceil;
    using std::chrono::milliseconds;
    const core::JobId id = job.id;
    const Marks marks = book(job, bytes);
    for (;;) {
        const core::BootTime left = timeUntilPaid(id, marks);
        if (left.count() <= 0 || stop.stop_requested())
            co_return;
        co_await QCoro::sleepFor(std::min(ceil<milliseconds>(left), longestStep));
    }
}

void RateLimits::end(const core::JobId &job)
{
    const std::lock_guard lock(m_mutex);
    m_jobs.remove(job);
}

} // namespace ingather::engine
