// SPDX-License-Identifier: MIT
#include "support/damage.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace ingather::support
{

void flipBits(QByteArray &file, int count, std::mt19937 &random)
{
    std::uniform_int_distribution<qint64> anyBit(0, file.size() * 8 - 1);
    for (int i = 0; i < count; ++i) {
        const qint64 bit = anyBit(random);
        file[bit / 8] = static_cast<char>(file[bit / 8] ^ (1 << (bit % 8)));
    }
}

void zeroPage(QByteArray &file, int pageSize, int page)
{
    const auto begin = file.begin() + static_cast<qint64>(page - 1) * pageSize;
    std::fill(begin, begin + pageSize, '\0');
}

void zeroShareOfPages(QByteArray &file, int pageSize, double share, std::mt19937 &random)
{
    const auto pages = static_cast<int>(file.size() / pageSize);
    std::vector<int> order(static_cast<std::size_t>(pages) - 1);
    std::iota(order.begin(), order.end(), 2);
    std::shuffle(order.begin(), order.end(), random);
    const auto count = std::max<std::size_t>(1, static_cast<std::size_t>(share * pages));
    for (std::size_t i = 0; i < std::min(count, order.size()); ++i)
        zeroPage(file, pageSize, order[i]);
}

void overwrite(QByteArray &file, qint64 offset, qint64 count, std::mt19937 &random)
{
    const qint64 end = std::min<qint64>(offset + count, file.size());
    for (qint64 i = offset; i < end; ++i)
        file[i] = static_cast<char>(random());
}

void truncateTo(QByteArray &file, qint64 size)
{
    file.truncate(size);
}

} // namespace ingather::support
