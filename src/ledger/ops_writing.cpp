// SPDX-License-Identifier: MIT
#include "ledger/ops_writing.h"

#include "ledger/bind.h"
#include "ledger/events.h"
#include "ledger/rows.h"

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::OpPhase;
using core::OpType;
using core::Result;

namespace
{

struct KnownOp {
    OpRecord record;
    bool isIntact = true; ///< result_sum fits result_json, or there is none
};

Result<std::optional<KnownOp>> find(Session &session, const Lease &lease, const QString &opKey)
{
    static constexpr char sql[] =
        "SELECT " INGATHER_OP_COLUMNS ", result_sum FROM artifact_ops WHERE op_key = ?";
    const Result<SqliteStatement *> rows = query(session, sql, {text(opKey)});
    if (!rows)
        return rows.error();
    const Result<bool> row = (*rows)->step("find op");
    if (!row)
        return row.error();
    if (!*row)
        return std::optional<KnownOp>();
    const SqliteStatement &at = **rows;
    KnownOp known{readOp(at), true};
    const QVariant sum = at.value(12);
    known.isIntact = sum.isNull() || sum.toLongLong() == resultSum(at.value(11).toString());
    (*rows)->reset();
    if (known.record.job != lease.job) {
        return Error{ErrorCode::Internal, QStringLiteral("find op"), 0,
                     QStringLiteral("op %1 belongs to job %2").arg(opKey, known.record.job.value)};
    }
    if (known.record.fence > lease.fence)
        return Error{ErrorCode::LeaseLost, QStringLiteral("write op"), 0, lease.job.value};
    return std::optional(known);
}

// A new try, except where the claim has counted it already.
int attemptAfter(const OpRecord &known, const Lease &lease)
{
    const bool isRunning = known.phase == OpPhase::Intent && known.fence == lease.fence;
    return isRunning ? known.attempt : known.attempt + 1;
}

Result<> note(Session &session, const char *event, const Lease &lease, const QString &opKey, OpType type,
              int attempt)
{
    return writeEvent(
        session,
        {event, lease.job, lease.fence, lease.owner, {}, {}, opKey, core::opTypeName(type), attempt});
}

} // namespace

Result<std::optional<QJsonObject>> announce(Session &session, const Lease &lease, const OpIntent &op)
{
    const Result<std::optional<KnownOp>> found = find(session, lease, op.opKey);
    if (!found)
        return found.error();
    int attempt = 1;
    if (*found) {
        const KnownOp &known = **found;
        const bool isRepeatable = op.type == OpType::Head || op.type == OpType::Resume;
        // A result whose sum does not fit is no result: the effect's verify() will see what there is.
        if (known.record.phase == OpPhase::Done && !isRepeatable && known.isIntact)
            return std::optional(known.record.result);
        attempt = attemptAfter(known.record, lease);
    }
    static constexpr char sql[] =
        "INSERT INTO artifact_ops(op_key, job_id, op_type, started_at, attempt, fence, owner, phase, "
        "intent_json) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'INTENT', ?8) ON CONFLICT(op_key) DO UPDATE SET "
        "started_at = excluded.started_at, finished_at = NULL, result_code = NULL, result_json = NULL, "
        "result_sum = NULL, attempt = excluded.attempt, fence = excluded.fence, owner = excluded.owner, "
        "phase = 'INTENT', intent_json = excluded.intent_json";
    Result<> done = execute(session, sql, "write intent",
                            {text(op.opKey), text(lease.job.value), text(core::opTypeName(op.type)),
                             time(session.stamp()), integer(attempt), integer(lease.fence.value),
                             text(lease.owner), text(toStoredJson(op.intent))});
    if (done)
        done = note(session, "INTENT", lease, op.opKey, op.type, attempt);
    if (!done)
        return done.error();
    return std::optional<QJsonObject>();
}

Result<> finish(Session &session, const Lease &lease, const OpDone &op)
{
    const Result<std::optional<KnownOp>> found = find(session, lease, op.opKey);
    if (!found)
        return found.error();
    const int attempt = *found ? attemptAfter((*found)->record, lease) : 1;
    const QString json = toStoredJson(op.result);
    static constexpr char sql[] =
        "INSERT INTO artifact_ops(op_key, job_id, op_type, started_at, finished_at, result_code, "
        "result_json, "
        "result_sum, attempt, fence, owner, phase) "
        "VALUES (?1, ?2, ?3, ?4, ?4, 'OK', ?5, ?6, ?7, ?8, ?9, 'DONE') ON CONFLICT(op_key) DO UPDATE SET "
        "finished_at = excluded.finished_at, result_code = 'OK', result_json = excluded.result_json, "
        "result_sum = excluded.result_sum, attempt = excluded.attempt, fence = excluded.fence, "
        "owner = excluded.owner, phase = 'DONE'";
    const Result<> done = execute(session, sql, "write result",
                                  {text(op.opKey), text(lease.job.value), text(core::opTypeName(op.type)),
                                   time(session.stamp()), text(json), integer(resultSum(json)),
                                   integer(attempt), integer(lease.fence.value), text(lease.owner)});
    if (!done)
        return done;
    return note(session, "RESULT", lease, op.opKey, op.type, attempt);
}

Result<> abandon(Session &session, const Lease &lease, const QString &opKey)
{
    const Result<std::optional<KnownOp>> found = find(session, lease, opKey);
    if (!found)
        return found.error();
    if (!*found)
        return {};
    static constexpr char sql[] = "UPDATE artifact_ops SET phase = 'ABANDONED', finished_at = "
                                  "coalesce(finished_at, ?), fence = ?, owner = ? "
                                  "WHERE op_key = ?";
    const Result<> done =
        execute(session, sql, "abandon op",
                {time(session.stamp()), integer(lease.fence.value), text(lease.owner), text(opKey)});
    if (!done)
        return done;
    return note(session, "ABANDON", lease, opKey, (*found)->record.type, (*found)->record.attempt);
}

Result<> abandonOpen(Session &session, const Lease &lease)
{
    static constexpr char sql[] = "UPDATE artifact_ops SET phase = 'ABANDONED', finished_at = ? "
                                  "WHERE job_id = ? AND finished_at IS NULL";
    return execute(session, sql, "abandon open ops", {time(session.stamp()), text(lease.job.value)});
}

Result<> failOpen(Session &session, const Lease &lease, const QString &errorCode)
{
    static constexpr char sql[] =
        "UPDATE artifact_ops SET phase = 'FAILED', finished_at = ?1, result_code = ?2 "
        "WHERE job_id = ?3 AND finished_at IS NULL AND phase = 'INTENT' AND fence = ?4";
    return execute(
        session, sql, "fail open ops",
        {time(session.stamp()), text(errorCode), text(lease.job.value), integer(lease.fence.value)});
}

} // namespace ingather::ledger
