// SPDX-License-Identifier: MIT
#include "ledger/session_p.h"

#include "core/error.h"
#include "ledger/connection_setup.h"
#include "ledger/inspection.h"
#include "ledger/log.h"
#include "ledger/rows.h"
#include "ledger/schema.h"
#include "platform/process_identity.h"

#include <QDir>
#include <QFileInfo>
#include <QSqlDriver>
#include <QSqlError>

#include <sqlite3.h>

#include <atomic>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

constexpr int busyTimeoutMs = 5000;

QString newConnectionName()
{
    static std::atomic<quint64> counter{0};
    return QStringLiteral("ingather-ledger-%1").arg(++counter);
}

/// Whether the tables have the columns that our queries ask for.
bool canRead(sqlite3 *connection)
{
    SqliteStatement jobs;
    SqliteStatement ops;
    return jobs.prepare(connection, "SELECT " INGATHER_JOB_COLUMNS " FROM" INGATHER_JOB_SOURCE) &&
           ops.prepare(connection, "SELECT " INGATHER_OP_COLUMNS " FROM artifact_ops");
}

} // namespace

Result<> Session::Private::open()
{
    path = QDir::cleanPath(QFileInfo(options.path).absoluteFilePath());
    return isReadOnly() ? openForReading() : openForWriting();
}

/// A reader takes no lock, but what the lock file says of the ledger's generation counts for it too. Who may
/// not open it is not told of a swap.
void Session::Private::openLockForLooking()
{
    if (!QFileInfo::exists(WriteLock::pathFor(path)))
        return;
    const Result<> opened = lock.open(path, false);
    if (!opened)
        qCDebug(logLedger, "%s", qUtf8Printable(core::toLogText(opened.error())));
}

Result<> Session::Private::openForReading()
{
    openLockForLooking(); // before the ledger is opened, see openForWriting()
    const Result<FileInspection> inspection = inspectSettledFile(path, false, options.lockPatience);
    if (!inspection)
        return inspection.error();
    const auto unmigrated = [](const QString &detail) {
        return Error{ErrorCode::LedgerUnmigrated, QStringLiteral("open ledger for reading"), 0, detail};
    };
    if (inspection->isAbsent)
        return unmigrated(QStringLiteral("absent"));
    if (!inspection->hasBytes)
        return unmigrated(QStringLiteral("empty"));

    Result<> done = connect();
    if (done)
        done = configureConnection(connection);
    if (!done)
        return done;
    const Result<SchemaFacts> facts = readSchemaFacts(connection);
    if (!facts)
        return facts.error();
    done = checkSchemaFacts(*facts, false);
    if (!done)
        return done;
    if (facts->oddity.isEmpty() && facts->version < currentSchemaVersion)
        return unmigrated(QStringLiteral("version %1").arg(facts->version));
    if (!facts->oddity.isEmpty() && !canRead(connection))
        return Error{ErrorCode::LedgerNeedsRepair, QStringLiteral("open ledger for reading"), 0,
                     facts->oddity};
    startUp = startUpOfReader(*facts);
    done = readEpoch();
    if (done)
        done = prepareOwnStatements();
    return done;
}

Result<> Session::Private::openForWriting()
{
    OpenOptions cleaned = options;
    cleaned.path = path;
    startUp = ledger::startUp(cleaned);
    if (startUp.error)
        return *startUp.error;

    // Before the ledger is opened, so that a generation read here is never younger than the file.
    Result<> done = lock.open(path, true);
    if (done)
        done = connect();
    if (done)
        done = configureConnection(connection);
    if (done)
        done = readEpoch();
    if (done)
        done = prepareOwnStatements();
    bootClock = platform::bootClockName();
    return done;
}

Result<> Session::Private::connect()
{
    const QString name = newConnectionName();
    database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
    QString connectOptions = QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(busyTimeoutMs);
    if (isReadOnly())
        connectOptions += QStringLiteral(";QSQLITE_OPEN_READONLY");
    database.setConnectOptions(connectOptions);
    database.setDatabaseName(path); // not a URI: '?', '#' and '%' mean themselves
    if (!database.open()) {
        const QSqlError error = database.lastError();
        return sqliteError(error.nativeErrorCode().toInt(), QStringLiteral("open ledger"),
                           error.databaseText());
    }
    connection = *static_cast<sqlite3 **>(database.driver()->handle().data());
    if (!isReadOnly() && sqlite3_db_readonly(connection, "main") != 0)
        return Error{ErrorCode::LedgerReadOnly, QStringLiteral("open ledger"), 0, path};
    return {};
}

Result<> Session::Private::readEpoch()
{
    const Result<QString> value = ask(connection, "SELECT value FROM ingather_meta WHERE key = 'epoch'");
    if (!value)
        return value.error();
    bool isNumber = false;
    epoch = value->toLongLong(&isNumber);
    if (!isNumber || epoch < 0 || epoch >= (qint64{1} << 31))
        return Error{ErrorCode::LedgerSchema, QStringLiteral("read epoch"), 0, *value};

    const Result<QString> journal = ask(connection, "PRAGMA journal_mode");
    if (!journal)
        return journal.error();
    if (*journal != QLatin1StringView("wal")) {
        // DELETE with FULL leaves a window between the journal's unlink and the folder's sync.
        const Result<QString> extra = ask(connection, "PRAGMA synchronous = EXTRA");
        if (!extra)
            return extra.error();
        qCInfo(logLedger,
               "no write-ahead log here (network file system): slower, and one writer shuts out readers");
    }
    return {};
}

Result<> Session::Private::prepareOwnStatements()
{
    struct Own {
        SqliteStatement *statement;
        const char *sql;
    };
    const Own all[]{
        {&beginStatement, "BEGIN IMMEDIATE"},
        {&commitStatement, "COMMIT"},
        {&rollbackStatement, "ROLLBACK"},
        {&savepointStatement, "SAVEPOINT command"},
        {&releaseStatement, "RELEASE command"},
        {&rollbackToStatement, "ROLLBACK TO command"},
        {&cookieStatement, "PRAGMA schema_version"},
        {&newestStatement, "SELECT (SELECT max(updated_at) FROM artifact_jobs), "
                           "(SELECT value FROM ingather_meta WHERE key = 'clock')"},
    };
    for (const Own &own : all) {
        const Result<> prepared = own.statement->prepare(connection, own.sql);
        if (!prepared)
            return prepared;
    }
    return checkSchemaCookie();
}

} // namespace ingather::ledger
