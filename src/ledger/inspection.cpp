// SPDX-License-Identifier: MIT
#include "ledger/inspection.h"

#include "core/error.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"
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
    if (const QString absent = missing(jobColumns, *jobs); !absent.isEmpty())
        return QStringLiteral("artifact_jobs lacks ") + absent;
    if (const QString absent = missing(opColumns, *ops); !absent.isEmpty())
        return QStringLiteral("artifact_ops lacks ") + absent;
    return QString();
}

} // namespace

Result<SchemaFacts> readSchemaFacts(sqlite3 *connection)
{
    const Result<QSet<QString>> objects = names(connection, "SELECT name FROM sqlite_schema");
    if (!objects)
        return objects.error();
    const auto has = [&](const char *name) { return objects->contains(QString::fromLatin1(name)); };

    SchemaFacts facts;
    facts.isEmpty = objects->isEmpty();
    const bool hasTables = has("artifact_jobs") || has("artifact_ops");

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

    if (facts.version == 0) {
        if (hasTables)
            facts.oddity =
                has("_meta") ? QStringLiteral("written by the other program of v1, with its version in _meta")
                             : QStringLiteral("ledger tables without a version");
        else if (has("ingather_meta"))
            facts.oddity = QStringLiteral("tables of version 2 without the ledger's own");
        return facts;
    }
    if (facts.version < 0) {
        facts.oddity = QStringLiteral("version %1").arg(facts.version);
        return facts;
    }

    const Result<QString> oddity = oddityOfV1Tables(connection);
    if (!oddity)
        return oddity.error();
    facts.oddity = *oddity;
    if (!facts.oddity.isEmpty())
        return facts;
    if (facts.version == 1 && has("ingather_meta"))
        facts.oddity =
            QStringLiteral("version 1 beside tables of version 2: another program has repaired it");
    if (facts.version >= 2 && !(has("ingather_meta") && has("ingather_migrations")))
        facts.oddity = QStringLiteral("version %1 without its own tables").arg(facts.version);
    if (!facts.oddity.isEmpty() || facts.version <= currentSchemaVersion)
        return facts;

    // Newer. Each step beyond ours must be there and marked as harmless, else we know nothing of it.
    const Result<qint64> harmless =
        number(connection, "SELECT count(*) FROM ingather_migrations WHERE version > 2 AND breaking = 0");
    static_assert(currentSchemaVersion == 2);
    if (!harmless && !isOddity(harmless.error()))
        return harmless.error();
    facts.hasBreakingStep = !harmless || *harmless != facts.version - currentSchemaVersion;
    return facts;
}

Result<> checkSchemaFacts(const SchemaFacts &facts, bool forWriting)
{
    const QString operation = QStringLiteral("look at ledger schema");
    if (!facts.oddity.isEmpty())
        return Error{ErrorCode::LedgerSchema, operation, 0, facts.oddity};
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

Result<FileInspection> inspectFile(const QString &path, bool forWriting)
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
    bool isWithoutItsLog = false;
    if (inspection.isWal) {
        const auto wal = platform::fileFacts(path + QStringLiteral("-wal"));
        const auto shm = platform::fileFacts(path + QStringLiteral("-shm"));
        const bool hasLog = wal && *wal && (*wal)->size > 0;
        immutable = !(hasLog && shm && *shm);
        isWithoutItsLog = immutable && hasLog;
    }
    const Result<> opened = connection.open(path, immutable ? SqliteConnection::Mode::Immutable
                                                            : SqliteConnection::Mode::ReadOnly);
    if (!opened)
        return opened.error();
    const Result<SchemaFacts> facts = readSchemaFacts(connection.handle());
    if (!facts) {
        // A hot journal can only be rolled back by a connection that may write: nothing to refuse yet.
        if (facts.error().code == ErrorCode::LedgerReadOnly && forWriting)
            return inspection;
        // A power cut in a checkpoint tears the main file; what is right then stands in the log.
        if (isWithoutItsLog)
            return inspection;
        return facts.error();
    }
    const Result<> usable = checkSchemaFacts(*facts, forWriting);
    if (!usable && isWithoutItsLog)
        return inspection;
    if (!usable)
        return usable.error();
    inspection.schema = *facts;
    return inspection;
}

} // namespace ingather::ledger
