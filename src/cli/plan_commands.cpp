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

bool isFolderError(const core::Error &error)
{
    using core::ErrorCode;
    return error.code == ErrorCode::FolderMissing || error.code == ErrorCode::NotAFolder ||
           error.code == ErrorCode::FolderNotWritable;
}

QList<engine::AddRequest> requestsOf(const ListPage &page, const QString &folder)
{
    QList<engine::AddRequest> requests;
    for (const ListedUrl &listed : page.urls) {
        engine::AddRequest request;
        request.url = listed.url;
        request.folder = folder;
        requests.append(request);
    }
    return requests;
}

/// What became of one page of a list. The error is one that makes going on pointless.
core::Result<> countPage(const ListPage &page, const core::Result<QList<engine::AddAnswer>> &answers,
                         ImportCount &count)
{
    count.rejected.append(page.rejected);
    if (!answers)
        return answers.error();
    for (qsizetype i = 0; i < std::min(answers->size(), page.urls.size()); ++i) {
        const engine::AddAnswer &answer = answers->at(i);
        if (answer.outcome != engine::AddOutcome::Rejected) {
            ++(answer.isNew() ? count.added : count.existing);
            continue;
        }
        const core::Error error = answer.error.value_or(core::Error{});
        if (isFolderError(error))
            return error; // no fault of the line, and the same for all of them
        count.rejected.append({page.urls[i].line, answer.url, error});
    }
    return {};
}

/// All pages from `first` on, the next one read while the ledger is at the one before. What was planned
/// before an error stays planned.
core::Result<> planList(engine::Facade &facade, CommandContext &context, ListPage first,
                        const QString &folder, ImportCount &count)
{
    for (ListPage page = std::move(first); !page.isEnd();) {
        const auto answers = facade.add(requestsOf(page, folder), false);
        core::Result<ListPage> next = context.lists.next(batchSize);
        if (const core::Result<> planned = countPage(page, resultOf(answers), count); !planned)
            return planned.error();
        if (!next)
            return next.error();
        page = std::move(next.value());
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
        if (isAnotherFile(answer)) {
            context.output.problem(answerText(answer, false));
            exitCode = NotAllWell;
        } else if (!answer.isNew()) {
            context.output.note(answerText(answer, false));
        }
    }
    if (exitCode == AllWell || exitCode == NotAllWell)
        context.output.json(answersJson(*answers));
    return exitCode;
}

int execute(const ImportCommand &command, CommandContext &context)
{
    if (!command.folder.isEmpty()) {
        if (const core::Result<> folder = checkFolder(command.folder); !folder)
            return reportError(context, folder.error());
    }
    if (const core::Result<> opened = context.lists.open(command.source); !opened)
        return reportError(context, opened.error());
    core::Result<ListPage> first = context.lists.next(batchSize);
    if (!first)
        return reportError(context, first.error());
    const auto facade = openForWork(context);
    if (!facade)
        return reportError(context, facade.error());

    ImportCount count;
    const core::Result<> planned =
        planList(**facade, context, std::move(first.value()), command.folder, count);
    if (!planned && isFolderError(planned.error()))
        return reportError(context, planned.error());
    std::stable_sort(count.rejected.begin(), count.rejected.end(),
                     [](const RejectedLine &a, const RejectedLine &b) { return a.line < b.line; });
    printImport(count, context.output);
    if (!planned)
        return reportError(context, planned.error());
    return count.rejected.isEmpty() ? AllWell : NotAllWell;
}

} // namespace ingather::cli
