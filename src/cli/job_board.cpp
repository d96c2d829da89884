// SPDX-License-Identifier: MIT
#include "cli/job_board.h"

#include "cli/texts.h"
#include "models/error_text.h"
#include "models/format.h"

#include <QCoreApplication>

#include <algorithm>

namespace ingather::cli
{

namespace
{

struct Board {
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::Board)
};

/// Why a job that is open isn't being fetched, where the ledger says so.
QString waitText(const engine::JobSnapshot &job, core::UnixTime now)
{
    if (job.errorCode.isEmpty() || job.nextAttemptAt <= now)
        return {};
    const auto code = core::errorCodeFromName(job.errorCode);
    return Board::tr("again in %1: %2")
        .arg(models::Format::duration(job.nextAttemptAt.seconds - now.seconds),
             code ? models::ErrorText::brief(*code) : job.errorCode);
}

} // namespace

void JobBoard::expect(const engine::JobSnapshot &job)
{
    if (m_open.contains(job.id) || m_good.contains(job.id) || m_bad.contains(job.id))
        return;
    m_order.append(job.id);
    m_open.insert(job.id);
    update(job);
}

bool JobBoard::update(const engine::JobSnapshot &job)
{
    if (!m_open.contains(job.id))
        return false;
    m_jobs.insert(job.id, job);
    if (!job.hasEnded())
        return false;
    settle(job);
    return true;
}

void JobBoard::end(const engine::JobSnapshot &job)
{
    m_jobs.insert(job.id, job);
    settle(job);
}

bool JobBoard::drop(const core::JobId &id)
{
    if (!m_open.remove(id))
        return false;
    m_bad.insert(id);
    return true;
}

void JobBoard::introduce(const engine::JobSnapshot &job)
{
    m_jobs.insert(job.id, job);
}

void JobBoard::settle(const engine::JobSnapshot &job)
{
    const bool isGood = core::isTerminal(job.state);
    m_open.remove(job.id);
    m_good.remove(job.id);
    m_bad.remove(job.id);
    (isGood ? m_good : m_bad).insert(job.id);
    if (isGood)
        m_bytesEnded += job.bytesTotal.value_or(job.bytesDone);
}

QList<core::JobId> JobBoard::open() const
{
    QList<core::JobId> result;
    for (const core::JobId &id : m_order) {
        if (m_open.contains(id))
            result.append(id);
    }
    return result;
}

QList<core::JobId> JobBoard::nextOpen(qsizetype most)
{
    QList<core::JobId> result;
    for (qsizetype seen = 0; seen < m_order.size() && result.size() < most; ++seen) {
        m_turn = (m_turn + 1) % m_order.size();
        if (m_open.contains(m_order[m_turn]))
            result.append(m_order[m_turn]);
    }
    return result;
}

ProgressView JobBoard::view(const QList<engine::ProgressSnapshot> &running, core::UnixTime now) const
{
    ProgressView view;
    view.done = m_good.size();
    view.failed = m_bad.size();
    if (!m_order.isEmpty())
        view.jobs = m_order.size();
    view.bytesDone = m_bytesEnded;

    QSet<core::JobId> isRunning;
    qint64 bytesLeft = 0;
    bool isLeftKnown = true;
    for (const engine::ProgressSnapshot &progress : running) {
        isRunning.insert(progress.id);
        const auto job = m_jobs.constFind(progress.id);
        const QString name = job == m_jobs.cend() ? progress.id.value : shortName(*job);
        view.rows.append({name, progress.bytesDone, progress.bytesTotal, progress.bytesPerSecond, {}});
        view.bytesDone += progress.bytesDone;
        view.bytesPerSecond += progress.bytesPerSecond;
        isLeftKnown = isLeftKnown && progress.bytesTotal.has_value();
        bytesLeft += progress.bytesTotal.value_or(0) - progress.bytesDone;
    }
    for (const core::JobId &id : m_order) {
        if (!m_open.contains(id) || isRunning.contains(id))
            continue;
        const auto job = m_jobs.constFind(id);
        isLeftKnown = isLeftKnown && job->bytesTotal.has_value();
        bytesLeft += job->bytesTotal.value_or(0) - job->bytesDone;
        const QString waitsFor = waitText(*job, now);
        if (!waitsFor.isEmpty())
            view.rows.append({shortName(*job), job->bytesDone, job->bytesTotal, 0, waitsFor});
    }
    if (isLeftKnown && bytesLeft > 0 && view.bytesPerSecond >= 1)
        view.secondsLeft = static_cast<double>(bytesLeft) / view.bytesPerSecond;
    return view;
}

} // namespace ingather::cli
