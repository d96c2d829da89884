// SPDX-License-Identifier: MIT
#include "ledger/session.h"

#include "core/error.h"
#include "ledger/connection_setup.h"
#include "ledger/log.h"
#include "ledger/session_p.h"

#include <QSqlError>

#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

// Two stamps must differ as doubles; near 2e9 s their spacing is 2.4e-7 s.
constexpr double tick = 1e-6;

} // namespace

Session::Session(std::unique_ptr<Private> session) : d(std::move(session)) {}

Session::~Session() = default;

Session::Private::~Private()
{
    queries.clear();
    statements.clear(); // SQLite refuses to close under an unfinished statement
    if (inTransaction && connection != nullptr && sqlite3_get_autocommit(connection) == 0) {
        const Result<> undone = rollbackStatement.run("roll back");
        if (!undone)
            logError(undone.error());
    }
    for (SqliteStatement *statement :
         {&beginStatement, &commitStatement, &rollbackStatement, &savepointStatement, &releaseStatement,
          &rollbackToStatement, &cookieStatement, &newestStatement})
        statement->finalize();
    if (database.isValid()) {
        const QString name = database.connectionName();
        database.close();
        database = QSqlDatabase();
        QSqlDatabase::removeDatabase(name);
    }
    lock.release();
}

Result<std::unique_ptr<Session>> Session::open(const OpenOptions &options)
{
    Q_ASSERT(options.clock != nullptr);
    auto opened = std::make_unique<Private>(options);
    const Result<> done = opened->open();
    if (!done)
        return done.error();
    return std::unique_ptr<Session>(new Session(std::move(opened)));
}

Result<> Session::begin()
{
    Q_ASSERT(!d->inTransaction);
    if (d->options.access == OpenOptions::Access::ReadOnly)
        return Error{ErrorCode::LedgerReadOnly, QStringLiteral("begin transaction"), 0,
                     QStringLiteral("opened for reading")};
    Result<> done = d->lock.acquire(d->options.lockPatience, d->options.owner, d->epoch);
    if (!done)
        return done;
    done = d->beginStatement.run("begin transaction");
    if (!done) {
        d->lock.release();
        return done;
    }
    d->inTransaction = true;
    d->savepoints = 0;
    d->isOneOfMany = false;
    d->crashPoints.clear();

    done = d->checkSchemaCookie();
    Result<bool> row = done ? d->newestStatement.step("read newest change") : Result<bool>(done.error());
    if (!row) {
        rollback();
        return row.error();
    }
    const double newest = d->newestStatement.isNull(0) ? 0 : d->newestStatement.real(0);
    const QString clockMark = d->newestStatement.text(1);
    d->newestStatement.reset();
    const core::BootTime boot = d->readClocks();
    d->stamp = {std::max(d->now.seconds, newest + tick)};
    d->ticks = 0;
    done = followClock(boot, clockMark);
    if (!done)
        rollback();
    return done;
}

Result<> Session::commit()
{
    Q_ASSERT(d->inTransaction);
    if (!isTransactionAlive()) {
        rollback();
        return Error{ErrorCode::LedgerError, QStringLiteral("commit"), 0,
                     QStringLiteral("the transaction had been rolled back by an earlier error")};
    }
    d->resetStatements();
    for (const auto &[before, after] : d->crashPoints)
        platform::passCrashPoint(before);
    if (!d->isOneOfMany)
        d->takeRoom(PageRoom::Usual);
    const Result<> done = d->commitStatement.run("commit");
    if (!done) {
        rollback();
        return done;
    }
    for (const auto &[before, after] : d->crashPoints)
        platform::passCrashPoint(after);
    d->inTransaction = false;
    d->lock.release();
    return {};
}

void Session::rollback()
{
    if (!d->inTransaction)
        return;
    d->resetStatements();
    if (isTransactionAlive()) {
        const Result<> undone = d->rollbackStatement.run("roll back");
        if (!undone)
            logError(undone.error());
    }
    d->inTransaction = false;
    d->lock.release();
}

bool Session::isInTransaction() const
{
    return d->inTransaction;
}

bool Session::isTransactionAlive() const
{
    return d->inTransaction && sqlite3_get_autocommit(d->connection) == 0;
}

qint64 Session::changes() const
{
    return sqlite3_total_changes64(d->connection);
}

Result<> Session::savepoint()
{
    Q_ASSERT(d->inTransaction);
    const Result<> done = d->savepointStatement.run("set savepoint");
    if (done)
        ++d->savepoints;
    return done;
}

Result<> Session::releaseSavepoint()
{
    Q_ASSERT(d->savepoints > 0);
    d->resetStatements();
    const Result<> done = d->releaseStatement.run("release savepoint");
    if (done)
        --d->savepoints;
    return done;
}

