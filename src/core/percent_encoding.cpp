// SPDX-License-Identifier: MIT
#include "core/percent_encoding.h"

namespace ingather::core
{

namespace
{

int hexValue(char16_t c)
{
    if (c >= u'0' && c <= u'9')
        return c - u'0';
    if (c >= u'a' && c <= u'f')
        return c - u'a' + 10;
    if (c >= u'A' && c <= u'F')
        return c - u'A' + 10;
    return -1;
}

/// Value of the escape that starts at `at`; -1 if there is none.
int escapeAt(QStringView text, qsizetype at)
{
    if (at + 2 >= text.size())
        return -1;
    const int high = hexValue(text[at + 1].unicode());
    const int low = hexValue(text[at + 2].unicode());
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

void appendEscaped(QString &out, unsigned char byte)
{
    constexpr char16_t digits[] = u"0123456789ABCDEF";
    out += u'%';
    out += QChar(digits[byte >> 4]);
    out += QChar(digits[byte & 0xF]);
}

} // namespace

bool isUnreserved(char16_t c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'-' ||
           c == u'.' || c == u'_' || c == u'~';
}

bool isSubDelimiter(char16_t c)
{
    return QStringView(u"!$&'()*+,;=").contains(QChar(c));
}

std::optional<QByteArray> percentDecoded(QStringView text)
{
    QByteArray bytes;
    bytes.reserve(text.size());
    qsizetype plainFrom = 0;
    for (qsizetype i = 0; i < text.size();) {
        if (text[i] != u'%') {
            ++i;
            continue;
        }
        const int value = escapeAt(text, i);
        if (value < 0)
            return std::nullopt;
        bytes += text.sliced(plainFrom, i - plainFrom).toUtf8();
        bytes += static_cast<char>(value);
        i += 3;
        plainFrom = i;
    }
    bytes += text.sliced(plainFrom).toUtf8();
    return bytes;
}

std::optional<QString> percentNormalized(QStringView text, QStringView alsoAllowed)
{
    QString out;
    out.reserve(text.size());
    for (qsizetype i = 0; i < text.size();) {
        const char16_t c = text[i].unicode();
        if (c == u'%') {
            const int value = escapeAt(text, i);
            if (value < 0)
                return std::nullopt;
            if (isUnreserved(static_cast<char16_t>(value)))
                out += QChar(static_cast<char16_t>(value));
            else
                appendEscaped(out, static_cast<unsigned char>(value));
            i += 3;
            continue;
        }
        if (isUnreserved(c) || isSubDelimiter(c) || alsoAllowed.contains(QChar(c))) {
            out += QChar(c);
            ++i;
            continue;
        }
        const bool isPair = QChar::isHighSurrogate(c) && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        const qsizetype length = isPair ? 2 : 1;
        for (const char byte : text.sliced(i, length).toUtf8())
            appendEscaped(out, static_cast<unsigned char>(byte));
        i += length;
    }
    return out;
}

} // namespace ingather::core
