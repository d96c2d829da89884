// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/result.h"
#include "ledger/session.h"

#include <QHash>
#include <QList>
#include <QStringList>

#include <optional>

namespace ingather::ledger
{

/// One row of ingather_hosts: what all processes remember of a host (the `host` of jobs). A host without row
/// has done nothing worth remembering.
struct HostRecord {
    QString host;
    int failures = 0;         ///< 429 and 503, less the files that came since (core::hostPace)
    core::UnixTime notBefore; ///< no job of this host is claimed until then; 0: at any time
    QString errorCode;        ///< of the last failure
    std::optional<bool> acceptsRanges;
    core::UnixTime updatedAt;

    friend bool operator==(const HostRecord &, const HostRecord &) = default;
};

/// The host has asked for patience: no claim of any process before the time it named, or before the interval
/// that its failures make. What comes while that time lasts is the same event and raises no more. At most
/// core::hostMemoryLife ahead.
core::Result<> noteSetback(Session &session, const QString &host, const core::Error &error);
/// A file came from it: one failure less, and the row goes when it tells nothing any more.
core::Result<> noteDelivery(Session &session, const QString &host);
/// Whether the host can answer ranges. False is worth a row; true only takes back a false.
core::Result<> noteRanges(Session &session, const QString &host, bool accepts);

/// Rows that are not forgotten yet, by host.
core::Result<QList<HostRecord>> hosts(Session &session);
/// nullopt if nothing is remembered.
core::Result<std::optional<HostRecord>> host(Session &session, const QString &host);
/// Forgets these hosts; returns how many were known.
core::Result<int> resetHosts(Session &session, const QStringList &hosts);
core::Result<int> resetAllHosts(Session &session);
/// Deletes rows that were not confirmed for core::hostMemoryLife.
core::Result<> forgetOldHosts(Session &session);

/// What a claim asks of the hosts of the jobs that it looks at. A table of a few rows is read at once, a long
/// one by host; each host once.
class HostGate final
{
public:
    explicit HostGate(Session &session) : m_session(session) {}
    Q_DISABLE_COPY_MOVE(HostGate)

    /// True while the host's time has not come.
    core::Result<bool> isClosed(const QString &host);
    /// Of the hosts that were asked about.
    int failuresOf(const QString &host) const { return m_known.value(host).failures; }

private:
    core::Result<> readSome();

    Session &m_session;
    QHash<QString, HostRecord> m_known;
    bool m_hasRead = false;
    bool m_isComplete = false;
};

} // namespace ingather::ledger
