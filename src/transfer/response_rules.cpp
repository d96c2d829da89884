// SPDX-License-Identifier: MIT
#include "transfer/response_rules.h"

#include "transfer/http_fields.h"

namespace ingather::transfer
{

using core::Error;
using core::ErrorCode;

namespace
{

Error refused(ErrorCode code, const ReceivedFields &received, const QString &why)
{
    return Error{code, QStringLiteral("read response headers"), received.status, why};
}

/// An entity tag as received. One with a quote inside is two fields joined or nonsense, and would
/// pass for a strong tag: it counts as absent.
QString entityTag(const QByteArray &value)
{
    const QByteArray opaque = value.startsWith("W/") ? value.mid(2) : value;
    if (opaque.startsWith('"') && (opaque.size() < 2 || opaque.indexOf('"', 1) != opaque.size() - 1))
        return QString();
    return QString::fromLatin1(value);
}

bool hasToken(const QByteArray &list, QByteArrayView token)
{
    for (const QByteArray &part : list.split(',')) {
        if (part.trimmed().compare(token, Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

/// Nothing but "identity" was asked for; what is encoded all the same is not the file.
bool isEncoded(const ReceivedFields &received)
{
    const QByteArray value = received.value("Content-Encoding");
    for (const QByteArray &part : value.split(',')) {
        const QByteArray coding = part.trimmed();
        if (!coding.isEmpty() && coding.compare("identity", Qt::CaseInsensitive) != 0)
            return true;
    }
    return false;
}

/// The length of this body as the headers give it. With a transfer coding Content-Length says nothing
/// (RFC 9112 §6.3), and chunked is the only coding that an HTTP/1.1 answer may use unasked.
core::Result<std::optional<qint64>> bodyLength(const ReceivedFields &received)
{
    const QByteArray coding = received.value("Transfer-Encoding");
    if (!coding.isEmpty() && coding.compare("identity", Qt::CaseInsensitive) != 0) {
        if (coding.compare("chunked", Qt::CaseInsensitive) != 0)
            return refused(ErrorCode::ProtocolError, received, QStringLiteral("unknown transfer coding"));
        return std::optional<qint64>();
    }
    const QByteArray value = received.value("Content-Length");
    if (value.isNull())
        return std::optional<qint64>();
    core::Result<qint64> length = parseContentLength(value);
    if (!length) {
        Error error = length.error();
        error.native = received.status;
        return error;
    }
    return std::optional(*length);
}

/// A 206 must be the range that was asked for, from its first byte on (RFC 9110 §15.3.7).
core::Result<> takeRange(const ReceivedFields &received, qint64 rangeStart, ResponseHead *head)
{
    if (head->contentType.startsWith("multipart/byteranges"))
        return refused(ErrorCode::RangeMismatch, received, QStringLiteral("several ranges in one answer"));
    const auto field = parseContentRange(received.value("Content-Range"));
    if (!field || !field->range)
        return refused(ErrorCode::RangeMismatch, received, QStringLiteral("no usable Content-Range"));
    if (field->range->first != rangeStart) {
        return refused(
            ErrorCode::RangeMismatch, received,
            QStringLiteral("asked from byte %1, given from %2").arg(rangeStart).arg(field->range->first));
    }
    const qint64 length = field->range->last - field->range->first + 1;
    if (head->contentLength && *head->contentLength != length) {
        return refused(
            ErrorCode::LengthConflict, received,
            QStringLiteral("range of %1 bytes in a body of %2").arg(length).arg(*head->contentLength));
    }
    head->contentRange = field->range;
    head->validators.size = field->total;
    head->acceptsRanges = true;
    return {};
}

} // namespace

QByteArray ReceivedFields::value(QByteArrayView name) const
{
    for (const HttpHeader &field : fields) {
        if (QByteArrayView(field.name).compare(name, Qt::CaseInsensitive) == 0) {
            const QByteArray trimmed = field.value.trimmed();
            return trimmed.isNull() ? QByteArray("") : trimmed;
        }
    }
    return QByteArray();
}

core::Result<> checkHeaderSize(const ReceivedFields &received)
{
    if (received.fields.size() > mostHeaderFields)
        return refused(ErrorCode::ProtocolError, received,
                       QStringLiteral("%1 header fields").arg(received.fields.size()));
    qsizetype bytes = 0;
    for (const HttpHeader &field : received.fields)
        bytes += field.name.size() + field.value.size() + 4; // ": " and CRLF
    if (bytes > mostHeaderBytes)
        return refused(ErrorCode::ProtocolError, received, QStringLiteral("%1 bytes of header").arg(bytes));
    return {};
}

core::Result<ResponseHead> readHead(const ReceivedFields &received, std::optional<qint64> rangeStart,
                                    const QDateTime &now)
{
    const int status = received.status;
    ResponseHead head;
    head.status = status;
    head.retryAfter = parseRetryAfter(received.value("Retry-After"), received.value("Date"), now);
    if (status == 206 && !rangeStart)
        return refused(ErrorCode::RangeMismatch, received,
                       QStringLiteral("a part of what was asked for whole"));
    if (status != 200 && !(rangeStart && (status == 206 || status == 416)))
        return errorFromStatus(status, head.retryAfter);
    if (received.fields.isEmpty())
        return refused(ErrorCode::ProtocolError, received,
                       QStringLiteral("no header fields, or unreadable ones"));

    head.validators.etag = entityTag(received.value("ETag"));
    head.validators.lastModified = QString::fromLatin1(received.value("Last-Modified"));
    head.acceptsRanges = hasToken(received.value("Accept-Ranges"), "bytes");
    if (status == 416) {
        if (const auto field = parseContentRange(received.value("Content-Range")); field && !field->range)
            head.validators.size = field->total;
        return head;
    }

    core::Result<std::optional<qint64>> length = bodyLength(received);
    if (!length)
        return length.error();
    head.contentLength = *length;
    head.contentType = received.value("Content-Type");
    head.contentDisposition = received.value("Content-Disposition");
    if (isEncoded(received))
        return refused(ErrorCode::ContentEncoded, received,
                       QString::fromLatin1(received.value("Content-Encoding")));
    if (status == 206) {
        if (const core::Result<> range = takeRange(received, *rangeStart, &head); !range)
            return range.error();
    } else {
        head.validators.size = head.contentLength;
    }
    return head;
}

} // namespace ingather::transfer
