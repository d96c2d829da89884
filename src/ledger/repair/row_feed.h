// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/repair/job_identities.h"
#include "ledger/repair/new_ledger.h"

#include <functional>

namespace ingather::ledger
{

/// Judges rows of our tables and hands them to the new ledger; on the way it learns the epochs that they
/// speak of. Jobs that do not prove themselves wait until the identities are read, for which all pages have
/// to be gone through: most ledgers have few or none.
class RowFeed final
{
public:
    /// Reads the identities of the file that the rows with a rowid come from.
    using ReadIdentities = std::function<core::Result<>()>;

    /// `readIdentities`: fills `identities`; empty: there are none to read.
    RowFeed(NewLedger &target, JobIdentities &identities, ReadIdentities readIdentities)
        : m_target(target), m_identities(identities), m_readIdentities(std::move(readIdentities)),
          m_waits(bool(m_readIdentities))
    {
    }
    Q_DISABLE_COPY_MOVE(RowFeed)

    enum class Source {
        File,      ///< read by SQLite, or listed by its page
        Search,    ///< found by searching a broken page
        LastBackup ///< of another file: rowids mean nothing
    };
    core::Result<> add(const QString &table, qint64 rowid, const SqlRow &row, Source source);
    /// When all rows of the file are told: takes the jobs that wait. The identities that are left then are
    /// those of jobs without a row.
    core::Result<> settle();

    qint64 largestEpoch() const { return m_largestEpoch; }

private:
    JudgedRow judge(const QString &table, qint64 rowid, const SqlRow &row, Source source) const;
    core::Result<> takeWaiting();
    core::Result<> addJudged(const QString &table, qint64 rowid, const JudgedRow &row, Source source);
    void learnEpoch(const TableShape &shape, const SqlRow &row);

    NewLedger &m_target;
    JobIdentities &m_identities;
    const ReadIdentities m_readIdentities;
    bool m_waits; ///< false once they are read
    struct Waiting {
        qint64 rowid = 0;
        SqlRow row;
        Source source = Source::File;
    };
    QList<Waiting> m_waiting; ///< jobs
    qint64 m_largestEpoch = 0;
};

} // namespace ingather::ledger
