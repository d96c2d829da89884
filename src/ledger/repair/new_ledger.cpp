// SPDX-License-Identifier: MIT
#include "ledger/repair/new_ledger.h"

#include "core/error.h"
#include "ledger/row_sum.h"
#include "ledger/schema.h"

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

const QString writing = QStringLiteral("write repaired ledger");

quint32 sumOf(const SqlRow &row)
{
    ValueSum sum;
    for (const SqlValue &value : row)
        sum.add(value);
    return sum.value();
}

double updatedAtOf(const TableShape &shape, const SqlRow &row)
{
    for (const char *column : {"updated_at", "finished_at", "started_at", "verified_at", "at"})
        if (shape.has(column) && shape.at(row, column).isNumber())
            return shape.at(row, column).number();
    return 0;
}

} // namespace

NewLedger::~NewLedger()
{
    // SQLite refuses to close under a statement.
    m_tables.clear();
    m_jobById.finalize();
    m_jobByKey.finalize();
}

Result<std::unique_ptr<NewLedger>> NewLedger::create(const QString &path, int version,
                                                     const ExtraColumns &extra, const core::Clock &clock)
{
    std::unique_ptr<NewLedger> made(new NewLedger(clock));
    made->m_path = path;
    made->m_version = version;
    Result<> done = made->m_connection.open(path, SqliteConnection::Mode::Create);
    if (done)
        done = made->begin(extra);
    if (!done)
        return done.error();
    return made;
}

Result<> NewLedger::migrateTo(int version)
{
    MigrationRequest request;
    request.ledgerPath = m_path;
    request.now = m_clock.now();
    request.to = version;
    request.makesBackup = false;
    const Result<core::MigrationReport> migrated = migrate(handle(), request);
    return migrated ? Result<>() : Result<>(migrated.error());
}

Result<> NewLedger::begin(const ExtraColumns &extra)
{
    // Nothing of this file is worth anything before finish(); then it is synced as a whole.
    Result<> done = runScript(handle(),
                              QByteArrayLiteral("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; "
                                                "PRAGMA foreign_keys = OFF; PRAGMA cache_size = -65536"),
                              writing);
    if (done)
        done = addRowSumFunction(handle());
    if (done)
        done = migrateTo(m_version);
    if (done)
        done = runScript(handle(), QByteArrayLiteral("BEGIN IMMEDIATE"), writing);
    if (!done)
        return done;

    done = setIndexesAside();
    if (!done)
        return done;
    for (const QString &name : ownTables(m_version)) {
        done = addTable(name, extra.value(name));
        if (!done)
            return done;
    }
    return {};
}

Result<> NewLedger::addTable(const QString &name, const QList<QByteArray> &extra)
{
    auto table = std::make_shared<Table>();
    int added = 0;
    for (const QByteArray &column : extra) {
        const Result<> done =
            runStatement(handle(), "ALTER TABLE " + quotedName(name) + " ADD COLUMN " + column, writing);
        if (!done && !blamesStatement(done.error()))
            return done;
        added += done ? 1 : 0;
        const Result<> noted =
            done ? Result<>()
                 : reject(QStringLiteral("sqlite_schema"),
                          rowJson({QStringLiteral("table"), QStringLiteral("column")},
                                  {SqlValue::ofText(name.toUtf8()), SqlValue::ofText(column)}),
                          done.error().detail);
        if (!noted)
            return noted;
    }
    Result<TableShape> shape = tableShape(handle(), name);
    if (!shape)
        return shape.error();
    table->shape = std::move(*shape);
    table->shape.extraColumns = added;
    // They may hold what they like.
    for (int i = 1; i <= added; ++i)
        table->shape.types[table->shape.types.size() - i].clear();
    table->account.table = name;
    m_tables.insert(name, table);
    return table->writer.prepare(handle(), table->shape);
}

/// Triggers are for programs at work, and an index is cheaper made at once than entry by entry. The UNIQUE
/// ones stay: they tell rivals.
Result<> NewLedger::setIndexesAside()
{
    const Result<QList<SchemaObject>> objects = schemaObjects(handle());
    if (!objects)
        return objects.error();
    for (const SchemaObject &object : *objects) {
        const bool isUnique = object.sql.toUpper().startsWith("CREATE UNIQUE");
        if (object.type != QStringLiteral("trigger") && (object.type != QStringLiteral("index") || isUnique))
            continue;
        m_setAside.append(object);
        const QByteArray drop = "DROP " + object.type.toUtf8().toUpper() + ' ' + quotedName(object.name);
        const Result<> done = runScript(handle(), drop, writing);
        if (!done)
            return done;
    }
    return {};
}

const TableShape &NewLedger::shape(const QString &table) const
{
    return m_tables.value(table)->shape;
}

/// For the ends of add().
Result<bool> NewLedger::refuse(const QString &table, const QByteArray &json, const QString &reason)
{
    const Result<> rejected = reject(table, json, reason);
    return rejected ? Result<bool>(false) : Result<bool>(rejected.error());
}

