// SPDX-License-Identifier: MIT
#include "ledger/session_p.h"

#include "core/error.h"
#include "ledger/log.h"
#include "ledger/row_sum.h"
#include "ledger/schema.h"
#include "platform/file_system.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlDriver>
#include <QSqlError>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

// A start may have to wait for another program that migrates a large ledger.
constexpr std::chrono::seconds startPatience{60};
constexpr int busyTimeoutMs = 5000;

QString newConnectionName()
{
    static std::atomic<quint64> counter{0};
    return QStringLiteral("ingather-ledger-%1").arg(++counter);
}

// Folders that are missing on the way to a new ledger, for nobody else's eyes.
Result<> makeFolder(const QString &folder)
{
    if (QFileInfo(folder).isDir())
        return {};
    const QString parent = QFileInfo(folder).absolutePath();
    if (parent != folder) {
        const Result<> made = makeFolder(parent);
        if (!made)
            return made;
    }
    if (::mkdir(QFile::encodeName(folder).constData(), 0700) != 0 && errno != EEXIST) {
        Error error = platform::errorFromErrno(errno, QStringLiteral("make ledger folder"), folder);
        error.code = ErrorCode::LedgerCannotOpen;
        return error;
    }
    return {};
}

} // namespace

Result<> Session::Private::open()
{
    path = QDir::cleanPath(QFileInfo(options.path).absoluteFilePath());
    return isReadOnly() ? openForReading() : openForWriting();
}

/// A refusal may come of a look at a file that another program is just setting up, and no file at all of a
/// swap that is under way: if there is a lock file, look again under the lock before saying no.
Result<FileInspection> Session::Private::inspect() const
{
    Result<FileInspection> first = inspectFile(path, !isReadOnly());
    if ((first && !first->isAbsent) || !QFileInfo::exists(WriteLock::pathFor(path)))
        return first;
    Result<platform::FileLock> other = platform::FileLock::open(WriteLock::pathFor(path), false);
    if (!other)
        return first;
    const Result<bool> acquired = other->acquire(options.lockPatience);
    if (!acquired || !*acquired)
        return first;
    return inspectFile(path, !isReadOnly());
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
    const Result<FileInspection> inspection = inspect();
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
        done = configure();
    if (!done)
        return done;
    const Result<SchemaFacts> facts = readSchemaFacts(connection);
    if (!facts)
        return facts.error();
    done = checkSchemaFacts(*facts, false);
    if (!done)
        return done;
    if (facts->version < currentSchemaVersion)
        return unmigrated(QStringLiteral("version %1").arg(facts->version));
    if (facts->version > currentSchemaVersion)
        qCInfo(logLedger, "the ledger is newer (version %d); opened for reading", facts->version);
    done = readEpoch();
    if (done)
        done = prepareOwnStatements();
    return done;
}

Result<> Session::Private::openForWriting()
{
    const Result<FileInspection> inspection = inspect();
    if (!inspection)
        return inspection.error();
    const QString folder = QFileInfo(path).absolutePath();
    Result<> done;
    if (inspection->isAbsent) {
        done = makeFolder(folder);
        if (!done)
            return done;
    }
    const Result<bool> isOnNetwork = platform::isNetworkFileSystem(folder);
    if (!isOnNetwork)
        return isOnNetwork.error();

    // Before the ledger is opened, so that a generation read here is never younger than the file.
    done = lock.open(path, true);
    if (!done)
        return done;

    const bool isReady =
        inspection->schema.version >= currentSchemaVersion && inspection->isWal != *isOnNetwork;
    if (!isReady) {
        const auto patience = std::max<std::chrono::milliseconds>(options.lockPatience, startPatience);
        done = lock.acquire(patience, options.owner, 0);
        if (!done && done.error().code == ErrorCode::LedgerSwapped) {
            done = lock.open(path, true); // while we waited; nothing of the file before it has been opened
            if (done)
                done = lock.acquire(patience, options.owner, 0);
        }
        if (!done)
            return done;
        done = prepareFile(*isOnNetwork);
        lock.release();
    } else {
        done = connect();
        if (done)
            done = configure();
    }
    if (!done)
        return done;

    const Result<SchemaFacts> facts = readSchemaFacts(connection);
    if (!facts)
        return facts.error();
    done = checkSchemaFacts(*facts, true);
    if (!done)
        return done;
    if (facts->version < currentSchemaVersion) {
        return Error{ErrorCode::LedgerSchema, QStringLiteral("open ledger"), 0,
                     QStringLiteral("version %1 after the migration").arg(facts->version)};
    }
    if (facts->version > currentSchemaVersion)
        qCInfo(logLedger, "the ledger is newer (version %d) but compatible", facts->version);
    done = readEpoch();
    if (done)
        done = prepareOwnStatements();
    return done;
}

