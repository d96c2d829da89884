// SPDX-License-Identifier: MIT
#pragma once

#include "e2e/cli.h"
#include "support/fake_http_server.h"
#include "support/other_program.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QStringList>

#include <csignal>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace ingather::torture
{

/// What the ledger must never say, whatever was killed: one line for each fault, none if all is well. For a
/// ledger whose every job is to be done.
inline QStringList faultsOfFinishedLedger(const QString &ledger)
{
    const support::OtherProgram look(ledger, support::OtherProgram::Access::ReadOnly);
    QStringList faults;
    const auto none = [&](const char *what, const QString &sql) {
        for (const QString &row : look.rows(sql))
            faults.append(QString::fromLatin1(what) + QStringLiteral(": ") + row);
    };
    none("not done",
         QStringLiteral("SELECT job_id, state, error_code, canonical_url FROM artifact_jobs WHERE "
                        "done_at IS NULL OR state NOT IN ('INDEXED','DEDUPED','SKIPPED_DUPLICATE')"));
    none("leased",
         QStringLiteral("SELECT job_id, lease_owner FROM artifact_jobs WHERE lease_owner IS NOT NULL"));
    none("open op", QStringLiteral("SELECT job_id, op_type, phase FROM artifact_ops "
                                   "WHERE finished_at IS NULL OR phase = 'INTENT'"));
    none("integrity", QStringLiteral("SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'"));
    none("two jobs under one name", QStringLiteral("SELECT root_id, final_path FROM artifact_jobs "
                                                   "GROUP BY root_id, final_path HAVING count(*) > 1"));
    // Each visible effect has one result in one life of a job.
    none("happened twice",
         QStringLiteral("SELECT job_id, op_type, count(*) FROM ingather_events "
                        "WHERE event = 'RESULT' AND op_type IN ('FINALIZE','INDEX','DEDUPE') "
                        "GROUP BY job_id, op_type HAVING count(*) > 1"));
    none("ended twice",
         QStringLiteral("SELECT job_id, count(*) FROM ingather_events WHERE event = 'RESULT' "
                        "AND op_type IN ('INDEX','DEDUPE') GROUP BY job_id HAVING count(*) <> 1"));
    none("fence did not rise",
         QStringLiteral(
             "SELECT a.job_id, a.fence, b.fence FROM ingather_events AS a JOIN ingather_events AS b "
             "ON b.job_id = a.job_id AND b.seq > a.seq AND b.fence <= a.fence "
             "WHERE a.event = 'CLAIM' AND b.event = 'CLAIM'"));
    none("a result under an older fence",
         QStringLiteral(
             "SELECT r.job_id, r.op_type, r.fence FROM ingather_events AS r WHERE r.event = 'RESULT' "
             "AND r.fence < (SELECT max(c.fence) FROM ingather_events AS c WHERE c.job_id = r.job_id "
             "AND c.event = 'CLAIM' AND c.seq < r.seq)"));
    return faults;
}

/// Everything below a folder, hidden or not, by its path from there; folders with a '/' at their end.
inline QStringList everythingIn(const QString &folder)
{
    QStringList found;
    QDirIterator entries(folder, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                         QDirIterator::Subdirectories);
    while (entries.hasNext()) {
        const QFileInfo entry(entries.next());
        found.append(entry.filePath().mid(folder.size() + 1) +
                     (entry.isDir() ? QStringLiteral("/") : QString()));
    }
    found.sort();
    return found;
}

/// Whether somebody holds the write lock of this ledger now. Takes it for that moment.
inline bool isWriteLockHeld(const QString &ledger)
{
    const int file =
        ::open(QFile::encodeName(ledger + QStringLiteral(".wlock")).constData(), O_RDWR | O_CLOEXEC);
    if (file < 0)
        return false;
    const bool isHeld = ::flock(file, LOCK_EX | LOCK_NB) != 0;
    ::close(file);
    return isHeld;
}

/// The answer of a correct server to a request for bytes of pattern(start, size) under `tag`.
inline support::Script answer(const support::RecordedRequest &request, qint64 start, qint64 size,
                              const QByteArray &tag)
{
    support::Script script;
    const QByteArray range = request.header("Range");
    if (range.isEmpty() || request.header("If-Range") != tag) {
        script.head(200, {{"Content-Length", QByteArray::number(size)}, {"ETag", tag}});
        return script.sendPattern(start, size);
    }
    const qint64 from = range.mid(6, range.size() - 7).toLongLong();
    script.head(206, {{"Content-Length", QByteArray::number(size - from)},
                      {"Content-Range", "bytes " + QByteArray::number(from) + '-' +
                                            QByteArray::number(size - 1) + '/' + QByteArray::number(size)},
                      {"ETag", tag}});
    return script.sendPattern(start + from, size - from);
}

} // namespace ingather::torture
