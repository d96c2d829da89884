// SPDX-License-Identifier: MIT
#pragma once

#include "core/job_id.h"
#include "ledger/repair/page_scanner.h"

#include <QHash>
#include <QList>

#include <map>
#include <optional>

namespace ingather::ledger
{

/// What identifies a job, put together from entries of indexes.
struct IndexedIdentity {
    qint64 rowid = 0;
    core::JobId jobId; ///< from its index, else the id that a job with this key gets
    QString workId;
    QString artifactId;
    QString canonicalUrl;
    QString key; ///< hashed from the three above
    /// That key stands in the index of keys under the same rowid, or the job's id is the one of that key:
    /// what two indexes say independently is no chance and no damage.
    bool isProven = false;
};

/// A job of which only the id or the key is known (the other is empty).
struct PartlyKnownJob {
    qint64 rowid = 0;
    core::JobId jobId;
    QString key;
};

/// Names the jobs whose rows are gone, by what stands in the three UNIQUE indexes of artifact_jobs: id,
/// (work, artifact, URL) and key, each with the rowid. Rows that are there are not wanted again, so scan the
/// pages twice: for rows, then with those rows in `known` for entries of indexes.
///
/// Where the index of an entry is not known, its shape decides. Several indexes have entries of a job's id
/// and a rowid that is not the job's (ops and events of a job): ids on a page count if the rows that are
/// known bear out that page. Keys of ops look like keys of jobs: a key counts only as proof.
class IdentityIndex final
{
public:
    /// `indexOfRoot`: names of indexes by root page, as sqlite_schema has them. `known`: job ids by rowid.
    IdentityIndex(QHash<int, QString> indexOfRoot, QHash<qint64, QByteArray> known);
    Q_DISABLE_COPY_MOVE(IdentityIndex)

    /// False for a b-tree that is known to be another index.
    bool wantsRoot(int root) const;
    /// Entries of other indexes and those on free pages are passed over.
    void add(const IndexCell &cell);

    /// Jobs that are not known, by rowid.
    QList<IndexedIdentity> identities() const;
    /// Those of them of which no entry of (work, artifact, URL) was found, by rowid.
    QList<PartlyKnownJob> partlyKnown() const;

private:
    enum class Kind { None, Id, Place, Key, IdOrOther, PlaceOrOther, KeyOrOther };

    struct Place {
        QByteArray work;
        QByteArray artifact;
        QByteArray url;
        bool isOfKnownIndex = false;
    };
    /// What was found under one rowid.
    struct Entries {
        QList<QByteArray> ids;                       ///< certainly of the index of ids
        QList<std::pair<int, QByteArray>> idsByPage; ///< of a page whose index is not known
        QList<Place> places;
        QList<QByteArray> keys; ///< of the index of keys, or perhaps of ops
        QByteArray keyOfKnownIndex;
    };
    /// How the rows that are known speak for a page whose index is not known.
    struct Vote {
        int agreeing = 0;
        int contradicting = 0;
        bool isCarried() const { return agreeing >= 3 && contradicting * 10 <= agreeing; }
    };

    Kind kindOf(const IndexCell &cell) const;
    bool isVotedFor(int page) const;
    std::optional<IndexedIdentity> bestIdentity(qint64 rowid, const Entries &entries) const;
    IndexedIdentity identityOf(qint64 rowid, const Entries &entries, const Place &place) const;
    QByteArray idOf(const Entries &entries, const QByteArray &wanted) const;

    const QHash<int, QString> m_indexOfRoot;
    const QHash<qint64, QByteArray> m_known;
    std::map<qint64, Entries> m_entries; ///< by rowid
    QHash<int, Vote> m_votes;            ///< by page
};

} // namespace ingather::ledger
