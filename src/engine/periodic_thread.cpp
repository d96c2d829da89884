// SPDX-License-Identifier: MIT
#include "engine/periodic_thread.h"

#include <utility>

namespace ingather::engine
{

PeriodicThread::PeriodicThread(std::chrono::milliseconds interval, Work work)
    : m_interval(interval), m_work(std::move(work)),
      m_thread([this](const std::stop_token &stop) { run(stop); })
{
}

PeriodicThread::~PeriodicThread()
{
    stop();
    m_thread.join();
}

void PeriodicThread::wake()
{
    const std::lock_guard guard(m_mutex);
    m_isWoken = true;
    m_wake.notify_one();
}

void PeriodicThread::run(const std::stop_token &stop)
{
    std::unique_lock guard(m_mutex);
    while (!stop.stop_requested()) {
        const bool wasWoken = std::exchange(m_isWoken, false);
        guard.unlock();
        m_work(stop, wasWoken);
        guard.lock();
        m_wake.wait_for(guard, stop, m_interval, [this] { return m_isWoken; });
    }
}

} // namespace ingather::engine
