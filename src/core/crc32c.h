// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

#include <cstdint>

namespace ingather::core
{

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `bytes`, continuing from `seed` (0 to start).
std::uint32_t crc32c(QByteArrayView bytes, std::uint32_t seed = 0);

} // namespace ingather::core
