// SPDX-License-Identifier: MIT
#include "core/crc32c.h"

#include <QtEndian>

#include <array>

namespace ingather::core
{

namespace
{

/// 0x1EDC6F41 with its bits reversed: the bytes are fed lowest bit first.
constexpr std::uint32_t polynomial = 0x82F63B78U;

using Table = std::array<std::uint32_t, 256>;

constexpr Table makeTable()
{
    Table table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t remainder = byte;
        for (int bit = 0; bit < 8; ++bit)
            remainder = (remainder >> 1) ^ ((remainder & 1U) != 0 ? polynomial : 0U);
        table[byte] = remainder;
    }
    return table;
}

constexpr auto table = makeTable();

/// The same for a byte that has n more behind it, n up to 7: eight bytes are taken at a time, and no step has
/// to wait for the one before ("slicing by 8", Kounavis and Berry 2005).
constexpr std::array<Table, 8> makeSlices()
{
    std::array<Table, 8> slices{table};
    for (std::size_t n = 1; n < slices.size(); ++n) {
        for (std::size_t byte = 0; byte < table.size(); ++byte) {
            const std::uint32_t before = slices[n - 1][byte];
            slices[n][byte] = (before >> 8) ^ table[before & 0xFFU];
        }
    }
    return slices;
}

constexpr auto slices = makeSlices();

} // namespace

std::uint32_t crc32c(QByteArrayView bytes, std::uint32_t seed)
{
    std::uint32_t sum = ~seed;
    while (bytes.size() >= qsizetype{slices.size()}) {
        const auto eight = qFromLittleEndian<quint64>(bytes.data()) ^ sum;
        sum = 0;
        for (std::size_t n = 0; n < slices.size(); ++n)
            sum ^= slices[slices.size() - 1 - n][(eight >> (8 * n)) & 0xFFU];
        bytes = bytes.sliced(slices.size());
    }
    for (const char byte : bytes)
        sum = (sum >> 8) ^ table[(sum ^ static_cast<unsigned char>(byte)) & 0xFFU];
    return ~sum;
}

std::optional<BitPosition> locateFlippedBit(qsizetype length, std::uint32_t found, std::uint32_t expected)
{
    const std::uint32_t wanted = found ^ expected;
    if (wanted == 0)
        return std::nullopt;
    std::array<std::uint32_t, 8> differences{};
    for (std::size_t bit = 0; bit < differences.size(); ++bit)
        differences[bit] = table[std::size_t{1} << bit];
    for (qsizetype byte = length - 1; byte >= 0; --byte) {
        for (std::size_t bit = 0; bit < differences.size(); ++bit) {
            std::uint32_t &difference = differences[bit];
            if (difference == wanted)
                return BitPosition{byte, static_cast<int>(bit)};
            difference =
                (difference >> 8) ^ table[difference & 0xFFU]; // one byte of zeros further from the end
        }
    }
    return std::nullopt;
}

} // namespace ingather::core
