// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

#include <cstdint>
#include <optional>

namespace ingather::core
{

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `bytes`, continuing from `seed` (0 to start).
std::uint32_t crc32c(QByteArrayView bytes, std::uint32_t seed = 0);

struct BitPosition {
    qsizetype byte = 0;
    int bit = 0;

    friend bool operator==(const BitPosition &, const BitPosition &) = default;
};

/// Where one flipped bit lies in `length` bytes whose sum is `found` and should be `expected`; nothing if no
/// single bit explains it. The sum is linear: each position has a difference of its own, which depends on its
/// distance from the end only, so nothing is summed anew. A match by chance is less likely than length/2^29.
std::optional<BitPosition> locateFlippedBit(qsizetype length, std::uint32_t found, std::uint32_t expected);

} // namespace ingather::core
