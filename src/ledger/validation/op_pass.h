// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/validation/key_set.h"
#include "ledger/validation/table_pass.h"

#include <optional>

namespace ingather::ledger
{

/// One pass over artifact_ops: its rules, the sums of results, and whether the job of each op is there.
class OpPass final
{
public:
    /// `jobs`: the ids of all jobs; null if not all of them could be read.
    OpPass(int version, const KeySet *jobs);
    Q_DISABLE_COPY_MOVE(OpPass)

    core::Result<TablePass::Outcome> run(sqlite3 *connection, const core::WorkControl &control);

    QList<core::Finding> findings() const;
    bool hasDuplicatedKeys() const { return m_keys.hasDuplicates(); }
    qint64 highestFence() const { return m_highestFence; }

private:
    core::Result<TablePass::Outcome> runAs(int version, sqlite3 *connection,
                                           const core::WorkControl &control);
    void visit(const PassRow &row);

    int m_version;
    const KeySet *m_jobs;
    std::optional<TablePass> m_pass;
    KeySet m_keys;
    quint64 m_lastJob = 0; ///< ops of one job mostly lie side by side
    bool m_isLastJobThere = false;
    Tally m_orphans;
    Tally m_wrongSums;
    qint64 m_highestFence = 0;
};

} // namespace ingather::ledger
