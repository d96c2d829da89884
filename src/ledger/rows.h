// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "ledger/records.h"
#include "ledger/session.h"
#include "ledger/sqlite.h"

#include <QList>

namespace ingather::ledger
{

/// Columns of a job in the order in which readJob() wants them: `J` names the job's table (with its dot, or
/// is empty), `PATH` tells the path of its root.
#define INGATHER_JOB_COLUMNS_OF(J, PATH)                                                                     \
    J "job_id, " J "work_id, " J "artifact_id, " J "canonical_url, " J "idempotency_key, " J "state, " J     \
      "hold, " J "lease_owner, " J "lease_until, " J "fence, " J "created_at, " J "updated_at, " J           \
      "done_at, " J "removed_at, " J "next_attempt_at, " J "attempts, " J "max_attempts, " J "crashes, " J   \
      "priority, " J "generation, " J "host, " J "error_code, " J "error_detail, " J "source_url, " J        \
      "root_id, " PATH ", " J "file_name, " J "final_path, " J "expected_digest, " J "expect_type, " J       \
      "segments, " J "rate_limit, " J "bytes_total, " J "bytes_done, " J "sha256, " J "content_type, " J     \
      "verification, " J "batch_id"
/// Of tables j (artifact_jobs) and r (its root).
#define INGATHER_JOB_COLUMNS INGATHER_JOB_COLUMNS_OF("j.", "r.path")
#define INGATHER_JOB_SOURCE " artifact_jobs AS j LEFT JOIN ingather_roots AS r ON r.root_id = j.root_id "

/// Columns of an op in the order in which readOp() wants them.
#define INGATHER_OP_COLUMNS                                                                                  \
    "op_key, job_id, op_type, phase, attempt, fence, owner, started_at, finished_at, result_code, "          \
    "intent_json, result_json"

/// Columns of a part in the order in which readPart() wants them.
/// NULL unless there is more than a prefix to tell of.
QVariant rangesText(const core::ByteRanges &ranges);

#define INGATHER_PART_COLUMNS "job_id, root_id, name, etag, last_modified, size, durable_length, ranges_json"

/// The row that the query stands on.
JobRecord readJob(const SqliteStatement &query);
OpRecord readOp(const SqliteStatement &query);
PartRecord readPart(const SqliteStatement &query);

/// All rows of a query that was executed.
core::Result<QList<JobRecord>> readJobs(SqliteStatement &query, const char *operation);

/// Text of an object as it is stored, and back; an unreadable text gives an empty object.
QString toStoredJson(const QJsonObject &object);
QJsonObject fromStoredJson(const QString &text);

/// `result_sum`: CRC-32C over the UTF-8 bytes of result_json.
qint64 resultSum(const QString &storedJson);

} // namespace ingather::ledger
