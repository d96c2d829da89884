// SPDX-License-Identifier: MIT
#include "ledger/inspection.h"

#include "core/error.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"
#include "ledger/write_lock.h"
#include "platform/file_system.h"

#include <QSet>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

Result<QSet<QString>> names(sqlite3 *connection, const char *sql)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(connection, sql);
    if (!prepared)
        return prepared.error();
    QSet<QString> found;
    for (;;) {
        const Result<bool> row = statement.step("read ledger schema");
        if (!row)
            return row.error();
        if (!*row)
            return found;
        found.insert(statement.text(0));
    }
}

Result<qint64> number(sqlite3 *connection, const char *sql)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(connection, sql);
    if (!prepared)
        return prepared.error();
    const Result<bool> row = statement.step("read ledger version");
    if (!row)
        return row.error();
    return *row ? statement.integer(0) : 0;
}

// A table or column that is not as a version store should have it is an oddity, not a failure to read.
bool isOddity(const Error &error)
{
    return error.code == ErrorCode::LedgerError;
}

QSet<QString> namesOf(std::initializer_list<const char *> list)
{
    QSet<QString> set;
    for (const char *name : list)
        set.insert(QString::fromLatin1(name));
    return set;
}

QString missing(const QSet<QString> &wanted, const QSet<QString> &found)
{
    QStringList list = (wanted - found).values();
    list.sort();
    return list.join(QStringLiteral(", "));
}

/// What the tables of v1 lack, as far as they are there. The indexes are another matter: they can be made
/// anew.
Result<QString> oddityOfV1Tables(sqlite3 *connection)
{
    static const QSet<QString> jobColumns =
        namesOf({"job_id", "work_id", "artifact_id", "canonical_url", "state", "lease_owner", "lease_until",
                 "created_at", "updated_at", "idempotency_key"});
    static const QSet<QString> opColumns =
        namesOf({"op_key", "job_id", "op_type", "started_at", "finished_at", "result_code", "result_json"});
    const Result<QSet<QString>> jobs =
        names(connection, "SELECT name FROM pragma_table_info('artifact_jobs')");
    if (!jobs)
        return jobs.error();
    const Result<QSet<QString>> ops = names(connection, "SELECT name FROM pragma_table_info('artifact_ops')");
    if (!ops)
        return ops.error();
    if (jobs->isEmpty())
        return QStringLiteral("the table artifact_jobs is missing");
    if (const QString absent = missing(jobColumns, *jobs); !absent.isEmpty())
        return QStringLiteral("artifact_jobs lacks ") + absent;
    if (ops->isEmpty())
        return QString(); // can be made empty
    if (const QString absent = missing(opColumns, *ops); !absent.isEmpty())
        return QStringLiteral("artifact_ops lacks ") + absent;
    return QString();
}

// The reference's other creator writes its own number there; a later one may have changed the tables as well.
constexpr qint64 newestOtherVersion = 3;

Result<QString> oddityOfOtherVersion(sqlite3 *connection)
{
    const Result<qint64> version =
        number(connection, "SELECT max(CAST(value AS INTEGER)) FROM _meta WHERE key = 'schema_version'");
    if (!version && !isOddity(version.error()))
        return version.error();
    if (version && *version > newestOtherVersion)
        return QStringLiteral("_meta says version %1").arg(*version);
    return QString(); // also a _meta of somebody else, without our columns
}

Result<> readUnversionedFacts(sqlite3 *connection, const QSet<QString> &objects, SchemaFacts &facts)
{
    const auto has = [&](const char *name) { return objects.contains(QString::fromLatin1(name)); };
    const bool hasTables = has("artifact_jobs") || has("artifact_ops");
    if (has("ingather_meta") || has("ingather_migrations")) {
        facts.oddity = QStringLiteral("tables of version 2 without the version");
        facts.isRepairable = hasTables;
        return {};
    }
    if (!hasTables)
        return {};
    Result<QString> oddity = oddityOfV1Tables(connection);
    if (oddity && oddity->isEmpty() && has("_meta"))
        oddity = oddityOfOtherVersion(connection);
    else
        facts.isRepairable = true;
    if (!oddity)
        return oddity.error();
    facts.oddity = *oddity;
    facts.hasUnversionedV1 = facts.oddity.isEmpty();
    return {};
}

} // namespace

