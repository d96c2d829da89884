// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QFuture>
#include <QObject>
#include <QPointer>

namespace ingather::models
{

/// Calls `handler(Result<T>)` on the thread of `context` once the future has finished; never when
/// `context` has gone by then. A promise that was dropped arrives as ErrorCode::Stopped, so that a
/// request that is under way can't stay so for ever. The call may come before whenDone() returns.
template <typename T, typename Handler>
void whenDone(QFuture<core::Result<T>> future, QObject *context, Handler handler)
{
    // Not onCanceled() with a context: Qt 6.4 asserts that it is there, and an answer that waits in the event
    // queue of a context is cancelled by its destructor.
    future.then(context, [handler](core::Result<T> result) { handler(std::move(result)); })
        .onCanceled([handler, guard = QPointer<QObject>(context)] {
            if (!guard)
                return;
            core::Error dropped;
            dropped.code = core::ErrorCode::Stopped;
            dropped.operation = QStringLiteral("await an answer");
            QMetaObject::invokeMethod(guard.data(),
                                      [handler, dropped] { handler(core::Result<T>(dropped)); });
        });
}

} // namespace ingather::models
