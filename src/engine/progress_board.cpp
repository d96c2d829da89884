// SPDX-License-Identifier: MIT
#include "engine/progress_board.h"

#include <QMutexLocker>

#include <cmath>

namespace ingather::engine
{

namespace
{

constexpr double smoothingSeconds = 3.0;
constexpr double shortestSampleSeconds = 0.1;

} // namespace

void ProgressBoard::begin(const core::JobId &job, qint64 bytesDone, std::optional<qint64> bytesTotal)
{
    const QMutexLocker lock(&m_mutex);
    m_entries.insert(job, {.bytesDone = bytesDone,
                           .bytesTotal = bytesTotal,
                           .bytesAtSample = bytesDone,
                           .sampledAt = m_clock.sinceBoot()});
}

void ProgressBoard::advance(const core::JobId &job, qint64 bytesDone)
{
    const QMutexLocker lock(&m_mutex);
    if (const auto entry = m_entries.find(job); entry != m_entries.end())
        entry->bytesDone = bytesDone;
}

void ProgressBoard::end(const core::JobId &job)
{
    const QMutexLocker lock(&m_mutex);
    m_entries.remove(job);
}

QList<ProgressSnapshot> ProgressBoard::snapshot() const
{
    const core::BootTime now = m_clock.sinceBoot();
    QList<ProgressSnapshot> all;
    const QMutexLocker lock(&m_mutex);
    all.reserve(m_entries.size());
    for (auto it = m_entries.begin(); it != m_entries.end(); ++it) {
        Entry &entry = it.value();
        const double elapsed = std::chrono::duration<double>(now - entry.sampledAt).count();
        if (elapsed >= shortestSampleSeconds) {
            const double current = static_cast<double>(entry.bytesDone - entry.bytesAtSample) / elapsed;
            const double weight = entry.hasSpeed ? 1.0 - std::exp(-elapsed / smoothingSeconds) : 1.0;
            entry.bytesPerSecond += weight * (current - entry.bytesPerSecond);
            entry.hasSpeed = true;
            entry.bytesAtSample = entry.bytesDone;
            entry.sampledAt = now;
        }
        all.append({it.key(), entry.bytesDone, entry.bytesTotal, entry.bytesPerSecond});
    }
    return all;
}

} // namespace ingather::engine
