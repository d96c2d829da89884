// SPDX-License-Identifier: MIT
#include "ledger/backups/copy_check.h"

#include "core/error.h"
#include "ledger/sqlite.h"

#include <sqlite3.h>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;
using core::WorkControl;
using core::WorkStep;

namespace
{

constexpr char checking[] = "check backup";
constexpr int instructionsBetweenLooks = 20'000;

int isStopped(void *control)
{
    return static_cast<const WorkControl *>(control)->isStopped() ? 1 : 0;
}

Result<QString> verdictOf(sqlite3 *connection, const char *sql)
{
    SqliteStatement check;
    const Result<> prepared = check.prepare(connection, sql);
    if (!prepared)
        return prepared.error();
    const Result<bool> row = check.step(checking);
    if (!row)
        return row.error();
    return *row ? check.text(0) : QString();
}

} // namespace

Result<> checkCopy(sqlite3 *connection, CopyCheck check, const WorkControl &control)
{
    control.report(WorkStep::VerifyingLedger, 0, 0);
    WorkControl seen = control;
    sqlite3_progress_handler(connection, instructionsBetweenLooks, isStopped, &seen);
    const Result<QString> verdict = verdictOf(
        connection, check == CopyCheck::Quick ? "PRAGMA quick_check(1)" : "PRAGMA integrity_check(1)");
    sqlite3_progress_handler(connection, 0, nullptr, nullptr);
    if (control.isStopped())
        return Error{ErrorCode::Cancelled, QString::fromLatin1(checking)};
    if (!verdict)
        return verdict.error();
    if (*verdict != QStringLiteral("ok"))
        return Error{ErrorCode::LedgerCorrupt, QString::fromLatin1(checking), SQLITE_CORRUPT, *verdict};
    return {};
}

} // namespace ingather::ledger
