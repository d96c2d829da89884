// SPDX-License-Identifier: MIT
#pragma once

#include "core/work_control.h"
#include "ledger/repair/identity_index.h"
#include "ledger/repair/judged_row.h"
#include "ledger/repair/old_schema.h"
#include "ledger/repair/page_scanner.h"

#include <QHash>
#include <QMap>

namespace ingather::ledger
{

/// What the UNIQUE indexes of an old file know of its jobs: for judging the rows that are there, and for
/// naming those that are not.
class JobIdentities final
{
public:
    /// Looks for the jobs that are not known yet; the more are known, the surer it is what an entry speaks
    /// of. Cancelled.
    core::Result<> read(const PageImage &image, const OldSchema &schema, const core::WorkControl &control);

    /// As it was read; proven ones only.
    std::optional<JobIdentity> of(qint64 rowid) const;
    /// This job's row is there.
    void know(qint64 rowid, const QByteArray &jobId) { m_known.insert(rowid, jobId); }

    /// What was read of jobs that did not become known since, by rowid.
    QList<JobIdentity> missing() const;
    QList<PartlyKnownJob> partlyMissing() const;

private:
    QMap<qint64, JobIdentity> m_read; ///< by rowid
    QList<PartlyKnownJob> m_partlyRead;
    QHash<qint64, QByteArray> m_known; ///< ids, by rowid
};

} // namespace ingather::ledger
