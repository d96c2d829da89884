// SPDX-License-Identifier: MIT
#include "ledger/backups/restore_comparison.h"

#include "core/error.h"
#include "ledger/backups/copy_check.h"
#include "ledger/backups/paced_progress.h"
#include "ledger/backups/snapshot.h"
#include "ledger/inspection.h"
#include "ledger/log.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"
#include "platform/file_system.h"

#include <sqlite3.h>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::RestoreReport;
using core::Result;
using core::WorkControl;
using core::WorkStep;

namespace
{

constexpr char comparing[] = "compare with backup";
constexpr qint64 rowsBetweenLooks = 1000;

Error unusable(const QString &detail, int native = 0)
{
    return {ErrorCode::BackupUnusable, QString::fromLatin1(comparing), native, detail};
}

/// Whatever SQLite has against a file that should be a backup makes it unusable, but what is the disk's
/// fault.
Error asUnusable(const Error &error)
{
    switch (error.code) {
    case ErrorCode::Cancelled:
    case ErrorCode::LedgerBusy:
    case ErrorCode::LedgerIoError:
    case ErrorCode::LedgerCannotOpen:
        return error;
    default:
        return unusable(error.detail, error.native);
    }
}

Result<> checkBackup(sqlite3 *backup, const WorkControl &control)
{
    const Result<SchemaFacts> facts = readSchemaFacts(backup);
    if (!facts)
        return asUnusable(facts.error());
    if (facts->version == 0)
        return unusable(QStringLiteral("there is no ledger in it"));
    if (const Result<> fits = checkSchemaFacts(*facts, true); !fits)
        return asUnusable(fits.error());
    if (facts->version < currentSchemaVersion) {
        return unusable(QStringLiteral("schema version %1, this program restores %2")
                            .arg(facts->version)
                            .arg(currentSchemaVersion));
    }
    const Result<> sound = checkCopy(backup, CopyCheck::Thorough, control);
    if (!sound)
        return asUnusable(sound.error());
    return {};
}

Result<qint64> countJobs(sqlite3 *connection)
{
    SqliteStatement count;
    const Result<> prepared = count.prepare(connection, "SELECT count(*) FROM artifact_jobs");
    if (!prepared)
        return prepared.error();
    const Result<bool> row = count.step(comparing);
    if (!row)
        return row.error();
    return count.integer(0);
}

/// Walks through the jobs of the ledger as they lie in the table, which gets furthest in a damaged one.
Result<> countDifferences(sqlite3 *ledger, sqlite3 *backup, const WorkControl &control, RestoreReport &report)
{
    SqliteStatement jobs;
    Result<> done = jobs.prepare(ledger, "SELECT job_id, updated_at FROM artifact_jobs NOT INDEXED");
    SqliteStatement inBackup;
    if (done)
        done = inBackup.prepare(backup, "SELECT updated_at FROM artifact_jobs WHERE job_id = ?");
    if (!done)
        return done;
    PacedProgress progress(control, WorkStep::CheckingRows);
    for (;;) {
        const Result<bool> job = jobs.step(comparing);
        if (!job)
            return job.error();
        if (!*job)
            return {};
        if (++report.jobsBefore % rowsBetweenLooks == 0) {
            if (control.isStopped())
                return Error{ErrorCode::Cancelled, QString::fromLatin1(comparing)};
            progress.tell(report.jobsBefore, 0);
        }
        inBackup.bind(1, jobs.text(0));
        const Result<bool> same = inBackup.step(comparing);
        if (!same)
            return asUnusable(same.error());
        if (!*same) {
            ++report.jobsOnlyBefore;
            continue;
        }
        if (jobs.real(1) > inBackup.real(0))
            ++report.jobsNewerBefore;
        inBackup.reset();
    }
}

} // namespace

Result<RestoreReport> compareWithBackup(const QString &ledgerPath, const QString &backupPath,
                                        const WorkControl &control)
{
    SqliteConnection backup;
    const Result<> opened = openForReading(backup, backupPath, FileUse::AtRest);
    if (!opened)
        return asUnusable(opened.error());
    const Result<> checked = checkBackup(backup.handle(), control);
    if (!checked)
        return checked.error();
    const Result<qint64> jobs = countJobs(backup.handle());
    if (!jobs)
        return asUnusable(jobs.error());
    RestoreReport report;
    report.jobsInBackup = *jobs;

    const auto present = platform::fileFacts(ledgerPath);
    if (!present || !*present || !(*present)->isRegular || (*present)->size == 0)
        return report;
    SqliteConnection ledger;
    Result<> compared = openForReading(ledger, ledgerPath, FileUse::InUse);
    if (compared)
        compared = countDifferences(ledger.handle(), backup.handle(), control, report);
    if (compared)
        return report;
    if (compared.error().code == ErrorCode::Cancelled || compared.error().code == ErrorCode::BackupUnusable)
        return compared.error();
    logError(compared.error()); // a damaged ledger is what a restore is for
    return report;
}

} // namespace ingather::ledger
