// SPDX-License-Identifier: MIT
#include "engine/hosts/host_pacer.h"

#include <algorithm>

namespace ingather::engine
{

using core::BootTime;

HostPacer::HostPacer(std::chrono::milliseconds base, int connections)
    : m_base(base), m_connections(connections)
{
}

core::HostPace HostPacer::paceOf(const Memory &memory) const
{
    return core::hostPace(memory.failures, m_base, m_connections);
}

void HostPacer::learn(const QString &host, int failures, std::chrono::duration<double> closedFor,
                      BootTime now)
{
    const bool isOrdinary = failures == 0 && closedFor.count() <= 0;
    if (isOrdinary && m_base.count() == 0) {
        m_hosts.remove(host);
        return;
    }
    Memory &memory = m_hosts[host];
    memory.failures = failures;
    memory.closedUntil = now + std::chrono::duration_cast<BootTime>(closedFor);
}

void HostPacer::hold(const QString &host, BootTime now)
{
    constexpr std::chrono::milliseconds untilRead{250};
    Memory &memory = m_hosts[host];
    memory.failures = std::max(memory.failures, 1);
    memory.closedUntil = std::max(memory.closedUntil, now + untilRead);
}

void HostPacer::started(const QString &host, BootTime now)
{
    auto memory = m_hosts.find(host);
    if (memory == m_hosts.end() && m_base.count() == 0)
        return;
    if (memory == m_hosts.end())
        memory = m_hosts.insert(host, {});
    memory->startedAt = now;
    memory->hasStarted = true;
}

int HostPacer::connectionsTo(const QString &host) const
{
    return paceOf(m_hosts.value(host)).connections;
}

BootTime HostPacer::timeUntilNext(const QString &host, BootTime now) const
{
    const auto memory = m_hosts.constFind(host);
    if (memory == m_hosts.cend())
        return {};
    BootTime earliest = memory->closedUntil;
    if (memory->hasStarted)
        earliest = std::max(earliest, memory->startedAt + BootTime(paceOf(*memory).interval));
    return std::max(earliest - now, BootTime(0));
}

bool HostPacer::isClosed(const QString &host, BootTime now) const
{
    const auto memory = m_hosts.constFind(host);
    return memory != m_hosts.cend() && memory->closedUntil > now;
}

} // namespace ingather::engine
