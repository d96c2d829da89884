// SPDX-License-Identifier: MIT
#include "ledger/validation/job_pass.h"

#include "core/keys.h"
#include "ledger/row_sum.h"

#include <algorithm>

namespace ingather::ledger
{

using core::Finding;
using core::FindingId;
using core::Result;

namespace
{

int column(const char *name)
{
    return columnOf(jobColumns(), name);
}

const int jobId = column("job_id");
const int workId = column("work_id");
const int artifactId = column("artifact_id");
const int canonicalUrl = column("canonical_url");
const int state = column("state");
const int idempotencyKey = column("idempotency_key");
const int fence = column("fence");
const int hold = column("hold");
const int doneAt = column("done_at");
const int removedAt = column("removed_at");
const int rootId = column("root_id");
const int finalPath = column("final_path");
const int rowSum = column("row_sum");

/// The places of the signed columns, in the order in which they are summed.
std::vector<int> signedColumns()
{
    std::vector<int> columns;
    for (const QByteArray &name : QByteArrayLiteral(INGATHER_SIGNED_COLUMNS).split(','))
        columns.push_back(column(name.trimmed().constData()));
    return columns;
}

void add(ValueSum &sum, const PassRow &row, int at)
{
    switch (row.kind(at)) {
    case HoldsInteger:
        sum.addInteger(row.integer(at));
        break;
    case HoldsReal:
        sum.addReal(row.real(at));
        break;
    case HoldsText:
        sum.addText(row.bytes(at));
        break;
    case HoldsBlob:
        sum.addBlob(row.bytes(at));
        break;
    default:
        sum.addNull();
    }
}

} // namespace

JobPass::JobPass() : m_signedColumns(signedColumns()) {}

Result<TablePass::Outcome> JobPass::run(sqlite3 *connection, const core::WorkControl &control)
{
    Result<TablePass::Outcome> outcome = runAs(2, connection, control);
    if (outcome && *outcome == TablePass::Outcome::NotThere)
        outcome = runAs(1, connection, control);
    for (KeySet *keys : {&m_ids, &m_keys, &m_artifacts, &m_names})
        keys->sort();
    return outcome;
}

Result<TablePass::Outcome> JobPass::runAs(int version, sqlite3 *connection, const core::WorkControl &control)
{
    m_version = version;
    m_pass.emplace(TablePass::Table{"artifact_jobs", jobColumns(), jobRules()});
    return m_pass->run(connection, version, control, [this](const PassRow &row) { visit(row); });
}

void JobPass::visit(const PassRow &row)
{
    visitKeys(row);
    if (m_version < 2)
        return;
    visitSum(row);
    count(row);
    if (row.kind(fence) == HoldsInteger)
        m_highestFence = std::max(m_highestFence, row.integer(fence));
    if (row.kind(rootId) == HoldsInteger) {
        m_roots[row.integer(rootId)].add([&row] { return row.name(); });
        if (row.isText(finalPath)) {
            m_names.add(KeySet::hashOf(row.bytes(finalPath), static_cast<quint64>(row.integer(rootId))));
        }
    }
}

void JobPass::visitKeys(const PassRow &row)
{
    if (row.isText(jobId))
        m_ids.add(KeySet::hashOf(row.bytes(jobId)));
    if (row.isText(idempotencyKey))
        m_keys.add(KeySet::hashOf(row.bytes(idempotencyKey)));
    if (!row.isText(workId) || !row.isText(artifactId) || !row.isText(canonicalUrl))
        return;
    quint64 hash = 0;
    for (const int at : {workId, artifactId, canonicalUrl})
        hash = KeySet::hashOf(row.bytes(at), hash);
    m_artifacts.add(hash);
    const QString key =
        core::jobKey(QString::fromUtf8(row.bytes(workId)), QString::fromUtf8(row.bytes(artifactId)),
                     QString::fromUtf8(row.bytes(canonicalUrl)));
    if (row.isText(idempotencyKey) && key != QLatin1StringView(row.bytes(idempotencyKey)))
        m_wrongKeys.add([&row] { return row.name(); });
}

void JobPass::visitSum(const PassRow &row)
{
    const auto name = [&row] { return row.name(); };
    if (row.isNull(rowSum)) {
        m_unsigned.add(name);
        return;
    }
    ValueSum sum;
    for (const int at : m_signedColumns)
        add(sum, row, at);
    if (row.kind(rowSum) != HoldsInteger || row.integer(rowSum) != static_cast<qint64>(sum.value()))
        m_wrongSums.add(name);
}

void JobPass::count(const PassRow &row)
{
    const Kind kind = !row.isNull(removedAt) ? Removed
                      : !row.isNull(doneAt)  ? Done
                      : !row.isNull(hold)    ? Held
                                             : Open;
    const QByteArrayView name = row.bytes(state);
    auto known = m_counts.find(QByteArray::fromRawData(name.data(), name.size()));
    if (known == m_counts.end())
        known = m_counts.insert(name.toByteArray(), {});
    ++(*known)[kind];
}

QList<Finding> JobPass::findings() const
{
    QList<Finding> findings = m_pass ? m_pass->findings() : QList<Finding>();
    const auto append = [&](FindingId id, const Tally &tally, const char *place, const char *detail) {
        if (tally.count > 0)
            findings.append(core::found(id, QString::fromLatin1(place), QString::fromLatin1(detail),
                                        tally.count, tally.examples));
    };
    append(FindingId::KeyMismatch, m_wrongKeys, "artifact_jobs.idempotency_key",
           "not the hash of work_id, artifact_id and canonical_url");
    append(FindingId::RowSumWrong, m_wrongSums, "artifact_jobs", "the values are not those that were signed");
    append(FindingId::RowUnsigned, m_unsigned, "artifact_jobs", "no row_sum");
    return findings;
}

} // namespace ingather::ledger
