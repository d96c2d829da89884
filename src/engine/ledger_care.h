// SPDX-License-Identifier: MIT
#pragma once

#include "core/health_report.h"
#include "core/repair_report.h"
#include "core/result.h"
#include "core/verify_report.h"
#include "core/work_control.h"
#include "engine/settings.h"

#include <QFuture>
#include <QObject>

#include <memory>

namespace ingather::engine
{

/// Care for a ledger, which need not be in a state to be opened: the second façade, beside engine/facade.h.
/// Each call works on a thread of its own and answers through its future; progress() comes on the thread of
/// this object. One piece of work at a time: a second call waits for the first. No Facade of this process
/// may have the ledger open during repair() and restore().
class LedgerCare final : public QObject
{
    Q_OBJECT

public:
    explicit LedgerCare(const Settings &settings);
    ~LedgerCare() override; ///< cancels and waits
    Q_DISABLE_COPY_MOVE(LedgerCare)

    /// Strictly read-only; never fails for a bad ledger, that is what it reports.
    QFuture<core::Result<core::HealthReport>> health(const core::HealthOptions &options);
    /// See verifyFiles(). Strictly read-only.
    QFuture<core::Result<core::VerifyReport>> verify(bool isFull);
    /// Errors are those of the work itself; a ledger that nothing can be made of is an Error with
    /// LedgerCorrupt.
    QFuture<core::Result<core::RepairPlan>> planRepair();
    QFuture<core::Result<core::RepairReport>> repair();
    QFuture<core::Result<core::BackupReport>> backup(const QString &path);
    QFuture<core::Result<core::RestoreReport>> restore(const QString &path);
    /// `to` 0: the current version. Not to be cancelled.
    QFuture<core::Result<core::MigrationReport>> migrate(int to);

    /// What is under way gives up soon, with Cancelled; a repair only before it swaps.
    void cancel();

Q_SIGNALS:
    void progress(const ingather::core::WorkProgress &progress);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace ingather::engine
