// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace ingather::support
{

/// Memory of this process that lies in RAM (VmRSS of /proc/self/status), in bytes; 0 if it can't be read.
qint64 residentBytes();
/// The most it has been (VmHWM).
qint64 residentPeakBytes();
/// From now on the peak is that of what follows. False where the kernel does not offer it.
bool forgetResidentPeak();

} // namespace ingather::support
