// SPDX-License-Identifier: MIT
#include "ledger/validation/op_pass.h"

#include "core/crc32c.h"

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
    return columnOf(opColumns(), name);
}

const int opKey = column("op_key");
const int jobId = column("job_id");
const int resultJson = column("result_json");
const int fence = column("fence");
const int resultSum = column("result_sum");

} // namespace

OpPass::OpPass(int version, const KeySet *jobs) : m_version(version), m_jobs(jobs) {}

Result<TablePass::Outcome> OpPass::run(sqlite3 *connection, const core::WorkControl &control)
{
    Result<TablePass::Outcome> outcome = runAs(m_version, connection, control);
    if (outcome && *outcome == TablePass::Outcome::NotThere && m_version > 1)
        outcome = runAs(1, connection, control);
    m_keys.sort();
    return outcome;
}

Result<TablePass::Outcome> OpPass::runAs(int version, sqlite3 *connection, const core::WorkControl &control)
{
    m_version = version;
    m_pass.emplace(TablePass::Table{"artifact_ops", opColumns(), opRules()});
    return m_pass->run(connection, version, control, [this](const PassRow &row) { visit(row); });
}

void OpPass::visit(const PassRow &row)
{
    const auto name = [&row] { return row.name(); };
    if (row.isText(opKey))
        m_keys.add(KeySet::hashOf(row.bytes(opKey)));
    if (m_jobs && row.isText(jobId)) {
        const quint64 job = KeySet::hashOf(row.bytes(jobId));
        if (job != m_lastJob || m_lastJob == 0) {
            m_lastJob = job;
            m_isLastJobThere = m_jobs->contains(job);
        }
        if (!m_isLastJobThere)
            m_orphans.add(name);
    }
    if (m_version < 2)
        return;
    if (row.kind(fence) == HoldsInteger)
        m_highestFence = std::max(m_highestFence, row.integer(fence));
    if (row.isNull(resultSum))
        return;
    const qint64 sum = static_cast<qint64>(core::crc32c(row.bytes(resultJson)));
    if (!row.isText(resultJson) || row.kind(resultSum) != HoldsInteger || row.integer(resultSum) != sum)
        m_wrongSums.add(name);
}

QList<Finding> OpPass::findings() const
{
    QList<Finding> findings = m_pass ? m_pass->findings() : QList<Finding>();
    if (m_orphans.count > 0) {
        findings.append(core::found(FindingId::ForeignKeyBroken, QStringLiteral("artifact_ops"),
                                    QStringLiteral("job_id is that of no job"), m_orphans.count,
                                    m_orphans.examples));
    }
    if (m_wrongSums.count > 0) {
        findings.append(core::found(FindingId::RowSumWrong, QStringLiteral("artifact_ops"),
                                    QStringLiteral("the result is not the one that was signed"),
                                    m_wrongSums.count, m_wrongSums.examples));
    }
    return findings;
}

} // namespace ingather::ledger
