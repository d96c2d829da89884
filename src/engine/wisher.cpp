// SPDX-License-Identifier: MIT
#include "engine/wisher.h"

#include "core/log_line.h"
#include "engine/log.h"
#include "ledger/ledger_thread.h"
#include "ledger/queries.h"
#include "ledger/wishes.h"
#include "storage/part_file.h"

#include <QDebug>

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

} // namespace

Result<WishAnswer> applyWish(ledger::LedgerThread &writer, Wish wish, const JobSelection &selection)
{
    const ledger::JobSelection chosen{selection.ids, selection.all, selection.failed};
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
    return WishAnswer{report->changed, report->unchanged, report->unknown};
}

} // namespace ingather::engine
