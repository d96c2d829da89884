// SPDX-License-Identifier: MIT
#include "cli/await.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/json_form.h"
#include "cli/texts.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

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
    case engine::Wish::Remove:
        return WishText::tr("removed: %1").arg(count);
    case engine::Wish::Restore:
        return WishText::tr("shown again: %1").arg(count);
    }
    Q_UNREACHABLE();
}

/// All of them or none: a wish with a mistyped job changes nothing.
core::Result<engine::JobSelection> selected(engine::Facade &facade, const QStringList &names)
{
    engine::JobSelection selection;
    for (const QString &name : names) {
        const auto job = resultOf(facade.job(name));
        if (!job)
            return job.error();
        if (!selection.ids.contains(job->id))
            selection.ids.append(job->id);
    }
    return selection;
}

int printAnswer(const engine::WishAnswer &answer, const QString &done, CommandContext &context)
{
    context.output.news(done);
    if (!answer.unchanged.isEmpty())
        context.output.news(WishText::tr("nothing to change: %1").arg(answer.unchanged.size()));
    for (const core::JobId &id : answer.unknown)
        context.output.problem(WishText::tr("there is no job %1").arg(id.value));
    return answer.unknown.isEmpty() ? AllWell : WrongUsage;
}

/// What of the files was deleted, in words and into the JSON.
int deleteFiles(engine::Facade &facade, const QList<core::JobId> &jobs, CommandContext &context,
                QJsonObject &json)
{
    const auto answer = resultOf(facade.deleteFiles(jobs));
    if (!answer)
        return reportError(context, answer.error());
    for (const QString &path : answer->deleted)
        context.output.news(WishText::tr("deleted: %1").arg(path));
    QJsonArray kept;
    for (const engine::FileRemovalAnswer::Kept &file : answer->kept) {
        context.output.problem(
            WishText::tr("kept the file of %1: %2").arg(file.job.value, reasonText(file.error)));
        kept.append(QJsonObject{{QStringLiteral("job_id"), file.job.value},
                                {QStringLiteral("error_code"), core::errorCodeName(file.error.code)}});
    }
    json.insert(QStringLiteral("deleted"), QJsonArray::fromStringList(answer->deleted));
    json.insert(QStringLiteral("kept"), kept);
    return answer->kept.isEmpty() ? AllWell : NotAllWell;
}

/// Forgets jobs that were removed. A worker that has one ends within a second of the removal.
int forget(engine::Facade &facade, const engine::JobSelection &selection, CommandContext &context,
           QJsonObject &json)
{
    const auto answer = resultOf(facade.forget(selection));
    if (!answer)
        return reportError(context, answer.error());
    context.output.news(WishText::tr("forgotten: %1").arg(answer->changed.size()));
    for (const core::JobId &id : answer->unchanged)
        context.output.problem(
            WishText::tr("a worker still has %1; it is removed, forget it in a moment").arg(id.value));
    json.insert(QStringLiteral("forgotten"), idArray(answer->changed));
    return answer->unchanged.isEmpty() ? AllWell : NotAllWell;
}

} // namespace

int execute(const AcceptCommand &command, CommandContext &context)
{
    const auto facade = openForWishes(context);
    if (!facade)
        return reportError(context, facade.error());
    const auto selection = selected(**facade, command.jobs);
    if (!selection)
        return reportError(context, selection.error());
    const auto answer = resultOf((*facade)->acceptRefused(selection->ids));
    if (!answer)
        return reportError(context, answer.error());
    context.output.json({{QStringLiteral("changed"), idArray(answer->changed)},
                         {QStringLiteral("unchanged"), idArray(answer->unchanged)}});
    context.output.news(WishText::tr("will be filed as it is: %1").arg(answer->changed.size()));
    for (const core::JobId &id : answer->unchanged)
        context.output.problem(WishText::tr("there is nothing of %1 in quarantine to be kept").arg(id.value));
    return answer->unchanged.isEmpty() ? AllWell : NotAllWell;
}

int execute(const WishCommand &command, CommandContext &context)
{
    const auto facade = openForWishes(context);
    if (!facade)
        return reportError(context, facade.error());
    auto selection = selected(**facade, command.jobs);
    if (!selection)
        return reportError(context, selection.error());
    selection->all = command.all;
    selection->failed = command.failed;
    const auto answer = resultOf((*facade)->wish(command.wish, *selection));
    if (!answer)
        return reportError(context, answer.error());
    context.output.json(wishJson(*answer));
    return printAnswer(*answer, doneText(command.wish, answer->changed.size()), context);
}

int execute(const PriorityCommand &command, CommandContext &context)
{
    const auto facade = openForWishes(context);
    if (!facade)
        return reportError(context, facade.error());
    const auto selection = selected(**facade, command.jobs);
    if (!selection)
        return reportError(context, selection.error());
    const auto answer = resultOf((*facade)->setPriority(command.priority, *selection));
    if (!answer)
        return reportError(context, answer.error());
    context.output.json(wishJson(*answer));
    return printAnswer(
        *answer, WishText::tr("priority %1 given: %2").arg(command.priority).arg(answer->changed.size()),
        context);
}

int execute(const RemoveCommand &command, CommandContext &context)
{
    const auto facade = openForWishes(context);
    if (!facade)
        return reportError(context, facade.error());
    const auto selection = selected(**facade, command.jobs);
    if (!selection)
        return reportError(context, selection.error());
    const engine::Wish wish = command.isUndo ? engine::Wish::Restore : engine::Wish::Remove;
    const auto answer = resultOf((*facade)->wish(wish, *selection));
    if (!answer)
        return reportError(context, answer.error());
    int code = AllWell;
    if (!command.forgets)
        code = printAnswer(*answer, doneText(wish, answer->changed.size()), context);
    QJsonObject json = wishJson(*answer);
    if (command.deletesFiles && code == AllWell)
        code = deleteFiles(**facade, selection->ids, context, json);
    // A file that is still there keeps its job, which alone tells where it came from.
    if (command.forgets && code == AllWell)
        code = forget(**facade, *selection, context, json);
    context.output.json(json);
    return code;
}

} // namespace ingather::cli
