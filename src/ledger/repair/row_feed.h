// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/repair/job_identities.h"
#include "ledger/repair/new_ledger.h"

namespace ingather::ledger
{

/// Judges rows of our tables and hands them to the new ledger; on the way it learns the epochs that they
/// speak of.
class RowFeed final
{
public:
    /// `identities`: of the same file that the rows with a rowid come from.
    RowFeed(NewLedger &target, const JobIdentities &identities) : m_target(target), m_identities(identities)
    {
    }
    Q_DISABLE_COPY_MOVE(RowFeed)

    enum class Source {
        File,      ///< read by SQLite, or listed by its page
        Search,    ///< found by searching a broken page
        LastBackup ///< of another file: rowids mean nothing
    };
    /// False: refused; what the row told is not there.
    core::Result<bool> add(const QString &table, qint64 rowid, const SqlRow &row, Source source);

    qint64 largestEpoch() const { return m_largestEpoch; }

private:
    JudgedRow judge(const QString &table, qint64 rowid, const SqlRow &row, Source source) const;
    void learnEpoch(const TableShape &shape, const SqlRow &row);

    NewLedger &m_target;
    const JobIdentities &m_identities;
    qint64 m_largestEpoch = 0;
};

} // namespace ingather::ledger
