// SPDX-License-Identifier: MIT
#include "ledger/repair/job_identities.h"

#include "core/error.h"

namespace ingather::ledger
{

using core::Result;

namespace
{

JobIdentity jobIdentity(const IndexedIdentity &identity)
{
    const QByteArray key = identity.key.toUtf8();
    return {settledJobId(identity.jobId.value.toUtf8(), key), identity.workId.toUtf8(),
            identity.artifactId.toUtf8(), identity.canonicalUrl.toUtf8(), key};
}

} // namespace

Result<> JobIdentities::read(const PageImage &image, const OldSchema &schema,
                             const core::WorkControl &control)
{
    IdentityIndex index(schema.indexRoots(), m_known);
    ScanSink sink;
    sink.indexCell = [&index](IndexCell &&cell) {
        if (cell.source.isListed)
            index.add(cell);
    };
    sink.wantsIndex = [&index](int root) { return index.wantsRoot(root); };
    const Result<ScanCounts> counts = scanPages(image, schema.roots(), sink, control);
    if (!counts)
        return counts.error();
    m_read.clear();
    const QList<IndexedIdentity> identities = index.identities();
    for (const IndexedIdentity &identity : identities)
        if (identity.isProven)
            m_read.insert(identity.rowid, jobIdentity(identity));
    m_partlyRead = index.partlyKnown();
    return {};
}

std::optional<JobIdentity> JobIdentities::of(qint64 rowid) const
{
    const auto found = m_read.find(rowid);
    return found == m_read.end() ? std::nullopt : std::optional(found.value());
}

QList<JobIdentity> JobIdentities::missing() const
{
    QList<JobIdentity> missing;
    for (auto it = m_read.begin(); it != m_read.end(); ++it)
        if (!m_known.contains(it.key()))
            missing.append(it.value());
    return missing;
}

QList<PartlyKnownJob> JobIdentities::partlyMissing() const
{
    QList<PartlyKnownJob> missing = m_partlyRead;
    missing.removeIf([this](const PartlyKnownJob &job) { return m_known.contains(job.rowid); });
    return missing;
}

} // namespace ingather::ledger
