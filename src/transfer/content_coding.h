// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

namespace ingather::transfer
{

/// What a Content-Encoding field (RFC 9110 §8.4) says of a body.
enum class ContentCoding {
    Identity,
    Gzip,    ///< gzip or x-gzip (RFC 1952)
    Deflate, ///< the zlib format (RFC 1950) by the rules, bare deflate (RFC 1951) from some servers
    Other,   ///< one that is not decoded here, or several
};

/// Absent, empty and "identity" are Identity; names count in any case.
ContentCoding parseContentEncoding(const QByteArray &value);

/// Whether a body marked as gzip is the file itself, not a file that was packed for the way: servers that
/// derive the field from the ending of a stored file (Apache's AddEncoding) mark each .tar.gz so. It is the
/// file if the last segment of `path`, the name the server suggests, or the media type says gzip.
bool isGzipFile(const QByteArray &path, const QByteArray &contentType, const QByteArray &suggestedName);

} // namespace ingather::transfer
