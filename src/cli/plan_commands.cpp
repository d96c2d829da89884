// SPDX-License-Identifier: MIT
#include "cli/await.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/order_text.h"
#include "cli/texts.h"

#include <QCoreApplication>

#include <algorithm>

namespace ingather::cli
{

namespace
{

struct Plan {
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::Plan)
};

/// Rows of one call, and so of one transaction.
constexpr qsizetype batchSize = 1000;

bool isNew(const engine::AddAnswer &answer)
{
    return !answer.isRepeated && (answer.outcome == engine::AddOutcome::Added ||
                                  answer.outcome == engine::AddOutcome::AddedFromHeld);
}

void printImport(const ImportCount &count, Output &output)
{
    for (const RejectedLine &line : count.rejected)
        output.problem(Plan::tr("line %1: \"%2\": %3").arg(line.line).arg(line.text, reasonText(line.error)));
    output.result(Plan::tr("added %1, known already %2, rejected %3")
                      .arg(count.added)
                      .arg(count.existing)
                      .arg(count.rejected.size()));
    output.json(importJson(count));
}

/// Plans one batch. The error is one that makes going on pointless.
core::Result<> planBatch(engine::Facade &facade, const QList<ListedUrl> &batch, const QString &folder,
                         ImportCount &count)
{
    QList<engine::AddRequest> requests;
    for (const ListedUrl &listed : batch) {
        engine::AddRequest request;
        request.url = listed.url;
        request.folder = folder;
        requests.append(request);
    }
    const auto answers = resultOf(facade.add(requests, false));
    if (!answers)
        return answers.error();
    for (qsizetype i = 0; i < std::min(answers->size(), batch.size()); ++i) {
        const engine::AddAnswer &answer = answers->at(i);
        if (answer.outcome == engine::AddOutcome::Rejected)
            count.rejected.append({batch[i].line, answer.url, answer.error.value_or(core::Error{})});
        else
            ++(isNew(answer) ? count.added : count.existing);
    }
    return {};
}

} // namespace

int execute(const AddCommand &command, CommandContext &context)
{
    const QStringList faults = urlFaults(command.order.urls);
    for (const QString &fault : faults)
        context.output.problem(fault);
    if (!faults.isEmpty())
        return WrongUsage;
    if (!command.order.folder.isEmpty()) {
        if (const core::Result<> folder = checkFolder(command.order.folder); !folder)
            return reportError(context, folder.error());
    }
    const auto facade = openForWork(context);
    if (!facade)
        return reportError(context, facade.error());
    const auto answers = resultOf((*facade)->add(requestsOf(command.order), false));
    if (!answers)
        return reportError(context, answers.error());

    int exitCode = AllWell;
    for (const engine::AddAnswer &answer : *answers) {
        if (answer.outcome == engine::AddOutcome::Rejected) {
            context.output.problem(answerText(answer, false));
            exitCode = answer.error ? exitCodeFor(answer.error->code) : WrongUsage;
            continue;
        }
        // The id alone, for `id=$(ingather-cli add …)`; what is remarkable about it goes to stderr.
        context.output.result(answer.job.id.value);
        if (!isNew(answer))
            context.output.note(answerText(answer, false));
    }
    if (exitCode == AllWell)
        context.output.json(answersJson(*answers));
    return exitCode;
}

int execute(const ImportCommand &command, CommandContext &context)
{
    if (!command.folder.isEmpty()) {
        if (const core::Result<> folder = checkFolder(command.folder); !folder)
            return reportError(context, folder.error());
    }
    core::Result<ListContent> content = context.lists.read(command.source);
    if (!content)
        return reportError(context, content.error());
    const auto facade = openForWork(context);
    if (!facade)
        return reportError(context, facade.error());

    ImportCount count;
    count.rejected = content->rejected;
    core::Result<> planned;
    for (qsizetype from = 0; from < content->urls.size() && planned; from += batchSize)
        planned = planBatch(**facade, content->urls.mid(from, batchSize), command.folder, count);
    std::stable_sort(count.rejected.begin(), count.rejected.end(),
                     [](const RejectedLine &a, const RejectedLine &b) { return a.line < b.line; });
    printImport(count, context.output);
    if (!planned)
        return reportError(context, planned.error());
    return count.rejected.isEmpty() ? AllWell : NotAllWell;
}

} // namespace ingather::cli
