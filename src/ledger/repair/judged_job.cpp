// SPDX-License-Identifier: MIT
#include "ledger/repair/judged_row.h"

#include "core/crc32c.h"
#include "core/job_state.h"
#include "core/keys.h"
#include "ledger/row_sum.h"

#include <QUrl>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>

namespace ingather::ledger
{

using core::JobState;

namespace
{

constexpr std::array identityColumns{"job_id", "work_id", "artifact_id", "canonical_url", "idempotency_key"};

const QStringList &signedColumns()
{
    static const QStringList columns = [] {
        QStringList names = QStringLiteral(INGATHER_SIGNED_COLUMNS).split(u',');
        for (QString &name : names)
            name = name.trimmed();
        return names;
    }();
    return columns;
}

/// A job's row while it is being judged.
class JobRow
{
public:
    JobRow(const TableShape &tableShape, SqlRow &rowValues) : shape(tableShape), values(rowValues) {}

    SqlValue &at(const char *column) { return values[shape.indexOf(column)]; }
    QString text(const char *column) { return at(column).text(); }
    bool has(const char *column) const { return shape.has(column); }

    QByteArray computedKey()
    {
        return core::jobKey(text("work_id"), text("artifact_id"), text("canonical_url")).toLatin1();
    }
    bool isKeyRight() { return at("idempotency_key").bytes == computedKey(); }
    bool isJobIdOf(const QByteArray &key)
    {
        return at("job_id").bytes == core::jobIdForKey(QString::fromLatin1(key)).value.toUtf8();
    }
    bool isSigned() { return has("row_sum") && !at("row_sum").isNull(); }
    quint32 computedSum()
    {
        ValueSum sum;
        for (const QString &column : signedColumns())
            sum.add(values.at(shape.columns.indexOf(column)));
        return sum.value();
    }
    bool isSumRight()
    {
        return isSigned() && at("row_sum").type == SqlValue::Type::Integer &&
               at("row_sum").integer == static_cast<qint64>(computedSum());
    }

