// SPDX-License-Identifier: MIT
//
// What a run writes into the log. Plain functions, because GCC 12 miscompiles some temporaries in coroutines.
#include "core/log_line.h"
#include "engine/job_run.h"
#include "engine/log.h"

#include <QDebug>

#include <algorithm>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;
using core::OpPhase;

namespace
{

QtMsgType severityOf(const Error &error)
{
    // A failed download is the day's work of this program, and the faces tell of it. A warning is for what
    // should not happen where all is set up well.
    if (core::errorClass(error.code) == core::ErrorClass::Bug)
        return QtCriticalMsg;
    return error.code == ErrorCode::LeaseLost ? QtWarningMsg : QtInfoMsg;
}

} // namespace

core::LogContext JobRun::logContext() const
{
    return {.job = m_claimed.job.id, .attempt = m_claimed.job.attempts + 1, .fence = m_claimed.lease.fence};
}

/// Of an op: its own attempt, which rises when a run takes it over.
void JobRun::logOp(const QString &opKey, std::optional<core::OpType> type, OpPhase phase) const
{
    const auto known = std::find_if(m_claimed.ops.begin(), m_claimed.ops.end(),
                                    [&opKey](const ledger::OpRecord &op) { return op.opKey == opKey; });
    core::LogContext context = logContext();
    context.op = type;
    context.attempt = 1;
    if (known != m_claimed.ops.end()) {
        context.op = known->type;
        context.attempt = known->attempt;
    }
    qCDebug(logEngine).noquote() << context << core::opPhaseName(phase);
}

void JobRun::logStep(const ledger::LifeStep &step, const ledger::StepOutcome &outcome) const
{
    if (logEngine().isDebugEnabled()) {
        for (const ledger::OpWrite &write : step.ops) {
            if (const auto *intent = std::get_if<ledger::OpIntent>(&write))
                logOp(intent->opKey, intent->type, OpPhase::Intent);
            else if (const auto *done = std::get_if<ledger::OpDone>(&write))
                logOp(done->opKey, done->type, OpPhase::Done);
            else if (const auto *abandoned = std::get_if<ledger::OpAbandoned>(&write))
                logOp(abandoned->opKey, std::nullopt, OpPhase::Abandoned);
        }
    }
    if (!step.path.isEmpty() && core::isTerminal(step.path.last()))
        qCInfo(logEngine).noquote() << logContext() << core::jobStateName(step.path.last())
                                    << outcome.finalPath;
}

void JobRun::logEnd(const Error &error) const
{
    const core::LogContext context = logContext().with(error);
    const QString text = QStringLiteral("ends: ") + core::toLogText(error);
    switch (severityOf(error)) {
    case QtCriticalMsg:
        qCCritical(logEngine).noquote() << context << text;
        break;
    case QtWarningMsg:
        qCWarning(logEngine).noquote() << context << text;
        break;
    default:
        qCInfo(logEngine).noquote() << context << text;
    }
}

void JobRun::warn(const char *doing, const Error &error) const
{
    qCWarning(logEngine).noquote() << logContext().with(error) << doing << core::toLogText(error);
}

} // namespace ingather::engine
