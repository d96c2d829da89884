// SPDX-License-Identifier: MIT
#pragma once

#include "storage/part_file.h"

#include <memory>
#include <utility>

namespace ingather::engine
{

using SharedPart = std::shared_ptr<storage::PartFile>;

/// A QFuture hands out copies of its value, and a part can't be copied.
inline core::Result<SharedPart> shared(core::Result<storage::PartFile> part)
{
    if (!part)
        return part.error();
    return std::make_shared<storage::PartFile>(std::move(*part));
}

} // namespace ingather::engine
