// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.h"
#include "core/health_report.h"
#include "core/repair_report.h"
#include "core/work_control.h"

#include <QCoreApplication>
#include <QString>

namespace ingather::models
{

/// What a look at a ledger found, in sentences for people, and the names of what is done about it.
class FindingText final
{
    Q_DECLARE_TR_FUNCTIONS(ingather::models::FindingText)

public:
    FindingText() = delete;

    /// What was found, where and how much of it: one whole sentence, never empty.
    static QString summary(const core::Finding &finding);
    /// What can be done about it: whole sentences. Empty if nothing has to be.
    static QString remedy(const core::Finding &finding);

    static QString status(core::HealthStatus status);
    static QString severity(core::Severity severity);
    /// What is going on, without a full stop: "checking pages".
    static QString step(core::WorkStep step);
    /// The step and how far it is.
    static QString progress(const core::WorkProgress &progress);
    /// What kind of repair it is: one whole sentence.
    static QString repairKind(core::RepairKind kind);

private:
    static QString aboutFile(const core::Finding &finding);
    static QString aboutSchema(const core::Finding &finding);
    static QString aboutRows(const core::Finding &finding);
    static QString aboutWork(const core::Finding &finding);
    static QString aboutSurroundings(const core::Finding &finding);
    static QString personalRemedy(core::FindingId id);
};

} // namespace ingather::models
