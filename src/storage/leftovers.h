// SPDX-License-Identifier: MIT
#pragma once

#include "core/job_id.h"
#include "core/result.h"
#include "storage/part_file.h"

#include <QStringList>

#include <optional>

namespace ingather::storage
{

/// The names in a root's parts folder that discardPart() takes: parts, unfinished copies, and sidecars whose
/// part is gone (by the part's name); sorted. Whether somebody still works on one tells its lock. No folder
/// is no names; VolumeAbsent if the root is missing.
core::Result<QStringList> leftoversIn(const QString &root);

struct LeftPart {
    QString name;
    PartDescription description;
    qint64 size = 0;
};

/// The longest part of that job and that URL in a root's parts folder, by its sidecar: what another ledger
/// left, or this one before it was restored. nullopt if there is none.
core::Result<std::optional<LeftPart>> leftPartOf(const QString &root, const core::JobId &job,
                                                 const QString &sourceUrl);

} // namespace ingather::storage
