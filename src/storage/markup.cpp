// SPDX-License-Identifier: MIT
#include "storage/markup.h"

#include <algorithm>
#include <initializer_list>

namespace ingather::storage
{

namespace
{

bool isBlank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

QByteArrayView withoutLeadingBlanks(QByteArrayView text)
{
    const auto start = std::find_if_not(text.begin(), text.end(), isBlank);
    return text.sliced(start - text.begin());
}

bool startsWithWord(QByteArrayView text, QByteArrayView lowerCaseWord)
{
    return text.size() >= lowerCaseWord.size() &&
           text.first(lowerCaseWord.size()).compare(lowerCaseWord, Qt::CaseInsensitive) == 0;
}

/// What stands behind the next `end`; empty if it is not there.
QByteArrayView behind(QByteArrayView text, QByteArrayView end)
{
    const qsizetype at = text.indexOf(end);
    return at < 0 ? QByteArrayView() : text.sliced(at + end.size());
}

/// Behind a "<!DOCTYPE …>" with its internal subset.
QByteArrayView behindDocumentType(QByteArrayView text)
{
    const qsizetype bracket = text.indexOf('[');
    const qsizetype close = text.indexOf('>');
    if (bracket >= 0 && bracket < close)
        return behind(behind(text.sliced(bracket), "]"), ">");
    return behind(text, ">");
}

bool isNameCharacter(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '_' || byte == ':' || byte == '-' || byte == '.' || byte >= 0x80;
}

QByteArrayView nameAt(QByteArrayView text)
{
    const auto end = std::find_if_not(text.begin(), text.end(), isNameCharacter);
    return text.first(end - text.begin());
}

bool isPageElement(QByteArrayView name)
{
    constexpr const char *names[] = {
        "html",   "head",     "body",     "title",  "meta", "link",  "script", "style", "base",
        "div",    "p",        "span",     "h1",     "h2",   "h3",    "h4",     "table", "tr",
        "td",     "br",       "hr",       "b",      "i",    "a",     "img",    "form",  "input",
        "iframe", "frameset", "frame",    "center", "font", "pre",   "ul",     "ol",    "li",
        "main",   "nav",      "noscript", "strong", "em",   "small", "button", "label", "section",
    };
    return std::any_of(std::begin(names), std::end(names),
                       [name](const char *known) { return name.compare(known, Qt::CaseInsensitive) == 0; });
}

bool containsAny(const QByteArray &text, std::initializer_list<const char *> words)
{
    return std::any_of(words.begin(), words.end(), [&text](const char *word) { return text.contains(word); });
}

/// Whether only white space, comments and processing instructions are left; one may be cut.
bool isMiscellany(QByteArrayView text)
{
    for (text = withoutLeadingBlanks(text); !text.isEmpty(); text = withoutLeadingBlanks(text)) {
        const bool isComment = text.startsWith("<!--");
        if (!isComment && !text.startsWith("<?"))
            return false;
        text = behind(text, isComment ? "-->" : "?>");
    }
    return true;
}

} // namespace

Markup markupOf(QByteArrayView text)
{
    Markup markup;
    bool isMarkup = false;
    for (text = withoutLeadingBlanks(text); text.startsWith('<'); text = withoutLeadingBlanks(text)) {
        if (startsWithWord(text, "<!--")) {
            text = behind(text.sliced(4), "-->");
        } else if (startsWithWord(text, "<?")) {
            markup.hasProlog = markup.hasProlog || startsWithWord(text, "<?xml");
            text = behind(text, "?>");
        } else if (startsWithWord(text, "<!doctype")) {
            if (startsWithWord(withoutLeadingBlanks(text.sliced(9)), "html"))
                markup.kind = Markup::Page;
            text = behindDocumentType(text);
        } else {
            const QByteArrayView name = nameAt(text.sliced(1));
            if (name.isEmpty())
                break;
            markup.root = name.toByteArray();
            // In XML a "title" or "p" may be anything; only its root "html" makes a page of it.
            const bool isPage =
                markup.hasProlog ? name.compare("html", Qt::CaseInsensitive) == 0 : isPageElement(name);
            if (isPage)
                markup.kind = Markup::Page;
            isMarkup = true;
            break;
        }
        isMarkup = true;
    }
    if (markup.kind == Markup::Page || !isMarkup)
        return markup;
    // A comment that goes on beyond what was read is how pages start, not data.
    const bool isOnlyComment = markup.root.isEmpty() && !markup.hasProlog;
    markup.kind = isOnlyComment ? Markup::Page : Markup::Data;
    return markup;
}

bool holdsPage(QByteArrayView text)
{
    const QByteArray lower = text.toByteArray().toLower();
    return containsAny(lower, {"<html", "<!doctype html"});
}

PageKind pageKindOf(QByteArrayView text)
{
    const QByteArray lower = text.toByteArray().toLower();
    if (containsAny(lower,
                    {"captcha", "cf-chl", "challenge-platform", "checking your browser", "just a moment...",
                     "ddos protection", "are you a robot", "are you human", "not a robot", "unusual traffic",
                     "incapsula", "datadome", "perimeterx", "enable javascript and cookies"}))
        return PageKind::Challenge;
    if (containsAny(lower,
                    {"type=\"password\"", "type='password'", "type=password", "samlrequest", "shibboleth",
                     "openathens", "<title>log in", "<title>login", "<title>sign in", "<title>anmeld"}))
        return PageKind::Login;
    if (containsAny(lower, {"<title>404", "not found", "no longer available", "does not exist"}))
        return PageKind::NotFound;
    if (containsAny(lower, {"access denied", "forbidden", "not authorized", "unauthorized", "subscri",
                            "purchase", "paywall"}))
        return PageKind::Refusal;
    return PageKind::Other;
}

QString pageKindName(PageKind kind)
{
    switch (kind) {
    case PageKind::Challenge:
        return QStringLiteral("a test for robots");
    case PageKind::Login:
        return QStringLiteral("a login page");
    case PageKind::NotFound:
        return QStringLiteral("a page that says not found");
    case PageKind::Refusal:
        return QStringLiteral("a page that refuses access");
    case PageKind::Other:
        return QStringLiteral("a web page");
    }
    Q_UNREACHABLE();
}

MarkupEnd markupEndOf(QByteArrayView head, QByteArrayView tail)
{
    const QByteArray root = markupOf(head).root;
    if (root.isEmpty()) // it starts behind what was read: only the last character tells
        return tail.trimmed().endsWith('>') ? MarkupEnd::Closed : MarkupEnd::Open;
    const QByteArray closing = "</" + root;
    for (qsizetype at = tail.lastIndexOf(closing); at >= 0;
         at = at > 0 ? tail.lastIndexOf(closing, at - 1) : -1) {
        const QByteArrayView rest = withoutLeadingBlanks(tail.sliced(at + closing.size()));
        if (rest.startsWith('>'))
            return isMiscellany(rest.sliced(1)) ? MarkupEnd::Closed : MarkupEnd::ClosedWithMore;
    }
    // An element without content: the whole file is one tag.
    const qsizetype open = head.indexOf('<' + root);
    const qsizetype close = open < 0 ? -1 : head.indexOf('>', open);
    if (close > 0 && head[close - 1] == '/')
        return isMiscellany(head.sliced(close + 1)) ? MarkupEnd::Closed : MarkupEnd::ClosedWithMore;
    return MarkupEnd::Open;
}

} // namespace ingather::storage
