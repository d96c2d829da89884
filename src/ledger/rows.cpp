// SPDX-License-Identifier: MIT
#include "ledger/rows.h"

#include "core/crc32c.h"
#include "ledger/bind.h"
#include "ledger/queries.h"

#include <QJsonDocument>

namespace ingather::ledger
{

using core::Result;

namespace
{

/// Reads the columns of a row one after the other, so that a list of columns and its reader show the same
/// order.
class RowReader
{
public:
    explicit RowReader(const SqliteStatement &query) : m_query(query) {}

    QString text() { return m_query.value(m_column++).toString(); }
    qint64 integer() { return m_query.value(m_column++).toLongLong(); }
    int smallInteger() { return m_query.value(m_column++).toInt(); }
    core::UnixTime time() { return {m_query.value(m_column++).toDouble()}; }
    std::optional<core::UnixTime> optionalTime()
    {
        const QVariant value = m_query.value(m_column++);
        return value.isNull() ? std::nullopt : std::optional(core::UnixTime{value.toDouble()});
    }
    std::optional<qint64> optionalInteger()
    {
        const QVariant value = m_query.value(m_column++);
        return value.isNull() ? std::nullopt : std::optional(value.toLongLong());
    }

private:
    const SqliteStatement &m_query;
    int m_column = 0;
};

// v1 knows no phases: an op that is not finished is open, 'OK' is done, the rest failed.
core::OpPhase phaseOf(const QString &phase, bool isFinished, const QString &resultCode)
{
    if (const std::optional<core::OpPhase> known = core::opPhaseFromName(phase))
        return *known;
    if (!isFinished)
        return core::OpPhase::Intent;
    return resultCode == QStringLiteral("OK") ? core::OpPhase::Done : core::OpPhase::Failed;
}

} // namespace

JobRecord readJob(const SqliteStatement &query)
{
    RowReader row(query);
    JobRecord job;
    job.id = {row.text()};
    job.workId = row.text();
    job.artifactId = row.text();
    job.canonicalUrl = row.text();
    job.idempotencyKey = row.text();
    job.state = core::jobStateFromName(row.text()).value_or(core::JobState::Planned);
    job.hold = core::holdFromName(row.text()).value_or(core::Hold::None);
    job.leaseOwner = row.text();
    job.leaseUntil = row.optionalTime();
    job.fence = {row.integer()};
    job.createdAt = row.time();
    job.updatedAt = row.time();
    job.doneAt = row.optionalTime();
    job.removedAt = row.optionalTime();
    job.nextAttemptAt = row.time();
    job.attempts = row.smallInteger();
    if (const std::optional<qint64> most = row.optionalInteger())
        job.maxAttempts = static_cast<int>(*most);
    job.crashes = row.smallInteger();
    job.priority = row.smallInteger();
    job.generation = row.integer();
    job.host = row.text();
    job.errorCode = row.text();
    job.errorDetail = row.text();
    job.sourceUrl = row.text();
    job.rootId = row.optionalInteger();
    job.rootPath = row.text();
    job.fileName = row.text();
    job.finalPath = row.text();
    job.expectedDigest = row.text();
    job.expectType = row.text();
    job.segments = row.smallInteger();
    job.rateLimit = row.integer();
    job.bytesTotal = row.optionalInteger();
    job.bytesDone = row.integer();
    job.sha256 = row.text();
    job.contentType = row.text();
    job.verification = row.text();
    job.batchId = row.text();
    return job;
}

OpRecord readOp(const SqliteStatement &query)
{
    RowReader row(query);
    OpRecord op;
    op.opKey = row.text();
    op.job = {row.text()};
    op.type = core::opTypeFromName(row.text()).value_or(core::OpType::Head);
    const QString phase = row.text();
    op.attempt = row.smallInteger();
    op.fence = {row.integer()};
    op.owner = row.text();
    op.startedAt = row.time();
    op.finishedAt = row.optionalTime();
    op.resultCode = row.text();
    op.intent = fromStoredJson(row.text());
    op.result = fromStoredJson(row.text());
    op.phase = phaseOf(phase, op.finishedAt.has_value(), op.resultCode);
    return op;
}

QVariant rangesText(const core::ByteRanges &ranges)
{
    const bool isMore = ranges.total() > ranges.prefix();
    return isMore ? text(ranges.toText()) : null();
}

PartRecord readPart(const SqliteStatement &query)
{
    RowReader row(query);
    PartRecord part;
    part.job = {row.text()};
    part.rootId = row.integer();
    part.name = row.text();
    part.validators.etag = row.text();
    part.validators.lastModified = row.text();
    part.validators.size = row.optionalInteger();
    part.durableLength = row.integer();
    part.ranges = core::ByteRanges::fromText(row.text()).value_or(core::ByteRanges());
    return part;
}

Result<QList<JobRecord>> readJobs(SqliteStatement &query, const char *operation)
{
    QList<JobRecord> jobs;
    for (;;) {
        const Result<bool> row = query.step(operation);
        if (!row)
            return row.error();
        if (!*row)
            return jobs;
        jobs.append(readJob(query));
    }
}

Result<std::optional<PartRecord>> partOf(Session &session, const core::JobId &job)
{
    static constexpr char sql[] = "SELECT " INGATHER_PART_COLUMNS " FROM ingather_parts WHERE job_id = ?";
    const Result<SqliteStatement *> rows = query(session, sql, {text(job.value)});
    if (!rows)
        return rows.error();
    const Result<bool> row = (*rows)->step("read part");
    if (!row)
        return row.error();
    std::optional<PartRecord> part;
    if (*row)
        part = readPart(**rows);
    (*rows)->reset();
    return part;
}

QString toStoredJson(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QJsonObject fromStoredJson(const QString &text)
{
    return text.isEmpty() ? QJsonObject() : QJsonDocument::fromJson(text.toUtf8()).object();
}

qint64 resultSum(const QString &storedJson)
{
    return static_cast<qint64>(core::crc32c(storedJson.toUtf8()));
}

} // namespace ingather::ledger
