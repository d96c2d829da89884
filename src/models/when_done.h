// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QFuture>
#include <QObject>

namespace ingather::models
{

/// Calls `handler(Result<T>)` on the thread of `context` once the future has finished; never when
/// `context` has gone by then. A promise that was dropped arrives as ErrorCode::Stopped, so that a
/// request that is under way can't stay so for ever. The call may come before whenDone() returns.
template <typename T, typename Handler>
void whenDone(QFuture<core::Result<T>> future, QObject *context, Handler handler)
{
    future.then(context, [handler](core::Result<T> result) { handler(std::move(result)); })
        .onCanceled(context, [handler] {
            core::Error dropped;
            dropped.code = core::ErrorCode::Stopped;
            dropped.operation = QStringLiteral("await an answer");
            handler(core::Result<T>(dropped));
        });
}

} // namespace ingather::models
