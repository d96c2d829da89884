// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/result.h"

#include <QString>

namespace ingather::ledger
{

/// Where repairs and restores work and keep what they replaced: `<ledger>.repair/`, beside the ledger so that
/// the last step is a rename within one file system.
///
///     <ledger>.repair/pending                  a swap is under way: what start-up has to finish
///     <ledger>.repair/<UTC>/old/               the files as they were, with their SHA256SUMS
///     <ledger>.repair/<UTC>/copy/              copies that are worked on; gone afterwards
///     <ledger>.repair/<UTC>/new.sqlite3        the new ledger, until it is put in place
///     <ledger>.repair/<UTC>/report.json        what was done
class RepairFolder final
{
public:
    explicit RepairFolder(const QString &ledgerPath);

    const QString &path() const { return m_path; }
    QString pendingPath() const;

    /// A place of its own for one repair.
    struct Place {
        QString path; ///< absolute
        QString old() const { return path + QStringLiteral("/old"); }
        QString work() const { return path + QStringLiteral("/copy/ledger.sqlite3"); }
        QString fresh() const { return path + QStringLiteral("/new.sqlite3"); }
        QString report() const { return path + QStringLiteral("/report.json"); }
    };
    /// Made with its folders, for nobody else's eyes, durably.
    core::Result<Place> newPlace(core::UnixTime now) const;
    /// After a repair that came to its end: the copies go.
    static void clearWork(const Place &place);
    /// Nothing came of it: everything of it goes.
    static void discard(const Place &place);
    /// Keeps the `count` newest places whose repair was finished and all that were not.
    void prune(int count) const;

private:
    QString m_path;
};

} // namespace ingather::ledger
