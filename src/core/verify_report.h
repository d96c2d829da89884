// SPDX-License-Identifier: MIT
#pragma once

#include "core/job_id.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace ingather::core
{

/// What a look at the file of a done job found.
enum class FileOutcome {
    Verified, ///< its content is what was filed, by every digest that is known of it
    Fits,     ///< of the length that was filed; its content was not read, or no digest of it is known
    Unknown,  ///< it can't be told: not to be read, or its volume is away
    Missing,
    Changed, ///< not what was filed, and written to since: by its owner
    Damaged, ///< not what was filed, and not written to since
};

/// The name in JSON, e.g. "verified".
QString fileOutcomeName(FileOutcome outcome);

/// Missing, Changed and Damaged.
constexpr bool isWrong(FileOutcome outcome)
{
    return outcome == FileOutcome::Missing || outcome == FileOutcome::Changed ||
           outcome == FileOutcome::Damaged;
}

struct VerifiedFile {
    JobId job;
    QString path; ///< absolute
    FileOutcome outcome = FileOutcome::Unknown;
};

struct VerifyReport {
    static constexpr qsizetype mostItems = 1000;

    bool isFull = false; ///< contents were read
    qint64 checked = 0;
    qint64 verified = 0;
    qint64 fits = 0;
    qint64 unknown = 0;
    qint64 wrong = 0;
    QList<VerifiedFile> items; ///< the first of those that are wrong or unknown
    QStringList absentRoots;   ///< volumes that are not there

    void add(const VerifiedFile &file);
};

} // namespace ingather::core
