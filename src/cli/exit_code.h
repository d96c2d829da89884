// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"

namespace ingather::cli
{

/// What ingather-cli ends with; scripts rest on the numbers.
enum ExitCode : int {
    AllWell = 0,
    NotAllWell = 1, ///< rejects, or a job that this process worked on ended FAILED or held
    WrongUsage = 2, ///< bad URL or scheme, unknown job, unusable folder, options that don't fit together
    LedgerUnusable = 3,
    Interrupted = 130,
};

/// The exit code of a command that could not do its work because of `code`.
ExitCode exitCodeFor(core::ErrorCode code);

} // namespace ingather::cli
