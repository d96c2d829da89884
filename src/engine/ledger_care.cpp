// SPDX-License-Identifier: MIT
#include "engine/ledger_care.h"

#include "core/error.h"
#include "engine/blocking.h"
#include "engine/file_checks.h"
#include "engine/file_verification.h"
#include "ledger/backups/backup_file.h"
#include "ledger/health/health.h"
#include "ledger/repair/repair.h"
#include "ledger/startup/startup.h"
#include "platform/process_identity.h"
#include "platform/system_clock.h"

#include <QElapsedTimer>
#include <QThreadPool>

#include <mutex>
#include <stop_token>

namespace ingather::engine
{

using core::Result;

namespace
{

bool hasRows(const core::HealthReport &report)
{
    // Older ones say nothing of files, and of newer ones we know nothing.
    return report.schemaVersion >= 2 && report.rowCounts.contains(QStringLiteral("ingather_roots"));
}

/// The deep look goes on with what the ledger says of the disk.
Result<core::HealthReport> withFiles(core::HealthReport report, const QString &path, bool hashFiles,
                                     const core::WorkControl &control)
{
    QElapsedTimer timer;
    timer.start();
    if (!hasRows(report))
        return report;
    const Result<QList<core::Finding>> findings = checkFiles(path, hashFiles, control);
    if (findings)
        report.checks.append(*findings);
    else if (findings.error().code == core::ErrorCode::Cancelled ||
             report.status != core::HealthStatus::Broken)
        return findings.error();
    report.status = core::statusOf(core::worstOf(report.checks));
    report.elapsed += std::chrono::milliseconds(timer.elapsed());
    return report;
}

} // namespace

class LedgerCare::Private
{
public:
    explicit Private(const Settings &withSettings) : settings(withSettings) {}

    /// For one piece of work: it stops with cancel(), and reports to `care`.
    core::WorkControl control(LedgerCare *care);
    ledger::OpenOptions openOptions() const;

    Settings settings;
    platform::SystemClock clock;
    QString owner = platform::ProcessIdentity::current().toString();
    QThreadPool pool; ///< one thread: one piece of work at a time
    std::mutex mutex; ///< guards the rest
    std::stop_source stop;
};

core::WorkControl LedgerCare::Private::control(LedgerCare *care)
{
    const std::lock_guard lock(mutex);
    // What was asked for after a cancel() is not what was cancelled.
    if (stop.stop_requested())
        stop = std::stop_source();
    return {stop.get_token(), [care](const core::WorkProgress &progress) {
                QMetaObject::invokeMethod(
                    care, [care, progress] { Q_EMIT care->progress(progress); }, Qt::QueuedConnection);
            }};
}

ledger::OpenOptions LedgerCare::Private::openOptions() const
{
    ledger::OpenOptions options;
    options.path = settings.ledgerPath;
    options.clock = &clock;
    options.owner = owner;
    return options;
}

LedgerCare::LedgerCare(const Settings &settings) : d(std::make_unique<Private>(settings))
{
    qRegisterMetaType<core::WorkProgress>();
    d->pool.setMaxThreadCount(1);
}

LedgerCare::~LedgerCare()
{
    cancel();
    d->pool.waitForDone();
}

QFuture<Result<core::HealthReport>> LedgerCare::health(const core::HealthOptions &options)
{
    return runBlocking(d->pool, [this, options, control = d->control(this)] {
        ledger::HealthRequest request;
        request.path = d->settings.ledgerPath;
        request.isDeep = options.isDeep;
        request.clock = &d->clock;
        Result<core::HealthReport> report = ledger::checkHealth(request, control);
        if (report && options.isDeep)
            return withFiles(*report, request.path, options.hashFiles, control);
        return report;
    });
}

QFuture<Result<core::VerifyReport>> LedgerCare::verify(bool isFull)
{
    return runBlocking(d->pool, [this, isFull, control = d->control(this)] {
        return verifyFiles(d->settings.ledgerPath, isFull, control);
    });
}

QFuture<Result<core::RepairPlan>> LedgerCare::planRepair()
{
    return runBlocking(d->pool, [this, control = d->control(this)] {
        return ledger::planRepair(d->openOptions(), control);
    });
}

QFuture<Result<core::RepairReport>> LedgerCare::repair()
{
    return runBlocking(d->pool, [this, control = d->control(this)] {
        return ledger::repairLedger(d->openOptions(), control);
    });
}

QFuture<Result<core::BackupReport>> LedgerCare::backup(const QString &path)
{
    return runBlocking(d->pool, [this, path, control = d->control(this)] {
        return ledger::backupToFile(d->settings.ledgerPath, path, control);
    });
}

QFuture<Result<core::RestoreReport>> LedgerCare::restore(const QString &path)
{
    return runBlocking(d->pool, [this, path, control = d->control(this)] {
        return ledger::restoreLedger(d->openOptions(), path, control);
    });
}

QFuture<Result<core::MigrationReport>> LedgerCare::migrate(int to)
{
    return runBlocking(d->pool, [this, to] { return ledger::migrateLedger(d->openOptions(), to); });
}

void LedgerCare::cancel()
{
    const std::lock_guard lock(d->mutex);
    d->stop.request_stop();
}

} // namespace ingather::engine
