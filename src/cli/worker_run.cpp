// SPDX-License-Identifier: MIT
#include "cli/worker_run.h"

#include "cli/texts.h"
#include "models/network_text.h"
#include "models/volume_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace ingather::cli
{

namespace
{

struct Run {
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::Run)
};

constexpr std::chrono::milliseconds drawInterval(200);
constexpr std::chrono::milliseconds lookInterval(1000);
/// Jobs of one look; a `get` of thousands looks at them in turns.
constexpr qsizetype mostLookedFor = 500;

} // namespace

WorkerRun::WorkerRun(engine::Facade &facade, CommandContext &context, JobBoard &board)
    : m_facade(facade), m_context(context), m_board(board)
{
    m_lookTimer.setInterval(lookInterval);
    m_drawTimer.setInterval(drawInterval);
    connect(&m_lookTimer, &QTimer::timeout, this, &WorkerRun::look);
    connect(&m_drawTimer, &QTimer::timeout, this, &WorkerRun::draw);
    connect(&m_looking, &QFutureWatcherBase::finished, this, &WorkerRun::onLooked);
    connect(&m_facade, &engine::Facade::jobEnded, this, &WorkerRun::onJobEnded);
    connect(&m_facade, &engine::Facade::workerIdle, this, &WorkerRun::onIdle);
    connect(&m_facade, &engine::Facade::ledgerFailed, this, [this](const QString &text) {
        m_context.output.problem(Run::tr("the ledger can't be written any more: %1").arg(text));
        finish(End::LedgerFailed);
    });
    connect(&m_facade, &engine::Facade::ledgerPaused, this,
            [this](const core::Error &why) { m_context.output.problem(reasonText(why)); });
    connect(&m_facade, &engine::Facade::networkChanged, this, &WorkerRun::onNetworkChanged);
    connect(&m_facade, &engine::Facade::volumeChanged, this, [this](const engine::VolumeSnapshot &volume) {
        m_context.output.problem(models::VolumeText::sentence(volume));
    });
}

WorkerRun::~WorkerRun()
{
    m_context.signals.stopAtOnce();
}

void WorkerRun::takeSignals()
{
    m_context.signals.stopOrderly(this, [this] { finish(End::Interrupted); });
}

core::Result<WorkerRun::End> WorkerRun::run(const engine::WorkerScope &scope, Until until)
{
    m_until = until;
    endIfAllEnded();
    if (m_end)
        return *m_end;
    if (const core::Result<> started = m_facade.startWorker(scope); !started)
        return started.error();
    m_lookTimer.start();
    if (m_context.output.showsProgress())
        m_drawTimer.start();
    if (!m_end)
        m_loop.exec();
    m_lookTimer.stop();
    m_drawTimer.stop();
    m_context.output.showProgress({});
    return m_end.value_or(End::Done);
}

bool WorkerRun::stop(std::chrono::milliseconds patience)
{
    QEventLoop loop;
    connect(&m_facade, &engine::Facade::workerStopped, &loop, &QEventLoop::quit);
    m_facade.stopWorker();
    if (!m_facade.isWorkerRunning())
        return true;
    QTimer::singleShot(patience, &loop, &QEventLoop::quit);
    loop.exec();
    return !m_facade.isWorkerRunning();
}

void WorkerRun::finish(End end)
{
    // An interruption or a broken ledger stays what it was, whatever ends on the way out.
    if (!m_end)
        m_end = end;
    m_loop.quit();
}

void WorkerRun::onJobEnded(const engine::JobSnapshot &job)
{
    if (m_until == Until::JobsEnded) {
        if (m_board.update(job))
            report(job);
        endIfAllEnded();
        return;
    }
    m_board.end(job);
    report(job);
    // A worker whose output goes nowhere any more was one side of a pipe, and ends with it.
    if (!m_context.output.hasReader())
        finish(End::NobodyReads);
}

void WorkerRun::onIdle()
{
    if (m_until == Until::Idle)
        finish(End::Done);
    else if (m_until == Until::JobsEnded)
        look();
}

/// Told once each: that it is away, and that it is back.
void WorkerRun::onNetworkChanged(core::NetworkState state)
{
    const QString sentence = models::NetworkText::sentence(state);
    if (!sentence.isEmpty())
        m_context.output.problem(sentence);
    else if (state == core::NetworkState::Online && m_isNetworkAway)
        m_context.output.problem(models::NetworkText::over());
    if (!sentence.isEmpty() || state == core::NetworkState::Online)
        m_isNetworkAway = !sentence.isEmpty();
}

void WorkerRun::look()
{
    if (m_looking.isRunning())
        return;
    m_lookedFor = m_board.nextOpen(mostLookedFor);
    engine::JobQuery query;
    query.ids = m_lookedFor;
    if (m_context.output.showsProgress()) {
        for (const engine::ProgressSnapshot &progress : m_facade.progress()) {
            if (!m_board.isKnown(progress.id))
                query.ids.append(progress.id);
        }
    }
    if (!query.ids.isEmpty()) // an empty list would mean all jobs
        m_looking.setFuture(m_facade.jobs(query));
}

void WorkerRun::onLooked()
{
    const auto future = m_looking.future();
    if (future.resultCount() == 0)
        return;
    const core::Result<QList<engine::JobSnapshot>> looked = future.resultAt(0);
    if (!looked)
        return; // the next look is a second away, and ledgerFailed() tells what is serious
    QSet<core::JobId> missing(m_lookedFor.cbegin(), m_lookedFor.cend());
    for (const engine::JobSnapshot &job : looked.value()) {
        if (!missing.remove(job.id))
            m_board.introduce(job);
        else if (m_board.update(job))
            report(job);
    }
    for (const core::JobId &id : missing) {
        if (m_board.drop(id))
            m_context.output.problem(Run::tr("job %1 is not in the ledger any more").arg(id.value));
    }
    endIfAllEnded();
}

void WorkerRun::draw()
{
    const ProgressView view = m_board.view(m_facade.progress(), m_facade.now());
    m_context.output.showProgress(progressLines(view, m_context.output.width(), m_context.output.height()));
}

void WorkerRun::report(const engine::JobSnapshot &job)
{
    if (core::isTerminal(job.state))
        m_context.output.news(endText(job));
    else
        m_context.output.problem(endText(job));
}

void WorkerRun::endIfAllEnded()
{
    if (m_until == Until::JobsEnded && m_board.isAllEnded())
        finish(End::Done);
}

} // namespace ingather::cli
