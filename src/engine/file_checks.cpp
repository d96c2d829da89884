// SPDX-License-Identifier: MIT
#include "engine/file_checks.h"

#include "core/error.h"
#include "core/sha256.h"
#include "engine/filed_file.h"
#include "engine/known_roots.h"
#include "ledger/health/filed_jobs.h"
#include "ledger/health/ledger_look.h"
#include "platform/file_system.h"
#include "storage/hasher.h"
#include "storage/leftovers.h"
#include "storage/part_file.h"

#include <QDir>
#include <QElapsedTimer>
#include <QHash>
#include <QMap>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;
using core::Finding;
using core::FindingId;
using core::Result;

namespace
{

constexpr int pageSize = 1000;
constexpr int mostExamples = 10;
constexpr qint64 reportEveryMs = 200;

/// What was found of one kind.
struct Tally {
    qint64 count = 0;
    QStringList examples;

    void add(const QString &example)
    {
        if (++count <= mostExamples)
            examples.append(example);
    }
};

class FileChecks
{
public:
    FileChecks(const ledger::LedgerLook &look, bool hashFiles, const core::WorkControl &control)
        : m_look(look), m_hashFiles(hashFiles), m_control(control)
    {
    }

    Result<QList<Finding>> findings();

private:
    Result<> checkJobs();
    Result<> checkParts();
    Result<> checkFile(const ledger::FiledJob &job);
    Result<> checkContent(const ledger::FiledJob &job, const QString &path, bool isNewer);
    void append(QList<Finding> &list, FindingId id, const QString &detail = {}) const;

    const ledger::LedgerLook &m_look;
    bool m_hashFiles;
    const core::WorkControl &m_control;
    QHash<FindingId, Tally> m_tallies;
    KnownRoots m_roots;
    QMap<QString, qint64> m_absentRoots; ///< with the files that could not be looked for
    QMap<QString, Tally> m_orphans;      ///< by root
    qint64 m_unreadable = 0;
};

Result<QList<Finding>> FileChecks::findings()
{
    Result<> done = checkJobs();
    if (done)
        done = checkParts();
    if (!done)
        return done.error();

    QList<Finding> list;
    append(list, FindingId::FileMissing,
           m_unreadable > 0 ? QStringLiteral("%1 could not be looked at").arg(m_unreadable) : QString());
    append(list, FindingId::FileSizeWrong);
    if (m_hashFiles)
        append(list, FindingId::FileHashWrong);
    append(list, FindingId::FileChanged);
    for (auto it = m_absentRoots.cbegin(); it != m_absentRoots.cend(); ++it)
        list.append(core::found(FindingId::VolumeAbsent, it.key(), {}, it.value()));
    if (m_absentRoots.isEmpty())
        list.append(core::allWell(FindingId::VolumeAbsent));
    for (auto it = m_orphans.cbegin(); it != m_orphans.cend(); ++it)
        list.append(core::found(FindingId::PartsOrphaned, storage::partsFolder(it.key()), {}, it->count,
                                it->examples));
    if (m_orphans.isEmpty())
        list.append(core::allWell(FindingId::PartsOrphaned));
    return list;
}

void FileChecks::append(QList<Finding> &list, FindingId id, const QString &detail) const
{
    const auto at = m_tallies.constFind(id);
    if (at == m_tallies.cend())
        list.append(core::allWell(id));
    else
        list.append(core::found(id, QStringLiteral("artifact_jobs"), detail, at->count, at->examples));
}

Result<> FileChecks::checkJobs()
{
    const Result<qint64> total = ledger::filedJobCount(m_look.handle());
    if (!total)
        return total.error();
    QElapsedTimer sinceReport;
    qint64 done = 0;
    qint64 row = 0;
    for (;;) {
        const Result<QList<ledger::FiledJob>> page = ledger::filedJobs(m_look.handle(), row, pageSize);
        if (!page)
            return page.error();
        for (const ledger::FiledJob &job : *page) {
            if (m_control.isStopped())
                return Error{ErrorCode::Cancelled, QStringLiteral("check files")};
            if (!sinceReport.isValid() || sinceReport.elapsed() >= reportEveryMs) {
                m_control.report(core::WorkStep::CheckingFiles, done, *total);
                sinceReport.start();
            }
            const Result<> checked = checkFile(job);
            if (!checked)
                return checked;
            row = job.row;
            ++done;
        }
        if (page->size() < pageSize)
            return {};
    }
}

Result<> FileChecks::checkFile(const ledger::FiledJob &job)
{
    if (!m_roots.isThere(job.root)) {
        ++m_absentRoots[job.root];
        return {};
    }
    const FileLook look = lookAtFile(job);
    switch (look.verdict) {
    case FileVerdict::Unreadable:
        ++m_unreadable;
        [[fallthrough]];
    case FileVerdict::Missing:
        m_tallies[FindingId::FileMissing].add(job.id.value);
        return {};
    case FileVerdict::Changed:
        m_tallies[FindingId::FileChanged].add(job.id.value);
        return {};
    case FileVerdict::Damaged:
        m_tallies[FindingId::FileSizeWrong].add(job.id.value);
        return {};
    case FileVerdict::Fits:
        break;
    }
    return m_hashFiles ? checkContent(job, QDir(job.root).filePath(job.path), look.isNewer) : Result<>();
}

Result<> FileChecks::checkContent(const ledger::FiledJob &job, const QString &path, bool isNewer)
{
    const std::optional<core::Sha256> expected = core::Sha256::fromHex(job.sha256);
    if (!expected)
        return {};
    const Result<core::Sha256> digest = storage::hashFile(path, -1, [this] { return m_control.isStopped(); });
    if (m_control.isStopped())
        return Error{ErrorCode::Cancelled, QStringLiteral("check files")};
    if (!digest) {
        // It was there a moment ago: gone now, or not to be read.
        ++m_unreadable;
        m_tallies[FindingId::FileMissing].add(job.id.value);
    } else if (*digest != *expected) {
        m_tallies[isNewer ? FindingId::FileChanged : FindingId::FileHashWrong].add(job.id.value);
    }
    return {};
}

Result<> FileChecks::checkParts()
{
    const Result<QStringList> roots = ledger::rootPaths(m_look.handle());
    if (!roots)
        return roots.error();
    for (const QString &root : *roots) {
        const Result<QStringList> names =
            m_roots.isThere(root) ? storage::leftoversIn(root) : Result<QStringList>(QStringList());
        if (!names)
            continue; // what can't be listed can't be judged
        for (const QString &name : *names) {
            if (m_control.isStopped())
                return Error{ErrorCode::Cancelled, QStringLiteral("check parts")};
            const std::optional<core::JobId> job = storage::jobOfPart(name);
            const Result<bool> isWanted =
                job ? ledger::isPartWanted(m_look.handle(), *job, name) : Result<bool>(false);
            if (!isWanted)
                return isWanted.error();
            if (!*isWanted)
                m_orphans[root].add(name);
        }
    }
    return {};
}

} // namespace

Result<QList<Finding>> checkFiles(const QString &ledgerPath, bool hashFiles, const core::WorkControl &control)
{
    const Result<std::unique_ptr<ledger::LedgerLook>> look = ledger::LedgerLook::open(ledgerPath);
    if (!look)
        return look.error();
    if (!(*look)->isOpen())
        return QList<Finding>{*(*look)->obstacle()};
    return FileChecks(**look, hashFiles, control).findings();
}

} // namespace ingather::engine
