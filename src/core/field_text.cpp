// SPDX-License-Identifier: MIT
#include "core/field_text.h"

#include "core/percent_encoding.h"

#include <QStringDecoder>

#include <algorithm>
#include <optional>

namespace ingather::core
{

namespace
{

std::optional<QString> fromUtf8(const QByteArray &bytes)
{
    QStringDecoder decode(QStringDecoder::Utf8, QStringConverter::Flag::Stateless);
    const QString text = decode(bytes);
    return decode.hasError() ? std::nullopt : std::optional(text);
}

/// Text in one of the charsets that servers use; nullopt for another charset and for bytes that break it.
std::optional<QString> fromCharset(const QByteArray &charset, const QByteArray &bytes)
{
    const QByteArray name = charset.toLower();
    if (name == "utf-8" || name == "utf8")
        return fromUtf8(bytes);
    if (name == "iso-8859-1" || name == "us-ascii")
        return QString::fromLatin1(bytes);
    return std::nullopt;
}

/// The "Q" encoding (RFC 2047 §4.2): "_" is a blank, "=XX" a byte.
std::optional<QByteArray> fromQ(QByteArray text)
{
    text.replace('%', "%25").replace('_', ' ').replace('=', '%');
    return percentDecoded(QString::fromLatin1(text));
}

std::optional<QByteArray> fromB(const QByteArray &text)
{
    const auto decoded = QByteArray::fromBase64Encoding(text, QByteArray::Base64Encoding |
                                                                  QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? std::optional(*decoded) : std::nullopt;
}

/// "=?charset?encoding?text?=" (RFC 2047 §2).
struct EncodedWord {
    QByteArray charset;
    QByteArray bytes;
    qsizetype size; ///< as it was written
};

std::optional<EncodedWord> readEncodedWord(const QByteArray &value, qsizetype at)
{
    if (value.mid(at, 2) != "=?")
        return std::nullopt;
    const qsizetype encoding = value.indexOf('?', at + 2);
    const qsizetype text = encoding < 0 ? -1 : value.indexOf('?', encoding + 1);
    const qsizetype end = text < 0 ? -1 : value.indexOf("?=", text + 1);
    if (end < 0 || text != encoding + 2)
        return std::nullopt;
    QByteArray charset = value.mid(at + 2, encoding - at - 2);
    if (const qsizetype language = charset.indexOf('*'); language >= 0) // RFC 2231 §5
        charset.truncate(language);
    const char kind = value[encoding + 1];
    const QByteArray encoded = value.mid(text + 1, end - text - 1);
    const std::optional<QByteArray> bytes = kind == 'B' || kind == 'b'   ? fromB(encoded)
                                            : kind == 'Q' || kind == 'q' ? fromQ(encoded)
                                                                         : std::nullopt;
    if (!bytes || charset.isEmpty())
        return std::nullopt;
    return EncodedWord{charset, *bytes, end + 2 - at};
}

qsizetype behindBlanks(const QByteArray &value, qsizetype at)
{
    while (at < value.size() &&
           (value[at] == ' ' || value[at] == '\t' || value[at] == '\r' || value[at] == '\n'))
        ++at;
    return at;
}

} // namespace

QString textOfBytes(const QByteArray &bytes)
{
    return fromUtf8(bytes).value_or(QString::fromLatin1(bytes));
}

QString extendedValue(const QByteArray &value)
{
    const qsizetype first = value.indexOf('\'');
    const qsizetype second = value.indexOf('\'', first + 1);
    if (first <= 0 || second < 0)
        return {};
    const std::optional<QByteArray> bytes = percentDecoded(QString::fromLatin1(value.sliced(second + 1)));
    return bytes ? fromCharset(value.first(first), *bytes).value_or(QString()) : QString();
}

QString textOfEncodedWords(const QByteArray &value)
{
    QString text;
    qsizetype plainFrom = 0;
    qsizetype at = value.indexOf("=?");
    while (at >= 0) {
        std::optional<EncodedWord> word = readEncodedWord(value, at);
        qsizetype end = word ? at + word->size : at + 2;
        // Blanks between words are none of the text, and a character may be split between two of them.
        while (word) {
            const qsizetype next = behindBlanks(value, end);
            const auto more = readEncodedWord(value, next);
            if (!more || more->charset != word->charset)
                break;
            word->bytes += more->bytes;
            end = next + more->size;
        }
        const auto decoded = word ? fromCharset(word->charset, word->bytes) : std::nullopt;
        if (decoded) {
            text += textOfBytes(value.mid(plainFrom, at - plainFrom)) + *decoded;
            plainFrom = end;
        }
        at = value.indexOf("=?", end);
    }
    return text + textOfBytes(value.mid(plainFrom));
}

QString withoutDoubleEncoding(const QString &text)
{
    const auto isLatin1 = [](QChar c) { return c.unicode() <= 0xFF; };
    const auto isAscii = [](QChar c) { return c.unicode() < 0x80; };
    if (!std::all_of(text.begin(), text.end(), isLatin1) || std::all_of(text.begin(), text.end(), isAscii))
        return text;
    return fromUtf8(text.toLatin1()).value_or(text);
}

} // namespace ingather::core
