// SPDX-License-Identifier: MIT
#include "core/secret_names.h"

#include <QRegularExpression>

#include <algorithm>
#include <initializer_list>

namespace ingather::core
{

namespace
{

bool containsAny(QStringView text, std::initializer_list<QStringView> words)
{
    return std::any_of(words.begin(), words.end(), [text](QStringView word) { return text.contains(word); });
}

} // namespace

bool isPlainlySecretName(const QString &lowerCaseName)
{
    return containsAny(lowerCaseName,
                       {u"token", u"secret", u"passw", u"passphrase", u"apikey", u"api-key", u"api_key"});
}

bool isSecretName(const QString &name)
{
    const QString lower = name.toLower();
    if (isPlainlySecretName(lower) ||
        containsAny(lower, {u"signature", u"credential", u"sessionid", u"sessid"}))
        return true;
    if (lower.endsWith(u"op_key") || lower.endsWith(u"job_key") || lower.endsWith(u"idempotency_key"))
        return false;
    static const QRegularExpression word(
        QStringLiteral("(?:^|[^A-Za-z]|[a-z](?=[A-Z]))(?i:key|sig|pwd|pass|auth|session|cookie)(?![a-z])"));
    return word.match(name).hasMatch();
}

} // namespace ingather::core