Result<SchemaFacts> readSchemaFacts(sqlite3 *connection)
{
    return readSchemaFacts(connection, currentSchemaVersion);
}

Result<SchemaFacts> readSchemaFacts(sqlite3 *connection, int knownVersion)
{
    const Result<QSet<QString>> objects = names(connection, "SELECT name FROM sqlite_schema");
    if (!objects)
        return objects.error();
    const auto has = [&](const char *name) { return objects->contains(QString::fromLatin1(name)); };

    SchemaFacts facts;
    facts.isEmpty = objects->isEmpty();
    if (has("__schema_version__")) {
        const Result<qint64> version =
            number(connection, "SELECT max(schema_version) FROM __schema_version__");
        if (!version && isOddity(version.error())) {
            facts.oddity = QStringLiteral("__schema_version__ is not a version table");
            return facts;
        }
        if (!version)
            return version.error();
        facts.version = static_cast<int>(*version);
    }
    if (facts.version < 0) {
        facts.oddity = QStringLiteral("version %1").arg(facts.version);
        return facts;
    }
    if (facts.version == 0) {
        const Result<> read = readUnversionedFacts(connection, *objects, facts);
        if (!read)
            return read.error();
        return facts;
    }

    const Result<QString> oddity = oddityOfV1Tables(connection);
    if (!oddity)
        return oddity.error();
    facts.oddity = *oddity;
    facts.isRepairable = facts.version <= knownVersion;
    if (!facts.oddity.isEmpty())
        return facts;
    // One of the two may be missing and can be made again; without both it is no ledger of ours.
    const bool hasOwn = has("ingather_meta") || has("ingather_migrations");
    if (facts.version == 1 && hasOwn)
        facts.oddity =
            QStringLiteral("version 1 beside tables of version 2: another program has repaired it");
    if (facts.version >= 2 && !hasOwn)
        facts.oddity = QStringLiteral("version %1 without its own tables").arg(facts.version);
    if (!facts.oddity.isEmpty() || facts.version <= knownVersion)
        return facts;

    // Newer. Each step beyond ours must be there and marked as harmless, else we know nothing of it.
    SqliteStatement statement;
    Result<> prepared = statement.prepare(
        connection, "SELECT count(*) FROM ingather_migrations WHERE version > ?1 AND breaking = 0");
    if (!prepared && !isOddity(prepared.error()))
        return prepared.error();
    if (prepared) {
        statement.bind(1, qint64{knownVersion});
        const Result<bool> row = statement.step("read ledger version");
        if (!row)
            return row.error();
    }
    facts.hasBreakingStep = !prepared || statement.integer(0) != facts.version - knownVersion;
    return facts;
}

Result<> checkSchemaFacts(const SchemaFacts &facts, bool forWriting)
{
    const QString operation = QStringLiteral("look at ledger schema");
    if (!facts.oddity.isEmpty() && (forWriting || !facts.isRepairable)) {
        return Error{facts.isRepairable ? ErrorCode::LedgerNeedsRepair : ErrorCode::LedgerSchema, operation,
                     0, facts.oddity};
    }
    if (facts.hasBreakingStep && forWriting) {
        return Error{ErrorCode::LedgerNewer, operation, 0,
                     QStringLiteral("schema version %1, this program knows %2")
                         .arg(facts.version)
                         .arg(currentSchemaVersion)};
    }
    return {};
}

namespace
{

/// Whether a rollback journal lies beside the file, beginning as SQLite's do: then the file itself says
/// nothing yet (https://www.sqlite.org/fileformat2.html, 3).
bool hasHotJournal(const QString &path)
{
    const QString journal = path + QStringLiteral("-journal");
    const auto facts = platform::fileFacts(journal);
    if (!facts || !*facts || (*facts)->size == 0)
        return false;
    const Result<QByteArray> header = readHeader(journal, 8);
    return header && *header == QByteArrayView("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", 8);
}

} // namespace

