// SPDX-License-Identifier: MIT
#include "app/quit_signals.h"

#include <array>

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace ingather::app
{

namespace
{

constexpr std::array quitSignals{SIGINT, SIGTERM, SIGHUP};
// The only thing that a handler may touch: write() is async-signal-safe (POSIX.1-2017 §2.4.3).
volatile sig_atomic_t writeEnd = -1;

extern "C" void noteSignal(int number)
{
    const char byte = static_cast<char>(number);
    // A full pipe holds a request already, so a failed write loses nothing.
    [[maybe_unused]] const ssize_t written = ::write(writeEnd, &byte, 1);
}

} // namespace

QuitSignals::QuitSignals(QObject *parent) : QObject(parent)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return; // the default action ends the process; the ledger recovers from that
    m_readEnd = ends[0];
    writeEnd = ends[1];
    m_notifier = std::make_unique<QSocketNotifier>(m_readEnd, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] {
        char byte = 0;
        while (::read(m_readEnd, &byte, 1) == 1) {
        }
        Q_EMIT quitRequested();
    });
    struct sigaction action = {};
    action.sa_handler = noteSignal;
    action.sa_flags = SA_RESTART;
    for (const int number : quitSignals)
        ::sigaction(number, &action, nullptr);
}

QuitSignals::~QuitSignals()
{
    if (m_readEnd < 0)
        return;
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    for (const int number : quitSignals)
        ::sigaction(number, &action, nullptr);
    const int end = writeEnd;
    writeEnd = -1;
    m_notifier.reset();
    ::close(end);
    ::close(m_readEnd);
}

} // namespace ingather::app
