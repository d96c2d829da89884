// SPDX-License-Identifier: MIT
#include "core/file_name.h"

#include "core/field_text.h"
#include "core/percent_encoding.h"

#include <QList>
#include <QTextBoundaryFinder>

#include <algorithm>

namespace ingather::core
{

namespace
{

/// Room is left below the 255 bytes of common file systems for " (2)" and for the names of parts.
constexpr qsizetype longestSafeName = 200;
constexpr qsizetype longestName = 255;

bool isAsciiLetter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

bool isAsciiDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

/// Something like "pdf" or "7z": 1 to `longest` ASCII letters and digits, one of them a letter.
bool isExtension(QStringView text, qsizetype longest)
{
    return !text.isEmpty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [](QChar c) {
        return isAsciiLetter(c) || isAsciiDigit(c);
    }) && std::any_of(text.begin(), text.end(), isAsciiLetter);
}

bool isCompression(QStringView extension)
{
    constexpr QStringView suffixes[] = {u"gz", u"bz2", u"xz", u"zst", u"lz", u"lz4", u"Z", u"lzma", u"br"};
    return std::any_of(std::begin(suffixes), std::end(suffixes), [extension](QStringView suffix) {
        return extension.compare(suffix, Qt::CaseInsensitive) == 0;
    });
}

/// Where the extension starts, dot included; the end of the name if it has none. What a compressed file
/// holds counts with it: ".tar.gz", ".csv.xz".
qsizetype extensionStart(QStringView name)
{
    const qsizetype dot = name.lastIndexOf(u'.');
    if (dot <= 0 || !isExtension(name.sliced(dot + 1), 16))
        return name.size();
    if (!isCompression(name.sliced(dot + 1)))
        return dot;
    const qsizetype inner = name.first(dot).lastIndexOf(u'.');
    return inner > 0 && isExtension(name.sliced(inner + 1, dot - inner - 1), 5) ? inner : dot;
}

/// The longest beginning of `text` that fits in `room` bytes of UTF-8 and splits no visible character.
QStringView cutToBytes(QStringView text, qsizetype room)
{
    if (text.toUtf8().size() <= room)
        return text;
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, text.data(), text.size());
    qsizetype end = 0;
    qsizetype used = 0;
    for (qsizetype next = finder.toNextBoundary(); next > end; next = finder.toNextBoundary()) {
        if (next < text.size() && text[next].isLowSurrogate())
            continue; // Qt 6.4 sees a boundary within an emoji that follows a letter of Myanmar
        used += text.sliced(end, next - end).toUtf8().size();
        if (used > room)
            break;
        end = next;
    }
    if (end > 0)
        return text.first(end);
    // One letter under a tower of marks: better a broken letter than no name.
    while (end < text.size() && text.first(end + 1).toUtf8().size() <= room)
        ++end;
    return text.first(end > 0 && text[end - 1].isHighSurrogate() ? end - 1 : end);
}

/// Zero-width non-joiner and joiner.
bool isJoiner(char32_t c)
{
    return c == 0x200C || c == 0x200D;
}

bool isBlankOrDot(QChar c)
{
    return c.isSpace() || c == u'.';
}

/// Without what may not end a name; a cut can leave a joiner there.
QStringView trimmedRight(QStringView text)
{
    while (!text.isEmpty() && (isBlankOrDot(text.back()) || isJoiner(text.back().unicode())))
        text.chop(1);
    return text;
}

QStringView trimmedBothEnds(QStringView text)
{
    text = trimmedRight(text);
    while (!text.isEmpty() && isBlankOrDot(text.front()))
        text = text.sliced(1);
    return text;
}

/// `name` with `addition` before its extension, the stem cut so that all fits in `room` bytes.
QString fitted(QStringView name, const QString &addition, qsizetype room)
{
    const qsizetype dot = extensionStart(name);
    const QStringView extension = name.sliced(dot);
    const qsizetype rest = room - extension.toUtf8().size() - addition.toUtf8().size();
    const QStringView stem = name.first(dot);
    const QStringView cut = cutToBytes(stem, rest);
    return (cut.size() < stem.size() ? trimmedRight(cut) : cut).toString() + addition + extension.toString();
}

