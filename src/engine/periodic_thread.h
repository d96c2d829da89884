// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace ingather::engine
{

/// A thread that does the same work at once and then again and again: `interval` after it ended, or when it
/// is woken.
class PeriodicThread final
{
public:
    /// `wasWoken`: by wake(), not by the time. The work ends soon after a stop was requested.
    using Work = std::function<void(const std::stop_token &stop, bool wasWoken)>;

    PeriodicThread(std::chrono::milliseconds interval, Work work);
    ~PeriodicThread(); ///< stop(), and waits for it
    PeriodicThread(const PeriodicThread &) = delete;
    PeriodicThread &operator=(const PeriodicThread &) = delete;

    /// Thread-safe.
    void wake();
    /// At once, without waiting for the end of what is under way. Thread-safe.
    void stop() { m_thread.request_stop(); }

private:
    void run(const std::stop_token &stop);

    const std::chrono::milliseconds m_interval;
    const Work m_work;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_isWoken = false; ///< under m_mutex
    std::jthread m_thread;  ///< the last member: it uses the others
};

} // namespace ingather::engine
