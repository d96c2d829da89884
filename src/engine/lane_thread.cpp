// SPDX-License-Identifier: MIT
#include "engine/lane_thread.h"

#include "engine/job_run.h"
#include "engine/network/network_observer.h"

namespace ingather::engine
{

LaneThread::LaneThread(const SharedServices &shared, transfer::HttpOptions options, Ended ended)
    : m_shared(shared), m_ended(std::move(ended))
{
    m_thread.setObjectName(QStringLiteral("ingather-lanes"));
    m_context.moveToThread(&m_thread);
    m_thread.start();
    QMetaObject::invokeMethod(
        &m_context,
        [this, options = std::move(options)]() mutable {
            m_http = std::make_unique<transfer::HttpClient>(std::move(options));
            m_services = std::make_unique<LaneServices>(LaneServices{m_shared, *m_http});
        },
        Qt::BlockingQueuedConnection);
}

LaneThread::~LaneThread()
{
    QMetaObject::invokeMethod(
        &m_context,
        [this] {
            m_services.reset();
            m_http.reset();
        },
        Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

void LaneThread::start(ledger::ClaimedJob job, std::shared_ptr<RunControl> control)
{
    QMetaObject::invokeMethod(
        &m_context, [this, job = std::move(job), control = std::move(control)] { lane(job, control); },
        Qt::QueuedConnection);
}

QFuture<void> LaneThread::ask(const QUrl &url, std::stop_token stop)
{
    auto over = std::make_shared<QPromise<void>>();
    over->start();
    QFuture<void> future = over->future();
    QMetaObject::invokeMethod(
        &m_context, [this, url, stop = std::move(stop), over] { askNow(url, stop, over); },
        Qt::QueuedConnection);
    return future;
}

QCoro::Task<void> LaneThread::askNow(QUrl url, std::stop_token stop, std::shared_ptr<QPromise<void>> over)
{
    transfer::HttpRequest request;
    request.url = url;
    {
        auto answer = co_await m_http->get(request, stop);
        if (answer)
            m_shared.network.witnessed(url, (*answer)->head());
        else
            m_shared.network.witnessed(url, answer.error());
    }
    over->finish();
}

QCoro::Task<void> LaneThread::lane(ledger::ClaimedJob job, std::shared_ptr<RunControl> control)
{
    const core::JobId id = job.job.id;
    co_await runJob(std::move(job), std::move(control), m_services.get());
    m_ended(id);
}

} // namespace ingather::engine