/// Names that Windows gives to devices, whatever extension follows.
bool isDeviceName(QStringView name)
{
    const qsizetype dot = name.indexOf(u'.');
    const QString base = name.first(dot < 0 ? name.size() : dot).trimmed().toString().toUpper();
    constexpr QStringView plain[] = {u"CON", u"PRN", u"AUX", u"NUL", u"CONIN$", u"CONOUT$"};
    if (std::any_of(std::begin(plain), std::end(plain),
                    [&base](QStringView device) { return base == device; }))
        return true;
    const bool isNumbered = base.startsWith(QStringLiteral("COM")) || base.startsWith(QStringLiteral("LPT"));
    return isNumbered && base.size() == 4 &&
           QStringView(u"0123456789\u00B9\u00B2\u00B3").contains(base.back());
}

/// What is not seen although Unicode counts it among letters, marks and symbols: the combining grapheme
/// joiner, the fillers of Hangul, inherent vowels of Khmer, selectors of Mongolian, the blank of Braille.
bool isInvisible(char32_t c)
{
    return c == 0x034F || c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 || c == 0x17B4 ||
           c == 0x17B5 || (c >= 0x180B && c <= 0x180F) || c == 0x2800;
}

/// Joiners are part of the spelling of Persian and Indic languages, and of emoji, between two of their
/// characters. Anywhere else they only make two names look like one.
QString withoutNeedlessJoiners(const QString &text)
{
    QString out;
    const auto isForeign = [](QChar c) { return c.unicode() >= 0x80 && !isJoiner(c.unicode()); };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool isNeeded =
            i + 1 < text.size() && isForeign(text[i + 1]) && !out.isEmpty() && isForeign(out.back());
        if (!isJoiner(text[i].unicode()) || isNeeded)
            out += text[i];
    }
    return out;
}

/// What becomes of one character: itself, a blank, '_' for one that some system refuses, or nothing.
enum class Treatment { Keep, Blank, Replace, Drop };

Treatment treatmentOf(char32_t c)
{
    if (c == U'\t' || c == U'\n' || c == U'\r')
        return Treatment::Blank;
    if (c < 0x80)
        return c < 0x20 || c == 0x7F                                                   ? Treatment::Drop
               : QStringView(u"<>:\"/\\|?*").contains(QChar(static_cast<char16_t>(c))) ? Treatment::Replace
                                                                                       : Treatment::Keep;
    if (isJoiner(c))
        return Treatment::Keep; // for the time being: see withoutNeedlessJoiners()
    if (isInvisible(c))
        return Treatment::Drop;
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Format: // bidi overrides, zero-width blanks, soft hyphens
    case QChar::Other_Surrogate:
        return Treatment::Drop;
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
    case QChar::Separator_Space:
        return Treatment::Blank;
    default:
        return QChar::isNonCharacter(c) ? Treatment::Drop : Treatment::Keep;
    }
}

QStringView lastComponent(QStringView path)
{
    const auto isSeparator = [](QChar c) { return c == u'/' || c == u'\\'; };
    while (!path.isEmpty() && isSeparator(path.back()))
        path.chop(1);
    const auto start = std::find_if(path.rbegin(), path.rend(), isSeparator);
    return path.last(start - path.rbegin());
}

/// Whether a backslash before `c` is RFC 9110's escape (§5.6.4). Before a letter or digit it is a separator:
/// "C:\\paper.pdf" is what old servers send.
bool isEscapable(char c)
{
    return static_cast<unsigned char>(c) < 0x80 && !isAsciiLetter(QLatin1Char(c)) &&
           !isAsciiDigit(QLatin1Char(c));
}

