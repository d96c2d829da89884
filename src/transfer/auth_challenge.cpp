// SPDX-License-Identifier: MIT
#include "transfer/auth_challenge.h"

#include <optional>

namespace ingather::transfer
{

namespace
{

constexpr qsizetype mostChallenges = 16;
constexpr qsizetype mostParameters = 32;

bool isTokenCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
}

/// A place in the field; each function moves it behind what it read.
class Cursor final
{
public:
    explicit Cursor(const QByteArray &text) : m_text(text) {}

    bool isAtEnd() const { return m_at >= m_text.size(); }
    char peek() const { return isAtEnd() ? '\0' : m_text[m_at]; }
    void skip() { ++m_at; }
    qsizetype place() const { return m_at; }
    void returnTo(qsizetype place) { m_at = place; }

    void skipSpace()
    {
        while (peek() == ' ' || peek() == '\t')
            skip();
    }
    void skipSeparators()
    {
        while (peek() == ' ' || peek() == '\t' || peek() == ',')
            skip();
    }
    QByteArray token()
    {
        const qsizetype from = m_at;
        while (!isAtEnd() && isTokenCharacter(peek()))
            skip();
        return m_text.mid(from, m_at - from);
    }
    QByteArray token68()
    {
        const qsizetype from = m_at;
        while (!isAtEnd() && (isTokenCharacter(peek()) || peek() == '/'))
            skip();
        while (peek() == '=')
            skip();
        return m_text.mid(from, m_at - from);
    }
    /// RFC 9110 §5.6.4; nullopt without its closing quote.
    std::optional<QByteArray> quoted()
    {
        QByteArray value("");
        for (skip(); !isAtEnd(); skip()) {
            if (peek() == '"') {
                skip();
                return value;
            }
            if (peek() == '\\')
                skip();
            if (!isAtEnd())
                value += peek();
        }
        return std::nullopt;
    }

private:
    const QByteArray &m_text;
    qsizetype m_at = 0;
};

enum class Read { Parameter, Other, Broken };

/// `name=value`; Other, and the cursor where it was, if that is not what stands there.
Read readParameter(Cursor *cursor, AuthChallenge *challenge)
{
    const qsizetype start = cursor->place();
    const QByteArray name = cursor->token().toLower();
    cursor->skipSpace();
    if (name.isEmpty() || cursor->peek() != '=') {
        cursor->returnTo(start);
        return Read::Other;
    }
    cursor->skip();
    cursor->skipSpace();
    std::optional<QByteArray> value = cursor->peek() == '"' ? cursor->quoted() : cursor->token();
    if (!value || challenge->parameters.size() >= mostParameters)
        return Read::Broken;
    challenge->parameters.append({name, *value});
    return Read::Parameter;
}

/// What stands behind a scheme. False if it breaks the grammar.
bool readParameters(Cursor *cursor, AuthChallenge *challenge)
{
    for (;;) {
        cursor->skipSeparators();
        const Read read = readParameter(cursor, challenge);
        if (read == Read::Broken)
            return false;
        if (read == Read::Other)
            return true;
        cursor->skipSpace();
        if (!cursor->isAtEnd() && cursor->peek() != ',')
            return false;
    }
}

/// "abc==" up to the end or a comma; not "abc=x", which is a parameter.
bool readToken68(Cursor *cursor, AuthChallenge *challenge)
{
    const qsizetype start = cursor->place();
    const QByteArray token = cursor->token68();
    cursor->skipSpace();
    if (!token.isEmpty() && (cursor->isAtEnd() || cursor->peek() == ',')) {
        challenge->token = token;
        return true;
    }
    cursor->returnTo(start);
    return false;
}

} // namespace

QByteArray AuthChallenge::parameter(QByteArrayView name) const
{
    for (const auto &[key, value] : parameters) {
        if (key == name)
            return value;
    }
    return {};
}

QList<AuthChallenge> parseWwwAuthenticate(const QByteArray &field)
{
    QList<AuthChallenge> challenges;
    Cursor cursor(field);
    while (challenges.size() < mostChallenges) {
        cursor.skipSeparators();
        AuthChallenge challenge;
        challenge.scheme = cursor.token().toLower();
        if (challenge.scheme.isEmpty())
            break;
        const bool hasMore = cursor.peek() == ' ';
        cursor.skipSpace();
        const bool isToken = hasMore && readToken68(&cursor, &challenge);
        if (!isToken && !readParameters(&cursor, &challenge))
            break;
        challenges.append(challenge);
    }
    return challenges;
}

} // namespace ingather::transfer
