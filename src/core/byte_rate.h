// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>

namespace ingather::core
{

/// Bytes a second from what people write: a whole number with K, M or G (1024-based, in either case) or
/// without, such as "800K" or "2M"; 0 means no limit. InvalidArgument for anything else, or for a rate that
/// does not fit; `detail` says what was wrong.
Result<qint64> byteRateFromText(QStringView text);

} // namespace ingather::core
