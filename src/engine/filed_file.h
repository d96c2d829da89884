// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/health/filed_jobs.h"

namespace ingather::engine
{

/// What can be said of the file of a done job without reading it.
enum class FileVerdict {
    Fits,       ///< there, of the length that was filed
    Missing,    ///< or no regular file
    Changed,    ///< of another length, and written after the job was done: by its owner
    Damaged,    ///< of another length, and not written since
    Unreadable, ///< it can't be told
};

struct FileLook {
    FileVerdict verdict = FileVerdict::Unreadable;
    /// Written after the job was done. (The last byte is written before: a later time means a later hand.)
    bool isNewer = false;
};

/// The root of the job must be there.
FileLook lookAtFile(const ledger::FiledJob &job);

} // namespace ingather::engine
