// SPDX-License-Identifier: MIT
#include "engine/reconciliation/reconcile_round.h"

#include "core/error.h"
#include "engine/op_fields.h"
#include "engine/op_keys.h"
#include "ledger/ledger_thread.h"

#include <QJsonObject>

namespace ingather::engine
{

using core::ReconcileDeed;
using core::Result;
using ledger::JobRecord;
using ledger::UnsettledJob;

Result<> ReconcileRound::stopIfAsked() const
{
    return isStopped() ? Result<>(core::Error{core::ErrorCode::Cancelled, QStringLiteral("reconcile")})
                       : Result<>();
}

Result<std::optional<UnsettledJob>> ReconcileRound::look(const core::JobId &id)
{
    return m_reader
        .post<std::optional<UnsettledJob>>(
            [id](ledger::Session &session) { return ledger::unsettledJob(session, id); })
        .result();
}

Result<> ReconcileRound::forEachJob(FindJobs find,
                                    const std::function<Result<>(const UnsettledJob &)> &handle)
{
    const Result<QList<core::JobId>> ids = m_reader.post<QList<core::JobId>>(find).result();
    if (!ids)
        return ids.error();
    for (const core::JobId &id : *ids) {
        if (const Result<> ok = stopIfAsked(); !ok)
            return ok;
        const Result<std::optional<UnsettledJob>> found = look(id);
        if (!found)
            return found.error();
        const Result<> handled = *found ? handle(**found) : Result<>();
        if (!handled)
            return handled;
    }
    return {};
}

Result<bool> ReconcileRound::settle(const JobRecord &job, const ledger::LifeStep &step)
{
    return m_writer
        .post<bool>([seen = ledger::SeenJob::of(job), step](ledger::Session &session) {
            return ledger::settleJob(session, seen, step);
        })
        .result();
}

Result<bool> ReconcileRound::write(const JobRecord &job, const QList<ledger::OpWrite> &ops)
{
    return m_writer
        .post<bool>([seen = ledger::SeenJob::of(job), ops](ledger::Session &session) {
            return ledger::writeCare(session, seen, ops);
        })
        .result();
}

Result<> ReconcileRound::giveUp(const JobRecord &job, const QString &opKey)
{
    const Result<bool> written =
        write(job, {ledger::OpAbandoned{opKey}, told(job, ReconcileDeed::OpGivenUp, QString())});
    if (!written)
        return written.error();
    if (*written)
        m_report.add({ReconcileDeed::OpGivenUp, job.id, {}});
    return {};
}

ledger::OpDone told(const JobRecord &job, ReconcileDeed deed, const QString &place, const QString &part)
{
    const QString name = core::reconcileDeedName(deed);
    QJsonObject result{{field::deed, name}};
    if (!place.isEmpty())
        result.insert(field::path, place);
    if (!part.isEmpty())
        result.insert(field::part, part);
    return {core::OpType::Reconcile, careKey(core::OpType::Reconcile, job, name, part), result};
}

bool isOver(const JobRecord &job)
{
    return job.doneAt || job.removedAt || job.hold == core::Hold::Cancelled;
}

} // namespace ingather::engine