    const TableShape &shape;
    SqlRow &values;
};

bool isAJob(JobRow &row)
{
    for (const char *column : identityColumns)
        if (!row.at(column).isText() || row.at(column).bytes.isEmpty())
            return std::string_view(column) == "work_id" && row.at(column).isText();
    return true;
}

/// Where the bytes of a signed value lie in what the sum is made over (see ValueSum).
struct SignedBytes {
    SqlValue *value = nullptr;
    qsizetype start = 0;
    qsizetype length = 0;
};

qsizetype layOut(JobRow &row, QList<SignedBytes> &all)
{
    qsizetype at = 0;
    for (const QString &column : signedColumns()) {
        SqlValue &value = row.values[row.shape.columns.indexOf(column)];
        at += 1; // the tag
        if (value.isNull())
            continue;
        if (!value.isNumber())
            at += 8; // the length
        const qsizetype length = value.isNumber() ? 8 : value.bytes.size();
        all.append({&value, at, length});
        at += length;
    }
    return at;
}

void flip(SqlValue &value, qsizetype byte, int bit)
{
    if (!value.isNumber()) {
        value.bytes[byte] = static_cast<char>(value.bytes[byte] ^ (1 << bit));
        return;
    }
    const quint64 mask = quint64{1} << (byte * 8 + bit); // numbers lie in little-endian order
    if (value.type == SqlValue::Type::Integer)
        value.integer = static_cast<qint64>(static_cast<quint64>(value.integer) ^ mask);
    else
        value.real = std::bit_cast<double>(std::bit_cast<quint64>(value.real) ^ mask);
}

/// Turns a flipped bit back where the sum over the row proves which one it was.
bool correctBySum(JobRow &row)
{
    SqlValue &sum = row.at("row_sum");
    if (sum.type != SqlValue::Type::Integer || sum.integer < 0 || sum.integer > 0xffffffff)
        return false;
    const auto stored = static_cast<quint32>(sum.integer);
    const quint32 computed = row.computedSum();
    if (std::popcount(stored ^ computed) == 1) { // the sum itself was hit
        sum.integer = computed;
        return true;
    }
    QList<SignedBytes> parts;
    const qsizetype length = layOut(row, parts);
    const std::optional<core::BitPosition> position = core::locateFlippedBit(length, computed, stored);
    if (!position)
        return false;
    for (const SignedBytes &part : parts) {
        if (position->byte < part.start || position->byte >= part.start + part.length)
            continue;
        flip(*part.value, position->byte - part.start, position->bit);
        return row.isSumRight();
    }
    return false;
}

/// One question a bit.
bool turnBackFlippedBit(QByteArray &bytes, const std::function<bool()> &isRight)
{
    char *data = bytes.data();
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        for (int bit = 0; bit < 8; ++bit) {
            data[i] = static_cast<char>(data[i] ^ (1 << bit));
            if (isRight())
                return true;
            data[i] = static_cast<char>(data[i] ^ (1 << bit));
        }
    }
    return false;
}

/// The same with the key for a judge, for rows that nobody signed.
bool correctByKey(JobRow &row)
{
    constexpr qsizetype longest = 512; // each bit costs a SHA-256
    const QByteArray computed = row.computedKey();
    if (row.isJobIdOf(computed)) { // two witnesses against one
        row.at("idempotency_key") = SqlValue::ofText(computed);
        return true;
    }
    const auto isRight = [&row] { return row.isKeyRight(); };
    for (const char *column : {"canonical_url", "work_id", "artifact_id", "idempotency_key"})
        if (row.at(column).bytes.size() <= longest && turnBackFlippedBit(row.at(column).bytes, isRight))
            return true;
    return false;
}

/// Takes what the indexes say, if it speaks of the same job.
bool correctByIndexes(JobRow &row, const JobIdentity &identity)
{
    const std::array known{identity.jobId, identity.workId, identity.artifactId, identity.canonicalUrl,
                           identity.key};
    int equal = 0;
    for (std::size_t i = 0; i < known.size(); ++i)
        equal += row.at(identityColumns[i]).bytes == known[i] ? 1 : 0;
    if (equal < 2 || equal == static_cast<int>(known.size()))
        return false;
    for (std::size_t i = 0; i < known.size(); ++i)
        row.at(identityColumns[i]) = SqlValue::ofText(known[i]);
    return true;
}

// No backoff of ours is that long, and nothing would ever move the job before.
constexpr double tenYears = 315'576'000;

bool isHash(const QByteArray &text)
{
    const auto isDigit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return text.size() == 64 && std::all_of(text.begin(), text.end(), isDigit);
}

bool isNumberOrNull(const SqlValue &value)
{
    return value.isNull() || (value.isNumber() && std::isfinite(value.number()));
}

bool isTextOrNull(const SqlValue &value)
{
    return value.isNull() || value.isText();
}

/// Columns that no sum covers and that hold what cannot stand there. True: something was changed.
bool bringUnderTypes(JobRow &row)
{
    bool changed = false;
    const auto reset = [&](const char *column, const SqlValue &to) {
        row.at(column) = to;
        changed = true;
    };
    if (!row.at("created_at").isNumber() || !std::isfinite(row.at("created_at").number()))
        reset("created_at", row.at("updated_at").isNumber() ? row.at("updated_at") : SqlValue::ofReal(0));
    if (!row.at("updated_at").isNumber() || !std::isfinite(row.at("updated_at").number()))
        reset("updated_at", row.at("created_at"));
    for (const char *column :
         {"fence", "attempts", "crashes", "priority", "generation", "segments", "rate_limit", "bytes_done"}) {
        if (!row.has(column))
            continue;
        const SqlValue &value = row.at(column);
        const bool mayBeNegative = std::string_view(column) == "priority";
        if (value.type != SqlValue::Type::Integer || (value.integer < 0 && !mayBeNegative))
            reset(column, SqlValue::ofInteger(0));
    }
    if (row.has("next_attempt_at")) {
        const SqlValue &next = row.at("next_attempt_at");
        const double latest = row.at("updated_at").number() + tenYears;
        if (!next.isNumber() || !std::isfinite(next.number()) || next.number() < 0 || next.number() > latest)
            reset("next_attempt_at", SqlValue::ofReal(0));
    }
    for (const char *column : {"done_at", "removed_at"})
        if (row.has(column) && !isNumberOrNull(row.at(column)))
            reset(column, {});
    for (const char *column : {"max_attempts", "root_id", "bytes_total", "row_sum"})
        if (row.has(column) && !row.at(column).isNull() && row.at(column).type != SqlValue::Type::Integer)
            reset(column, {});
    if (row.has("bytes_total") && row.at("bytes_total").integer < 0)
        reset("bytes_total", {});
    if (row.has("sha256") && row.at("sha256").isText() && !isHash(row.at("sha256").bytes))
        reset("sha256", {});
    for (const char *column :
         {"host", "error_code", "error_detail", "source_url", "file_name", "final_path", "expected_digest",
          "expect_type", "sha256", "content_type", "verification", "batch_id"})
        if (row.has(column) && !isTextOrNull(row.at(column)))
            reset(column, {});
    if (row.has("hold")) {
        const SqlValue &hold = row.at("hold");
        // A wish that can't be read any more: the one that does least.
        if (!hold.isNull() && hold.bytes != "PAUSED" && hold.bytes != "CANCELLED")
            reset("hold", SqlValue::ofText("PAUSED"));
    }
    return changed;
}

/// State, end and evidence, as the rules of rows have them.
bool bringUnderStateRules(JobRow &row)
{
    bool changed = false;
    std::optional<JobState> state = core::jobStateFromName(row.text("state"));
    const bool hasEnd = row.has("done_at");
    if (!state) {
        changed = true;
        const bool isFiled = hasEnd && !row.at("done_at").isNull() && row.at("sha256").isText() &&
                             row.at("final_path").isText();
        const bool hasFailed = hasEnd && !row.at("done_at").isNull() && row.at("error_code").isText();
        state = isFiled ? JobState::Indexed : hasFailed ? JobState::Failed : JobState::Planned;
    }
    row.at("lease_owner") = {};
    row.at("lease_until") = {};
    if (*state == JobState::Leased)
        state = JobState::Planned;
    row.at("state") = SqlValue::ofText(core::jobStateName(*state).toLatin1());
    if (!hasEnd)
        return changed;

    const bool hasEvidence =
        row.at("sha256").isText() && row.at("final_path").isText() && !row.at("root_id").isNull();
    bool isLegacy = row.at("verification").bytes == "legacy";
    const bool isDone = core::isTerminal(*state);
    const bool isOfV1 =
        *state == JobState::Finalized && row.at("final_path").isNull() && row.at("sha256").isNull();
    if ((isDone || isOfV1) && row.at("done_at").isNull()) {
        row.at("done_at") = row.at("updated_at");
        changed = true;
    }
    const bool needsEvidence = *state == JobState::Indexed || *state == JobState::Deduped;
    if (((needsEvidence && !hasEvidence) || isOfV1) && !isLegacy) { // recorded elsewhere, as for rows of v1
        row.at("verification") = SqlValue::ofText("legacy");
        row.at("row_sum") = {};
        isLegacy = true;
        changed = true;
    }
    const bool mayHaveEnd =
        isDone || *state == JobState::Failed || (*state == JobState::Finalized && isLegacy);
    if (!mayHaveEnd && !row.at("done_at").isNull()) {
        row.at("done_at") = {};
        changed = true;
    }
    return changed;
}

} // namespace