/// Reads the value behind "name=": a quoted string, or everything up to the next ";" (blanks included,
/// as servers that forget the quotes mean it). Leaves `at` behind it.
QByteArray readParameterValue(const QByteArray &field, qsizetype &at)
{
    while (at < field.size() && (field[at] == ' ' || field[at] == '\t'))
        ++at;
    if (at >= field.size() || field[at] != '"') {
        const qsizetype end = field.indexOf(';', at);
        const QByteArray value = field.mid(at, end < 0 ? -1 : end - at).trimmed();
        at = end < 0 ? field.size() : end;
        return value;
    }
    QByteArray value;
    for (++at; at < field.size() && field[at] != '"'; ++at) {
        if (field[at] == '\\' && at + 1 < field.size() && isEscapable(field[at + 1]))
            ++at;
        value += field[at];
    }
    const qsizetype end = field.indexOf(';', at);
    at = end < 0 ? field.size() : end;
    return value;
}

} // namespace

QString safeFileName(const QString &name)
{
    QString clean;
    bool hasSubstance = false;
    for (const char32_t c : name.normalized(QString::NormalizationForm_C).toUcs4()) {
        switch (treatmentOf(c)) {
        case Treatment::Keep:
            clean += QStringView(QChar::fromUcs4(c));
            hasSubstance = hasSubstance || !(c == U' ' || c == U'.' || isJoiner(c));
            break;
        case Treatment::Blank:
            clean += u' ';
            break;
        case Treatment::Replace:
            clean += u'_';
            break;
        case Treatment::Drop:
            break;
        }
    }
    if (!hasSubstance)
        return {};
    // Dropping and replacing can put characters side by side that compose.
    clean = withoutNeedlessJoiners(clean).normalized(QString::NormalizationForm_C).simplified();
    clean = trimmedBothEnds(clean).toString();
    if (clean.startsWith(u'~')) // somebody's home to a shell
        clean[0] = u'_';
    if (isDeviceName(clean))
        clean.prepend(u'_');
    return clean.toUtf8().size() > longestSafeName ? fitted(clean, QString(), longestSafeName) : clean;
}

QString fileNameFromUrl(const QString &canonicalUrl)
{
    const qsizetype scheme = canonicalUrl.indexOf(QStringLiteral("://"));
    QStringView path = QStringView(canonicalUrl).sliced(scheme < 0 ? 0 : scheme + 3);
    const auto end = std::find_if(path.begin(), path.end(), [](QChar c) { return c == u'?' || c == u'#'; });
    path = path.first(end - path.begin());
    const qsizetype slash = path.lastIndexOf(u'/');
    QString name;
    if (slash >= 0) {
        const QStringView segment = path.sliced(slash + 1);
        const std::optional<QByteArray> bytes = percentDecoded(segment);
        name = safeFileName(bytes ? textOfBytes(*bytes) : segment.toString());
    }
    return name.isEmpty() ? QStringLiteral("download") : name;
}

QString fileNameFromContentDisposition(const QByteArray &fieldValue)
{
    std::optional<QByteArray> plain;
    std::optional<QByteArray> extended;
    // The first of two equal parameters counts; the disposition type is skipped, and may be missing.
    for (qsizetype at = 0; at < fieldValue.size(); ++at) {
        const qsizetype semicolon = fieldValue.indexOf(';', at);
        const qsizetype equals = fieldValue.indexOf('=', at);
        if (equals < 0)
            break;
        if (semicolon >= 0 && semicolon < equals) {
            at = semicolon;
            continue;
        }
        const QByteArray name = fieldValue.sliced(at, equals - at).trimmed().toLower();
        at = equals + 1;
        const QByteArray value = readParameterValue(fieldValue, at);
        if (name == "filename*" && !extended)
            extended = value;
        else if (name == "filename" && !plain)
            plain = value;
    }
    const auto safe = [](const QString &text) { return safeFileName(lastComponent(text).toString()); };
    const QString name = extended ? safe(extendedValue(*extended)) : QString();
    return !name.isEmpty() || !plain ? name : safe(withoutDoubleEncoding(textOfEncodedWords(*plain)));
}

QString fittedFileName(const QString &name, qsizetype room)
{
    return fitted(name, QString(), room);
}

QString numberedFileName(const QString &name, int n)
{
    return fitted(name, QStringLiteral(" (%1)").arg(n), longestName);
}

} // namespace ingather::core
