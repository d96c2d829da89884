// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "engine/snapshots.h"

namespace ingather::engine
{

/// Whether the file of a done job is still what was filed: there, of that length, and either not written
/// since the job was done or of the same hash. (The last byte is written before the job is done, so a
/// later time means a later hand; a file system with coarse times costs a needless hash, never an error.)
/// FileMissing, FileChanged; VolumeAbsent if its whole root is not there. Reads files.
core::Result<> isHeldIntact(const JobSnapshot &job);

} // namespace ingather::engine
