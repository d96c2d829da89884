// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "platform/crash_point.h"

#include <QSqlQuery>
#include <QString>

#include <chrono>
#include <functional>
#include <memory>

namespace ingather::ledger
{

class SqliteStatement;
struct StartUp;

struct OpenOptions {
    enum class Access {
        ReadWrite, ///< creates the file if it is absent and migrates it to the current schema
        ReadOnly,  ///< never creates or migrates; an absent or older ledger is an error
    };

    QString path;
    Access access = Access::ReadWrite;
    const core::Clock *clock = nullptr; ///< outlives the session
    QString owner;                      ///< ProcessIdentity text; written into the lock file and events
    std::chrono::milliseconds lockPatience{5000};
    /// For a start that finds the ledger in need of a repair: called once, without any lock held, and
    /// followed by a second start. Not set: such a ledger is refused, as a person decides about repairs.
    std::function<core::Result<>(const OpenOptions &)> repair = {};
};

/// One connection to the ledger, of the thread that opened it. WAL (read back), synchronous=FULL,
/// foreign_keys=ON. Writing happens between begin() and commit(), which hold the cross-process write
/// lock `<ledger>.wlock` and a BEGIN IMMEDIATE; a session destroyed in between rolls back. Everything
/// is closed on every path.
class Session final
{
public:
    ~Session();
    Q_DISABLE_COPY_MOVE(Session)

    /// With ReadWrite access by way of startUp() (ledger/startup/startup.h), whose error comes back:
    /// LedgerIsFolder, LedgerNotADatabase, LedgerCannotOpen, LedgerReadOnly, LedgerCorrupt, LedgerSchema,
    /// LedgerNeedsRepair, LedgerNewer … LedgerUnmigrated for an absent, empty or older file with ReadOnly
    /// access. A file that is refused is left byte for byte as it was. A reader changes nothing, and opens
    /// what it can read.
    static core::Result<std::unique_ptr<Session>> open(const OpenOptions &options);

    /// How the ledger was found, and what was done to it before this session began.
    const StartUp &startUp() const;

    /// LedgerBusy (naming the holder in `detail`) when the write lock is not had within lockPatience.
    core::Result<> begin();
    /// Success means durable. On failure the transaction is gone and nothing of it happened.
    core::Result<> commit();
    void rollback();
    bool isInTransaction() const;
    /// False after SQLite itself ended the transaction (FULL, IOERR): sqlite3_get_autocommit().
    bool isTransactionAlive() const;
    /// Rows changed so far through this connection, those by triggers too; only ever compared.
    qint64 changes() const;

    core::Result<> savepoint();
    core::Result<> releaseSavepoint();
    void rollbackToSavepoint();

    /// Time of the running transaction: the wall clock, or just past the newest updated_at if that is
    /// later, so that the change feed's cursor grows strictly.
    core::UnixTime stamp() const;
    /// The wall clock when the running transaction began. Ends of leases and backoffs are reckoned from it:
    /// if the clock is set in the middle of a transaction, the next one moves what this one wrote.
    core::UnixTime now() const;
    /// The same, a microsecond on with each call: for rows whose order is to be kept.
    core::UnixTime nextStamp();
    /// False for `span` after a begin() of any session saw the wall clock jump by more than 2 s against the
    /// boot clock (session_clock.cpp). Leases must not be ended by time then.
    bool isClockSteady(std::chrono::seconds span) const;
    /// The running transaction is one of many large ones, which change the same pages again and again: until
    /// one that is not has been committed, more of them stay in memory and in the log (PageRoom::Large).
    void markAsOneOfMany();
    /// Names what the running transaction does, so that its commit passes these two points.
    void markCrashPoints(platform::CrashPoint beforeCommit, platform::CrashPoint afterCommit);

    /// The statement, prepared once for this connection and kept; prepared again when the schema changed.
    /// `sql` must be a string literal. Bind, exec(), read, then finish(). A parameter that stands
    /// twice has to be named @1: QtSql turns each '?' into a name of its own, also the one of ?1, and loses
    /// count.
    core::Result<QSqlQuery *> prepare(const char *sql);
    /// The same for the functions of this layer: a statement of the C library, which also looks after changes
    /// of the schema by itself. Reset, with what was bound before.
    core::Result<SqliteStatement *> statement(const char *sql);
    /// Executes a prepared and bound query: SQLite's codes as typed errors.
    core::Result<> exec(QSqlQuery &query, const char *operation);
    /// A statement without parameters or rows.
    core::Result<> run(const char *sql);
    /// Drops the kept statements if the schema has changed. begin() does it; a reader calls it before each
    /// command.
    core::Result<> refreshStatements();

    /// A repair or a restore has put another file in the place of the one that this session has open: it has
    /// to be opened anew. begin() looks by itself, under the lock; a reader asks before each command.
    bool isSwapped();
    /// Of the ledger file that this session has open; rises with each swap.
    qint64 generation() const;

    qint64 epoch() const;
    const QString &owner() const;
    const core::Clock &clock() const;
    const QString &path() const;
    /// sqlite3*; for the C handle's uses (backup, hooks).
    void *handle() const;

private:
    class Private;
    explicit Session(std::unique_ptr<Private> d);
    core::Result<> followClock(core::BootTime boot, const QString &keptMark);
    std::unique_ptr<Private> d;
};

/// Typed error of a failed query; decides on the native code only.
core::Error errorFromQuery(const QSqlQuery &query, const QString &operation);

} // namespace ingather::ledger
