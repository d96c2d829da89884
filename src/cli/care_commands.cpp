// SPDX-License-Identifier: MIT
#include "cli/care_json.h"
#include "cli/care_run.h"
#include "cli/care_text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"

#include <QFileInfo>

#include <algorithm>

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

/// What is left must be no error; a row that did not come through is not all well.
ExitCode exitCodeFor(const core::RepairReport &report)
{
    if (core::worstOf(report.remaining) == core::Severity::Error)
        return LedgerUnusable;
    const bool isComplete =
        std::all_of(report.tables.begin(), report.tables.end(), [](const core::TableAccount &account) {
            return account.rejected == 0 && account.lost == 0;
        });
    return isComplete ? AllWell : NotAllWell;
}

void print(CommandContext &context, const QStringList &lines, const QJsonObject &json)
{
    context.output.json(json);
    for (const QString &line : lines)
        context.output.result(line);
}

} // namespace

int execute(const HealthCommand &command, CommandContext &context)
{
    CareRun run(context);
    const auto report = run.wait(run.care().health(command.options));
    if (!report)
        return run.report(report.error());
    print(context, healthLines(*report, context.settings.ledgerPath, context.output.isVerbose()),
          healthJson(*report));
    return exitCodeFor(report->status);
}

int execute(const RepairCommand &command, CommandContext &context)
{
    CareRun run(context);
    const QString &path = context.settings.ledgerPath;
    if (command.isPlanOnly) {
        const auto plan = run.wait(run.care().planRepair());
        if (!plan)
            return run.report(plan.error(), LedgerUnusable);
        print(context, planLines(*plan, path), planJson(*plan));
        return AllWell;
    }
    const auto report = run.wait(run.care().repair());
    if (!report)
        return run.report(report.error(), LedgerUnusable);
    print(context, repairLines(*report, path), repairJson(*report));
    return exitCodeFor(*report);
}

int execute(const BackupCommand &command, CommandContext &context)
{
    CareRun run(context);
    const auto report = run.wait(run.care().backup(command.file));
    if (!report)
        return run.report(report.error());
    print(context, backupLines(*report), backupJson(*report));
    return AllWell;
}

int execute(const RestoreCommand &command, CommandContext &context)
{
    CareRun run(context);
    if (!QFileInfo::exists(command.file))
        return run.report(
            {core::ErrorCode::FileMissing, QStringLiteral("look for the backup"), 0, command.file});
    const auto report = run.wait(run.care().restore(command.file));
    if (!report)
        return run.report(report.error(), LedgerUnusable);
    print(context, restoreLines(*report, context.settings.ledgerPath), restoreJson(*report));
    return AllWell;
}

int execute(const MigrateCommand &command, CommandContext &context)
{
    makeDefaultFolder(context);
    CareRun run(context);
    const auto report = run.wait(run.care().migrate(command.to));
    if (!report)
        return run.report(report.error(), LedgerUnusable);
    print(context, migrationLines(*report, context.settings.ledgerPath), migrationJson(*report));
    return AllWell;
}

} // namespace ingather::cli
