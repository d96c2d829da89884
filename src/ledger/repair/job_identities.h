// SPDX-License-Identifier: MIT
#pragma once

#include "core/work_control.h"
#include "ledger/repair/identity_index.h"
#include "ledger/repair/judged_row.h"
#include "ledger/repair/old_schema.h"
#include "ledger/repair/page_scanner.h"

#include <QHash>

namespace ingather::ledger
{

/// What the UNIQUE indexes of an old file know of its jobs: for judging the rows that are there, and for
/// naming those that are not.
class JobIdentities final
{
public:
    /// Proven ones only. Cancelled.
    core::Result<> read(const PageImage &image, const OldSchema &schema, const core::WorkControl &control);

    std::optional<JobIdentity> of(qint64 rowid) const;
    /// This job's row is there.
    void know(qint64 rowid, const QByteArray &jobId) { m_known.insert(rowid, jobId); }

    struct Missing {
        QList<JobIdentity> jobs;
        QList<PartlyKnownJob> partly;
    };
    /// Jobs whose rows are not known, after all that are there were told.
    core::Result<Missing> missing(const PageImage &image, const OldSchema &schema,
                                  const core::WorkControl &control) const;

private:
    QHash<qint64, JobIdentity> m_all;  ///< by rowid
    QHash<qint64, QByteArray> m_known; ///< ids, by rowid
};

} // namespace ingather::ledger
