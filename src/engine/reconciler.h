// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/reconcile_report.h"
#include "core/result.h"
#include "core/work_control.h"
#include "engine/history.h"
#include "ledger/health/filed_jobs.h"
#include "ledger/reconciliation.h"

#include <QHash>
#include <QString>

#include <chrono>

namespace ingather::ledger
{
class LedgerThread;
}

namespace ingather::engine
{

/// Makes the ledger and the disk fit each other, for what no worker will come by: leases of the dead,
/// operations that a crash left open in jobs that nobody will claim, files that were put in place and not
/// registered, parts that are gone or that nobody needs, done jobs whose file is not there any more. It never
/// fetches, and deletes nothing but parts of jobs that have ended. Each deed is an operation in the history
/// of its job.
///
/// It takes no leases: it looks, and what it writes holds only if the job is still as it was seen. A volume
/// that is away is waited for. One process at a time does this, by a lock beside the ledger.
class Reconciler final
{
public:
    Reconciler(ledger::LedgerThread &writer, ledger::LedgerThread &reader, const core::Clock &clock,
               const QString &ledgerPath, std::chrono::seconds leaseTtl)
        : m_writer(writer), m_reader(reader), m_clock(clock), m_ledgerPath(ledgerPath), m_leaseTtl(leaseTtl)
    {
    }
    Q_DISABLE_COPY_MOVE(Reconciler)

    /// One round. At most `mostFiles` files of done jobs are looked at, the next ones in the next round; 0:
    /// all. Waits `patience` for another process that is at it; LedgerBusy then. Cancelled; errors of the
    /// ledger. Looks at the disk, so it runs on a thread that may block.
    core::Result<core::ReconcileReport> reconcile(qint64 mostFiles, std::chrono::milliseconds patience,
                                                  const core::WorkControl &control);

private:
    core::Result<> freeLeases();
    core::Result<> settleJobs();
    core::Result<> settle(const ledger::UnsettledJob &unsettled);
    core::Result<> settleFiling(const ledger::UnsettledJob &unsettled, const History &history);
    core::Result<> settleOp(const ledger::UnsettledJob &unsettled, const ledger::OpRecord &op);
    core::Result<> settleRemoval(const ledger::JobRecord &job, const ledger::OpRecord &op);
    core::Result<> giveUp(const ledger::JobRecord &job, const QString &opKey);
    core::Result<> checkRecordedParts();
    core::Result<> checkRecordedPart(const ledger::UnsettledJob &unsettled);
    core::Result<> checkFolders();
    core::Result<> checkLeftover(const QString &root, const QString &name);
    core::Result<> removePart(const ledger::JobRecord &job, const QString &name, core::ReconcileDeed deed);
    core::Result<> checkFiles(qint64 most);
    core::Result<> checkFile(const ledger::FiledJob &job);

    bool isRootThere(const QString &root);
    core::Result<> stopIfAsked() const;
    ledger::OpDone told(const ledger::JobRecord &job, core::ReconcileDeed deed, const QString &place,
                        const QString &part = {}) const;
    core::Result<bool> settleInLedger(const ledger::JobRecord &job, const ledger::LifeStep &step);
    core::Result<bool> writeInLedger(const ledger::JobRecord &job, const QList<ledger::OpWrite> &ops);
    core::Result<std::optional<ledger::UnsettledJob>> look(const core::JobId &id);

    ledger::LedgerThread &m_writer;
    ledger::LedgerThread &m_reader;
    const core::Clock &m_clock;
    const QString m_ledgerPath;
    const std::chrono::seconds m_leaseTtl;
    qint64 m_lastFile = 0; ///< row of the last done job that was looked at
    // of one round
    core::ReconcileReport m_report;
    core::WorkControl m_control;
    QHash<QString, bool> m_roots;
};

} // namespace ingather::engine
