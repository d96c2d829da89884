// SPDX-License-Identifier: MIT
#include "core/shareable_url.h"

#include "core/secret_names.h"

#include <QStringList>
#include <QUrl>

#include <algorithm>

namespace ingather::core
{

namespace
{

const QString stars = QStringLiteral("***");

/// Names that speak of a secret only in a query.
bool isSecretParameter(const QString &name)
{
    const QString lower = name.toLower();
    const QStringView known[] = {u"policy", u"ticket", u"jwt",   u"sid",  u"code",  u"hmac",   u"hash",
                                 u"otp",    u"user",   u"login", u"mail", u"email", u"access", u"samlart"};
    return isSecretName(name) || std::any_of(std::begin(known), std::end(known),
                                             [&lower](QStringView word) { return lower == word; });
}

/// A long run in which letters and digits take turns, without a dot or blank that a name would have. Who is
/// in doubt hides it.
bool looksLikeToken(QStringView value)
{
    constexpr qsizetype shortestToken = 20;
    const auto isLetter = [](QChar c) { return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z'); };
    const auto isDigit = [](QChar c) { return c >= u'0' && c <= u'9'; };
    qsizetype run = 0;
    bool hasLetter = false;
    bool hasDigit = false;
    for (const QChar c : value) {
        if (!isLetter(c) && !isDigit(c) && c != u'-' && c != u'_' && c != u'%' && c != u'=') {
            run = 0;
            hasLetter = hasDigit = false;
            continue;
        }
        ++run;
        hasLetter = hasLetter || isLetter(c);
        hasDigit = hasDigit || isDigit(c);
        if (run >= shortestToken && hasLetter && hasDigit)
            return true;
    }
    return false;
}

QString shareablePair(const QString &pair)
{
    const qsizetype equals = pair.indexOf(u'=');
    const QString name = equals < 0 ? QString() : pair.left(equals);
    const QString value = pair.mid(equals + 1);
    // An escaped name is the same name to the server.
    const QString decoded = QUrl::fromPercentEncoding(name.toUtf8());
    if (!value.isEmpty() && (isSecretParameter(decoded) || looksLikeToken(value)))
        return equals < 0 ? stars : name + u'=' + stars;
    return pair;
}

} // namespace

QString shareableUrl(const QString &canonicalUrl)
{
    const QString withoutFragment = canonicalUrl.section(u'#', 0, 0);
    const qsizetype scheme = withoutFragment.indexOf(u"://");
    const QString schemeName = withoutFragment.left(std::max<qsizetype>(scheme, 0));
    if (schemeName != u"https" && schemeName != u"http")
        return {};
    const qsizetype question = withoutFragment.indexOf(u'?');
    const QString address = withoutFragment.left(question < 0 ? withoutFragment.size() : question);
    const qsizetype authority = scheme + 3;
    const qsizetype slash = address.indexOf(u'/', authority);
    const qsizetype at = address.left(slash < 0 ? address.size() : slash).lastIndexOf(u'@');
    const QString rest = address.mid(at < authority ? authority : at + 1);
    if (rest.isEmpty())
        return {};
    QString url = schemeName + QStringLiteral("://") + rest;
    if (question < 0)
        return url;
    url += u'?';
    QString pair;
    for (const QChar c : withoutFragment.mid(question + 1) + u'&') {
        if (c != u'&' && c != u';') {
            pair += c;
            continue;
        }
        url += shareablePair(pair) + c;
        pair.clear();
    }
    url.chop(1);
    return url;
}

} // namespace ingather::core
