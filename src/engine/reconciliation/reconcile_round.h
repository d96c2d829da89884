// SPDX-License-Identifier: MIT
#pragma once

#include "core/reconcile_report.h"
#include "core/result.h"
#include "core/work_control.h"
#include "engine/known_roots.h"
#include "ledger/reconciliation.h"

#include <functional>
#include <optional>

namespace ingather::ledger
{
class LedgerThread;
}

namespace ingather::engine
{

/// What the parts of one reconciliation share: the ledger, the report, and how a deed becomes an operation.
class ReconcileRound final
{
public:
    ReconcileRound(ledger::LedgerThread &writer, ledger::LedgerThread &reader,
                   const core::WorkControl &control)
        : m_writer(writer), m_reader(reader), m_control(control)
    {
    }
    Q_DISABLE_COPY_MOVE(ReconcileRound)

    ledger::LedgerThread &writer() { return m_writer; }
    ledger::LedgerThread &reader() { return m_reader; }
    const core::WorkControl &control() const { return m_control; }
    core::ReconcileReport &report() { return m_report; }
    KnownRoots &roots() { return m_roots; }

    bool isStopped() const { return m_control.isStopped(); }
    /// Cancelled, if that was asked for.
    core::Result<> stopIfAsked() const;

    /// The job as it is now; nullopt if it is gone or leased.
    core::Result<std::optional<ledger::UnsettledJob>> look(const core::JobId &id);
    /// Looks at each of the jobs that a query of the reader names, and hands on those that nobody leases.
    using FindJobs = core::Result<QList<core::JobId>> (*)(ledger::Session &);
    core::Result<> forEachJob(FindJobs find,
                              const std::function<core::Result<>(const ledger::UnsettledJob &)> &handle);

    /// ledger::settleJob() and ledger::writeCare(); false: the job is not as it was seen any more.
    core::Result<bool> settle(const ledger::JobRecord &job, const ledger::LifeStep &step);
    core::Result<bool> write(const ledger::JobRecord &job, const QList<ledger::OpWrite> &ops);
    /// ABANDONED, and told.
    core::Result<> giveUp(const ledger::JobRecord &job, const QString &opKey);

private:
    ledger::LedgerThread &m_writer;
    ledger::LedgerThread &m_reader;
    const core::WorkControl &m_control;
    core::ReconcileReport m_report;
    KnownRoots m_roots;
};

/// The operation that tells of a deed. `part`: the one that it was done to, if any.
ledger::OpDone told(const ledger::JobRecord &job, core::ReconcileDeed deed, const QString &place,
                    const QString &part = {});

/// Nobody will go on with it: done, failed for good, cancelled or removed.
bool isOver(const ledger::JobRecord &job);

} // namespace ingather::engine
