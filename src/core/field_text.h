// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

namespace ingather::core
{

// How text is hidden in header fields, which know only bytes.

/// Text of bytes whose charset nobody named: UTF-8 if they are that, else ISO 8859-1.
QString textOfBytes(const QByteArray &bytes);

/// An extended value (RFC 8187 §3.2.1), charset'language'escaped bytes, in UTF-8 or ISO 8859-1. Empty if
/// malformed, or in another charset.
QString extendedValue(const QByteArray &value);

/// `value` with the encoded words of RFC 2047 in it decoded ("=?UTF-8?B?…?="), as some servers send names
/// though HTTP has no such form; the rest as textOfBytes() reads it. A word in another charset than UTF-8,
/// ISO 8859-1 and US-ASCII, or one that breaks the grammar, stays as it is.
QString textOfEncodedWords(const QByteArray &value);

/// The text that was meant, if `text` is UTF-8 that somebody read as ISO 8859-1 and encoded again ("Ã©" for
/// "é"); else `text` itself.
QString withoutDoubleEncoding(const QString &text);

} // namespace ingather::core
