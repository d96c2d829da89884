// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/error.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

namespace ingather::engine
{

/// What the worker holds over one run of a job: the reason it must end, if any, and until when it may
/// write. Shared by the worker's and the lane's thread.
class RunControl final
{
public:
    /// Each is called once, on the lane's thread.
    struct Milestones {
        std::function<void()> bodyIsIn;      ///< the run needs no connection any more
        std::function<void()> partIsDurable; ///< its volume has taken bytes, and synced them
    };
    explicit RunControl(core::BootTime mayWriteUntil, Milestones milestones = {})
        : m_mayWriteUntil(mayWriteUntil.count()), m_milestones(std::move(milestones))
    {
    }
    RunControl(const RunControl &) = delete;
    RunControl &operator=(const RunControl &) = delete;

    /// The first reason stands (Stopped, Paused, Cancelled, LeaseLost, or a volume's trouble); the transfer
    /// is aborted.
    void end(core::ErrorCode reason)
    {
        int none = noReason;
        m_reason.compare_exchange_strong(none, static_cast<int>(reason));
        m_source.request_stop();
    }
    std::optional<core::ErrorCode> reason() const
    {
        const int reason = m_reason.load();
        if (reason == noReason)
            return std::nullopt;
        return static_cast<core::ErrorCode>(reason);
    }
    /// Of the lane: everything is fetched, what is left is filing.
    void tellBodyIsIn()
    {
        if (const auto tell = std::exchange(m_milestones.bodyIsIn, nullptr))
            tell();
    }
    void tellPartIsDurable()
    {
        if (const auto tell = std::exchange(m_milestones.partIsDurable, nullptr))
            tell();
    }
    /// What the run failed with, for the worker that looks after its hosts.
    void noteFailure(core::ErrorCode code) { m_failure = static_cast<int>(code); }
    std::optional<core::ErrorCode> failure() const
    {
        const int failure = m_failure.load();
        if (failure == noReason)
            return std::nullopt;
        return static_cast<core::ErrorCode>(failure);
    }
    std::stop_token token() const { return m_source.get_token(); }

    /// Self-fencing: grant + 5/6 of the lease time, on the boot clock. A renewal moves it on.
    void extend(core::BootTime mayWriteUntil) { m_mayWriteUntil = mayWriteUntil.count(); }
    bool mayWrite(core::BootTime now) const { return now.count() < m_mayWriteUntil.load(); }

private:
    static constexpr int noReason = -1;
    std::atomic<int> m_reason{noReason};
    std::atomic<int> m_failure{noReason};
    std::atomic<core::BootTime::rep> m_mayWriteUntil;
    std::stop_source m_source;
    Milestones m_milestones;
};

} // namespace ingather::engine
