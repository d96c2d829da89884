// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/repair/table_shape.h"

#include <optional>

namespace ingather::ledger
{

/// How far a row can be trusted, worst first. Of two rows for one key the better one is kept, of two of the
/// same quality the newer.
enum class RowQuality {
    IdentityOnly, ///< made from indexes or ops: what was asked for, and nothing that came of it
    Backup,
    Uncertain, ///< nothing speaks for it but its own form
    KeyRight,  ///< its key is the hash of what it names
    SumRight,  ///< its row sum fits
};

/// What is known of a job from the UNIQUE indexes, whose pages are others than the row's.
struct JobIdentity {
    QByteArray jobId;
    QByteArray workId;
    QByteArray artifactId;
    QByteArray canonicalUrl;
    QByteArray key;
};

struct JudgedRow {
    SqlRow values; ///< as it may be written
    RowQuality quality = RowQuality::Uncertain;
    bool isCorrected = false; ///< a flipped bit was turned back, or a rule applied; proven or harmless
    bool isAltered = false;   ///< signed, and not what was signed; which value is wrong is not known
    /// Not empty: must not be written as this table's row; why ("key_unproven", "not_a_job").
    QString refusal;

    /// By its own sum, or by its key if nobody signed it: no further witness is wanted.
    bool isProven() const
    {
        return quality == RowQuality::SumRight || (quality == RowQuality::KeyRight && !isAltered);
    }
};

/// The id of the job with that key: one that is just beside the one that the key gives was that one. Ids that
/// were given differ in most of their digits, and are kept. A wrong id would make two jobs of one.
QByteArray settledJobId(const QByteArray &jobId, const QByteArray &key);

/// `identity`: of the same row, if the indexes tell one. Leases are cleared, and columns that no sum covers
/// are brought under the rules of rows: a state that is none is derived anew, a done row gets its time.
JudgedRow judgeJob(const TableShape &shape, SqlRow row, const std::optional<JobIdentity> &identity);

JudgedRow judgeOp(const TableShape &shape, SqlRow row);

/// A job of which nothing but its identity is left: PLANNED.
SqlRow plannedJob(const TableShape &shape, const JobIdentity &identity, double now);

/// The identity that an op proves: its job id is the one of the URL that it looked at, under our own default
/// names. Nothing for ids that were given.
std::optional<JobIdentity> identityFromOp(const TableShape &shape, const SqlRow &op);

} // namespace ingather::ledger
