// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace ingather::core
{

/// RFC 3986 §2.3: letters, digits, "-", ".", "_", "~".
bool isUnreserved(char16_t c);

/// RFC 3986 §2.2: the delimiters that any component may use for itself.
bool isSubDelimiter(char16_t c);

/// The bytes that `text` stands for: %XX decoded, the rest as UTF-8. nullopt if a "%" is not followed by
/// two hexadecimal digits.
std::optional<QByteArray> percentDecoded(QStringView text);

/// `text` in normal form (RFC 3986 §6.2.2): escapes in upper case, those of unreserved characters decoded,
/// and every other character encoded as UTF-8 unless it is unreserved or a sub-delimiter or in `alsoAllowed`.
/// nullopt for an incomplete escape.
std::optional<QString> percentNormalized(QStringView text, QStringView alsoAllowed);

} // namespace ingather::core
