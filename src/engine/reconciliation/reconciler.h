// SPDX-License-Identifier: MIT
#pragma once

#include "core/reconcile_report.h"
#include "core/result.h"
#include "core/work_control.h"

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
    Reconciler(ledger::LedgerThread &writer, ledger::LedgerThread &reader, const QString &ledgerPath,
               std::chrono::seconds leaseTtl)
        : m_writer(writer), m_reader(reader), m_ledgerPath(ledgerPath), m_leaseTtl(leaseTtl)
    {
    }
    Q_DISABLE_COPY_MOVE(Reconciler)

    /// One round. At most `mostFiles` files of done jobs are looked at, the next ones in the next round; 0:
    /// all. Waits `patience` for another process that is at it; LedgerBusy then. Cancelled; errors of the
    /// ledger. Looks at the disk, so it runs on a thread that may block.
    core::Result<core::ReconcileReport> reconcile(qint64 mostFiles, std::chrono::milliseconds patience,
                                                  const core::WorkControl &control);

private:
    ledger::LedgerThread &m_writer;
    ledger::LedgerThread &m_reader;
    const QString m_ledgerPath;
    const std::chrono::seconds m_leaseTtl;
    qint64 m_lastFile = 0; ///< row of the last done job that was looked at
};

} // namespace ingather::engine
