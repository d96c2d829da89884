// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <coroutine>
#include <utility>

namespace ingather::transfer
{

/// Awaitable "something happened to the reply": headers, bytes, its end, a stop request or a deadline;
/// which of them, the coroutine finds out by looking. QCoro 0.8 can wait for readyRead or for finished,
/// not for whichever comes first. One coroutine waits at a time, on the thread that raises; an event
/// while nobody waits needs no memory, because a coroutine looks before it waits.
class ReplyEvent
{
public:
    ReplyEvent() = default;
    Q_DISABLE_COPY_MOVE(ReplyEvent)

    /// What is awaited. A value that points to the event: GCC 12 copies an awaitable that is handed to it
    /// by reference, and the copy would keep the coroutine to itself.
    class Wait
    {
    public:
        explicit Wait(ReplyEvent *event) : m_event(event) {}
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> waiter) const noexcept
        {
            Q_ASSERT(!m_event->m_waiter);
            m_event->m_waiter = waiter;
        }
        void await_resume() const noexcept {}

    private:
        ReplyEvent *m_event;
    };

    Wait next() { return Wait(this); }

    /// Resumes the waiting coroutine. The caller's last act: the coroutine may have destroyed everything.
    void raise()
    {
        if (m_waiter)
            std::exchange(m_waiter, nullptr).resume();
    }

private:
    std::coroutine_handle<> m_waiter;
};

} // namespace ingather::transfer