QByteArray settledJobId(const QByteArray &jobId, const QByteArray &key)
{
    constexpr int mostFlips = 12;
    const QByteArray right = core::jobIdForKey(QString::fromUtf8(key)).value.toUtf8();
    if (jobId.size() != right.size())
        return right;
    int flips = 0;
    for (qsizetype i = 0; i < right.size(); ++i)
        flips += std::popcount(static_cast<unsigned char>(jobId.at(i) ^ right.at(i)));
    return flips <= mostFlips ? right : jobId;
}

JudgedRow judgeJob(const TableShape &shape, SqlRow values, const std::optional<JobIdentity> &identity)
{
    JudgedRow judged;
    JobRow row(shape, values);
    if (!isAJob(row)) {
        judged.values = values;
        judged.refusal = QStringLiteral("not_a_job");
        return judged;
    }
    bool isSumRight = row.isSumRight();
    const bool isSigned = row.isSigned();
    if (!isSumRight && identity && correctByIndexes(row, *identity)) {
        judged.isCorrected = true;
        isSumRight = row.isSumRight();
    }
    if (!isSumRight && isSigned && correctBySum(row)) {
        judged.isCorrected = true;
        isSumRight = true;
    }
    bool isKeyRight = row.isKeyRight();
    if (!isKeyRight && !isSumRight && correctByKey(row)) {
        judged.isCorrected = true;
        isKeyRight = true;
    }
    if (!isSumRight && isKeyRight) {
        const QByteArray jobId = settledJobId(row.at("job_id").bytes, row.at("idempotency_key").bytes);
        judged.isCorrected |= jobId != row.at("job_id").bytes;
        row.at("job_id") = SqlValue::ofText(jobId);
        isSumRight = row.isSumRight();
    }
    // Rows of v1 may have keys of their own making; but not where the indexes know another one.
    if ((isSigned || identity) && !isSumRight && !isKeyRight)
        judged.refusal = QStringLiteral("key_unproven");
    judged.quality = isSumRight   ? RowQuality::SumRight
                     : isKeyRight ? RowQuality::KeyRight
                                  : RowQuality::Uncertain;
    judged.isAltered = isSigned && !isSumRight;
    if (judged.refusal.isEmpty()) {
        const bool typed = bringUnderTypes(row);
        const bool ruled = bringUnderStateRules(row);
        judged.isCorrected |= typed || ruled;
        // What is kept and does not fit its sum any more is signed by nobody.
        if (isSigned && !row.isSumRight())
            row.at("row_sum") = {};
    }
    judged.values = values;
    return judged;
}

SqlRow plannedJob(const TableShape &shape, const JobIdentity &identity, double now)
{
    SqlRow values = shape.defaults;
    JobRow row(shape, values);
    row.at("job_id") = SqlValue::ofText(identity.jobId);
    row.at("work_id") = SqlValue::ofText(identity.workId);
    row.at("artifact_id") = SqlValue::ofText(identity.artifactId);
    row.at("canonical_url") = SqlValue::ofText(identity.canonicalUrl);
    row.at("idempotency_key") = SqlValue::ofText(identity.key);
    row.at("state") = SqlValue::ofText("PLANNED");
    row.at("created_at") = SqlValue::ofReal(now);
    row.at("updated_at") = SqlValue::ofReal(now);
    if (row.has("host")) {
        row.at("source_url") = SqlValue::ofText(identity.canonicalUrl);
        const QString host = QUrl(QString::fromUtf8(identity.canonicalUrl)).host();
        if (!host.isEmpty())
            row.at("host") = SqlValue::ofText(host.toUtf8());
        row.at("row_sum") = SqlValue::ofInteger(row.computedSum());
    }
    return values;
}

} // namespace ingather::ledger
