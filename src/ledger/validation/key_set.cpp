// SPDX-License-Identifier: MIT
#include "ledger/validation/key_set.h"

#include <QHashFunctions>

#include <algorithm>

namespace ingather::ledger
{

quint64 KeySet::hashOf(QByteArrayView key, quint64 seed)
{
    static_assert(sizeof(size_t) == sizeof(quint64));
    return qHashBits(key.data(), static_cast<size_t>(key.size()), seed);
}

void KeySet::sort()
{
    std::sort(m_hashes.begin(), m_hashes.end());
}

bool KeySet::contains(quint64 hash) const
{
    return std::binary_search(m_hashes.begin(), m_hashes.end(), hash);
}

bool KeySet::hasDuplicates() const
{
    return std::adjacent_find(m_hashes.begin(), m_hashes.end()) != m_hashes.end();
}

} // namespace ingather::ledger
