// SPDX-License-Identifier: MIT
#include "cli/care_run.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/json_form.h"

#include <QCoreApplication>
#include <QLocale>

namespace ingather::cli
{

namespace
{

struct VerifyText {
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::VerifyText)
};

QString outcomeText(core::FileOutcome outcome)
{
    switch (outcome) {
    case core::FileOutcome::Missing:
        return VerifyText::tr("missing");
    case core::FileOutcome::Changed:
        return VerifyText::tr("changed by somebody");
    case core::FileOutcome::Damaged:
        return VerifyText::tr("damaged");
    case core::FileOutcome::Verified:
    case core::FileOutcome::Fits:
    case core::FileOutcome::Unknown:
        return VerifyText::tr("cannot be told");
    }
    Q_UNREACHABLE();
}

QString counted(const QString &what, qint64 count)
{
    return QStringLiteral("%1: %2").arg(what, QLocale().toString(count));
}

QStringList linesOf(const core::VerifyReport &report)
{
    QStringList lines;
    for (const core::VerifiedFile &file : report.items) {
        if (!report.absentRoots.isEmpty() && !core::isWrong(file.outcome))
            continue; // told once for each volume
        lines.append(QStringLiteral("%1  %2  %3").arg(file.job.value, outcomeText(file.outcome), file.path));
    }
    for (const QString &root : report.absentRoots)
        lines.append(VerifyText::tr("not there now, and so not looked at: %1").arg(root));
    if (report.verified > 0)
        lines.append(counted(VerifyText::tr("content as it was filed"), report.verified));
    if (report.fits > 0)
        lines.append(counted(report.isFull ? VerifyText::tr("right length, no digest known")
                                           : VerifyText::tr("right length, content not read (--full does)"),
                             report.fits));
    if (report.unknown > 0)
        lines.append(counted(VerifyText::tr("cannot be told"), report.unknown));
    lines.append(counted(VerifyText::tr("wrong"), report.wrong));
    return lines;
}

} // namespace

int execute(const VerifyCommand &command, CommandContext &context)
{
    CareRun run(context);
    const auto report = run.wait(run.care().verify(command.isFull));
    if (!report)
        return run.report(report.error(), LedgerUnusable);
    context.output.json(verifyJson(*report));
    for (const QString &line : linesOf(*report))
        context.output.result(line);
    return report->wrong == 0 && report->unknown == 0 ? AllWell : NotAllWell;
}

} // namespace ingather::cli
