// SPDX-License-Identifier: MIT
#include "engine/reconciliation/reconciler.h"

#include "core/error.h"
#include "engine/reconciliation/filed_files.h"
#include "engine/reconciliation/open_work.h"
#include "engine/reconciliation/unfinished_files.h"
#include "ledger/ledger_thread.h"
#include "ledger/volumes.h"
#include "platform/file_lock.h"

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

Result<> rememberMounts(ReconcileRound &round)
{
    const Result<QList<ledger::RootRecord>> roots =
        round.reader()
            .post<QList<ledger::RootRecord>>([](ledger::Session &session) { return ledger::roots(session); })
            .result();
    if (!roots)
        return roots.error();
    QSet<QString> mounted;
    for (const ledger::RootRecord &root : *roots) {
        if (!root.volumeId.isEmpty())
            mounted.insert(root.path);
    }
    round.roots().remember(mounted);
    return {};
}

} // namespace

Result<core::ReconcileReport> Reconciler::reconcile(qint64 mostFiles, std::chrono::milliseconds patience,
                                                    const core::WorkControl &control)
{
    Result<platform::FileLock> lock = platform::FileLock::open(m_ledgerPath + QStringLiteral(".rlock"), true);
    if (!lock)
        return lock.error();
    const Result<bool> isOurs = patience.count() > 0 ? lock->acquire(patience) : lock->tryAcquire();
    if (!isOurs)
        return isOurs.error();
    if (!*isOurs)
        return Error{ErrorCode::LedgerBusy, QStringLiteral("reconcile"), 0,
                     QStringLiteral("another process is at it")};

    ReconcileRound round(m_writer, m_reader, control);
    Result<> done = rememberMounts(round);
    if (done)
        done = freeLeases(round, m_leaseTtl);
    if (done)
        done = settleOpenWork(round);
    if (done)
        done = reconcileParts(round);
    if (done)
        done = reconcileFiles(round, m_lastFile, mostFiles);
    if (!done)
        return done.error();
    round.report().absentRoots = round.roots().absent();
    return round.report();
}

} // namespace ingather::engine
