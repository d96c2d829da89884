// SPDX-License-Identifier: MIT
#include "cli/await.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/job_board.h"
#include "cli/order_text.h"
#include "cli/texts.h"
#include "cli/worker_run.h"

#include <QCoreApplication>

namespace ingather::cli
{

namespace
{

using engine::AddAnswer;
using engine::JobSnapshot;

/// How long an interrupted worker may take to put its parts down; the pausing that follows has the rest
/// of the two seconds.
constexpr std::chrono::milliseconds stopPatience(1000);
/// Ids in one question to the ledger.
constexpr qsizetype mostIds = 1000;

class Get
{
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::Get)

public:
    Get(const GetCommand &command, CommandContext &context, engine::Facade &facade)
        : m_command(command), m_context(context), m_facade(facade), m_run(facade, context, m_board)
    {
    }

    int execute();

private:
    bool plan();
    void tellAnswers();
    int interrupted();
    QList<JobSnapshot> unfinished();
    void printJson();

    const GetCommand &m_command;
    CommandContext &m_context;
    engine::Facade &m_facade;
    JobBoard m_board;
    WorkerRun m_run;
    QList<AddAnswer> m_answers;
    int m_exitCode = AllWell;
};

int Get::execute()
{
    m_run.takeSignals();
    if (!plan())
        return m_exitCode;
    tellAnswers();
    if (m_run.isInterrupted())
        return interrupted();

    engine::WorkerScope scope;
    scope.onlyThese = m_board.open();
    scope.defaultFolder = m_command.order.folder;
    const core::Result<WorkerRun::End> end = m_run.run(scope, WorkerRun::Until::JobsEnded);
    if (!end)
        return reportError(m_context, end.error());
    switch (*end) {
    case WorkerRun::End::Interrupted:
        return interrupted();
    case WorkerRun::End::LedgerFailed:
        return LedgerUnusable;
    case WorkerRun::End::Done:
    case WorkerRun::End::NobodyReads:
        break;
    }
    printJson();
    return m_exitCode == AllWell ? m_board.exitCode() : m_exitCode;
}

/// False if nothing was planned; m_exitCode says why.
bool Get::plan()
{
    const auto answers = resultOf(m_facade.add(requestsOf(m_command.order), true));
    if (!answers) {
        m_exitCode = reportError(m_context, answers.error());
        return false;
    }
    m_answers = *answers;
    for (const AddAnswer &answer : m_answers) {
        if (answer.outcome == engine::AddOutcome::Rejected) {
            m_context.output.problem(answerText(answer, true));
            m_exitCode = answer.error ? exitCodeFor(answer.error->code) : WrongUsage;
        }
    }
    return m_exitCode == AllWell;
}

void Get::tellAnswers()
{
    for (const AddAnswer &answer : m_answers) {
        m_board.expect(answer.job);
        const bool isHeld = answer.outcome == engine::AddOutcome::Held;
        const bool isGivenUp = answer.outcome == engine::AddOutcome::FailedForGood;
        if (isAnotherFile(answer)) {
            m_context.output.problem(answerText(answer, true));
            m_exitCode = NotAllWell;
        } else if ((isHeld || isGivenUp) && !answer.isRepeated) {
            m_context.output.problem(endText(answer.job));
        } else {
            m_context.output.news(answerText(answer, true));
        }
    }
}

/// The jobs are left paused, so that no worker takes up what somebody just stopped; what a worker of
/// another process is fetching is left to it.
int Get::interrupted()
{
    m_run.stop(stopPatience);
    QList<core::JobId> toPause;
    for (const JobSnapshot &job : unfinished()) {
        const bool isElsewhere = !job.leaseOwner.isEmpty() && job.leaseOwner != m_facade.ownOwner() &&
                                 job.leaseUntil && *job.leaseUntil > m_facade.now();
        if (!job.hasEnded() && !isElsewhere)
            toPause.append(job.id);
    }
    if (!toPause.isEmpty()) {
        engine::JobSelection selection;
        selection.ids = toPause;
        const auto paused = resultOf(m_facade.wish(engine::Wish::Pause, selection));
        if (!paused) {
            reportError(m_context, paused.error());
        } else {
            m_context.output.problem(tr("interrupted; what had arrived is kept. Go on with: %1")
                                         .arg(goOnText(toPause, programCall(m_context))));
        }
    } else {
        m_context.output.problem(tr("interrupted"));
    }
    printJson();
    return Interrupted;
}

/// As the ledger has them now; what is over in the meantime goes to the board.
QList<JobSnapshot> Get::unfinished()
{
    QList<JobSnapshot> result;
    const QList<core::JobId> open = m_board.open();
    for (qsizetype from = 0; from < open.size(); from += mostIds) {
        engine::JobQuery query;
        query.ids = open.mid(from, mostIds);
        const auto jobs = resultOf(m_facade.jobs(query));
        if (!jobs) {
            reportError(m_context, jobs.error());
            break;
        }
        for (const JobSnapshot &job : *jobs) {
            m_board.update(job);
            result.append(job);
        }
    }
    return result;
}

void Get::printJson()
{
    for (AddAnswer &answer : m_answers) {
        if (m_board.isKnown(answer.job.id))
            answer.job = m_board.latest(answer.job.id);
    }
    m_context.output.json(answersJson(m_answers));
}

} // namespace

int execute(const GetCommand &command, CommandContext &context)
{
    const QStringList faults = urlFaults(command.order.urls);
    for (const QString &fault : faults)
        context.output.problem(fault);
    if (!faults.isEmpty())
        return WrongUsage;
    if (const core::Result<> folder = checkFolder(command.order.folder); !folder)
        return reportError(context, folder.error());
    const auto facade = openForWork(context);
    if (!facade)
        return reportError(context, facade.error());
    return Get(command, context, **facade).execute();
}

} // namespace ingather::cli
