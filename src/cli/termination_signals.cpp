// SPDX-License-Identifier: MIT
#include "cli/termination_signals.h"

#include "cli/exit_code.h"

#include <QMetaObject>
#include <QPointer>

#include <atomic>
#include <csignal>
#include <mutex>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace ingather::cli
{

namespace
{

sigset_t handledSignals()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    // nohup means that the end of the terminal is not the end of the program. SIGINT is taken even
    // where a shell ignores it for background jobs: a script that sends it means it.
    struct sigaction current = {};
    if (sigaction(SIGHUP, nullptr, &current) != 0 || current.sa_handler != SIG_IGN)
        sigaddset(&set, SIGHUP);
    return set;
}

} // namespace

class TerminationSignals::Private
{
public:
    explicit Private(std::chrono::milliseconds givenPatience) : patience(givenPatience) {}

    void watch();
    /// False if there is nothing to tidy up, or the one who would do it is gone.
    bool askToStop();

    std::chrono::milliseconds patience;
    sigset_t previousMask = {};
    int signals = -1;
    int quit = -1;
    std::atomic<bool> isInterrupted = false;
    std::mutex mutex; ///< guards context and stop
    QPointer<QObject> context;
    std::function<void()> stop;
    std::thread thread;
};

void TerminationSignals::Private::watch()
{
    pollfd watched[] = {{signals, POLLIN, 0}, {quit, POLLIN, 0}};
    while (true) {
        const int timeout = isInterrupted ? static_cast<int>(patience.count()) : -1;
        const int ready = ::poll(watched, 2, timeout);
        if (ready < 0)
            continue; // EINTR
        if (watched[1].revents != 0)
            return;
        if (ready == 0 || isInterrupted)
            ::_exit(Interrupted);
        signalfd_siginfo info = {};
        if (::read(signals, &info, sizeof info) != sizeof info)
            continue;
        isInterrupted = true;
        if (!askToStop())
            ::_exit(Interrupted);
    }
}

bool TerminationSignals::Private::askToStop()
{
    const std::lock_guard lock(mutex);
    if (!stop || !context)
        return false;
    return QMetaObject::invokeMethod(context.data(), std::exchange(stop, {}), Qt::QueuedConnection);
}

TerminationSignals::TerminationSignals(std::chrono::milliseconds patience)
    : d(std::make_unique<Private>(patience))
{
    std::signal(SIGPIPE, SIG_IGN);
    const sigset_t handled = handledSignals();
    pthread_sigmask(SIG_BLOCK, &handled, &d->previousMask);
    d->signals = ::signalfd(-1, &handled, SFD_CLOEXEC);
    d->quit = ::eventfd(0, EFD_CLOEXEC);
    d->thread = std::thread([this] { d->watch(); });
}

TerminationSignals::~TerminationSignals()
{
    const quint64 one = 1;
    [[maybe_unused]] const ssize_t written = ::write(d->quit, &one, sizeof one);
    d->thread.join();
    ::close(d->signals);
    ::close(d->quit);
    pthread_sigmask(SIG_SETMASK, &d->previousMask, nullptr);
}

void TerminationSignals::stopOrderly(QObject *context, std::function<void()> stop)
{
    const std::lock_guard lock(d->mutex);
    d->context = context;
    d->stop = std::move(stop);
}

void TerminationSignals::stopAtOnce()
{
    stopOrderly(nullptr, {});
}

bool TerminationSignals::wasInterrupted() const
{
    return d->isInterrupted;
}

} // namespace ingather::cli
