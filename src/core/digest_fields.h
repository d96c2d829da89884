// SPDX-License-Identifier: MIT
#pragma once

#include "core/digest.h"

#include <QByteArray>
#include <QList>

namespace ingather::core
{

// What servers say about their bytes. Each function takes the value of one field (several of the same name
// joined by ", ") and returns the digests whose algorithm we know, the strongest first. Members that are
// malformed, unknown or of a wrong length are passed over; an algorithm with two different values says
// nothing. What the bytes are that a digest is of differs:
//
//   Repr-Digest      the whole representation, also in a 206: with its Content-Encoding, if it has one
//   Content-Digest   the bytes of this response: the whole file only in a 200
//   Digest           as Repr-Digest
//   Content-MD5      as Content-Digest

/// Repr-Digest and Content-Digest (RFC 9530 §2, §3): a dictionary of byte sequences (RFC 9651 §3.2),
/// "sha-256=:…:, sha-512=:…:". Keys in any case.
QList<Digest> parseDigestDictionary(const QByteArray &value);

/// Digest (RFC 3230 §4.3.2): "SHA-256=base64,MD5=base64"; x-goog-hash has the same form. Hexadecimal digits,
/// as some servers write them, are told by their number.
QList<Digest> parseLegacyDigest(const QByteArray &value);

/// Content-MD5 (RFC 1864): base64; hexadecimal digits as above.
QList<Digest> parseContentMd5(const QByteArray &value);

} // namespace ingather::core
