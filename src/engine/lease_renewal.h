// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/leases.h"

#include <QHash>

namespace ingather::engine
{

/// One renewal of a worker's leases, from the question to its answer. A claim may be on its way to the ledger
/// when a renewal is asked for, and both may be answered together: of a lease that was not asked for, the
/// answer says nothing.
class LeaseRenewal final
{
public:
    enum class Verdict { NotAsked, Renewed, Lost };

    void ask(const core::JobId &job, core::Fence fence) { m_asked.insert(job, fence); }
    QList<core::JobId> jobs() const { return m_asked.keys(); }

    /// `renewed`: what ledger::renew() made of jobs().
    void answered(const QList<ledger::Lease> &renewed);
    /// What the answer says of a run of that job under that fence.
    Verdict verdict(const core::JobId &job, core::Fence fence) const;

private:
    QHash<core::JobId, core::Fence> m_asked;
    QHash<core::JobId, core::Fence> m_renewed;
};

} // namespace ingather::engine