Result<bool> NewLedger::add(const QString &tableName, const JudgedRow &row, bool isReadable)
{
    Table &table = *m_tables.value(tableName);
    if (!row.refusal.isEmpty()) {
        table.account.readable += isReadable ? 1 : 0;
        ++table.account.rejected;
        return refuse(tableName, rowJson(table.shape.columns, row.values), row.refusal);
    }
    const Kept candidate{row.quality, updatedAtOf(table.shape, row.values), sumOf(row.values), isReadable,
                         row.isAltered};
    const Result<std::optional<qint64>> inserted = table.writer.insert(row.values);
    if (!inserted)
        return inserted.error();
    if (*inserted) {
        table.kept.insert_or_assign(**inserted, candidate);
        return true;
    }
    const Result<Rivalry> rivalry = settleRivalry(table, row.values, candidate);
    if (!rivalry)
        return rivalry.error();
    if (*rivalry == Rivalry::Won || *rivalry == Rivalry::Lost)
        return true;
    table.account.readable += isReadable ? 1 : 0;
    ++table.account.rejected;
    // A CHECK, a NOT NULL, a name that is taken.
    const QString reason =
        *rivalry == Rivalry::Undecided ? QStringLiteral("number_taken") : table.writer.complaint();
    return refuse(tableName, rowJson(table.shape.columns, row.values), reason);
}

/// Puts the row in the place of those that have one of its keys, if it is better than each of them; else all
/// of them stay.
Result<NewLedger::Rivalry> NewLedger::settleRivalry(Table &table, const SqlRow &row, const Kept &candidate)
{
    Result<> done = runScript(handle(), QByteArrayLiteral("SAVEPOINT rivalry"), writing);
    QList<qint64> removed;
    std::optional<Rivalry> outcome;
    while (done && !outcome) {
        const Result<std::optional<qint64>> rival = table.writer.rivalOf(row);
        if (!rival)
            return rival.error();
        if (!*rival) {
            outcome = Rivalry::WithoutRival;
            break;
        }
        const auto known = table.kept.find(**rival);
        if (known != table.kept.end() && table.shape.rowidColumn >= 0 &&
            candidate.contradicts(known->second)) {
            outcome = Rivalry::Undecided;
            break;
        }
        if (known != table.kept.end() && !candidate.isBetterThan(known->second)) {
            outcome = Rivalry::Lost;
            break;
        }
        removed.append(**rival);
        done = table.writer.remove(**rival);
        const Result<std::optional<qint64>> inserted =
            done ? table.writer.insert(row) : Result<std::optional<qint64>>(done.error());
        if (!inserted)
            return inserted.error();
        if (*inserted) {
            for (const qint64 rowid : std::as_const(removed))
                table.kept.erase(rowid);
            table.kept.insert_or_assign(**inserted, candidate);
            outcome = Rivalry::Won;
        }
    }
    if (done && outcome != Rivalry::Won)
        done = runScript(handle(), QByteArrayLiteral("ROLLBACK TO rivalry"), writing);
    if (done)
        done = runScript(handle(), QByteArrayLiteral("RELEASE rivalry"), writing);
    if (!done)
        return done.error();
    return *outcome;
}

Result<> NewLedger::reject(const QString &source, const QByteArray &json, const QString &reason)
{
    constexpr qsizetype most = 1000;
    ++m_reasons[source + QStringLiteral(": ") + reason];
    m_rejected.append({source, json, reason});
    return m_version >= 2 && m_rejected.size() >= most ? writeRejected() : Result<>();
}

void NewLedger::countLost(const QString &table, qint64 rows)
{
    m_tables.value(table)->account.lost += rows;
}

Result<> NewLedger::writeRejected()
{
    SqliteStatement insert;
    Result<> done =
        insert.prepare(handle(), "INSERT INTO ingather_salvage(source, row_json, reason, salvaged_at) "
                                 "VALUES (?, ?, ?, ?)");
    for (const Rejected &rejected : std::as_const(m_rejected)) {
        if (!done)
            return done;
        insert.bind(1, rejected.source);
        insert.bind(2, QString::fromUtf8(rejected.json));
        insert.bind(3, rejected.reason);
        insert.bind(4, m_clock.now().seconds);
        done = insert.run("write salvaged row");
    }
    m_rejected.clear();
    return done;
}

Result<bool> NewLedger::has(SqliteStatement &statement, const char *sql, const QByteArray &value)
{
    if (!statement.isPrepared()) {
        const Result<> prepared = statement.prepare(handle(), sql);
        if (!prepared)
            return prepared.error();
    }
    statement.bind(1, SqlValue::ofText(value));
    const Result<bool> found = statement.step("look for job");
    statement.reset();
    return found;
}

