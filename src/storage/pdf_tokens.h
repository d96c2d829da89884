// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>
#include <QtGlobal>

#include <optional>

/// As much of PDF's syntax (ISO 32000-1 §7.2, §7.3) as its trailer takes. Never fails: what is malformed is
/// not found.
namespace ingather::storage::pdf
{

/// §7.2.2: NUL, tab, line feed, form feed, carriage return, blank.
bool isBlank(char c);
QByteArrayView withoutLeadingBlanks(QByteArrayView text);

/// The non-negative number that follows white space; nullopt if there is none, or more than 15 digits.
std::optional<qint64> numberAt(QByteArrayView text);

/// "12 0 obj".
bool startsWithObject(QByteArrayView text);
/// The same, and what is left of it when it was cut: "12", "12 0 o".
bool startsLikeObject(QByteArrayView text);

/// The number of a key on the first level of the dictionary that `text` starts with.
std::optional<qint64> numberOfKey(QByteArrayView text, QByteArrayView key);

/// Whether the last trailer dictionary in `text` has the key /Encrypt.
bool trailerHasEncryption(QByteArrayView text);

/// The same for a cross-reference that `text` starts with: of a table the trailer behind it, of a stream its
/// own dictionary.
bool indexHasEncryption(QByteArrayView text);

} // namespace ingather::storage::pdf
