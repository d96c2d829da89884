// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <optional>

namespace ingather::core
{

/// What a server says a representation is known by (RFC 9110 §8.8). Fields are as received,
/// trimmed; empty means absent.
struct Validators {
    QString etag;         ///< with its quotes and a possible W/
    QString lastModified; ///< HTTP-date text
    std::optional<qint64> size;

    /// A strong entity tag: present and not weak (RFC 9110 §8.8.1).
    bool hasStrongEtag() const { return etag.size() >= 2 && etag.startsWith(u'"') && etag.endsWith(u'"'); }
    friend bool operator==(const Validators &, const Validators &) = default;
};

} // namespace ingather::core
