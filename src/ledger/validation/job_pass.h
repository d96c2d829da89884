// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/validation/key_set.h"
#include "ledger/validation/table_pass.h"

#include <QHash>
#include <QMap>

#include <array>
#include <optional>

namespace ingather::ledger
{

/// One pass over artifact_jobs: its rules, the key and the sum of each row, and what other checks need to
/// know of all jobs together. A ledger that lacks the columns of version 2 is judged by those of version 1.
class JobPass final
{
public:
    JobPass();
    Q_DISABLE_COPY_MOVE(JobPass)

    core::Result<TablePass::Outcome> run(sqlite3 *connection, const core::WorkControl &control);

    QList<core::Finding> findings() const;
    int version() const { return m_version; }
    /// Hashes of all job ids.
    const KeySet &ids() const { return m_ids; }
    bool hasDuplicatedIds() const { return m_ids.hasDuplicates(); }
    bool hasDuplicatedKeys() const { return m_keys.hasDuplicates(); }
    bool hasDuplicatedArtifacts() const { return m_artifacts.hasDuplicates(); }
    bool hasDuplicatedNames() const { return m_names.hasDuplicates(); }
    qint64 highestFence() const { return m_highestFence; }
    /// Jobs by the root that they name.
    const QHash<qint64, Tally> &roots() const { return m_roots; }

    /// As the triggers count: REMOVED, DONE, HELD, OPEN; the first that fits.
    enum Kind { Removed, Done, Held, Open };
    static constexpr std::array kindNames{"REMOVED", "DONE", "HELD", "OPEN"};
    const QMap<QByteArray, std::array<qint64, 4>> &counts() const { return m_counts; }

private:
    core::Result<TablePass::Outcome> runAs(int version, sqlite3 *connection,
                                           const core::WorkControl &control);
    void visit(const PassRow &row);
    void visitKeys(const PassRow &row);
    void visitSum(const PassRow &row);
    void count(const PassRow &row);

    int m_version = 0;
    std::optional<TablePass> m_pass;
    std::vector<int> m_signedColumns;
    KeySet m_ids;
    KeySet m_keys;
    KeySet m_artifacts;
    KeySet m_names;
    Tally m_wrongKeys;
    Tally m_wrongSums;
    Tally m_unsigned;
    qint64 m_highestFence = 0;
    QHash<qint64, Tally> m_roots;
    QMap<QByteArray, std::array<qint64, 4>> m_counts;
};

} // namespace ingather::ledger
