// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QDateTime>

#include <optional>

namespace ingather::transfer
{

/// An HTTP-date in any of its three forms (RFC 9110 §5.6.7) as UTC; nullopt for anything else. `now`
/// decides the century of the two-digit year of the RFC 850 form.
std::optional<QDateTime> parseHttpDate(const QByteArray &text, const QDateTime &now);

} // namespace ingather::transfer
