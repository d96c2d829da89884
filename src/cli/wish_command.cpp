// SPDX-License-Identifier: MIT
#include "cli/await.h"
#include "cli/commands.h"
#include "cli/exit_code.h"

#include <QCoreApplication>

namespace ingather::cli
{

namespace
{

struct WishText {
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::WishText)
};

QString doneText(engine::Wish wish, qint64 count)
{
    switch (wish) {
    case engine::Wish::Pause:
        return WishText::tr("paused: %1").arg(count);
    case engine::Wish::Resume:
        return WishText::tr("resumed: %1").arg(count);
    case engine::Wish::Cancel:
        return WishText::tr("cancelled: %1").arg(count);
    case engine::Wish::Retry:
        return WishText::tr("planned again: %1").arg(count);
    }
    Q_UNREACHABLE();
}

} // namespace

int execute(const WishCommand &command, CommandContext &context)
{
    const auto facade = openForWishes(context);
    if (!facade)
        return reportError(context, facade.error());
    engine::JobSelection selection;
    selection.all = command.all;
    selection.failed = command.failed;
    // All of them or none: a wish with a mistyped job changes nothing.
    for (const QString &name : command.jobs) {
        const auto job = resultOf((*facade)->job(name));
        if (!job)
            return reportError(context, job.error());
        if (!selection.ids.contains(job->id))
            selection.ids.append(job->id);
    }
    const auto answer = resultOf((*facade)->wish(command.wish, selection));
    if (!answer)
        return reportError(context, answer.error());
    context.output.news(doneText(command.wish, answer->changed.size()));
    if (!answer->unchanged.isEmpty())
        context.output.news(WishText::tr("nothing to change: %1").arg(answer->unchanged.size()));
    for (const core::JobId &id : answer->unknown)
        context.output.problem(WishText::tr("there is no job %1").arg(id.value));
    context.output.json(wishJson(*answer));
    return answer->unknown.isEmpty() ? AllWell : WrongUsage;
}

} // namespace ingather::cli
