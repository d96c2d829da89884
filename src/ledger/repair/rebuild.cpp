// SPDX-License-Identifier: MIT
#include "ledger/repair/rebuild.h"

#include "core/error.h"
#include "ledger/repair/engine_rows.h"
#include "ledger/repair/foreign_objects.h"
#include "ledger/repair/job_identities.h"
#include "ledger/repair/old_schema.h"
#include "ledger/repair/page_scanner.h"
#include "ledger/repair/row_feed.h"
#include "ledger/repair/row_shapes.h"
#include "ledger/repair/work_copy.h"
#include "ledger/schema.h"
#include "ledger/validation/column_names.h"
#include "ledger/validation/table_drift.h"

#include <optional>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

const QString rebuilding = QStringLiteral("rebuild ledger");
const QString jobsTable = QStringLiteral("artifact_jobs");
const QString opsTable = QStringLiteral("artifact_ops");

/// One rebuilding, step by step.
class Rebuilding final
{
public:
    Rebuilding(const RebuildSources &sources, const core::Clock &clock, const core::WorkControl &control)
        : m_sources(sources), m_clock(clock), m_control(control)
    {
    }
    Q_DISABLE_COPY_MOVE(Rebuilding)

    Result<> open(const QString &target);
    Result<> readTables();
    Result<> readPages();
    Result<> settleJobs() { return m_feed->settle(); }
    Result<> takeFromBackup();
    Result<> planWhatHasOnlyAnIdentity();
    Result<> finish();
    RebuildOutcome outcome() const;

private:
    sqlite3 *source() const { return m_sources.isReadable ? m_old.handle() : nullptr; }
    Result<> guessVersion();
    NewLedger::ExtraColumns placeColumns();
    QString likelyTable(const SqlRow &values) const;
    Result<> takeCell(const TableCell &cell);
    Result<> plan(const JobIdentity &identity);
    Result<> planJobsOfOps();
    Result<> copyHeader();

    const RebuildSources &m_sources;
    const core::Clock &m_clock;
    const core::WorkControl &m_control;
    WorkCopy m_old;
    std::unique_ptr<PageImage> m_image;
    OldSchema m_schema;
    int m_version = 0;
    JobIdentities m_identities;
    std::unique_ptr<NewLedger> m_new;
    std::unique_ptr<ForeignObjects> m_foreign;
    std::unique_ptr<RowFeed> m_feed;
    QHash<QString, QSet<qint64>> m_seen;   ///< rowids that the pages gave, by table
    QHash<QString, QStringList> m_columns; ///< of our tables, in the order of the old text
    QSet<QString> m_doubtful; ///< tables whose text lacks a column: dropped, or run into another by damage
};

Result<> Rebuilding::open(const QString &target)
{
    if (m_sources.isReadable) {
        const Result<> opened = m_old.open(m_sources.database);
        if (!opened)
            return opened;
    }
    if (m_sources.scansPages) {
        Result<std::unique_ptr<PageImage>> image =
            PageImage::open(m_sources.database, m_sources.database + QStringLiteral("-wal"));
        if (!image)
            return image.error();
        m_image = std::move(*image);
    }
    Result<OldSchema> schema = OldSchema::read(source(), m_image.get(), m_control);
    if (!schema)
        return schema.error();
    m_schema = std::move(*schema);
    const Result<> guessed = guessVersion();
    if (!guessed)
        return guessed;
    Result<std::unique_ptr<NewLedger>> made = NewLedger::create(target, m_version, placeColumns(), m_clock);
    if (!made)
        return made.error();
    m_new = std::move(*made);
    m_foreign = std::make_unique<ForeignObjects>(*m_new, m_schema.objects());
    RowFeed::ReadIdentities readIdentities;
    if (m_image)
        readIdentities = [this] { return m_identities.read(*m_image, m_schema, m_control); };
    m_feed = std::make_unique<RowFeed>(*m_new, m_identities, readIdentities);
    return m_foreign->createTables();
}

