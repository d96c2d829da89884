// SPDX-License-Identifier: MIT
#include "engine/file_verification.h"

#include "core/digest.h"
#include "engine/filed_file.h"
#include "engine/known_roots.h"
#include "ledger/health/filed_jobs.h"
#include "ledger/health/ledger_look.h"
#include "storage/digest_verdict.h"

#include <QDir>
#include <QElapsedTimer>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;
using core::FileOutcome;
using core::Result;

namespace
{

constexpr int pageSize = 1000;
constexpr qint64 reportEveryMs = 200;

QList<core::Digest> digestsOf(const ledger::FiledJob &job)
{
    QList<core::Digest> digests;
    if (const std::optional<core::Sha256> filed = core::Sha256::fromHex(job.sha256))
        digests.append(core::Digest::fromSha256(*filed));
    if (const std::optional<core::Digest> expected = core::Digest::fromText(job.expectedDigest))
        digests.append(*expected);
    return digests;
}

FileOutcome outcomeOf(FileVerdict verdict)
{
    switch (verdict) {
    case FileVerdict::Fits:
        return FileOutcome::Fits;
    case FileVerdict::Missing:
        return FileOutcome::Missing;
    case FileVerdict::Changed:
        return FileOutcome::Changed;
    case FileVerdict::Damaged:
        return FileOutcome::Damaged;
    case FileVerdict::Unreadable:
        return FileOutcome::Unknown;
    }
    Q_UNREACHABLE();
}

FileOutcome outcomeOf(const ledger::FiledJob &job, bool isFull, const storage::StopAsked &stopAsked)
{
    const FileLook look = lookAtFile(job);
    if (look.verdict != FileVerdict::Fits || !isFull)
        return outcomeOf(look.verdict);
    const Result<storage::DigestVerdict> verdict =
        storage::judgeFileDigests(QDir(job.root).filePath(job.path), digestsOf(job), stopAsked);
    if (!verdict)
        return FileOutcome::Unknown;
    switch (verdict->kind) {
    case storage::DigestVerdict::Verified:
        return FileOutcome::Verified;
    case storage::DigestVerdict::Unknown:
        return FileOutcome::Fits;
    case storage::DigestVerdict::Wrong:
        return look.isNewer ? FileOutcome::Changed : FileOutcome::Damaged;
    }
    Q_UNREACHABLE();
}

} // namespace

Result<core::VerifyReport> verifyFiles(const QString &ledgerPath, bool isFull,
                                       const core::WorkControl &control)
{
    const Result<std::unique_ptr<ledger::LedgerLook>> look = ledger::LedgerLook::open(ledgerPath);
    if (!look)
        return look.error();
    if (!(*look)->isOpen())
        return Error{ErrorCode::LedgerCannotOpen, QStringLiteral("verify files"), 0, ledgerPath};
    const Result<qint64> total = ledger::filedJobCount((*look)->handle());
    if (!total)
        return total.error();

    core::VerifyReport report;
    report.isFull = isFull;
    KnownRoots roots;
    QElapsedTimer sinceReport;
    for (qint64 row = 0;;) {
        const Result<QList<ledger::FiledJob>> page = ledger::filedJobs((*look)->handle(), row, pageSize);
        if (!page)
            return page.error();
        for (const ledger::FiledJob &job : *page) {
            if (!sinceReport.isValid() || sinceReport.elapsed() >= reportEveryMs) {
                control.report(core::WorkStep::CheckingFiles, report.checked, *total);
                sinceReport.start();
            }
            FileOutcome outcome = FileOutcome::Unknown;
            if (roots.isThere(job.root))
                outcome = outcomeOf(job, isFull, [&control] { return control.isStopped(); });
            else if (!report.absentRoots.contains(job.root))
                report.absentRoots.append(job.root);
            if (control.isStopped())
                return Error{ErrorCode::Cancelled, QStringLiteral("verify files")};
            report.add({job.id, QDir(job.root).filePath(job.path), outcome});
            row = job.row;
        }
        if (page->size() < pageSize)
            return report;
    }
}

} // namespace ingather::engine
