// SPDX-License-Identifier: MIT
#include "engine/lease_renewal.h"

namespace ingather::engine
{

void LeaseRenewal::answered(const QList<ledger::Lease> &renewed)
{
    for (const ledger::Lease &lease : renewed)
        m_renewed.insert(lease.job, lease.fence);
}

LeaseRenewal::Verdict LeaseRenewal::verdict(const core::JobId &job, core::Fence fence) const
{
    const auto is = [&](const QHash<core::JobId, core::Fence> &fences) {
        const auto found = fences.constFind(job);
        return found != fences.cend() && *found == fence;
    };
    if (!is(m_asked))
        return Verdict::NotAsked;
    return is(m_renewed) ? Verdict::Renewed : Verdict::Lost;
}

} // namespace ingather::engine
