// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

#include <vector>

namespace ingather::ledger
{

/// Keys that were seen, as 64-bit hashes: 8 bytes each, so that a million of them may be kept beside each
/// other whatever the indexes say. Two keys with one hash are expected once in 37 million ledgers of a
/// million jobs; what it suspects is looked up before it is said.
class KeySet final
{
public:
    static quint64 hashOf(QByteArrayView key, quint64 seed = 0);

    void add(quint64 hash) { m_hashes.push_back(hash); }
    /// Once all are in; contains() and hasDuplicates() need it.
    void sort();
    bool contains(quint64 hash) const;
    bool hasDuplicates() const;

private:
    std::vector<quint64> m_hashes;
};

} // namespace ingather::ledger