void Session::rollbackToSavepoint()
{
    Q_ASSERT(d->savepoints > 0);
    --d->savepoints;
    if (!isTransactionAlive())
        return;
    d->resetStatements();
    Result<> done = d->rollbackToStatement.run("roll back to savepoint");
    if (done)
        done = d->releaseStatement.run("release savepoint");
    if (!done)
        logError(done.error());
}

core::UnixTime Session::stamp() const
{
    Q_ASSERT(d->inTransaction);
    return d->stamp;
}

core::UnixTime Session::now() const
{
    Q_ASSERT(d->inTransaction);
    return d->now;
}

core::UnixTime Session::nextStamp()
{
    Q_ASSERT(d->inTransaction);
    return d->stamp + tick * d->ticks++;
}

void Session::markAsOneOfMany()
{
    Q_ASSERT(d->inTransaction);
    d->isOneOfMany = true;
    d->takeRoom(PageRoom::Large);
}

void Session::Private::takeRoom(PageRoom room)
{
    if (std::exchange(pageRoom, room) == room)
        return;
    if (const Result<> taken = setPageRoom(connection, room); !taken)
        logError(taken.error()); // it is slower, and no less right
}

void Session::markCrashPoints(platform::CrashPoint beforeCommit, platform::CrashPoint afterCommit)
{
    d->crashPoints.emplace_back(beforeCommit, afterCommit);
}

Result<QSqlQuery *> Session::prepare(const char *sql)
{
    auto &kept = d->queries[sql];
    if (kept) {
        kept->finish();
        return kept.get();
    }
    auto statement = std::make_unique<QSqlQuery>(d->database);
    statement->setForwardOnly(true);
    if (!statement->prepare(QString::fromUtf8(sql))) {
        const Error error = errorFromQuery(*statement, QStringLiteral("prepare statement"));
        d->queries.erase(sql);
        return error;
    }
    kept = std::move(statement);
    return kept.get();
}

Result<SqliteStatement *> Session::statement(const char *sql)
{
    auto &kept = d->statements[sql];
    if (kept) {
        kept->reset();
        return kept.get();
    }
    auto statement = std::make_unique<SqliteStatement>();
    const Result<> prepared = statement->prepare(d->connection, sql);
    if (!prepared) {
        d->statements.erase(sql);
        return prepared.error();
    }
    kept = std::move(statement);
    return kept.get();
}

Result<> Session::exec(QSqlQuery &query, const char *operation)
{
    if (query.exec())
        return {};
    const Error error = errorFromQuery(query, QString::fromLatin1(operation));
    query.finish();
    return error;
}

Result<> Session::run(const char *sql)
{
    const Result<QSqlQuery *> query = prepare(sql);
    if (!query)
        return query.error();
    const Result<> done = exec(**query, sql);
    (*query)->finish();
    return done;
}

/// A RETURNING that was not drained would make COMMIT fail.
void Session::Private::resetStatements()
{
    for (auto &[sql, query] : queries)
        query->finish();
    for (auto &[sql, statement] : statements)
        statement->reset();
}

Result<> Session::refreshStatements()
{
    return d->checkSchemaCookie();
}

/// A schema that somebody changed: QtSql keeps the old statement's columns and reads past their end.
Result<> Session::Private::checkSchemaCookie()
{
    const Result<bool> row = cookieStatement.step("read schema version");
    if (!row)
        return row.error();
    const qint64 cookie = cookieStatement.integer(0);
    cookieStatement.reset();
    if (cookie == schemaCookie)
        return {};
    queries.clear();
    schemaCookie = cookie;
    // The number alone does not make SQLite read the schema again; a statement on a table does. Else the next
    // prepare would still see the old columns.
    return newestStatement.run("read changed schema");
}

const StartUp &Session::startUp() const
{
    return d->startUp;
}

bool Session::isSwapped()
{
    if (d->lock.isOpen())
        return d->lock.hasRisen();
    // There was no lock file when the ledger was opened. Generations count from 0: if there is one by now
    // that says more, the file has been swapped since.
    d->openLockForLooking();
    return d->lock.isOpen() && d->lock.generation() > 0;
}

qint64 Session::generation() const
{
    return d->lock.generation();
}

qint64 Session::epoch() const
{
    return d->epoch;
}

const QString &Session::owner() const
{
    return d->options.owner;
}

const core::Clock &Session::clock() const
{
    return *d->options.clock;
}

const QString &Session::path() const
{
    return d->path;
}

void *Session::handle() const
{
    return d->connection;
}

Error errorFromQuery(const QSqlQuery &query, const QString &operation)
{
    const QSqlError error = query.lastError();
    bool isNumber = false;
    const int code = error.nativeErrorCode().toInt(&isNumber);
    if (!isNumber || code <= 0) // QtSql's own complaint, such as a wrong number of values
        return {ErrorCode::LedgerError, operation, 0, error.text()};
    return sqliteError(code, operation, error.databaseText());
}

} // namespace ingather::ledger