/// Where the version is gone, the rows tell: those of v1 are short, and there are no others.
Result<> Rebuilding::guessVersion()
{
    m_version = std::min(m_sources.version, currentSchemaVersion);
    if (m_version > 0)
        return {};
    if (m_schema.has(QStringLiteral("ingather_meta")) || m_schema.has(QStringLiteral("ingather_events"))) {
        m_version = 2;
        return {};
    }
    bool hasOwnRows = m_schema.has(jobsTable);
    bool hasRowsOfTwo = false;
    if (m_image) {
        ScanSink sink;
        sink.tableCell = [&](TableCell &&cell) {
            const std::optional<OwnTable> table = shapeOf(cell.values);
            hasOwnRows |= table.has_value();
            hasRowsOfTwo |= table && (cell.values.size() > 13 ||
                                      ownTableName(*table).startsWith(QStringLiteral("ingather_")));
        };
        const Result<ScanCounts> counts = scanPages(*m_image, {}, sink, m_control);
        if (!counts)
            return counts.error();
    }
    // A database of which nothing is left becomes an empty ledger; a file that is anything else stays what it
    // is.
    const bool wasDatabase = m_image && m_image->isHeaderWhole() && m_schema.objects().isEmpty();
    if (!hasOwnRows && m_sources.backup.isEmpty() && !wasDatabase)
        return Error{ErrorCode::LedgerCorrupt, rebuilding, 0,
                     QStringLiteral("no row of a ledger in any page")};
    m_version = hasRowsOfTwo || !hasOwnRows ? 2 : 1;
    return {};
}

NewLedger::ExtraColumns Rebuilding::placeColumns()
{
    NewLedger::ExtraColumns extra;
    const QList<SchemaObject> &expectedObjects = expectedSchema(m_version);
    for (const SchemaObject &object : expectedObjects) {
        const SchemaObject *old = m_schema.table(object.name);
        if (object.type != QStringLiteral("table") || !old)
            continue;
        const QStringList expected = columnNames(tableText(object.sql));
        const QStringList stored = settledNames(columnNames(tableText(old->sql)), expected);
        m_columns.insert(object.name, stored);
        const bool isComplete = std::all_of(expected.begin(), expected.end(),
                                            [&](const QString &name) { return stored.contains(name); });
        if (isComplete)
            extra.insert(object.name, compareTable(object, *old).extraColumns);
        else if (m_image)
            m_doubtful.insert(object.name);
    }
    return extra;
}

/// Our own, with SQLite, as far as it gets; what the pages gave already is passed over.
Result<> Rebuilding::readTables()
{
    if (source() == nullptr)
        return {};
    for (const QString &name : ownTables(m_version)) {
        if (m_doubtful.contains(name))
            continue; // SQLite might give one column's values for another's
        const auto take = [&](qint64 rowid, SqlRow &&row) {
            return m_feed->add(name, rowid, row, RowFeed::Source::File);
        };
        const Result<EngineReading> reading =
            readTable(source(), m_new->shape(name), m_seen.value(name), take, m_control);
        if (!reading)
            return reading.error();
    }
    return {};
}

/// Of ours; empty if the row tells of none.
QString Rebuilding::likelyTable(const SqlRow &values) const
{
    if (const std::optional<OwnTable> likely = shapeOf(values))
        return ownTableName(*likely);
    // Columns that others added stand behind ours.
    for (const QString &table : ownTables(m_version)) {
        const TableShape &shape = m_new->shape(table);
        const qsizetype own = shape.columns.size() - shape.extraColumns;
        const std::optional<OwnTable> likely =
            shape.extraColumns > 0 && values.size() > own ? shapeOf(values.first(own)) : std::nullopt;
        if (likely && ownTableName(*likely) == table)
            return table;
    }
    return {};
}

