// SPDX-License-Identifier: MIT
#include "engine/wisher.h"

#include "core/log_line.h"
#include "engine/held_file.h"
#include "engine/log.h"
#include "engine/to_snapshot.h"
#include "ledger/ledger_thread.h"
#include "ledger/queries.h"
#include "ledger/wishes.h"
#include "storage/part_file.h"

#include <QDebug>
#include <QSet>

namespace ingather::engine
{

using core::Result;

namespace
{

ledger::Wish toLedger(Wish wish)
{
    switch (wish) {
    case Wish::Pause:
        return ledger::Wish::Pause;
    case Wish::Resume:
        return ledger::Wish::Resume;
    case Wish::Cancel:
        return ledger::Wish::Cancel;
    case Wish::Retry:
        return ledger::Wish::Retry;
    case Wish::Remove:
        return ledger::Wish::Remove;
    case Wish::Restore:
        return ledger::Wish::Restore;
    }
    Q_UNREACHABLE();
}

void removePart(ledger::LedgerThread &writer, const ledger::PartRecord &part)
{
    Result<std::optional<ledger::JobRecord>> job =
        writer
            .post<std::optional<ledger::JobRecord>>(
                [id = part.job](ledger::Session &session) { return ledger::job(session, id); })
            .result();
    if (!job || !*job || (*job)->rootPath.isEmpty())
        return;
    Result<> removed = storage::discardPart((*job)->rootPath, part.name);
    if (removed) {
        removed = writer
                      .post<void>([part](ledger::Session &session) {
                          return ledger::forgetPart(session, part.job, part.name);
                      })
                      .result();
    }
    // The wish stands; the part is looked for again when the job is.
    if (!removed)
        qCWarning(logEngine).noquote() << core::LogContext{.job = part.job}.with(removed.error())
                                       << "removing a cancelled part:" << core::toLogText(removed.error());
}

/// A retry of a job that is done means its file, if that is gone or not the same any more.
Result<> refetchGone(ledger::LedgerThread &writer, ledger::WishReport &report, const QSet<core::JobId> &named)
{
    const QList<core::JobId> unchanged = report.unchanged;
    for (const core::JobId &id : unchanged) {
        if (!named.contains(id))
            continue;
        const Result<std::optional<ledger::JobRecord>> job =
            writer
                .post<std::optional<ledger::JobRecord>>(
                    [id](ledger::Session &session) { return ledger::job(session, id); })
                .result();
        if (!job)
            return job.error();
        const bool hasFiled =
            *job && core::isTerminal((*job)->state) && !(*job)->finalPath.isEmpty() && !(*job)->removedAt;
        const Result<> intact = hasFiled ? isHeldIntact(toSnapshot(**job)) : Result<>();
        const bool isGone = !intact && (intact.error().code == core::ErrorCode::FileMissing ||
                                        intact.error().code == core::ErrorCode::FileChanged);
        if (!isGone)
            continue;
        const Result<> planned =
            writer
                .post<void>([id](ledger::Session &session) {
                    return ledger::refetch(session, id, QStringLiteral("file gone or changed"));
                })
                .result();
        if (!planned)
            return planned;
        report.unchanged.removeOne(id);
        report.changed.append(id);
    }
    return {};
}

ledger::JobSelection toLedger(const JobSelection &selection)
{
    return {selection.ids, selection.all, selection.failed};
}

WishAnswer toAnswer(const ledger::WishReport &report)
{
    return {report.changed, report.unchanged, report.unknown};
}

} // namespace

Result<WishAnswer> applyWish(ledger::LedgerThread &writer, Wish wish, const JobSelection &selection)
{
    const ledger::JobSelection chosen = toLedger(selection);
    Result<ledger::WishReport> report =
        writer
            .post<ledger::WishReport>([wish, chosen](ledger::Session &session) {
                return ledger::applyWish(session, toLedger(wish), chosen);
            })
            .result();
    if (!report)
        return report.error();
    for (const ledger::PartRecord &part : std::as_const(report->orphanedParts))
        removePart(writer, part);
    if (wish == Wish::Retry) {
        const QSet<core::JobId> named(selection.ids.begin(), selection.ids.end());
        if (const Result<> planned = refetchGone(writer, *report, named); !planned)
            return planned.error();
    }
    return toAnswer(*report);
}

Result<WishAnswer> setPriority(ledger::LedgerThread &writer, int priority, const JobSelection &selection)
{
    const Result<ledger::WishReport> report =
        writer
            .post<ledger::WishReport>([priority, chosen = toLedger(selection)](ledger::Session &session) {
                return ledger::setPriority(session, priority, chosen);
            })
            .result();
    return report ? Result<WishAnswer>(toAnswer(*report)) : Result<WishAnswer>(report.error());
}

Result<WishAnswer> forgetJobs(ledger::LedgerThread &writer, const JobSelection &selection)
{
    const Result<WishAnswer> removed = applyWish(writer, Wish::Remove, selection);
    if (!removed)
        return removed.error();
    const Result<ledger::WishReport> report =
        writer
            .post<ledger::WishReport>([chosen = toLedger(selection)](ledger::Session &session) {
                return ledger::forgetJobs(session, chosen);
            })
            .result();
    return report ? Result<WishAnswer>(toAnswer(*report)) : Result<WishAnswer>(report.error());
}

} // namespace ingather::engine
