// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command_context.h"
#include "cli/job_board.h"

#include <QEventLoop>
#include <QFutureWatcher>
#include <QObject>
#include <QTimer>

#include <optional>

namespace ingather::cli
{

/// The worker of this process at work, seen from the terminal: tells the board what ends, prints it,
/// draws the progress, looks now and then at jobs that other processes have, and ends in order when a
/// signal comes. Lives on the main thread.
class WorkerRun final : public QObject
{
public:
    enum class Until { JobsEnded, Idle, Stopped };
    enum class End { Done, Interrupted, LedgerFailed, NobodyReads };

    WorkerRun(engine::Facade &facade, CommandContext &context, JobBoard &board);
    ~WorkerRun() override;
    Q_DISABLE_COPY_MOVE(WorkerRun)

    /// From here on a signal asks this object to end. Before it, the process would just end.
    void takeSignals();
    bool isInterrupted() const { return m_end == End::Interrupted; }

    /// Runs the worker with the event loop until there is nothing more to wait for. The error is that of
    /// startWorker(). The worker is still running afterwards.
    core::Result<End> run(const engine::WorkerScope &scope, Until until);

    /// Stops the worker and waits for it; false if it took longer than `patience`.
    bool stop(std::chrono::milliseconds patience);

private:
    void finish(End end);
    void onJobEnded(const engine::JobSnapshot &job);
    void onIdle();
    void onNetworkChanged(core::NetworkState state);
    void look();
    void onLooked();
    void draw();
    void report(const engine::JobSnapshot &job);
    void endIfAllEnded();

    engine::Facade &m_facade;
    CommandContext &m_context;
    JobBoard &m_board;
    QEventLoop m_loop;
    QTimer m_lookTimer;
    QTimer m_drawTimer;
    QFutureWatcher<core::Result<QList<engine::JobSnapshot>>> m_looking;
    QList<core::JobId> m_lookedFor; ///< expected jobs of the query under way
    Until m_until = Until::Stopped;
    std::optional<End> m_end;
    bool m_isNetworkAway = false; ///< and it was told
};

} // namespace ingather::cli
