// SPDX-License-Identifier: MIT
#include "transfer/response_rules.h"

#include "core/file_name.h"
#include "transfer/content_coding.h"
#include "transfer/http_date.h"
#include "transfer/http_fields.h"

#include <algorithm>

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

/// Nothing but "identity" was asked for, and some servers send gzip all the same.
core::Result<> takeCoding(const ReceivedFields &received, ResponseHead *head)
{
    const QByteArray field = received.value("Content-Encoding");
    const ContentCoding coding = parseContentEncoding(field);
    if (coding == ContentCoding::Identity)
        return {};
    const QByteArray suggestedName = core::fileNameFromContentDisposition(head->contentDisposition).toUtf8();
    if (coding == ContentCoding::Gzip &&
        isGzipFile(head->url.path(QUrl::FullyDecoded).toUtf8(), head->contentType, suggestedName)) {
        head->isGzipFile = true;
        return {};
    }
    if (coding == ContentCoding::Other || head->status == 206)
        return refused(ErrorCode::ContentEncoded, received, QString::fromLatin1(field.left(80)));
    head->isDecoded = true;
    return {};
}

/// What the server says of the coded bytes does not hold of ours (RFC 9110 §8.8.3.3).
void forgetSizeAndRanges(ResponseHead *head)
{
    core::Validators &validators = head->validators;
    validators.size.reset();
    if (validators.hasStrongEtag())
        validators.etag.prepend(QLatin1StringView("W/"));
    head->isLastModifiedStrong = false;
    head->acceptsRanges = false;
}

bool hasTransferCoding(const ReceivedFields &received)
{
    const QByteArray coding = received.value("Transfer-Encoding");
    return !coding.isEmpty() && coding.compare("identity", Qt::CaseInsensitive) != 0;
}

/// The length of this body as the headers give it. With a transfer coding Content-Length says nothing
/// (RFC 9112 §6.3), and chunked is the only coding that an HTTP/1.1 answer may use unasked.
core::Result<std::optional<qint64>> bodyLength(const ReceivedFields &received)
{
    if (hasTransferCoding(received)) {
        if (received.value("Transfer-Encoding").compare("chunked", Qt::CaseInsensitive) != 0)
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

/// Whether a range is of use to who asked for another: it has the first byte asked for, and nothing
/// behind the last (RFC 9110 §15.3.7).
core::Result<> checkRange(const ReceivedFields &received, const HttpRequest &request,
                          const ContentRange &given)
{
    const ByteRange &asked = *request.range;
    const QString pair = QStringLiteral("asked for %1-%2, given %3-%4")
                             .arg(asked.first)
                             .arg(asked.last ? QString::number(*asked.last) : QString())
                             .arg(given.first)
                             .arg(given.last);
    if (given.first > asked.first || given.last < asked.first)
        return refused(ErrorCode::RangeMismatch, received, pair);
    if (asked.last && given.last > *asked.last)
        return refused(ErrorCode::RangeMismatch, received, pair);
    if (request.knownSize &&
        (given.last >= *request.knownSize || (given.total && *given.total != *request.knownSize))) {
        return refused(ErrorCode::RangeMismatch, received,
                       QStringLiteral("%1 of a file of %2 bytes").arg(pair).arg(*request.knownSize));
    }
    return {};
}

bool endsBeforeAsked(const HttpRequest &request, const ContentRange &given)
{
    const std::optional<qint64> size = given.total ? given.total : request.knownSize;
    const std::optional<qint64> asked = request.range->last;
    if (!size)
        return asked && given.last < *asked;
    return given.last < std::min(asked.value_or(*size - 1), *size - 1);
}

core::Result<> takeRange(const ReceivedFields &received, const HttpRequest &request, ResponseHead *head)
{
    if (head->contentType.toLower().startsWith("multipart/byteranges"))
        return refused(ErrorCode::RangeMismatch, received, QStringLiteral("several ranges in one answer"));
    const auto field = parseContentRange(received.value("Content-Range"));
    if (!field || !field->range)
        return refused(ErrorCode::RangeMismatch, received, QStringLiteral("no usable Content-Range"));
    if (const core::Result<> fits = checkRange(received, request, *field->range); !fits)
        return fits;
    const qint64 length = field->range->last - field->range->first + 1;
    if (head->contentLength && *head->contentLength != length) {
        return refused(
            ErrorCode::LengthConflict, received,
            QStringLiteral("range of %1 bytes in a body of %2").arg(length).arg(*head->contentLength));
    }
    head->contentRange = field->range;
    head->endsBeforeAsked = endsBeforeAsked(request, *field->range);
    head->validators.size = field->total;
    head->acceptsRanges = true;
    return {};
}

/// What every answer says of the file, with or without a body.
void takeFacts(const ReceivedFields &received, const QDateTime &now, ResponseHead *head)
{
    const QByteArray lastModified = received.value("Last-Modified");
    head->date = received.value("Date");
    head->validators.etag = entityTag(received.value("ETag"));
    head->validators.lastModified = QString::fromLatin1(lastModified);
    head->isLastModifiedStrong = isStrongDate(lastModified, head->date, now);
    head->acceptsRanges = hasToken(received.value("Accept-Ranges"), "bytes");
    head->contentType = received.value("Content-Type");
    head->contentDisposition = received.value("Content-Disposition");
    if (const auto age = parseDecimal(received.value("Age")))
        head->age = std::chrono::seconds(*age);
    head->reprDigest = received.value("Repr-Digest");
    head->contentDigest = received.value("Content-Digest");
    head->digest = received.value("Digest");
    head->contentMd5 = received.value("Content-MD5");
}

/// The statuses that a request lets the server answer with; 206 is looked at before.
bool isAnswerTo(const HttpRequest &request, int status)
{
    return status == 200 || (request.range && (status == 206 || status == 416)) ||
           (request.isConditional() && status == 304);
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

core::Result<ResponseHead> readHead(const ReceivedFields &received, const HttpRequest &request,
                                    const QUrl &hop, const QDateTime &now)
{
    const int status = received.status;
    ResponseHead head;
    head.status = status;
    head.url = hop;
    head.retryAfter = parseRetryAfter(received.value("Retry-After"), received.value("Date"), now);
    if (status == 206 && !request.range)
        return refused(ErrorCode::RangeMismatch, received,
                       QStringLiteral("a part of what was asked for whole"));
    if (!isAnswerTo(request, status))
        return errorFromStatus(status, head.retryAfter);
    if (received.fields.isEmpty() && status != 304)
        return refused(ErrorCode::ProtocolError, received,
                       QStringLiteral("no header fields, or unreadable ones"));

    takeFacts(received, now, &head);
    if (status == 304)
        return head;
    if (status == 416) {
        if (const auto field = parseContentRange(received.value("Content-Range")); field && !field->range)
            head.validators.size = field->total;
        return head;
    }

    core::Result<std::optional<qint64>> length = bodyLength(received);
    if (!length)
        return length.error();
    head.contentLength = *length;
    if (const core::Result<> coding = takeCoding(received, &head); !coding)
        return coding.error();
    if (status == 206) {
        if (const core::Result<> range = takeRange(received, request, &head); !range)
            return range.error();
    } else {
        head.validators.size = head.contentLength;
        head.isCloseDelimited = !head.contentLength && !hasTransferCoding(received);
    }
    if (head.isDecoded)
        forgetSizeAndRanges(&head);
    return head;
}

} // namespace ingather::transfer