Result<FileInspection> inspectFile(const QString &path, bool forWriting, const SchemaLook &look)
{
    const auto unreadable = [](Error error) {
        error.code = ErrorCode::LedgerCannotOpen;
        error.operation = QStringLiteral("look at ledger file");
        return error;
    };
    FileInspection inspection;
    const Result<std::optional<platform::FileFacts>> file = platform::fileFacts(path);
    if (!file)
        return unreadable(file.error());
    if (!*file)
        return inspection;
    inspection.isAbsent = false;
    if ((*file)->isFolder)
        return Error{ErrorCode::LedgerIsFolder, QStringLiteral("open ledger"), 0, path};
    if (!(*file)->isRegular)
        return unreadable({ErrorCode::LedgerCannotOpen, {}, 0, QStringLiteral("not a regular file")});
    inspection.hasBytes = (*file)->size > 0;

    constexpr int headerBytes = 100;
    if (inspection.hasBytes) {
        const Result<QByteArray> header = readHeader(path, headerBytes);
        if (!header)
            return header.error();
        if (!header->startsWith(QByteArrayView("SQLite format 3\0", 16))) {
            // A power cut in the first transaction of all: rolled back by the next who opens it to write.
            if (forWriting && hasHotJournal(path))
                return inspection;
            return Error{ErrorCode::LedgerNotADatabase, QStringLiteral("open ledger"), 26, {}};
        }
        // https://www.sqlite.org/fileformat2.html, 1.3.3: read and write version 2 is WAL.
        inspection.isWal = header->at(18) == 2 || header->at(19) == 2;
    }

    SqliteConnection connection;
    if (forWriting) {
        const Result<> opened = connection.open(path, SqliteConnection::Mode::ReadWrite);
        if (!opened)
            return opened.error();
        if (!connection.isWritable())
            return Error{ErrorCode::LedgerReadOnly, QStringLiteral("open ledger"), 0, path};
    }
    if (!inspection.hasBytes)
        return inspection;

    // In WAL mode even a read-only connection makes a -wal and a -shm. Without a WAL to be read there is
    // nothing in them, and without a -shm the WAL has to be recovered: then the main file alone has to do
    // for the first look, and the opened session looks again.
    bool immutable = inspection.isWal;
    inspection.isWhole = true;
    if (inspection.isWal) {
        const auto wal = platform::fileFacts(path + QStringLiteral("-wal"));
        const auto shm = platform::fileFacts(path + QStringLiteral("-shm"));
        const bool hasLog = wal && *wal && (*wal)->size > 0;
        immutable = !(hasLog && shm && *shm);
        inspection.isWhole = !(immutable && hasLog);
    }
    const Result<> opened = connection.open(path, immutable ? SqliteConnection::Mode::Immutable
                                                            : SqliteConnection::Mode::ReadOnly);
    if (!opened)
        return opened.error();
    const Result<SchemaFacts> facts = readSchemaFacts(connection.handle());
    if (!facts) {
        // A hot journal can only be rolled back by a connection that may write: nothing to refuse yet.
        if (facts.error().code == ErrorCode::LedgerReadOnly && forWriting) {
            inspection.isWhole = false;
            return inspection;
        }
        // A power cut in a checkpoint tears the main file; what is right then stands in the log.
        if (!inspection.isWhole)
            return inspection;
        return facts.error();
    }
    const Result<> usable = checkSchemaFacts(*facts, forWriting);
    if (!usable && !inspection.isWhole)
        return inspection;
    if (!usable)
        return usable.error();
    inspection.schema = *facts;
    if (look) {
        const Result<> looked = look(connection.handle(), *facts);
        if (!looked && inspection.isWhole)
            return looked.error();
    }
    return inspection;
}

Result<FileInspection> inspectSettledFile(const QString &path, bool forWriting,
                                          std::chrono::milliseconds patience, const SchemaLook &look)
{
    Result<FileInspection> first = inspectFile(path, forWriting, look);
    const QString lockPath = WriteLock::pathFor(path);
    const auto lockFile = platform::fileFacts(lockPath);
    if ((first && !first->isAbsent) || !lockFile || !*lockFile)
        return first;
    Result<platform::FileLock> lock = platform::FileLock::open(lockPath, false);
    if (!lock)
        return first;
    const Result<bool> acquired = lock->acquire(patience);
    if (!acquired || !*acquired)
        return first;
    return inspectFile(path, forWriting, look);
}

} // namespace ingather::ledger
