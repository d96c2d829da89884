// SPDX-License-Identifier: MIT
#include "core/title_name.h"

#include "core/file_name.h"

#include <QList>
#include <QStringView>

#include <algorithm>
#include <utility>

namespace ingather::core
{

namespace
{

constexpr qsizetype longestTitle = 150;

bool isTagName(const QString &name)
{
    constexpr QStringView known[] = {u"i",  u"b",   u"u",     u"em",     u"strong", u"sub",  u"sup",
                                     u"sc", u"scp", u"tt",    u"italic", u"bold",   u"inf",  u"span",
                                     u"p",  u"br",  u"title", u"div",    u"font",   u"math", u"mi",
                                     u"mn", u"mo",  u"mrow",  u"msub",   u"msup"};
    return name.startsWith(u"mml:") || name.startsWith(u"jats:") ||
           std::any_of(std::begin(known), std::end(known), [&name](QStringView tag) { return name == tag; });
}

/// Where the tag ends that starts at `open`, behind its ">"; -1 if it is none that catalogues use: "p <
/// 0.05".
qsizetype tagEnd(QStringView text, qsizetype open)
{
    const qsizetype close = text.indexOf(u'>', open);
    if (close < 0)
        return -1;
    QStringView inner = text.sliced(open + 1, close - open - 1);
    if (inner.startsWith(u'/'))
        inner = inner.sliced(1);
    const auto end =
        std::find_if(inner.begin(), inner.end(), [](QChar c) { return c.isSpace() || c == u'/'; });
    return isTagName(inner.first(end - inner.begin()).toString().toLower()) ? close + 1 : -1;
}

QString withoutTags(QStringView text)
{
    QString out;
    qsizetype at = 0;
    while (at < text.size()) {
        const qsizetype behind = text[at] == u'<' ? tagEnd(text, at) : -1;
        if (behind < 0)
            out += text[at];
        at = behind < 0 ? at + 1 : behind;
    }
    return out;
}

QString withoutEntities(QString text)
{
    constexpr std::pair<QStringView, QStringView> entities[] =
        {
            {u"&lt;", u"<"},  {u"&gt;", u">"},   {u"&quot;", u"\""}, {u"&apos;", u"'"},
            {u"&#39;", u"'"}, {u"&#x27;", u"'"}, {u"&nbsp;", u" "},  {u"&ndash;", u"\u2013"},
            {u"&amp;", u"&"}, // last, so that "&amp;lt;" becomes "&lt;"
        };
    for (const auto &[entity, meant] : entities)
        text.replace(entity.toString(), meant.toString(), Qt::CaseInsensitive);
    return text;
}

QString withoutPunctuation(const QString &text)
{
    QString out;
    for (const QChar c : text) {
        if (c == u':')
            out += QStringView(u" - ");
        else if (c == u'/' || c == u'\\' || c == u'|')
            out += u'-';
        else if (c == u'"')
            out += u'\'';
        else if (c != u'?' && c != u'*')
            out += c;
    }
    return out;
}

/// The words that fit, or as much of the first as does.
QString cut(const QString &text)
{
    if (text.toUtf8().size() <= longestTitle)
        return text;
    QString whole;
    for (const QString &word : text.split(u' ')) {
        const QString longer = whole.isEmpty() ? word : whole + u' ' + word;
        if (longer.toUtf8().size() > longestTitle)
            break;
        whole = longer;
    }
    return whole.isEmpty() ? fittedFileName(text, longestTitle) : whole;
}

QString withoutEnd(QString text)
{
    while (!text.isEmpty() && QStringView(u" .,;-").contains(text.back()))
        text.chop(1);
    return text;
}

} // namespace

QString fileNameFromTitle(const QString &title, const QString &extension)
{
    // Tags may have been escaped, once or twice.
    QString text = title;
    for (int i = 0; i < 3; ++i)
        text = withoutEntities(withoutTags(text));
    const QString stem = safeFileName(withoutPunctuation(text));
    const QString words = withoutEnd(cut(stem));
    if (words.isEmpty())
        return {};
    QString suffix = extension.startsWith(u'.') ? extension.sliced(1) : extension;
    const bool isPlain =
        !suffix.isEmpty() && suffix.size() <= 16 && std::all_of(suffix.begin(), suffix.end(), [](QChar c) {
            return c.unicode() < 0x80 && (c.isLetterOrNumber() || c == u'.');
        });
    suffix.prepend(u'.');
    const bool hasIt = words.endsWith(suffix, Qt::CaseInsensitive);
    return safeFileName(isPlain && !hasIt ? words + suffix : words);
}

} // namespace ingather::core
