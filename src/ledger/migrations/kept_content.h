// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QHash>
#include <QMap>
#include <QSet>
#include <QString>
#include <QStringList>

struct sqlite3;

namespace ingather::ledger
{

/// What a migration must leave as it was, read before a step and after it, inside its transaction: a step is
/// undone if the two differ.
struct KeptContent {
    qint64 userVersion = 0;
    qint64 applicationId = 0;
    QStringList foreignObjects;            ///< tables, indexes, triggers and views of others, with their text
    QMap<QString, qint64> rows;            ///< of each table, of ours and of others
    QMap<QString, size_t> digests;         ///< over rowid and v1 columns of artifact_jobs and artifact_ops
    QMap<QString, QStringList> references; ///< what the foreign keys of our tables say
    QMap<QString, QSet<QString>> orphans;  ///< rows of our tables that break a foreign key
};

/// 4 million ops take about 2 s. Orphans among the ops are only looked for if `withOps`: their columns and
/// those of the jobs are compared anyway, so that as long as the foreign key stays the same too, a step can't
/// make any.
core::Result<KeptContent> readKeptContent(sqlite3 *connection, bool withOps);

/// What differs, in technical words; empty if everything was kept. Rows and objects may be added, of ours
/// only.
QString differenceOf(const KeptContent &before, const KeptContent &after);

} // namespace ingather::ledger
