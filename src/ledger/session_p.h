// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/connection_setup.h"
#include "ledger/session.h"
#include "ledger/sqlite.h"
#include "ledger/startup/startup.h"
#include "ledger/write_lock.h"
#include "platform/crash_point.h"

#include <QSqlDatabase>

#include <memory>
#include <unordered_map>
#include <vector>

namespace ingather::ledger
{

/// The inside of a Session: the connection and what is kept with it. session.cpp has what goes on during its
/// life, session_clock.cpp what it does when the wall clock is set, session_opening.cpp how it comes to be.
class Session::Private final
{
public:
    explicit Private(const OpenOptions &openOptions) : options(openOptions) {}
    ~Private();
    Q_DISABLE_COPY_MOVE(Private)

    core::Result<> open();
    core::Result<> checkSchemaCookie();
    void openLockForLooking();
    core::BootTime readClocks();
    void takeRoom(PageRoom room);

    OpenOptions options;
    StartUp startUp;
    QString path; ///< absolute and clean
    WriteLock lock;
    QSqlDatabase database;
    sqlite3 *connection = nullptr;
    qint64 epoch = 0;

    bool inTransaction = false;
    core::UnixTime stamp;
    core::UnixTime now;
    double ticks = 0;
    int savepoints = 0;
    bool isOneOfMany = false;
    PageRoom pageRoom = PageRoom::Usual;
    std::vector<std::pair<platform::CrashPoint, platform::CrashPoint>> crashPoints;

    // Comparing the two clocks at each begin shows when somebody sets the wall clock.
    QString bootClock; ///< platform::bootClockName()
    std::optional<double> wallMinusBoot;
    std::optional<core::BootTime> clockJumpedAt;

    qint64 schemaCookie = -1;
    std::unordered_map<const char *, std::unique_ptr<QSqlQuery>> queries;
    std::unordered_map<const char *, std::unique_ptr<SqliteStatement>> statements;
    void resetStatements();
    SqliteStatement beginStatement;
    SqliteStatement commitStatement;
    SqliteStatement rollbackStatement;
    SqliteStatement savepointStatement;
    SqliteStatement releaseStatement;
    SqliteStatement rollbackToStatement;
    SqliteStatement cookieStatement;
    SqliteStatement newestStatement;

private:
    bool isReadOnly() const { return options.access == OpenOptions::Access::ReadOnly; }
    core::Result<> openForReading();
    core::Result<> openForWriting();
    core::Result<> connect();
    core::Result<> readEpoch();
    core::Result<> prepareOwnStatements();
};

} // namespace ingather::ledger
