// SPDX-License-Identifier: MIT
#include "storage/content_type.h"

#include "storage/markup.h"

#include <QStringDecoder>

#include <algorithm>
#include <optional>

namespace ingather::storage
{

namespace
{

constexpr qsizetype pdfSearchLength = 1024;

std::optional<QStringConverter::Encoding> wideEncodingOf(QByteArrayView head)
{
    using Encoding = QStringConverter::Encoding;
    const std::optional<Encoding> marked = QStringConverter::encodingForData(head);
    if (marked)
        return marked == Encoding::Utf8 ? std::nullopt : marked;
    if (head.size() < 4)
        return std::nullopt;
    // ASCII text in two bytes: each second one is zero. Two characters must agree.
    const auto isAscii = [head](int i) { return head[i] >= '\t' && head[i] != '\x7F'; };
    if (isAscii(0) && head[1] == 0 && isAscii(2) && head[3] == 0)
        return Encoding::Utf16LE;
    if (head[0] == 0 && isAscii(1) && head[2] == 0 && isAscii(3))
        return Encoding::Utf16BE;
    return std::nullopt;
}

QByteArray decoded(QByteArrayView bytes, std::optional<QStringConverter::Encoding> encoding)
{
    if (encoding) {
        QStringDecoder decode(*encoding, QStringConverter::Flag::Stateless);
        const QString text = decode(bytes);
        return text.toUtf8();
    }
    constexpr QByteArrayView mark("\xEF\xBB\xBF");
    return (bytes.startsWith(mark) ? bytes.sliced(mark.size()) : bytes).toByteArray();
}

bool isText(QByteArrayView bytes)
{
    return std::none_of(bytes.begin(), bytes.end(), [](char c) {
        constexpr char escape = '\x1B'; // ISO 2022, terminal colours
        const auto byte = static_cast<unsigned char>(c);
        return byte == 0x7F || (byte < 0x20 && !(byte >= '\t' && byte <= '\r') && c != escape);
    });
}

/// Archives that may store a file as it is.
bool isArchive(QByteArrayView head)
{
    constexpr qsizetype tarMagicAt = 257;
    return head.startsWith("PK") || head.startsWith("\x1F\x8B") || head.startsWith("\xD0\xCF\x11\xE0") ||
           (head.size() > tarMagicAt && head.sliced(tarMagicAt).startsWith("ustar"));
}

/// Text that starts like a JSON object or array (RFC 8259 §2).
bool isJson(QByteArrayView text)
{
    text = text.trimmed();
    if (!text.startsWith('{') && !text.startsWith('['))
        return false;
    const bool isObject = text.front() == '{';
    const QByteArrayView inner = text.sliced(1).trimmed();
    if (inner.isEmpty())
        return true;
    return (isObject ? QByteArrayView("\"}") : QByteArrayView("{[\"]-0123456789tfn")).contains(inner.front());
}

} // namespace

QString contentTypeName(ContentType type)
{
    switch (type) {
    case ContentType::Empty:
        return QStringLiteral("empty");
    case ContentType::Pdf:
        return QStringLiteral("pdf");
    case ContentType::Html:
        return QStringLiteral("html");
    case ContentType::Xml:
        return QStringLiteral("xml");
    case ContentType::Json:
        return QStringLiteral("json");
    case ContentType::Gzip:
        return QStringLiteral("gzip");
    case ContentType::Zip:
        return QStringLiteral("zip");
    case ContentType::Compound:
        return QStringLiteral("compound");
    case ContentType::Text:
        return QStringLiteral("text");
    case ContentType::Binary:
        return QStringLiteral("binary");
    }
    Q_UNREACHABLE();
}

qsizetype pdfHeaderStart(QByteArrayView head)
{
    constexpr QByteArrayView header("%PDF-");
    if (head.startsWith(header))
        return 0;
    return isArchive(head) ? -1 : head.first(std::min(head.size(), pdfSearchLength)).indexOf(header);
}

QByteArray asUtf8(QByteArrayView bytes)
{
    return decoded(bytes, wideEncodingOf(bytes));
}

QByteArray asUtf8Like(QByteArrayView head, QByteArrayView bytes)
{
    return decoded(bytes, wideEncodingOf(head));
}

namespace
{

/// Nothing but a byte-order mark and white space stands before its header.
bool startsAsPdf(QByteArrayView head)
{
    const qsizetype start = pdfHeaderStart(head);
    return start == 0 || (start > 0 && decoded(head.first(start), std::nullopt).trimmed().isEmpty());
}

} // namespace

ContentType contentTypeOf(QByteArrayView head)
{
    if (head.isEmpty())
        return ContentType::Empty;
    if (head.startsWith("\x1F\x8B\x08"))
        return ContentType::Gzip;
    if (head.startsWith("PK\3\4") || head.startsWith("PK\5\6") || head.startsWith("PK\7\x08"))
        return ContentType::Zip;
    if (head.startsWith("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"))
        return ContentType::Compound;
    if (startsAsPdf(head))
        return ContentType::Pdf;
    const QByteArray text = asUtf8(head);
    const Markup markup = markupOf(text);
    if (markup.kind == Markup::Page)
        return ContentType::Html;
    if (markup.kind == Markup::Data)
        return ContentType::Xml;
    if (!isText(text))
        return ContentType::Binary;
    if (isJson(text))
        return ContentType::Json;
    return holdsPage(text) ? ContentType::Html : ContentType::Text;
}

} // namespace ingather::storage