Result<> Rebuilding::takeCell(const TableCell &cell)
{
    if (cell.source.isOnFreePage)
        return {};
    if (m_foreign->ownsRoot(cell.source.root))
        return m_foreign->addCell(cell);
    QString table = m_schema.tableRoots().value(cell.source.root);
    const bool isPlaced = m_new->hasTable(table);
    if (!isPlaced) {
        if (!table.isEmpty())
            return {}; // a table of others that SQLite read whole, counters, sqlite_*
        if (isSchemaRow(cell.values))
            return {};
        table = likelyTable(cell.values);
        if (!m_new->hasTable(table)) {
            if (!cell.source.isListed || !table.isEmpty())
                return {};
            if (cell.source.root == 0 && m_foreign->likelyRoot(cell.values) != 0)
                return m_foreign->addCell(cell);
            return m_new->reject(QStringLiteral("page %1").arg(cell.source.page), rowJson({}, cell.values),
                                 QStringLiteral("table_unknown"));
        }
    }
    if (!cell.source.isListed && likelyTable(cell.values) != table)
        return {};
    const TableShape &shape = m_new->shape(table);
    QStringList stored = m_columns.value(table);
    if (m_doubtful.contains(table) && likelyTable(cell.values) == table)
        stored.clear(); // as the chain has it
    const SqlRow row = toShape(shape, stored, cell.values, cell.rowid);
    if (cell.source.isListed)
        m_seen[table].insert(cell.rowid);
    return m_feed->add(table, cell.rowid, row,
                       cell.source.isListed ? RowFeed::Source::File : RowFeed::Source::Search);
}

/// Before the pages: what SQLite reads whole of others' tables is not looked for there.
Result<> Rebuilding::readPages()
{
    Result<> done = m_foreign->readRows(source(), m_control);
    if (!done || !m_image)
        return done;
    ScanSink sink;
    sink.tableCell = [&](TableCell &&cell) {
        if (done)
            done = takeCell(cell);
    };
    sink.indexCell = [&](IndexCell &&entry) {
        if (done && m_foreign->ownsRoot(entry.source.root))
            done = m_foreign->addEntry(entry);
    };
    sink.wantsIndex = [&foreign = *m_foreign](int root) { return foreign.ownsRoot(root); };
    const Result<ScanCounts> counts = scanPages(*m_image, m_schema.roots(), sink, m_control);
    if (!counts)
        return counts.error();
    return done;
}

Result<> Rebuilding::takeFromBackup()
{
    if (m_sources.backup.isEmpty())
        return {};
    WorkCopy backup;
    const Result<> opened = backup.open(m_sources.backup);
    if (!opened)
        return opened;
    // Owners come and go, parts too; a part of a job that a later row tells of is not the backup's.
    for (const QString &name : ownTables(m_version)) {
        if (name == QStringLiteral("ingather_owners") || name == QStringLiteral("ingather_parts") ||
            name == QStringLiteral("ingather_salvage"))
            continue;
        if (!m_sources.hasLostRows && m_schema.table(name))
            continue;
        const auto take = [&](qint64 rowid, SqlRow &&row) {
            return m_feed->add(name, rowid, row, RowFeed::Source::LastBackup);
        };
        const Result<EngineReading> reading =
            readTable(backup.handle(), m_new->shape(name), {}, take, m_control);
        if (!reading)
            return reading.error();
    }
    return {};
}

Result<> Rebuilding::plan(const JobIdentity &identity)
{
    const Result<bool> byId = m_new->hasJob(identity.jobId);
    if (!byId)
        return byId.error();
    const Result<bool> byKey = m_new->hasJobWithKey(identity.key);
    if (!byKey)
        return byKey.error();
    if (*byId || *byKey)
        return {};
    JudgedRow row;
    row.values = plannedJob(m_new->shape(jobsTable), identity, m_clock.now().seconds);
    row.quality = RowQuality::IdentityOnly;
    const Result<bool> added = m_new->add(jobsTable, row, false);
    return added ? Result<>() : Result<>(added.error());
}

