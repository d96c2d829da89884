// SPDX-License-Identifier: MIT
#pragma once

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

#include <memory>
#include <utility>

namespace ingather::engine
{

/// Runs `work` on a thread of `pool` and gives its value as a future. For what blocks in the kernel
/// (fdatasync, re-hashing, copies, stat on a sleeping disk), so that an event loop never does. The future
/// always finishes. What `work` refers to must live until then: a lane awaits it before it goes on.
///
/// Keep the future in a variable and await that: GCC 12 destroys the captures of a lambda twice when the
/// lambda is a temporary of a co_await expression.
template <typename Work>
auto runBlocking(QThreadPool &pool, Work work) -> QFuture<std::invoke_result_t<Work>>
{
    using Value = std::invoke_result_t<Work>;
    auto promise = std::make_shared<QPromise<Value>>();
    promise->start();
    QFuture<Value> future = promise->future();
    pool.start([promise, work = std::move(work)]() mutable {
        promise->addResult(work());
        promise->finish();
    });
    return future;
}

} // namespace ingather::engine
