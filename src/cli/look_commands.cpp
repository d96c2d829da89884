// SPDX-License-Identifier: MIT
#include "cli/await.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/status_text.h"

#include <algorithm>

namespace ingather::cli
{

namespace
{

/// A ledger may hold millions of jobs; they are printed as they are read.
constexpr int pageSize = 1000;

} // namespace

int execute(const ListCommand &command, CommandContext &context)
{
    const auto facade = openForLooking(context);
    if (!facade)
        return reportError(context, facade.error());
    engine::JobQuery query;
    query.states = command.states;
    if (!command.after.isEmpty()) {
        const auto after = resultOf((*facade)->job(command.after));
        if (!after)
            return reportError(context, after.error());
        query.after = after->id;
    }
    int printed = 0;
    bool isLastPage = false;
    while (!isLastPage && context.output.hasReader()) {
        query.limit = command.limit > 0 ? std::min(pageSize, command.limit - printed) : pageSize;
        const auto page = resultOf((*facade)->jobs(query));
        if (!page)
            return reportError(context, page.error());
        for (const engine::JobSnapshot &job : *page) {
            context.output.result(jobLine(job));
            context.output.json(jobJson(job));
            query.after = job.id;
            ++printed;
        }
        isLastPage = page->size() < query.limit || printed == command.limit;
    }
    return AllWell;
}

int execute(const ShowCommand &command, CommandContext &context)
{
    const auto facade = openForLooking(context);
    if (!facade)
        return reportError(context, facade.error());
    const auto job = resultOf((*facade)->job(command.job));
    if (!job)
        return reportError(context, job.error());
    for (const QString &line : jobLines(*job))
        context.output.result(line);
    context.output.json(jobJson(*job));
    return AllWell;
}

int execute(const OpsCommand &command, CommandContext &context)
{
    const auto facade = openForLooking(context);
    if (!facade)
        return reportError(context, facade.error());
    const auto job = resultOf((*facade)->job(command.job));
    if (!job)
        return reportError(context, job.error());
    if (command.showsEvents) {
        const auto events = resultOf((*facade)->events(job->id));
        if (!events)
            return reportError(context, events.error());
        for (const engine::EventSnapshot &event : *events) {
            context.output.result(eventLine(event));
            context.output.json(eventJson(event));
        }
        return AllWell;
    }
    const auto ops = resultOf((*facade)->ops(job->id));
    if (!ops)
        return reportError(context, ops.error());
    for (const engine::OpSnapshot &op : *ops) {
        context.output.result(opLine(op));
        context.output.json(opJson(op));
    }
    return AllWell;
}

int execute(const StatusCommand &, CommandContext &context)
{
    const auto facade = openForLooking(context);
    if (!facade)
        return reportError(context, facade.error());
    const auto status = resultOf((*facade)->status());
    if (!status)
        return reportError(context, status.error());
    for (const QString &line : statusLines(*status))
        context.output.result(line);
    context.output.json(statusJson(*status));
    return AllWell;
}

} // namespace ingather::cli
