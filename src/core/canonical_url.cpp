// SPDX-License-Identifier: MIT
#include "core/canonical_url.h"

#include "core/percent_encoding.h"
#include "core/url_host.h"

#include <QList>
#include <QUrl>

#include <algorithm>

namespace ingather::core
{

namespace
{

constexpr qsizetype longestUrl = 16 * 1024;

Error refused(const QString &detail, ErrorCode code = ErrorCode::InvalidUrl)
{
    return {code, QStringLiteral("read URL"), 0, detail};
}

Error badEscape()
{
    return refused(QStringLiteral("a % is not followed by two hexadecimal digits"));
}

bool isAsciiDigits(QStringView text)
{
    return std::all_of(text.begin(), text.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
}

qsizetype firstOf(QStringView text, QStringView characters)
{
    const auto it =
        std::find_if(text.begin(), text.end(), [characters](QChar c) { return characters.contains(c); });
    return it - text.begin();
}

/// Why `text` can't be a URL whatever its parts are; an empty string if nothing speaks against it.
QString flawOf(QStringView text)
{
    if (text.isEmpty())
        return QStringLiteral("it is empty");
    if (text.size() > longestUrl)
        return QStringLiteral("it is longer than 16 KiB");
    if (!text.isValidUtf16())
        return QStringLiteral("it is not valid Unicode");
    for (const QChar c : text) {
        if (c.isSpace())
            return QStringLiteral("there is a blank inside");
        if (c.category() == QChar::Other_Control)
            return QStringLiteral("there is a control character inside");
    }
    return {};
}

/// RFC 3986 §3.1.
bool isScheme(QStringView text)
{
    const auto isLetter = [](QChar c) { return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z'); };
    return !text.isEmpty() && isLetter(text.front()) && std::all_of(text.begin(), text.end(), [&](QChar c) {
        return isLetter(c) || (c >= u'0' && c <= u'9') || c == u'+' || c == u'-' || c == u'.';
    });
}

struct Split {
    QString scheme;   ///< lower case; empty if none was typed
    QStringView rest; ///< from the authority on
};

/// A scheme is what stands before "://", or before ":" if no digits-only port follows.
Result<Split> splitScheme(QStringView text)
{
    const qsizetype colon = firstOf(text, u":/?#");
    if (colon == text.size() || text[colon] != u':' || !isScheme(text.first(colon)))
        return Split{{}, text.startsWith(u"//") ? text.sliced(2) : text};

    const QString scheme = text.first(colon).toString().toLower();
    const QStringView behind = text.sliced(colon + 1);
    const QStringView portOrMore = behind.first(firstOf(behind, u"/?#"));
    const bool hasSlashes = behind.startsWith(u"//");
    if (!hasSlashes && !portOrMore.isEmpty() && isAsciiDigits(portOrMore))
        return Split{{}, text};
    if (scheme != u"http" && scheme != u"https") {
        // In "name:password@host" what looks like a scheme is a name: it must not reach a log.
        const bool mayBeUserInfo = !hasSlashes && portOrMore.contains(u'@');
        return refused(mayBeUserInfo ? QStringLiteral("the scheme is neither http nor https")
                                     : QStringLiteral("the scheme %1 is neither http nor https").arg(scheme),
                       ErrorCode::UnsupportedScheme);
    }
    if (!hasSlashes)
        return refused(QStringLiteral("// must follow the scheme"));
    return Split{scheme, behind.sliced(2)};
}

/// ":port" in canonical form: empty for none and for the default of the scheme.
Result<QString> canonicalPort(QStringView typed, const QString &scheme)
{
    if (typed.isEmpty())
        return QString();
    while (typed.size() > 1 && typed.front() == u'0')
        typed = typed.sliced(1);
    if (!isAsciiDigits(typed) || typed.size() > 5 || typed.toInt() > 65535)
        return refused(QStringLiteral("the port is not a number from 0 to 65535"));
    const int port = typed.toInt();
    if (port == (scheme == u"https" ? 443 : 80))
        return QString();
    return QStringLiteral(":%1").arg(port);
}

/// RFC 3986 §5.2.4 for an absolute path; empty segments are segments like others.
QString withoutDotSegments(const QString &path)
{
    QList<QStringView> kept;
    const QList<QStringView> segments = QStringView(path).sliced(1).split(u'/');
    for (qsizetype i = 0; i < segments.size(); ++i) {
        const QStringView segment = segments[i];
        const bool isDots = segment == u"." || segment == u"..";
        if (segment == u".." && !kept.isEmpty())
            kept.removeLast();
        if (!isDots)
            kept.append(segment);
        else if (i == segments.size() - 1)
            kept.append(QStringView(u"")); // "/a/.." is the folder "/", and ends in a slash
    }
    QString result;
    result.reserve(path.size());
    for (const QStringView segment : kept) {
        result += u'/';
        result += segment;
    }
    return result.isEmpty() ? QStringLiteral("/") : result;
}

} // namespace

Result<CanonicalUrl> canonicalUrl(const QString &text)
{
    const QString trimmed = text.trimmed();
    if (const QString flaw = flawOf(trimmed); !flaw.isEmpty())
        return refused(flaw);

    const Result<Split> split = splitScheme(trimmed);
    if (!split)
        return split.error();
    const QString scheme = split->scheme.isEmpty() ? QStringLiteral("https") : split->scheme;

    // The fragment goes first: it may hold any of the delimiters.
    const QStringView rest = split->rest.first(firstOf(split->rest, u"#"));
    const qsizetype authorityEnd = firstOf(rest, u"/?");
    QStringView hostAndPort = rest.first(authorityEnd);

    CanonicalUrl result;
    if (const qsizetype at = hostAndPort.lastIndexOf(u'@'); at >= 0) {
        const std::optional<QString> userInfo = percentNormalized(hostAndPort.first(at), u":");
        if (!userInfo)
            return badEscape();
        result.userInfo = *userInfo;
        hostAndPort = hostAndPort.sliced(at + 1);
    }

    const qsizetype colon = hostAndPort.lastIndexOf(u':');
    const bool hasPort = colon > hostAndPort.lastIndexOf(u']');
    const Result<UrlHost> host = canonicalHost(hasPort ? hostAndPort.first(colon) : hostAndPort);
    if (!host)
        return host.error();
    if (split->scheme.isEmpty() && !host->isIpAddress && !host->text.contains(u'.') &&
        host->text != u"localhost")
        return refused(QStringLiteral("there is no scheme, and what would be the host has no dot"));
    result.host = host->text;
    const Result<QString> port =
        canonicalPort(hasPort ? hostAndPort.sliced(colon + 1) : QStringView(), scheme);
    if (!port)
        return port.error();

    const QStringView pathAndQuery = rest.sliced(authorityEnd);
    const qsizetype pathEnd = firstOf(pathAndQuery, u"?");
    const std::optional<QString> path = percentNormalized(pathAndQuery.first(pathEnd), u"/:@");
    const std::optional<QString> query = percentNormalized(pathAndQuery.sliced(pathEnd), u"?/:@");
    if (!path || !query)
        return badEscape();

    result.url = scheme + QStringLiteral("://") + result.host + *port +
                 (path->isEmpty() ? QStringLiteral("/") : withoutDotSegments(*path)) + *query;
    if (result.url.size() > longestUrl)
        return refused(QStringLiteral("it is longer than 16 KiB"));
    // What is planned must be something that can be asked for later.
    if (!QUrl(result.url, QUrl::StrictMode).isValid())
        return refused(QStringLiteral("the host is not a valid name"));
    return result;
}

} // namespace ingather::core
