// SPDX-License-Identifier: MIT
#include "cli/await.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/job_board.h"
#include "cli/status_text.h"
#include "cli/worker_run.h"

#include <QCoreApplication>

namespace ingather::cli
{

namespace
{

struct RunText {
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::RunText)
};

/// Committing what is under way may take a moment; after a signal TerminationSignals sets the limit.
constexpr std::chrono::seconds stopPatience(30);

/// The folder for jobs that came without one; empty if there is none, and then they are left alone.
core::Result<QString> defaultFolder(const RunCommand &command, CommandContext &context)
{
    if (!command.folder.isEmpty()) {
        if (const core::Result<> checked = checkFolder(command.folder); !checked)
            return checked.error();
        return command.folder;
    }
    const QString folder = context.settings.downloadFolder;
    if (const core::Result<> checked = checkFolder(folder); !checked) {
        context.output.note(
            RunText::tr("the download folder %1 can't be used (%2); jobs without a folder are left "
                        "alone. -d names another")
                .arg(folder, core::errorCodeName(checked.error().code)));
        return QString();
    }
    return folder;
}

} // namespace

int execute(const RunCommand &command, CommandContext &context)
{
    const core::Result<QString> folder = defaultFolder(command, context);
    if (!folder)
        return reportError(context, folder.error());
    const auto facade = openForWork(context);
    if (!facade)
        return reportError(context, facade.error());

    JobBoard board;
    WorkerRun run(**facade, context, board);
    run.takeSignals();
    engine::WorkerScope scope;
    scope.defaultFolder = *folder;
    const auto end = run.run(scope, command.isUntilIdle ? WorkerRun::Until::Idle : WorkerRun::Until::Stopped);
    if (!end)
        return reportError(context, end.error());
    run.stop(stopPatience);
    if (*end == WorkerRun::End::LedgerFailed)
        return LedgerUnusable;

    const auto status = resultOf((*facade)->status());
    if (!status)
        return reportError(context, status.error());
    context.output.json(statusJson(*status));
    for (const QString &line : statusLines(*status))
        context.output.news(line);
    return run.isInterrupted() ? Interrupted : board.exitCode();
}

} // namespace ingather::cli
