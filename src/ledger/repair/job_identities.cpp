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

Result<> fill(IdentityIndex &index, const PageImage &image, const OldSchema &schema,
              const core::WorkControl &control)
{
    ScanSink sink;
    sink.indexCell = [&index](IndexCell &&cell) {
        if (cell.source.isListed)
            index.add(cell);
    };
    const Result<ScanCounts> counts = scanPages(image, schema.roots(), sink, control);
    return counts ? Result<>() : Result<>(counts.error());
}

} // namespace

Result<> JobIdentities::read(const PageImage &image, const OldSchema &schema,
                             const core::WorkControl &control)
{
    IdentityIndex index(schema.indexRoots(), {});
    const Result<> filled = fill(index, image, schema, control);
    if (!filled)
        return filled;
    const QList<IndexedIdentity> identities = index.identities();
    for (const IndexedIdentity &identity : identities)
        if (identity.isProven)
            m_all.insert(identity.rowid, jobIdentity(identity));
    return {};
}

std::optional<JobIdentity> JobIdentities::of(qint64 rowid) const
{
    const auto found = m_all.find(rowid);
    return found == m_all.end() ? std::nullopt : std::optional(found.value());
}

Result<JobIdentities::Missing> JobIdentities::missing(const PageImage &image, const OldSchema &schema,
                                                      const core::WorkControl &control) const
{
    IdentityIndex index(schema.indexRoots(), m_known);
    const Result<> filled = fill(index, image, schema, control);
    if (!filled)
        return filled.error();
    Missing missing;
    const QList<IndexedIdentity> identities = index.identities();
    for (const IndexedIdentity &identity : identities)
        if (identity.isProven)
            missing.jobs.append(jobIdentity(identity));
    missing.partly = index.partlyKnown();
    return missing;
}

} // namespace ingather::ledger
