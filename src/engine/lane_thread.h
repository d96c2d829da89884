// SPDX-License-Identifier: MIT
#pragma once

#include "engine/lane_services.h"
#include "engine/run_control.h"
#include "ledger/leases.h"
#include "transfer/http_client.h"

#include <QCoroTask>
#include <QFuture>
#include <QPromise>
#include <QThread>
#include <QUrl>

#include <functional>
#include <memory>
#include <stop_token>

namespace ingather::engine
{

/// One engine thread: an event loop with its own HTTP client, and the lanes (coroutines) that run on
/// it. start() and the callback cross threads; everything else stays here.
class LaneThread final
{
public:
    /// Called on the lane's thread when a run has ended and nothing of it is left.
    using Ended = std::function<void(const core::JobId &)>;

    LaneThread(const SharedServices &shared, transfer::HttpOptions options, Ended ended);
    /// All its runs must have ended; waits for the thread.
    ~LaneThread();
    Q_DISABLE_COPY_MOVE(LaneThread)

    void start(ledger::ClaimedJob job, std::shared_ptr<RunControl> control);
    /// Asks that address for its headers and lets the body go; the future tells when that is over. What it
    /// learns goes to the network observer.
    QFuture<void> ask(const QUrl &url, std::stop_token stop);
    /// Runs handed over and not ended; of the worker's thread.
    int load = 0;

private:
    QCoro::Task<void> askNow(QUrl url, std::stop_token stop, std::shared_ptr<QPromise<void>> over);
    QCoro::Task<void> lane(ledger::ClaimedJob job, std::shared_ptr<RunControl> control);

    SharedServices m_shared;
    Ended m_ended;
    QThread m_thread;
    QObject m_context;                            ///< lives on m_thread
    std::unique_ptr<transfer::HttpClient> m_http; ///< made and destroyed on m_thread
    std::unique_ptr<LaneServices> m_services;
};

} // namespace ingather::engine
