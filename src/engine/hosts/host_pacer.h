// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/host_pace.h"

#include <QHash>
#include <QString>
#include <QStringList>

namespace ingather::engine
{

/// When a worker may ask which host: spaces its own requests as the host's failures want it, and as the
/// settings do. What the hosts did is in the ledger; this is what the worker has read there. Between
/// processes only the ledger's not_before spaces. Of the worker's thread.
class HostPacer final
{
public:
    /// `base`: least time between two requests to any host; `connections`: most at a time to one.
    HostPacer(std::chrono::milliseconds base, int connections);

    /// As the ledger has it now; `closedFor`: until the host's not_before.
    void learn(const QString &host, int failures, std::chrono::duration<double> closedFor,
               core::BootTime now);
    /// It has just asked for patience, and the ledger's word on how long is not read yet.
    void hold(const QString &host, core::BootTime now);
    void started(const QString &host, core::BootTime now);

    /// Those that do not go at full speed.
    QStringList hosts() const { return m_hosts.keys(); }
    int connectionsTo(const QString &host) const;
    /// 0 when a request may begin now.
    core::BootTime timeUntilNext(const QString &host, core::BootTime now) const;
    /// The host's not_before has not come: jobs of it are better given back than kept.
    bool isClosed(const QString &host, core::BootTime now) const;

private:
    struct Memory {
        int failures = 0;
        core::BootTime startedAt{};
        core::BootTime closedUntil{};
        bool hasStarted = false;
    };
    core::HostPace paceOf(const Memory &memory) const;

    const std::chrono::milliseconds m_base;
    const int m_connections;
    QHash<QString, Memory> m_hosts;
};

} // namespace ingather::engine
