// SPDX-License-Identifier: MIT
#include "ledger/repair/judged_row.h"

#include "core/crc32c.h"
#include "core/keys.h"
#include "core/op.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace ingather::ledger
{

namespace
{

bool isHex64(const SqlValue &value)
{
    if (!value.isText() || value.bytes.size() != 64)
        return false;
    for (const char c : value.bytes)
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
    return true;
}

bool isTime(const SqlValue &value)
{
    return value.isNumber() && std::isfinite(value.number());
}

bool correctBySum(QByteArray &result, const SqlValue &sum)
{
    constexpr qsizetype longest = 4096; // in more, a chance match grows too likely
    if (sum.type != SqlValue::Type::Integer || sum.integer < 0 || sum.integer > 0xffffffff ||
        result.size() > longest)
        return false;
    const std::optional<core::BitPosition> position =
        core::locateFlippedBit(result.size(), core::crc32c(result), static_cast<std::uint32_t>(sum.integer));
    if (!position)
        return false;
    result[position->byte] = static_cast<char>(result[position->byte] ^ (1 << position->bit));
    return true;
}

} // namespace

JudgedRow judgeOp(const TableShape &shape, SqlRow values)
{
    JudgedRow judged;
    const auto at = [&](const char *column) -> SqlValue & { return values[shape.indexOf(column)]; };
    if (!isHex64(at("op_key")) || !at("job_id").isText() || !core::opTypeFromName(at("op_type").text()) ||
        !isTime(at("started_at"))) {
        judged.values = values;
        judged.refusal = QStringLiteral("not_an_op");
        return judged;
    }
    const auto correct = [&](const char *column, const SqlValue &to) {
        at(column) = to;
        judged.isCorrected = true;
    };
    if (!at("finished_at").isNull() && !isTime(at("finished_at")))
        correct("finished_at", at("started_at"));
    for (const char *column : {"result_code", "result_json", "owner", "intent_json", "phase"})
        if (shape.has(column) && !at(column).isNull() && !at(column).isText())
            correct(column, {});
    judged.quality = RowQuality::KeyRight;
    if (shape.has("result_sum")) {
        SqlValue &sum = at("result_sum");
        SqlValue &result = at("result_json");
        const auto isRight = [&] {
            return sum.type == SqlValue::Type::Integer && result.isText() &&
                   sum.integer == static_cast<qint64>(core::crc32c(result.bytes));
        };
        if (isRight()) {
            judged.quality = RowQuality::SumRight;
        } else if (!sum.isNull() && result.isText()) {
            if (correctBySum(result.bytes, sum)) {
                judged.quality = RowQuality::SumRight;
                judged.isCorrected = true;
            } else {
                sum = {};
                judged.isAltered = true;
            }
        } else if (!sum.isNull()) {
            correct("result_sum", {});
        }
        const SqlValue &phase = at("phase");
        const bool isPhase = phase.isNull() || core::opPhaseFromName(phase.text()).has_value();
        const bool isDoneWithoutResult = phase.bytes == "DONE" && !result.isText();
        if (!isPhase || isDoneWithoutResult)
            correct("phase", SqlValue::ofText("ABANDONED"));
        if (!at("phase").isNull() && at("phase").bytes != "INTENT" && at("finished_at").isNull())
            correct("finished_at", at("started_at"));
        if (at("phase").bytes == "INTENT" && !at("finished_at").isNull())
            correct("finished_at", {});
        for (const char *column : {"attempt", "fence"})
            if (at(column).type != SqlValue::Type::Integer || at(column).integer < 0)
                correct(column, SqlValue::ofInteger(column[0] == 'a' ? 1 : 0));
    }
    judged.values = values;
    return judged;
}

std::optional<JobIdentity> identityFromOp(const TableShape &shape, const SqlRow &op)
{
    for (const char *column : {"intent_json", "result_json"}) {
        if (!shape.has(column))
            continue;
        const QString url = QJsonDocument::fromJson(shape.at(op, column).bytes)
                                .object()
                                .value(QStringLiteral("url"))
                                .toString();
        if (url.isEmpty())
            continue;
        const QString workId = core::defaultWorkId(url);
        const QString key = core::jobKey(workId, core::defaultArtifactId(), url);
        const QByteArray jobId = core::jobIdForKey(key).value.toUtf8();
        if (jobId == shape.at(op, "job_id").bytes)
            return JobIdentity{jobId, workId.toUtf8(), core::defaultArtifactId().toUtf8(), url.toUtf8(),
                               key.toLatin1()};
    }
    return std::nullopt;
}

} // namespace ingather::ledger
