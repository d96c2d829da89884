// SPDX-License-Identifier: MIT
#pragma once

#include <QHashFunctions>
#include <QString>

namespace ingather::core
{

/// Identifier of a job. Ours are UUIDs (see keys.h); ids found in a ledger of another writer are
/// kept as they are, whatever their form.
struct JobId {
    QString value;

    bool isEmpty() const { return value.isEmpty(); }
    friend auto operator<=>(const JobId &a, const JobId &b) { return a.value.compare(b.value) <=> 0; }
    friend bool operator==(const JobId &, const JobId &) = default;
    friend size_t qHash(const JobId &id, size_t seed = 0) noexcept { return qHash(id.value, seed); }
};

} // namespace ingather::core
