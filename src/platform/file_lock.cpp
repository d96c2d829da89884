// SPDX-License-Identifier: MIT
#include "platform/file_lock.h"

#include "platform/descriptor.h"
#include "platform/file_system.h"
#include "platform/retry_interrupted.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace ingather::platform
{

namespace
{

const QString &lockOperation()
{
    static const QString text = QStringLiteral("lock file");
    return text;
}

/// The signal that ends a wait. Real-time, so that it meets no other use of the classic ones.
int wakeSignal()
{
    return SIGRTMIN + 7;
}

/// An empty handler without SA_RESTART: its only effect is that flock(2) returns with EINTR.
void installWakeHandler()
{
    static const bool isInstalled = [] {
        struct sigaction action {
        };
        action.sa_handler = [](int) {};
        sigemptyset(&action.sa_mask);
        return sigaction(wakeSignal(), &action, nullptr) == 0;
    }();
    Q_ASSERT(isInstalled);
    Q_UNUSED(isInstalled);
}

timespec toTimespec(std::chrono::nanoseconds span)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span);
    return {static_cast<time_t>(seconds.count()), static_cast<long>((span - seconds).count())};
}

/// While it lives, this thread (and no other) gets wakeSignal() after `patience`, and again every few
/// milliseconds. The repetition matters: a single signal may arrive between the look at the clock and
/// the system call, where it interrupts nothing, and the wait would then last for ever.
///
/// A signal that is sent before the destructor has deleted the timer is delivered, at the latest, when
/// that system call returns; so none escapes to interrupt what the thread does next.
class WakeTimer final
{
public:
    explicit WakeTimer(std::chrono::nanoseconds patience)
    {
        installWakeHandler();
        sigset_t wake;
        sigemptyset(&wake);
        sigaddset(&wake, wakeSignal());
        // A thread that was started with every signal blocked would sleep through its own alarm.
        pthread_sigmask(SIG_UNBLOCK, &wake, &m_formerMask);

        sigevent event{};
        event.sigev_notify = SIGEV_THREAD_ID;
        event.sigev_signo = wakeSignal();
        event._sigev_un._tid = gettid();
        m_isSet = timer_create(CLOCK_MONOTONIC, &event, &m_timer) == 0;
        if (!m_isSet)
            return;
        const itimerspec times{toTimespec(std::chrono::milliseconds(5)), toTimespec(patience)};
        timer_settime(m_timer, 0, &times, nullptr);
    }
    WakeTimer(const WakeTimer &) = delete;
    WakeTimer &operator=(const WakeTimer &) = delete;
    ~WakeTimer()
    {
        if (m_isSet)
            timer_delete(m_timer);
        pthread_sigmask(SIG_SETMASK, &m_formerMask, nullptr);
    }

    bool isSet() const { return m_isSet; }

private:
    timer_t m_timer{};
    sigset_t m_formerMask{};
    bool m_isSet = false;
};

/// The turn to be the next: a lock on a byte far behind the file's content. Who has just released the file
/// and wants it again at once would always be faster than a waiter that has to be woken; but the turn is the
/// waiter's by then. Where there are no such locks, there is no order.
class Turn final
{
public:
    explicit Turn(int descriptor) : m_descriptor(descriptor) {}
    Q_DISABLE_COPY_MOVE(Turn)
    ~Turn()
    {
        if (m_isOurs)
            set(F_OFD_SETLK, F_UNLCK);
    }

    /// False: it is somebody else's.
    bool tryTake()
    {
        m_isOurs = set(F_OFD_SETLK, F_WRLCK) == 0;
        return m_isOurs || (errno != EAGAIN && errno != EACCES);
    }
    /// False with EINTR: interrupted.
    bool wait()
    {
        m_isOurs = set(F_OFD_SETLKW, F_WRLCK) == 0;
        return m_isOurs || errno != EINTR;
    }

private:
    int set(int command, short type) const
    {
        struct flock range {
        };
        range.l_type = type;
        range.l_whence = SEEK_SET;
        range.l_start = off_t{1} << 40;
        range.l_len = 1;
        return ::fcntl(m_descriptor, command, &range);
    }

    const int m_descriptor;
    bool m_isOurs = false;
};

} // namespace

FileLock::FileLock(FileLock &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_owned(std::exchange(other.m_owned, false)),
      m_held(std::exchange(other.m_held, false))
{
}

FileLock &FileLock::operator=(FileLock &&other) noexcept
{
    FileLock taken(std::move(other));
    std::swap(m_descriptor, taken.m_descriptor);
    std::swap(m_owned, taken.m_owned);
    std::swap(m_held, taken.m_held);
    return *this;
}

FileLock::~FileLock()
{
    // Unlocked by name, not only by the close: a forked child may share the open file description.
    release();
    if (m_owned)
        Descriptor(m_descriptor).reset();
}

core::Result<FileLock> FileLock::open(const QString &path, bool create)
{
    const int flags = O_RDWR | (create ? O_CREAT : 0);
    core::Result<Descriptor> file = openFile(path, flags, QStringLiteral("open lock file"), 0600);
    if (!file)
        return file.error();
    FileLock lock;
    lock.m_descriptor = file->release();
    lock.m_owned = true;
    return lock;
}

FileLock FileLock::borrow(int descriptor)
{
    FileLock lock;
    lock.m_descriptor = descriptor;
    return lock;
}

core::Result<bool> FileLock::acquire(std::chrono::milliseconds patience)
{
    // A free lock, the usual case, needs no timer.
    Turn turn(m_descriptor);
    const bool isNext = m_held || turn.tryTake();
    core::Result<bool> atOnce = isNext ? tryAcquire() : core::Result<bool>(false);
    if (!atOnce || *atOnce || patience <= std::chrono::milliseconds::zero())
        return atOnce;

    // No clock arithmetic may overflow, whatever patience was asked for.
    const std::chrono::nanoseconds span =
        std::min<std::chrono::milliseconds>(patience, std::chrono::hours(24 * 365));
    const auto deadline = std::chrono::steady_clock::now() + span;
    const WakeTimer timer(span);
    if (!timer.isSet())
        return errorFromErrno(errno, QStringLiteral("set lock timer"));
    const auto isOver = [deadline] { return std::chrono::steady_clock::now() >= deadline; };
    while (!isNext && !turn.wait()) {
        if (isOver())
            return false;
    }
    while (::flock(m_descriptor, LOCK_EX) != 0) {
        if (errno != EINTR)
            return errorFromErrno(errno, lockOperation());
        if (isOver())
            return false;
    }
    m_held = true;
    return true;
}

core::Result<bool> FileLock::tryAcquire()
{
    if (m_held)
        return true;
    if (retryInterrupted([this] { return ::flock(m_descriptor, LOCK_EX | LOCK_NB); }) == 0) {
        m_held = true;
        return true;
    }
    if (errno == EWOULDBLOCK)
        return false;
    return errorFromErrno(errno, lockOperation());
}

void FileLock::release()
{
    if (std::exchange(m_held, false))
        ::flock(m_descriptor, LOCK_UN);
}

} // namespace ingather::platform
