// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace ingather::platform
{

/// 16 lower-case hexadecimal digits from the system's random source: unique for every practical purpose.
QString newNonce();

} // namespace ingather::platform
