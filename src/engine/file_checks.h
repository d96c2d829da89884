// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.h"
#include "core/result.h"
#include "core/work_control.h"

#include <QList>
#include <QString>

namespace ingather::engine
{

/// Compares what the ledger says of the files of done jobs with the disk: FileMissing, FileSizeWrong,
/// FileHashWrong (with `hashFiles`), FileChanged, VolumeAbsent, PartsOrphaned, each with allWell if there is
/// none. A file that was written after its job was done is somebody's own change, no damage; a root that is
/// away is told once, not for each of its files. Only reads. Cancelled; errors of the ledger.
core::Result<QList<core::Finding>> checkFiles(const QString &ledgerPath, bool hashFiles,
                                              const core::WorkControl &control);

} // namespace ingather::engine
