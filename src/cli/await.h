// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"

#include <QEventLoop>
#include <QFuture>
#include <QFutureWatcher>

namespace ingather::cli
{

/// The result of a façade call, with the event loop running until it is there. T is a core::Result; a
/// future that was given up without one becomes LedgerClosed.
template <typename T>
T resultOf(const QFuture<T> &future)
{
    QEventLoop loop;
    QFutureWatcher<T> watcher;
    QObject::connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
    watcher.setFuture(future);
    if (!future.isFinished())
        loop.exec();
    if (!future.isFinished() || future.resultCount() == 0)
        return core::Error{core::ErrorCode::LedgerClosed, QStringLiteral("wait for the ledger"), 0, {}};
    return future.resultAt(0);
}

} // namespace ingather::cli
