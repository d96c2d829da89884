// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/session.h"
#include "platform/system_clock.h"

#include <QString>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace ingather::bench
{

template <typename T>
T expect(core::Result<T> result, const char *what)
{
    if (!result)
        qFatal("%s: %s", what, qPrintable(core::toLogText(result.error())));
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

inline ledger::OpenOptions options(const QString &path, const core::Clock &clock,
                                   const QString &owner = QStringLiteral("bench"))
{
    ledger::OpenOptions open;
    open.path = path;
    open.clock = &clock;
    open.owner = owner;
    return open;
}

inline std::unique_ptr<ledger::Session> openLedger(const QString &path, const core::Clock &clock)
{
    return expect(ledger::Session::open(options(path, clock)), "open ledger");
}

/// begin, the function, commit; what the function gave. An error ends the process.
template <typename Function>
auto transact(ledger::Session &session, Function function)
{
    expect(session.begin(), "begin");
    auto value = expect(function(session), "execute");
    expect(session.commit(), "commit");
    return value;
}

inline double seconds(const std::function<void()> &work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline double quantile(std::vector<double> values, double share)
{
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

inline double median(const std::vector<double> &values)
{
    return quantile(values, 0.5);
}

/// A ledger of the current version with `jobs` planned ones in one folder, made by bulk SQL.
void makeLedger(const QString &path, qint64 jobs, const core::Clock &clock);
/// One of v1: `jobs` in the proportions of a ledger in use, `opsPerJob` ops each.
void makeV1(const QString &path, qint64 jobs, int opsPerJob);
/// Adds `perJob` finished ops to each job of a ledger of the current version.
void addOps(const QString &path, int perJob);
/// Copies a closed ledger, its log emptied, over whatever lies at `to`.
void copyLedger(const QString &from, const QString &to);
/// Removes a ledger with all that lies beside it.
void removeLedger(const QString &path);

} // namespace ingather::bench