/// Under the write lock: makes the file if it is not there, migrates it and sets its journal mode.
Result<> Session::Private::prepareFile(bool isOnNetwork)
{
    const Result<FileInspection> inspection = inspectFile(path, true); // somebody may have been quicker
    if (!inspection)
        return inspection.error();
    Result<> done;
    if (inspection->isAbsent)
        done = createFile();
    if (done)
        done = connect();
    if (done)
        done = configure();
    // A new file starts in WAL; an existing one is not touched before its migration is through.
    const bool isNew = !inspection->hasBytes;
    if (done && isNew)
        done = chooseJournal(isOnNetwork);
    if (done)
        done = migrate(connection, path, options.clock->now());
    if (done && !isNew)
        done = chooseJournal(isOnNetwork);
    return done;
}

/// SQLite would make it with the umask's mode. Nobody has it open yet, so closing it drops no locks.
Result<> Session::Private::createFile() const
{
    const int descriptor =
        ::open(QFile::encodeName(path).constData(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        Error error = platform::errorFromErrno(errno, QStringLiteral("create ledger"), path);
        error.code = error.code == ErrorCode::PermissionDenied ? ErrorCode::LedgerReadOnly
                     : error.code == ErrorCode::DiskFull       ? ErrorCode::LedgerFull
                                                               : ErrorCode::LedgerCannotOpen;
        return error;
    }
    ::close(descriptor);
    return platform::syncDirectory(QFileInfo(path).absolutePath());
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

/// Everything about the connection that writes nothing into the file.
Result<> Session::Private::configure()
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
        const Result<QString> set = pragma(setting.set);
        if (!set)
            return set.error();
        const Result<QString> got = pragma(setting.get);
        if (!got)
            return got.error();
        if (*got != QLatin1StringView(setting.expected)) {
            return Error{ErrorCode::LedgerError, QStringLiteral("configure ledger connection"), 0,
                         QStringLiteral("%1 gave %2").arg(QLatin1StringView(setting.set), *got)};
        }
    }
    return addRowSumFunction(connection);
}

/// WAL, except on a network file system, whose shared memory can't be trusted (SQLite, "WAL", 3).
Result<> Session::Private::chooseJournal(bool isOnNetwork)
{
    const Result<QString> mode =
        pragma(isOnNetwork ? "PRAGMA journal_mode = DELETE" : "PRAGMA journal_mode = WAL");
    if (!mode)
        return mode.error();
    const QLatin1StringView expected(isOnNetwork ? "delete" : "wal");
    if (*mode != expected) {
        return Error{ErrorCode::LedgerBusy, QStringLiteral("set journal mode"), 0,
                     QStringLiteral("%1 was not granted: another program has the file open").arg(expected)};
    }
    return {};
}

Result<> Session::Private::readEpoch()
{
    const Result<QString> value = pragma("SELECT value FROM ingather_meta WHERE key = 'epoch'");
    if (!value)
        return value.error();
    bool isNumber = false;
    epoch = value->toLongLong(&isNumber);
    if (!isNumber || epoch < 0 || epoch >= (qint64{1} << 31))
        return Error{ErrorCode::LedgerSchema, QStringLiteral("read epoch"), 0, *value};

    const Result<QString> journal = pragma("PRAGMA journal_mode");
    if (!journal)
        return journal.error();
    if (*journal != QLatin1StringView("wal")) {
        // DELETE with FULL leaves a window between the journal's unlink and the folder's sync.
        const Result<QString> extra = pragma("PRAGMA synchronous = EXTRA");
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
        {&newestStatement, "SELECT max(updated_at) FROM artifact_jobs"},
    };
    for (const Own &own : all) {
        const Result<> prepared = own.statement->prepare(connection, own.sql);
        if (!prepared)
            return prepared;
    }
    return checkSchemaCookie();
}

Result<QString> Session::Private::pragma(const char *sql) const
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