Result<> Rebuilding::planJobsOfOps()
{
    const TableShape &shape = m_new->shape(opsTable);
    QByteArray columns;
    for (const QString &column : shape.columns)
        columns += (columns.isEmpty() ? "" : ", ") + quotedName(column);
    const QByteArray sql = "SELECT " + columns +
                           " FROM artifact_ops WHERE op_type = 'HEAD' AND job_id NOT IN "
                           "(SELECT job_id FROM artifact_jobs WHERE job_id IS NOT NULL)";
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(m_new->handle(), sql.constData());
    if (!prepared)
        return prepared;
    QList<JobIdentity> identities;
    for (;;) {
        const Result<bool> row = statement.step("look for ops without a job");
        if (!row)
            return row.error();
        if (!*row)
            break;
        SqlRow op;
        for (int i = 0; i < shape.columns.size(); ++i)
            op.append(statement.sqlValue(i));
        if (const std::optional<JobIdentity> identity = identityFromOp(shape, op))
            identities.append(*identity);
    }
    for (const JobIdentity &identity : std::as_const(identities)) {
        const Result<> planned = plan(identity);
        if (!planned)
            return planned;
    }
    return {};
}

Result<> Rebuilding::planWhatHasOnlyAnIdentity()
{
    const QList<JobIdentity> missing = m_identities.missing();
    for (const JobIdentity &identity : missing) {
        const Result<> planned = plan(identity);
        if (!planned)
            return planned;
    }
    const Result<> ofOps = planJobsOfOps();
    if (!ofOps)
        return ofOps;
    const QList<PartlyKnownJob> partlyMissing = m_identities.partlyMissing();
    for (const PartlyKnownJob &job : partlyMissing) {
        const Result<bool> isThere = job.jobId.isEmpty() ? m_new->hasJobWithKey(job.key.toUtf8())
                                                         : m_new->hasJob(job.jobId.value.toUtf8());
        if (!isThere)
            return isThere.error();
        if (*isThere)
            continue;
        m_new->countLost(jobsTable, 1);
        const Result<> noted = m_new->reject(
            jobsTable,
            rowJson({QStringLiteral("job_id"), QStringLiteral("idempotency_key")},
                    {SqlValue::ofText(job.jobId.value.toUtf8()), SqlValue::ofText(job.key.toUtf8())}),
            QStringLiteral("only_id_left"));
        if (!noted)
            return noted;
    }
    return {};
}

/// Numbers in the header that belong to others.
Result<> Rebuilding::copyHeader()
{
    qint64 userVersion = m_image ? m_image->userVersion() : 0;
    qint64 applicationId = m_image ? m_image->applicationId() : 0;
    if (source() != nullptr) {
        for (const auto &[sql, value] : {std::pair("PRAGMA user_version", &userVersion),
                                         std::pair("PRAGMA application_id", &applicationId)}) {
            SqliteStatement statement;
            if (statement.prepare(source(), sql)) {
                const Result<bool> row = statement.step("read header");
                if (row && *row)
                    *value = statement.integer(0);
            }
        }
    }
    const QByteArray set = "PRAGMA user_version = " + QByteArray::number(userVersion) +
                           "; PRAGMA application_id = " + QByteArray::number(applicationId);
    return runScript(m_new->handle(), set, rebuilding);
}

Result<> Rebuilding::finish()
{
    Result<> done = m_new->settleReferences();
    if (done)
        done = m_new->finish();
    if (done)
        done = m_foreign->finish();
    if (done)
        done = copyHeader();
    return done;
}

RebuildOutcome Rebuilding::outcome() const
{
    return {m_new->accounts() + m_foreign->accounts(), m_new->reasons(), m_feed->largestEpoch()};
}

} // namespace

Result<RebuildOutcome> rebuildLedger(const RebuildSources &sources, const QString &target,
                                     const core::Clock &clock, const core::WorkControl &control)
{
    Rebuilding rebuilding(sources, clock, control);
    Result<> done = rebuilding.open(target);
    if (done)
        done = rebuilding.readPages();
    if (done)
        done = rebuilding.readTables();
    if (done)
        done = rebuilding.settleJobs();
    if (done)
        done = rebuilding.takeFromBackup();
    if (done)
        done = rebuilding.planWhatHasOnlyAnIdentity();
    if (done)
        done = rebuilding.finish();
    if (!done)
        return done.error();
    return rebuilding.outcome();
}

} // namespace ingather::ledger
