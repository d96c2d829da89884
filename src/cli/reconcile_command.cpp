// SPDX-License-Identifier: MIT
#include "cli/await.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/json_form.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace ingather::cli
{

namespace
{

struct ReconcileText {
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::ReconcileText)
};

/// So many places of each kind are named; --json has more.
constexpr int mostPlaces = 10;

QString deedText(core::ReconcileDeed deed)
{
    using core::ReconcileDeed;
    switch (deed) {
    case ReconcileDeed::LeaseFreed:
        return ReconcileText::tr("leases freed, of owners that are gone or whose time was over");
    case ReconcileDeed::FileRegistered:
        return ReconcileText::tr("files found at their place and registered, whose jobs are done now");
    case ReconcileDeed::FileAbsent:
        return ReconcileText::tr("files that never got to their place, whose jobs go on");
    case ReconcileDeed::OpGivenUp:
        return ReconcileText::tr("operations given up that a crash had left open");
    case ReconcileDeed::RemovalFinished:
        return ReconcileText::tr("deletions recorded that had happened");
    case ReconcileDeed::PartForgotten:
        return ReconcileText::tr("unfinished files that are gone or too short, to be fetched from the start");
    case ReconcileDeed::PartRemoved:
        return ReconcileText::tr("unfinished files deleted that nobody needs any more");
    case ReconcileDeed::FileMissing:
        return ReconcileText::tr("files missing ('retry' fetches them again)");
    case ReconcileDeed::FileChanged:
        return ReconcileText::tr("files changed after they had been filed");
    case ReconcileDeed::FileDamaged:
        return ReconcileText::tr("files damaged, to which nobody has written since they were filed");
    case ReconcileDeed::FileBack:
        return ReconcileText::tr("files that are back, or as they were");
    case ReconcileDeed::PartUnknown:
        return ReconcileText::tr("unfinished files of no job of this ledger, left alone");
    }
    Q_UNREACHABLE();
}

QStringList linesOf(const core::ReconcileReport &report)
{
    QStringList lines;
    for (const core::ReconcileDeed deed : core::allReconcileDeeds) {
        const qint64 count = report.counts.value(deed);
        if (count == 0)
            continue;
        lines.append(QStringLiteral("%1: %2").arg(deedText(deed), QLocale().toString(count)));
        int named = 0;
        for (const core::ReconcileItem &item : report.items) {
            if (item.deed != deed || named == mostPlaces)
                continue;
            ++named;
            const QString job = item.job.value.isEmpty() ? QString() : item.job.value + u' ';
            lines.append(QStringLiteral("    ") + job + item.place);
        }
    }
    for (const QString &root : report.absentRoots)
        lines.append(ReconcileText::tr("not there now, and so not looked at: %1").arg(root));
    lines.append(ReconcileText::tr("files looked at: %1").arg(QLocale().toString(report.filesChecked)));
    return lines;
}

} // namespace

int execute(const ReconcileCommand &, CommandContext &context)
{
    const auto facade = openForWishes(context);
    if (!facade)
        return reportError(context, facade.error());
    const auto report = resultOf((*facade)->reconcile({}));
    if (!report)
        return reportError(context, report.error());
    context.output.json(reconcileJson(*report));
    for (const QString &line : linesOf(*report))
        context.output.result(line);
    const bool isAllWell =
        std::none_of(report->counts.keyBegin(), report->counts.keyEnd(), core::isOnlyReported);
    return isAllWell ? AllWell : NotAllWell;
}

} // namespace ingather::cli
