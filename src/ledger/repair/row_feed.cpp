// SPDX-License-Identifier: MIT
#include "ledger/repair/row_feed.h"

#include "core/fence.h"
#include "ledger/schema.h"

#include <algorithm>
#include <utility>

namespace ingather::ledger
{

using core::Result;

namespace
{

// Each repair adds one; a fence beyond this was hit by damage.
constexpr qint64 mostEpochs = qint64{1} << 30;

constexpr qsizetype mostWaiting = 10'000; // a few MB of jobs

const QString jobsTable = QStringLiteral("artifact_jobs");

/// Entries of the chain that the new ledger has written for itself: only the same ones may take their place.
bool isOfTheChain(const TableShape &shape, const SqlRow &row)
{
    const bool isVersion = shape.name == QStringLiteral("__schema_version__");
    const SqlValue &version = shape.at(row, isVersion ? "schema_version" : "version");
    for (const Migration &step : migrations()) {
        if (version.type == SqlValue::Type::Integer && version.integer == step.version)
            return isVersion ? shape.at(row, "updated_at").isNumber()
                             : shape.at(row, "checksum").text() == step.checksum &&
                                   shape.at(row, "name").text() == step.name;
    }
    return false;
}

} // namespace

void RowFeed::learnEpoch(const TableShape &shape, const SqlRow &row)
{
    qint64 epoch = 0;
    if (shape.has("fence") && shape.at(row, "fence").type == SqlValue::Type::Integer)
        epoch = core::Fence{shape.at(row, "fence").integer}.epoch();
    else if (shape.name == QStringLiteral("ingather_meta") && shape.at(row, "key").bytes == "epoch")
        epoch = shape.at(row, "value").bytes.toLongLong();
    if (epoch < mostEpochs)
        m_largestEpoch = std::max(m_largestEpoch, epoch);
}

JudgedRow RowFeed::judge(const QString &table, qint64 rowid, const SqlRow &row, Source source) const
{
    const TableShape &shape = m_target.shape(table);
    JudgedRow judged;
    if (table == jobsTable) {
        judged = judgeJob(shape, row, source == Source::LastBackup ? std::nullopt : m_identities.of(rowid));
    } else if (table == QStringLiteral("artifact_ops")) {
        judged = judgeOp(shape, row);
    } else {
        judged.values = row;
        judged.quality = source == Source::File ? RowQuality::KeyRight : RowQuality::Uncertain;
        if (mistypedColumn(shape, row) >= 0)
            judged.refusal = QStringLiteral("mistyped");
    }
    if (source == Source::LastBackup)
        judged.quality = RowQuality::Backup;
    return judged;
}

Result<> RowFeed::add(const QString &table, qint64 rowid, const SqlRow &row, Source source)
{
    const TableShape &shape = m_target.shape(table);
    learnEpoch(shape, row);
    const bool isOfVersions =
        table == QStringLiteral("__schema_version__") || table == QStringLiteral("ingather_migrations");
    if (isOfVersions && !isOfTheChain(shape, row)) {
        if (source == Source::File) {
            const Result<> rejected =
                m_target.reject(table, rowJson(shape.columns, row), QStringLiteral("not_of_the_chain"));
            if (!rejected)
                return rejected.error();
        }
        return {};
    }
    const JudgedRow judged = judge(table, rowid, row, source);
    const bool waits = m_waits && table == jobsTable && source != Source::LastBackup && !judged.isProven();
    if (!waits)
        return addJudged(table, rowid, judged, source);
    m_waiting.append({rowid, row, source});
    return m_waiting.size() >= mostWaiting ? takeWaiting() : Result<>();
}

Result<> RowFeed::settle()
{
    // Those that were read before all rows were told are read again.
    const bool isRead = m_waits && !m_waiting.isEmpty();
    const Result<> taken = m_waits ? takeWaiting() : Result<>();
    return !taken || isRead || !m_readIdentities ? taken : m_readIdentities();
}

Result<> RowFeed::takeWaiting()
{
    m_waits = false;
    if (m_waiting.isEmpty())
        return {};
    const Result<> read = m_readIdentities();
    if (!read)
        return read;
    const QList<Waiting> waiting = std::exchange(m_waiting, {});
    for (const Waiting &each : waiting) {
        const Result<> added = add(jobsTable, each.rowid, each.row, each.source);
        if (!added)
            return added;
    }
    return {};
}

Result<> RowFeed::addJudged(const QString &table, qint64 rowid, const JudgedRow &row, Source source)
{
    // What a search of broken pages comes up with, or an old backup, has to be right to be worth a word.
    if (!row.refusal.isEmpty() && source != Source::File)
        return {};
    const Result<bool> taken = m_target.add(table, row, source != Source::LastBackup);
    if (!taken)
        return taken.error();
    // A job that was refused may still be healed by what the indexes say of it.
    if (*taken && table == jobsTable && source != Source::LastBackup)
        m_identities.know(rowid, m_target.shape(table).at(row.values, "job_id").bytes);
    return {};
}

} // namespace ingather::ledger
