// SPDX-License-Identifier: MIT
#include "storage/pdf_tokens.h"

#include <algorithm>

namespace ingather::storage::pdf
{

namespace
{

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isDelimiter(char c)
{
    return isBlank(c) || QByteArrayView("()<>[]{}/%").contains(c);
}

/// Behind the string that starts at `at` (§7.3.4.2): parentheses nest, a backslash escapes.
qsizetype behindString(QByteArrayView text, qsizetype at)
{
    int depth = 0;
    for (; at < text.size(); ++at) {
        if (text[at] == '\\')
            ++at;
        else if (text[at] == '(')
            ++depth;
        else if (text[at] == ')' && --depth == 0)
            return at + 1;
    }
    return text.size();
}

/// What follows a key on the first level of the dictionary that `text` starts with; null if it has no such
/// key.
QByteArrayView valueOfKey(QByteArrayView text, QByteArrayView key)
{
    int depth = 0;
    qsizetype at = 0;
    while (at < text.size()) {
        const QByteArrayView rest = text.sliced(at);
        if (rest.startsWith("<<") || rest.startsWith(">>")) {
            depth += rest.front() == '<' ? 1 : -1;
            at += 2;
            if (depth <= 0)
                return {};
        } else if (depth == 0) {
            return {};
        } else if (rest.front() == '(') {
            at = behindString(text, at);
        } else if (rest.front() == '/') {
            const auto end = std::find_if(rest.begin() + 1, rest.end(), isDelimiter);
            const QByteArrayView name = rest.first(end - rest.begin());
            at += name.size();
            if (depth == 1 && name.sliced(1) == key)
                return text.sliced(at);
        } else {
            ++at;
        }
    }
    return {};
}

/// The rest behind digits and white space; null if there are no digits, or no white space behind them.
QByteArrayView behindNumber(QByteArrayView text)
{
    const auto digits = std::find_if_not(text.begin(), text.end(), isDigit);
    const QByteArrayView rest = text.sliced(digits - text.begin());
    if (digits == text.begin() || rest.isEmpty() || !isBlank(rest.front()))
        return {};
    return withoutLeadingBlanks(rest);
}

constexpr QByteArrayView trailer("trailer");

bool dictionaryHasEncryption(QByteArrayView text)
{
    return !valueOfKey(withoutLeadingBlanks(text), "Encrypt").isNull();
}

} // namespace

bool isBlank(char c)
{
    return c == '\0' || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

QByteArrayView withoutLeadingBlanks(QByteArrayView text)
{
    const auto start = std::find_if_not(text.begin(), text.end(), isBlank);
    return text.sliced(start - text.begin());
}

std::optional<qint64> numberAt(QByteArrayView text)
{
    constexpr qsizetype mostDigits = 15;
    const QByteArrayView rest = withoutLeadingBlanks(text);
    const auto end = std::find_if_not(rest.begin(), rest.end(), isDigit);
    const QByteArrayView digits = rest.first(end - rest.begin());
    if (digits.isEmpty() || digits.size() > mostDigits)
        return std::nullopt;
    return digits.toLongLong();
}

bool startsWithObject(QByteArrayView text)
{
    return behindNumber(behindNumber(text)).startsWith("obj");
}

bool startsLikeObject(QByteArrayView text)
{
    for (int numbers = 0; numbers < 2; ++numbers) {
        const auto digits = std::find_if_not(text.begin(), text.end(), isDigit);
        if (digits == text.begin())
            return numbers == 1 && text.isEmpty(); // "12 "
        if (digits == text.end())
            return true;
        text = behindNumber(text);
        if (text.isNull())
            return false;
    }
    const QByteArrayView word("obj");
    return text.startsWith(word) || word.startsWith(text);
}

std::optional<qint64> numberOfKey(QByteArrayView text, QByteArrayView key)
{
    const QByteArrayView value = valueOfKey(text, key);
    return value.isNull() ? std::nullopt : numberAt(value);
}

bool trailerHasEncryption(QByteArrayView text)
{
    const qsizetype at = text.lastIndexOf(trailer);
    return at >= 0 && dictionaryHasEncryption(text.sliced(at + trailer.size()));
}

bool indexHasEncryption(QByteArrayView text)
{
    const QByteArrayView start = withoutLeadingBlanks(text);
    if (!start.startsWith("xref")) {
        const QByteArrayView object = behindNumber(behindNumber(start));
        return object.startsWith("obj") && dictionaryHasEncryption(object.sliced(3));
    }
    const qsizetype at = start.indexOf(trailer);
    return at >= 0 && dictionaryHasEncryption(start.sliced(at + trailer.size()));
}

} // namespace ingather::storage::pdf
