// SPDX-License-Identifier: MIT
#include "core/redaction.h"

#include "core/secret_names.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>

namespace ingather::core
{

// Where a text can be read in two ways, the reading that hides more wins: a log line that says too little
// is a nuisance, one that says too much can't be taken back.

namespace
{

const QString stars = QStringLiteral("***");

QRegularExpression caseless(const QString &pattern)
{
    QRegularExpression expression(pattern, QRegularExpression::CaseInsensitiveOption);
    expression.optimize();
    return expression;
}

bool endsUrl(QChar c)
{
    return c.isSpace() || c == u'"' || c == u'<' || c == u'>' || c == u'`';
}

/// Query or fragment without its "?" or "#": the names stay, the values go.
QString withoutValues(QStringView text)
{
    QString out;
    qsizetype from = 0;
    while (from <= text.size()) {
        qsizetype end = from;
        while (end < text.size() && text[end] != u'&' && text[end] != u';')
            ++end;
        const QStringView pair = text.sliced(from, end - from);
        const qsizetype equals = pair.indexOf(u'=');
        if (equals >= 0)
            out += pair.first(equals + 1).toString() + stars;
        else if (!pair.isEmpty())
            out += stars;
        if (end < text.size())
            out += text[end];
        from = end + 1;
    }
    return out;
}

/// A ':' in what should be a host that no port follows: a password with a '/', '?' or '#' in it has cut
/// the authority short.
bool hasBrokenPort(QStringView authority)
{
    const qsizetype colon = authority.lastIndexOf(u':');
    if (colon < 0 || colon < authority.lastIndexOf(u']'))
        return false;
    const QStringView port = authority.sliced(colon + 1);
    return std::any_of(port.begin(), port.end(), [](QChar c) { return !c.isDigit(); });
}

/// A run of characters that may be one URL or several, one inside the other.
struct Run {
    qsizetype end;    ///< behind its last character
    qsizetype lastAt; ///< its last '@'; -1 if it has none
};

Run runFrom(QStringView text, qsizetype from)
{
    Run run{from, -1};
    for (; run.end < text.size() && !endsUrl(text[run.end]); ++run.end) {
        if (text[run.end] == u'@')
            run.lastAt = run.end;
    }
    return run;
}

/// Appends what stands behind a "://" at `from`, without its secrets, and returns how far it went: to the
/// "://" of a URL inside this one, or to the end of the run.
qsizetype appendUrlTail(QString &out, QStringView text, qsizetype from, const Run &run)
{
    const auto firstOf = [text](QStringView wanted, qsizetype begin, qsizetype end) {
        while (begin < end && !wanted.contains(text[begin]))
            ++begin;
        return begin;
    };
    const auto part = [text](qsizetype begin, qsizetype end) { return text.sliced(begin, end - begin); };

    qsizetype authorityEnd = firstOf(u"/?#", from, run.end);
    if (authorityEnd > from && part(authorityEnd - 1, run.end).startsWith(u"://")) {
        const QStringView before = part(from, authorityEnd - 1);
        out += before.contains(u':') || before.contains(u'@') ? QStringView(stars) : before;
        return authorityEnd - 1;
    }

    qsizetype at = part(from, authorityEnd).lastIndexOf(u'@');
    if (at >= 0) {
        at += from;
    } else if (run.lastAt > authorityEnd && hasBrokenPort(part(from, authorityEnd))) {
        at = run.lastAt;
        authorityEnd = firstOf(u"/?#", at, run.end);
    }
    if (at >= 0)
        out += stars + u'@';
    out += part(at >= 0 ? at + 1 : from, authorityEnd);

    // A '?' ends the path; a URL inside the path is looked at on its own, one in the query is a value.
    qsizetype pathEnd = authorityEnd;
    for (; pathEnd < run.end && text[pathEnd] != u'?' && text[pathEnd] != u'#'; ++pathEnd) {
        if (part(pathEnd, run.end).startsWith(u"://")) {
            out += part(authorityEnd, pathEnd);
            return pathEnd;
        }
    }
    out += part(authorityEnd, pathEnd);
    if (pathEnd < run.end) {
        out += text[pathEnd];
        out += withoutValues(part(pathEnd + 1, run.end));
    }
    return run.end;
}

QString withoutUrlSecrets(const QString &text)
{
    const QStringView view(text);
    QString out;
    out.reserve(text.size());
    qsizetype from = 0;
    Run run{0, -1};
    for (qsizetype mark = view.indexOf(u"://"); mark >= 0; mark = view.indexOf(u"://", from)) {
        out += view.sliced(from, mark + 3 - from);
        from = mark + 3;
        if (from > run.end)
            run = runFrom(view, from);
        from = appendUrlTail(out, view, from, run);
    }
    out += view.sliced(from);
    return out;
}

/// Cookie and authorisation fields: all that follows on their line; in JSON, the quoted value.
QString withoutHeaders(QString text)
{
    static const QString names = QStringLiteral("(?:set-)?cookie2?|(?:proxy-)?authorization");
    static const QRegularExpression quoted =
        caseless(QStringLiteral(R"re(("(?:%1)"\s*:\s*")(?:[^"\\]|\\.)*(?="|$))re").arg(names));
    static const QRegularExpression line =
        caseless(QStringLiteral(R"re((?<![\w"-])((?:%1)[ \t]*[:=][ \t]*)(?=\S)[^\r\n]*)re").arg(names));
    text.replace(quoted, QStringLiteral("\\1***"));
    text.replace(line, QStringLiteral("\\1***"));
    return text;
}

/// "Bearer …", "Basic …" wherever they stand.
QString withoutTokens(QString text)
{
    static const QRegularExpression token =
        caseless(QStringLiteral(R"re(\b(bearer|basic|negotiate)(\s+)[A-Za-z0-9._~+/-]{4,}=*)re"));
    text.replace(token, QStringLiteral("\\1\\2***"));
    return text;
}

bool isNameCharacter(QChar c)
{
    return c.isLetterOrNumber() || c == u'_' || c == u'-' || c == u'.';
}

/// End of the value that starts at `from`: behind the closing quote, or before what ends a bare word.
qsizetype valueEnd(QStringView text, qsizetype from)
{
    const QChar quote = text[from];
    if (quote == u'"' || quote == u'\'') {
        qsizetype end = from + 1;
        while (end < text.size() && text[end] != quote)
            end += text[end] == u'\\' ? 2 : 1;
        return std::min(end + 1, text.size());
    }
    qsizetype end = from;
    while (end < text.size() && !text[end].isSpace() && !QStringView(u"&;,\"'<>}").contains(text[end]))
        ++end;
    return end;
}

/// name=value, name="value", "name": "value", X-Api-Key: value.
QString withoutNamedSecrets(const QString &text)
{
    constexpr qsizetype longestName = 100; // keeps the look back, and so the whole, linear
    const QStringView view(text);
    const auto isBlank = [view](qsizetype i) { return view[i] == u' ' || view[i] == u'\t'; };
    QString out;
    qsizetype copied = 0;
    for (qsizetype i = 0; i < view.size(); ++i) {
        if (view[i] != u'=' && view[i] != u':')
            continue;
        qsizetype nameEnd = i;
        while (nameEnd > copied && i - nameEnd < longestName && isBlank(nameEnd - 1))
            --nameEnd;
        const bool isQuoted = nameEnd > copied && view[nameEnd - 1] == u'"';
        nameEnd -= isQuoted ? 1 : 0;
        qsizetype nameStart = nameEnd;
        while (nameStart > copied && nameEnd - nameStart < longestName &&
               isNameCharacter(view[nameStart - 1]))
            --nameStart;
        const QString name = view.sliced(nameStart, nameEnd - nameStart).toString();
        qsizetype from = i + 1;
        while (from < view.size() && from - i < longestName && isBlank(from))
            ++from;
        if (name.isEmpty() || from == view.size())
            continue;
        // Behind a bare colon comes mostly prose ("signature: not found") or the rest of a path.
        const bool isBareColon = view[i] == u':' && !isQuoted;
        if (isBareColon && (!isPlainlySecretName(name.toLower()) || view[from] == u'/'))
            continue;
        if (!isSecretName(name))
            continue;
        const qsizetype end = valueEnd(view, from);
        if (end == from)
            continue;
        out += view.sliced(copied, from - copied);
        // In JSON a number makes room for a string, so that the line stays JSON.
        const bool hasQuotes = view[from] == u'"' || view[from] == u'\'';
        const QString quote = hasQuotes ? QString(view[from]) : isQuoted ? QStringLiteral("\"") : QString();
        out += quote + stars + quote;
        copied = end;
        i = end - 1;
    }
    return out + view.sliced(copied).toString();
}

/// "name:password@host" without a scheme.
QString withoutBareUserInfo(const QString &text)
{
    const QStringView view(text);
    QString out;
    qsizetype copied = 0;
    qsizetype runStart = 0;
    bool hasColon = false;
    for (qsizetype i = 0; i < view.size(); ++i) {
        const QChar c = view[i];
        const bool isBeforeHost =
            i + 1 < view.size() && (view[i + 1].isLetterOrNumber() || view[i + 1] == u'[');
        if (c == u'@' && hasColon && isBeforeHost) {
            out += view.sliced(copied, runStart - copied);
            out += stars;
            copied = i;
        }
        if (c.isSpace() || QStringView(u"/@\"<>").contains(c)) {
            runStart = i + 1;
            hasColon = false;
        } else if (c == u':' && i > runStart) {
            hasColon = true;
        }
    }
    return out + view.sliced(copied).toString();
}

/// "/path?name=value" without scheme and host.
QString withoutBareQueries(const QString &text)
{
    static const QRegularExpression query(QStringLiteral(R"((?<=[^\s?])\?([^\s"<>?]*=[^\s"<>]*))"));
    QString out;
    qsizetype from = 0;
    for (auto it = query.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        out += QStringView(text).sliced(from, match.capturedStart(1) - from);
        out += withoutValues(match.capturedView(1));
        from = match.capturedEnd(1);
    }
    return out + QStringView(text).sliced(from).toString();
}

} // namespace

QString redacted(const QString &text)
{
    QString shown = withoutHeaders(text);
    shown = withoutUrlSecrets(shown);
    shown = withoutBareUserInfo(shown);
    shown = withoutBareQueries(shown);
    shown = withoutTokens(shown);
    return withoutNamedSecrets(shown);
}

} // namespace ingather::core
