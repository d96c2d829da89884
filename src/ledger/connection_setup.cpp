// SPDX-License-Identifier: MIT
#include "ledger/connection_setup.h"

#include "core/error.h"
#include "ledger/row_sum.h"
#include "ledger/sqlite.h"

#include <sqlite3.h>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

Result<> configureConnection(sqlite3 *connection)
{
    sqlite3_extended_result_codes(connection, 1);
    int granted = 0;
    for (const int option : {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, SQLITE_DBCONFIG_DEFENSIVE}) {
        const int code = sqlite3_db_config(connection, option, 1, &granted);
        if (code != SQLITE_OK || granted != 1)
            return sqliteError(code, QStringLiteral("configure ledger connection"));
    }

    struct Setting {
        const char *set;
        const char *get;
        const char *expected;
    };
    static constexpr Setting settings[]{
        {"PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "1"},
        {"PRAGMA synchronous = FULL", "PRAGMA synchronous", "2"},
        {"PRAGMA temp_store = MEMORY", "PRAGMA temp_store", "2"},
        {"PRAGMA cell_size_check = ON", "PRAGMA cell_size_check", "1"},
        {"PRAGMA trusted_schema = OFF", "PRAGMA trusted_schema", "0"},
        {"PRAGMA cache_size = -8192", "PRAGMA cache_size", "-8192"},
        {"PRAGMA wal_autocheckpoint = 1000", "PRAGMA wal_autocheckpoint", "1000"},
        {"PRAGMA journal_size_limit = 67108864", "PRAGMA journal_size_limit", "67108864"},
    };
    for (const Setting &setting : settings) {
        const Result<QString> set = ask(connection, setting.set);
        if (!set)
            return set.error();
        const Result<QString> got = ask(connection, setting.get);
        if (!got)
            return got.error();
        if (*got != QLatin1StringView(setting.expected)) {
            return Error{ErrorCode::LedgerError, QStringLiteral("configure ledger connection"), 0,
                         QStringLiteral("%1 gave %2").arg(QLatin1StringView(setting.set), *got)};
        }
    }
    return addRowSumFunction(connection);
}

Result<> setPageRoom(sqlite3 *connection, PageRoom room)
{
    const bool isLarge = room == PageRoom::Large;
    sqlite3_wal_autocheckpoint(connection, isLarge ? 8192 : 1000);
    const Result<QString> set =
        ask(connection, isLarge ? "PRAGMA cache_size = -24576" : "PRAGMA cache_size = -8192");
    return set ? Result<>() : Result<>(set.error());
}

Result<> chooseJournal(sqlite3 *connection, bool isOnNetwork)
{
    const Result<QString> mode =
        ask(connection, isOnNetwork ? "PRAGMA journal_mode = DELETE" : "PRAGMA journal_mode = WAL");
    if (!mode)
        return mode.error();
    const QLatin1StringView expected(isOnNetwork ? "delete" : "wal");
    if (*mode != expected) {
        return Error{ErrorCode::LedgerBusy, QStringLiteral("set journal mode"), 0,
                     QStringLiteral("%1 was not granted: another program has the file open").arg(expected)};
    }
    return {};
}

Result<QString> ask(sqlite3 *connection, const char *sql)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(connection, sql);
    if (!prepared)
        return prepared.error();
    const Result<bool> row = statement.step("configure ledger connection");
    if (!row)
        return row.error();
    return *row ? statement.text(0) : QString();
}

} // namespace ingather::ledger
