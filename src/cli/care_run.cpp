// SPDX-License-Identifier: MIT
#include "cli/care_run.h"

#include "cli/texts.h"
#include "models/finding_text.h"

namespace ingather::cli
{

namespace
{

/// What is done sooner needs no progress.
constexpr qint64 drawAfterMs = 500;

} // namespace

CareRun::CareRun(CommandContext &context) : m_context(context), m_care(context.settings)
{
    m_sinceStart.start();
    if (m_context.output.showsProgress())
        connect(&m_care, &engine::LedgerCare::progress, this, &CareRun::draw);
    m_context.signals.stopOrderly(this, [this] { m_care.cancel(); });
}

CareRun::~CareRun()
{
    m_context.signals.stopAtOnce();
}

int CareRun::report(const core::Error &error, ExitCode otherwise)
{
    if (error.code == core::ErrorCode::Cancelled && m_context.signals.wasInterrupted())
        return Interrupted;
    const int code = reportError(m_context, error);
    if (error.code == core::ErrorCode::FileExists || error.code == core::ErrorCode::FileMissing)
        return WrongUsage;
    return code == NotAllWell ? otherwise : code;
}

void CareRun::draw(const core::WorkProgress &progress)
{
    if (m_sinceStart.elapsed() < drawAfterMs)
        return;
    const QString line = models::FindingText::progress(progress);
    m_context.output.showProgress({elided(line, m_context.output.width() - 1)});
}

} // namespace ingather::cli
