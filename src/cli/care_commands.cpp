// SPDX-License-Identifier: MIT
#include "cli/care_json.h"
#include "cli/care_run.h"
#include "cli/care_text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"

namespace ingather::cli
{

namespace
{

ExitCode exitCodeFor(core::HealthStatus status)
{
    switch (status) {
    case core::HealthStatus::Healthy:
        return AllWell;
    case core::HealthStatus::Degraded:
        return NotAllWell;
    case core::HealthStatus::Broken:
        break;
    }
    return LedgerUnusable;
}

} // namespace

int execute(const HealthCommand &command, CommandContext &context)
{
    CareRun run(context);
    const auto report = run.wait(run.care().health(command.options));
    if (!report)
        return run.report(report.error());
    context.output.json(healthJson(*report));
    const QStringList lines = healthLines(*report, context.settings.ledgerPath, context.output.isVerbose());
    for (const QString &line : lines)
        context.output.result(line);
    return exitCodeFor(report->status);
}

} // namespace ingather::cli
