// SPDX-License-Identifier: MIT
#include "ledger/repair/identity_index.h"

#include "core/keys.h"

#include <algorithm>
#include <utility>

namespace ingather::ledger
{

namespace
{

bool isKey(const QByteArray &bytes)
{
    constexpr qsizetype hexDigitsOfSha256 = 64;
    return bytes.size() == hexDigitsOfSha256 && std::all_of(bytes.begin(), bytes.end(), [](char byte) {
               return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
           });
}

} // namespace

IdentityIndex::IdentityIndex(QHash<int, QString> indexOfRoot, QHash<qint64, QByteArray> known)
    : m_indexOfRoot(std::move(indexOfRoot)), m_known(std::move(known))
{
}

bool IdentityIndex::wantsRoot(int root) const
{
    const auto index = m_indexOfRoot.constFind(root);
    return index == m_indexOfRoot.constEnd() ||
           index->startsWith(QStringLiteral("sqlite_autoindex_artifact_jobs_")) ||
           *index == QStringLiteral("idx_artifact_jobs_idempotency");
}

IdentityIndex::Kind IdentityIndex::kindOf(const IndexCell &cell) const
{
    const SqlRow &values = cell.values;
    const bool hasTexts = std::all_of(values.begin(), values.end() - 1, [](const SqlValue &value) {
        return value.isText() && !value.bytes.isEmpty();
    });
    if (cell.source.isOnFreePage || !hasTexts || values.last().type != SqlValue::Type::Integer)
        return Kind::None;
    const auto index = m_indexOfRoot.constFind(cell.source.root);
    if (index != m_indexOfRoot.constEnd()) {
        // The numbers follow from the order of the constraints in the schema of v1.
        if (*index == QStringLiteral("sqlite_autoindex_artifact_jobs_1") && values.size() == 2)
            return Kind::Id;
        if (*index == QStringLiteral("sqlite_autoindex_artifact_jobs_2") && values.size() == 4)
            return Kind::Place;
        const bool isOfKeys = *index == QStringLiteral("sqlite_autoindex_artifact_jobs_3") ||
                              *index == QStringLiteral("idx_artifact_jobs_idempotency");
        return isOfKeys && values.size() == 2 && isKey(values[0].bytes) ? Kind::Key : Kind::None;
    }
    if (values.size() == 4)
        return values[2].bytes.contains(':') ? Kind::PlaceOrOther : Kind::None;
    if (values.size() != 2)
        return Kind::None;
    return isKey(values[0].bytes) ? Kind::KeyOrOther : Kind::IdOrOther;
}

void IdentityIndex::add(const IndexCell &cell)
{
    const Kind kind = cell.values.size() < 2 ? Kind::None : kindOf(cell);
    if (kind == Kind::None)
        return;
    const qint64 rowid = cell.values.last().integer;
    const QByteArray &first = cell.values.first().bytes;
    const auto row = m_known.constFind(rowid);
    if (row != m_known.constEnd()) {
        if (kind == Kind::IdOrOther) {
            Vote &vote = m_votes[cell.source.page];
            ++(*row == first ? vote.agreeing : vote.contradicting);
        }
        return;
    }

    Entries &entries = m_entries[rowid];
    switch (kind) {
    case Kind::Id:
        entries.ids.append(first);
        break;
    case Kind::IdOrOther:
        entries.idsByPage.append({cell.source.page, first});
        break;
    case Kind::Place:
    case Kind::PlaceOrOther:
        entries.places.append({first, cell.values[1].bytes, cell.values[2].bytes, kind == Kind::Place});
        break;
    case Kind::Key:
        entries.keyOfKnownIndex = first;
        [[fallthrough]];
    case Kind::KeyOrOther:
        entries.keys.append(first);
        break;
    case Kind::None:
        break;
    }
}

bool IdentityIndex::isVotedFor(int page) const
{
    return m_votes.value(page).isCarried();
}

/// `wanted`, if any entry at all has it: that is no chance. Else what the index of ids says, if it is known.
QByteArray IdentityIndex::idOf(const Entries &entries, const QByteArray &wanted) const
{
    const auto isWanted = [&wanted](const auto &entry) { return entry.second == wanted; };
    if (entries.ids.contains(wanted) ||
        std::any_of(entries.idsByPage.begin(), entries.idsByPage.end(), isWanted))
        return wanted;
    if (!entries.ids.isEmpty())
        return entries.ids.first();
    const auto voted = std::find_if(entries.idsByPage.begin(), entries.idsByPage.end(),
                                    [this](const auto &entry) { return isVotedFor(entry.first); });
    return voted == entries.idsByPage.end() ? QByteArray() : voted->second;
}

IndexedIdentity IdentityIndex::identityOf(qint64 rowid, const Entries &entries, const Place &place) const
{
    IndexedIdentity identity;
    identity.rowid = rowid;
    identity.workId = QString::fromUtf8(place.work);
    identity.artifactId = QString::fromUtf8(place.artifact);
    identity.canonicalUrl = QString::fromUtf8(place.url);
    identity.key = core::jobKey(identity.workId, identity.artifactId, identity.canonicalUrl);
    const core::JobId ownId = core::jobIdForKey(identity.key);
    const QByteArray id = idOf(entries, ownId.value.toUtf8());
    identity.jobId = id.isEmpty() ? ownId : core::JobId{QString::fromUtf8(id)};
    identity.isProven =
        entries.keys.contains(identity.key.toLatin1()) || (!id.isEmpty() && identity.jobId == ownId);
    return identity;
}

/// Its best place; nullopt if there is none to rely on: of an index that is not known, and not proven.
std::optional<IndexedIdentity> IdentityIndex::bestIdentity(qint64 rowid, const Entries &entries) const
{
    std::optional<IndexedIdentity> best;
    for (const Place &place : entries.places) {
        const IndexedIdentity identity = identityOf(rowid, entries, place);
        const bool isBetter = !best || (identity.isProven && !best->isProven);
        if (isBetter && (identity.isProven || place.isOfKnownIndex))
            best = identity;
    }
    return best;
}

QList<IndexedIdentity> IdentityIndex::identities() const
{
    QList<IndexedIdentity> result;
    for (const auto &[rowid, entries] : m_entries) {
        if (const std::optional<IndexedIdentity> identity = bestIdentity(rowid, entries))
            result.append(*identity);
    }
    return result;
}

QList<PartlyKnownJob> IdentityIndex::partlyKnown() const
{
    QList<PartlyKnownJob> result;
    for (const auto &[rowid, entries] : m_entries) {
        if (bestIdentity(rowid, entries))
            continue;
        PartlyKnownJob job;
        job.rowid = rowid;
        job.jobId.value = QString::fromUtf8(idOf(entries, {}));
        job.key = QString::fromLatin1(entries.keyOfKnownIndex);
        if (!job.jobId.isEmpty() || !job.key.isEmpty())
            result.append(job);
    }
    return result;
}

} // namespace ingather::ledger
