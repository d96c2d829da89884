// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.h"
#include "core/result.h"

namespace ingather::ledger
{

/// What was looked at so far. A check that found nothing is on the list too, so that its reader knows that it
/// was made.
class CheckList final
{
public:
    /// A check that was made: `finding` if there is one, else all is well.
    void add(core::FindingId made, const std::optional<core::Finding> &finding);
    /// Checks that were made together: each of `made` without a finding among `findings` is well.
    void add(const QList<core::FindingId> &made, const QList<core::Finding> &findings);
    /// A check that could not be made: what the error says about the file goes on the list. Statements that
    /// don't fit a schema which has been found wrong are nothing new, and the check counts as not made. All
    /// other errors come back.
    core::Result<> addFailure(const core::Error &error);

    const QList<core::Finding> &findings() const { return m_findings; }
    core::Severity worst() const { return core::worstOf(m_findings); }

private:
    QList<core::Finding> m_findings;
};

} // namespace ingather::ledger
