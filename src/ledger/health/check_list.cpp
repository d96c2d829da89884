// SPDX-License-Identifier: MIT
#include "ledger/health/check_list.h"

#include "core/error.h"
#include "ledger/health/ledger_look.h"

#include <algorithm>

namespace ingather::ledger
{

void CheckList::add(core::FindingId made, const std::optional<core::Finding> &finding)
{
    m_findings.append(finding ? *finding : core::allWell(made));
}

void CheckList::add(const QList<core::FindingId> &made, const QList<core::Finding> &findings)
{
    m_findings.append(findings);
    for (const core::FindingId id : made) {
        if (std::none_of(findings.begin(), findings.end(),
                         [id](const core::Finding &finding) { return finding.id == id; }))
            m_findings.append(core::allWell(id));
    }
}

core::Result<> CheckList::addFailure(const core::Error &error)
{
    if (const std::optional<core::Finding> finding = findingOf(error)) {
        // One damaged page can be in the way of many checks.
        if (!m_findings.contains(*finding))
            m_findings.append(*finding);
        return {};
    }
    if (error.code == core::ErrorCode::LedgerError && worst() >= core::Severity::Warning)
        return {};
    return error;
}

} // namespace ingather::ledger
