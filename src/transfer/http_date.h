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

/// Whether a Last-Modified may stand in If-Range (RFC 9110 §8.8.2.2, §13.1.5): it came in an answer whose
/// Date is at least one second later, so that the file did not change again within the second that
/// Last-Modified names. Both are the server's own, and taken to be of one clock. False if either is no date.
bool isStrongDate(const QByteArray &lastModified, const QByteArray &date, const QDateTime &now);

} // namespace ingather::transfer