Result<bool> NewLedger::hasJob(const QByteArray &jobId)
{
    return has(m_jobById, "SELECT 1 FROM artifact_jobs WHERE job_id = ?", jobId);
}

Result<bool> NewLedger::hasJobWithKey(const QByteArray &key)
{
    return has(m_jobByKey, "SELECT 1 FROM artifact_jobs WHERE idempotency_key = ?", key);
}

/// Rows whose job is gone can't stand in their table; what they say is kept.
Result<> NewLedger::moveOrphans(const char *name, const char *condition, const char *reason)
{
    const QString tableName = QString::fromLatin1(name);
    Table &table = *m_tables.value(tableName);
    QList<QPair<qint64, QByteArray>> orphans;
    Result<> done = table.writer.readWhere(condition, [&](qint64 rowid, const SqlRow &row) {
        orphans.append({rowid, rowJson(table.shape.columns, row)});
    });
    if (!done)
        return done;
    for (const auto &[rowid, json] : std::as_const(orphans)) {
        done = reject(tableName, json, QString::fromLatin1(reason));
        if (done)
            done = table.writer.remove(rowid);
        if (!done)
            return done;
        const auto known = table.kept.find(rowid);
        if (known != table.kept.end()) {
            table.account.readable += known->second.isReadable ? 1 : 0;
            ++table.account.rejected;
            table.kept.erase(known);
        }
    }
    return {};
}

Result<> NewLedger::settleReferences()
{
    static constexpr char jobGone[] =
        "job_id NOT IN (SELECT job_id FROM artifact_jobs WHERE job_id IS NOT NULL)";
    Result<> done = moveOrphans("artifact_ops", jobGone, "job_gone");
    if (done && m_version >= 2)
        done = moveOrphans("ingather_parts", jobGone, "job_gone");
    if (done && m_version >= 2)
        done = moveOrphans("ingather_urls", jobGone, "job_gone");
    if (!done || m_version < 2)
        return done;
    // A volume that is away is waited for; nothing is filed under a name that only looks like the old one.
    return runScript(
        handle(),
        QByteArrayLiteral("INSERT INTO ingather_roots(root_id, path, label, created_at) "
                          "SELECT root_id, '/lost/root-' || root_id, 'lost', min(at) FROM ("
                          "SELECT root_id, created_at AS at FROM artifact_jobs WHERE root_id IS NOT NULL "
                          "UNION ALL SELECT root_id, updated_at FROM ingather_parts "
                          "UNION ALL SELECT root_id, verified_at FROM ingather_hashes) "
                          "WHERE root_id NOT IN (SELECT root_id FROM ingather_roots) GROUP BY root_id"),
        writing);
}

/// What a column's type made of a value that did not belong there counts as altered; a row that is not there
/// is a bug, and nothing may be put in place then.
Result<> NewLedger::readBack(Table &table)
{
    std::size_t found = 0;
    const Result<> read = table.writer.readAll([&](qint64 rowid, const SqlRow &row) {
        const auto kept = table.kept.find(rowid);
        if (kept == table.kept.end())
            return; // written by the chain, or in settling references
        ++found;
        if (sumOf(row) != kept->second.sum)
            kept->second.isAltered = true;
    });
    if (!read)
        return read;
    if (found != table.kept.size())
        return Error{ErrorCode::Internal, writing, 0, table.shape.name + QStringLiteral(" lacks rows")};
    return {};
}

Result<> NewLedger::finish()
{
    for (const std::shared_ptr<Table> &table : std::as_const(m_tables)) {
        const Result<> same = readBack(*table);
        if (!same)
            return same;
        for (const auto &[rowid, kept] : table->kept) {
            table->account.readable += kept.isReadable ? 1 : 0;
            table->account.kept += kept.isReadable ? 1 : 0;
            table->account.rebuilt += kept.isReadable ? 0 : 1;
            table->account.altered += kept.isAltered ? 1 : 0;
        }
    }
    m_jobById.finalize();
    m_jobByKey.finalize();
    Result<> done;
    for (const SchemaObject &object : std::as_const(m_setAside)) {
        done = runScript(handle(), object.sql, writing);
        if (!done)
            return done;
    }
    if (m_version >= 2)
        done = writeRejected();
    if (done)
        done = runScript(handle(), QByteArrayLiteral("COMMIT"), writing);
    if (done && m_version < currentSchemaVersion)
        done = migrateTo(currentSchemaVersion);
    if (done)
        done = writeRejected();
    return done;
}

QList<core::TableAccount> NewLedger::accounts() const
{
    QList<core::TableAccount> list;
    for (const QString &name : ownTables(m_version))
        list.append(m_tables.value(name)->account);
    return list;
}

QStringList NewLedger::reasons() const
{
    QStringList lines;
    for (auto it = m_reasons.begin(); it != m_reasons.end(); ++it)
        lines.append(QStringLiteral("%1 (%2)").arg(it.key()).arg(it.value()));
    return lines;
}

} // namespace ingather::ledger
