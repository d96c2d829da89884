// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <chrono>
#include <functional>
#include <memory>

class QObject;

namespace ingather::cli
{

/// SIGINT, SIGTERM and SIGHUP. A thread of its own waits for them, so that they are answered even while
/// the main thread is busy. As long as nothing has to be tidied up the process ends at once with 130;
/// from stopOrderly() to stopAtOnce() the first signal asks for that, and the second, or the end of the
/// patience, ends the process all the same: everything that matters is in the ledger, and a dead process's
/// leases are freed by the next one. SIGPIPE is ignored (Output sees EPIPE). SIGHUP stays ignored under
/// nohup.
class TerminationSignals final
{
public:
    /// Call on the main thread before any other thread is started: they inherit its signal mask.
    explicit TerminationSignals(std::chrono::milliseconds patience = std::chrono::milliseconds(1900));
    /// Ends the thread and restores the mask.
    ~TerminationSignals();
    Q_DISABLE_COPY_MOVE(TerminationSignals)

    /// From now on the first signal runs `stop` once, on the thread of `context`.
    void stopOrderly(QObject *context, std::function<void()> stop);
    /// There is nothing left to tidy up; call it before `context` goes.
    void stopAtOnce();
    bool wasInterrupted() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace ingather::cli
