// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "storage/hasher.h"

namespace ingather::storage
{

/// Copies the first `length` bytes (-1: all) from one open file to the start of another and syncs it;
/// hashes them on the way. Returns how many there were.
core::Result<qint64> copyBytes(int from, int to, qint64 length, Hasher &hasher,
                               const StopAsked &stopAsked = {});

} // namespace ingather::storage
