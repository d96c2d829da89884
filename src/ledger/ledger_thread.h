// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "ledger/session.h"

#include <QFuture>
#include <QPromise>

#include <functional>
#include <memory>
#include <optional>

namespace ingather::ledger
{

/// A thread that owns one session and works through a queue of commands. Two kinds:
/// the writer takes all that waits (at most 64 commands) into one transaction, in which each of them happens
/// as a whole or not at all, and finishes their futures after the commit succeeded; the reader runs each
/// command for itself. Thread-safe. Stopping drains: every command queued before stop() is executed,
/// every later one is answered with LedgerClosed; no future is ever dropped. When a repair or a restore has
/// put another file in the ledger's place, the session is opened again before the next batch or command.
class LedgerThread final
{
public:
    enum class Kind { Writer, Reader };

    /// Opens the session on the new thread; its error comes back here.
    static core::Result<std::unique_ptr<LedgerThread>> start(Kind kind, const OpenOptions &options);
    ~LedgerThread(); ///< stop()
    Q_DISABLE_COPY_MOVE(LedgerThread)

    /// Called on the ledger's thread: with the error when a pause begins, with nothing when it is over.
    using PauseObserver = std::function<void(const std::optional<core::Error> &)>;
    /// From now on a full disk (LedgerFull) pauses the writer: it keeps the batch, tries again every second,
    /// and goes on by itself when there is room. Nothing of a kept batch has happened. stop() and
    /// failWhenFull() end the pause; what was kept then fails with LedgerFull.
    void pauseWhenFull(PauseObserver observer);
    /// From now on, and from the start, a full disk fails the commands that meet it.
    void failWhenFull();

    /// `command` runs on the ledger's thread; what it captures it owns, and does not change: it may run
    /// again in another transaction, if the one that it ran in was rolled back. Its error undoes what it
    /// wrote itself, and nothing of its neighbours.
    template <typename T>
    QFuture<core::Result<T>> post(std::function<core::Result<T>(Session &)> command)
    {
        auto promise = std::make_shared<QPromise<core::Result<T>>>();
        auto outcome = std::make_shared<std::optional<core::Result<T>>>();
        promise->start();
        QFuture<core::Result<T>> future = promise->future();
        enqueue({
            [command = std::move(command), outcome](Session &session) -> core::Result<> {
                outcome->emplace(command(session));
                if (!**outcome)
                    return (*outcome)->error();
                return {};
            },
            [promise, outcome](const std::optional<core::Error> &error) {
                if (error)
                    promise->addResult(core::Result<T>(*error));
                else
                    promise->addResult(std::move(**outcome));
                promise->finish();
            },
        });
        return future;
    }

    /// Drains the queue, closes the session, joins. Idempotent.
    void stop();

private:
    struct Command {
        std::function<core::Result<>(Session &)> execute;
        std::function<void(const std::optional<core::Error> &)> finish; ///< called exactly once
    };
    class Private;
    explicit LedgerThread(std::unique_ptr<Private> d);
    void enqueue(Command command);
    std::unique_ptr<Private> d;
};

} // namespace ingather::ledger
