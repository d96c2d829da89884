// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "ledger/records.h"
#include "ledger/session.h"
#include "ledger/sqlite.h"

#include <QList>

namespace ingather::ledger
{

/// Columns of a job in the order in which readJob() wants them; tables j (artifact_jobs) and r (its root).
#define INGATHER_JOB_COLUMNS                                                                                 \
    "j.job_id, j.work_id, j.artifact_id, j.canonical_url, j.idempotency_key, j.state, j.hold, "              \
    "j.lease_owner, "                                                                                        \
    "j.lease_until, j.fence, j.created_at, j.updated_at, j.done_at, j.removed_at, j.next_attempt_at, "       \
    "j.attempts, j.max_attempts, j.crashes, j.priority, j.generation, j.host, j.error_code, "                \
    "j.error_detail, "                                                                                       \
    "j.source_url, j.root_id, r.path, j.file_name, j.final_path, j.expected_digest, j.expect_type, "         \
    "j.segments, j.rate_limit, j.bytes_total, j.bytes_done, j.sha256, j.content_type, j.verification, "      \
    "j.batch_id"
#define INGATHER_JOB_SOURCE " artifact_jobs AS j LEFT JOIN ingather_roots AS r ON r.root_id = j.root_id "

/// Columns of an op in the order in which readOp() wants them.
#define INGATHER_OP_COLUMNS                                                                                  \
    "op_key, job_id, op_type, phase, attempt, fence, owner, started_at, finished_at, result_code, "          \
    "intent_json, result_json"

/// Columns of a part in the order in which readPart() wants them.
#define INGATHER_PART_COLUMNS "job_id, root_id, name, etag, last_modified, size, durable_length"

/// The row that the query stands on.
JobRecord readJob(const SqliteStatement &query);
OpRecord readOp(const SqliteStatement &query);
PartRecord readPart(const SqliteStatement &query);

/// All rows of a query that was executed.
core::Result<QList<JobRecord>> readJobs(SqliteStatement &query, const char *operation);

core::Result<std::optional<PartRecord>> partOf(Session &session, const core::JobId &job);

/// Text of an object as it is stored, and back; an unreadable text gives an empty object.
QString toStoredJson(const QJsonObject &object);
QJsonObject fromStoredJson(const QString &text);

/// `result_sum`: CRC-32C over the UTF-8 bytes of result_json.
qint64 resultSum(const QString &storedJson);

} // namespace ingather::ledger
