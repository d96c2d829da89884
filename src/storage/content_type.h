// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace ingather::storage
{

/// What a file is by its first bytes, whatever anybody says about it.
enum class ContentType {
    Empty,
    Pdf,
    Html, ///< XHTML too
    Xml,
    Json,
    Gzip,
    Zip,
    Compound, ///< OLE compound file: old office documents, and new ones with a password
    Text,     ///< no control characters, none of the above
    Binary,
};

/// The stable name that goes into logs and results, e.g. "pdf".
QString contentTypeName(ContentType type);

/// Type by signature. Markup is found behind a byte-order mark, white space, comments and prologs, and in
/// UTF-16 and UTF-32; a PDF behind a byte-order mark and white space.
ContentType contentTypeOf(QByteArrayView head);

/// Where "%PDF-" starts in the first 1024 bytes (ISO 32000-1, Annex H.3); -1 if nowhere, or if the file is an
/// archive, which may hold a PDF as its first member.
qsizetype pdfHeaderStart(QByteArrayView head);

/// The bytes as UTF-8 without a byte-order mark: UTF-16 and UTF-32 are known by their mark or by the zeros of
/// ASCII text, everything else stays as it is.
QByteArray asUtf8(QByteArrayView bytes);

/// `bytes` from further on in a file that starts with `head`, decoded as asUtf8 decodes that. They start at
/// an offset that is a multiple of 4.
QByteArray asUtf8Like(QByteArrayView head, QByteArrayView bytes);

} // namespace ingather::storage
