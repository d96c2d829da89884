// SPDX-License-Identifier: MIT
#include "engine/reconciliation/filed_files.h"

#include "core/error.h"
#include "engine/filed_file.h"
#include "ledger/ledger_thread.h"

#include <QDir>

#include <limits>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;
using core::ReconcileDeed;
using core::Result;
using ledger::JobRecord;

namespace
{

constexpr int pageSize = 1000;

bool isFileTrouble(const QString &name)
{
    const auto code = core::errorCodeFromName(name);
    return code && core::isFileTrouble(*code);
}

Result<> checkFile(ReconcileRound &round, const ledger::FiledJob &filed)
{
    if (!round.roots().isThere(filed.root))
        return {};
    ReconcileDeed deed = ReconcileDeed::FileBack;
    std::optional<ErrorCode> code;
    switch (lookAtFile(filed).verdict) {
    case FileVerdict::Fits:
        break;
    case FileVerdict::Missing:
        deed = ReconcileDeed::FileMissing;
        code = ErrorCode::FileMissing;
        break;
    case FileVerdict::Changed:
        deed = ReconcileDeed::FileChanged;
        code = ErrorCode::FileChanged;
        break;
    case FileVerdict::Damaged:
        deed = ReconcileDeed::FileDamaged;
        code = ErrorCode::FileDamaged;
        break;
    case FileVerdict::Unreadable:
        return {};
    }
    const QString path = QDir(filed.root).filePath(filed.path);
    if (code)
        round.report().add({deed, filed.id, path});
    const bool isKnown =
        code ? filed.errorCode == core::errorCodeName(*code) : !isFileTrouble(filed.errorCode);
    if (isKnown)
        return {};
    JobRecord job;
    job.id = filed.id;
    job.fence = filed.fence;
    job.state = filed.state;
    job.generation = filed.generation;
    std::optional<Error> what;
    if (code)
        what = Error{*code, QStringLiteral("reconcile"), 0, path};
    const Result<bool> marked =
        round.writer()
            .post<bool>([seen = ledger::SeenJob::of(job), what, op = told(job, deed, path)](
                            ledger::Session &session) { return ledger::markFile(session, seen, what, op); })
            .result();
    if (!marked)
        return marked.error();
    if (*marked && !code)
        round.report().add({deed, filed.id, path});
    return {};
}

} // namespace

Result<> reconcileFiles(ReconcileRound &round, qint64 &lastRow, qint64 most)
{
    for (qint64 left = most > 0 ? most : std::numeric_limits<qint64>::max(); left > 0;) {
        const int limit = static_cast<int>(std::min<qint64>(left, pageSize));
        const Result<QList<ledger::FiledJob>> page =
            round.reader()
                .post<QList<ledger::FiledJob>>([from = lastRow, limit](ledger::Session &session) {
                    return ledger::filedJobs(static_cast<sqlite3 *>(session.handle()), from, limit);
                })
                .result();
        if (!page)
            return page.error();
        for (const ledger::FiledJob &job : *page) {
            if (const Result<> ok = round.stopIfAsked(); !ok)
                return ok;
            if (const Result<> checked = checkFile(round, job); !checked)
                return checked;
            lastRow = job.row;
        }
        round.report().filesChecked += page->size();
        round.control().report(core::WorkStep::CheckingFiles, round.report().filesChecked, 0);
        left -= page->size();
        if (page->size() < limit) {
            lastRow = 0;
            return {};
        }
    }
    return {};
}

} // namespace ingather::engine
