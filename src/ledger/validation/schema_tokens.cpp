// SPDX-License-Identifier: MIT
#include "ledger/validation/schema_tokens.h"

#include <QSet>

#include <sqlite3.h>

#include <algorithm>
#include <array>

namespace ingather::ledger
{

namespace
{

// ASCII only, like SQLite's own folding: what the locale or Unicode thinks of a letter plays no part.
bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isHexDigit(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool startsWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<signed char>(c) < 0;
}

bool continuesWord(char c)
{
    return startsWord(c) || isDigit(c) || c == '$';
}

bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

void appendLower(QByteArray &out, QByteArrayView word)
{
    for (const char c : word)
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Steps from token to token. A quote or comment that is never closed reaches to the end.
class Scanner
{
public:
    explicit Scanner(QByteArrayView sql) : m_sql(sql) {}

    bool next()
    {
        skipBlanks();
        m_begin = m_end;
        if (m_begin >= m_sql.size())
            return false;
        m_end = endOfToken();
        return true;
    }
    qsizetype begin() const { return m_begin; }
    qsizetype end() const { return m_end; }
    QByteArrayView raw() const { return m_sql.sliced(m_begin, m_end - m_begin); }

    bool isWord(QByteArrayView lower) const
    {
        return raw().size() == lower.size() && qstrnicmp(raw().data(), lower.data(), lower.size()) == 0;
    }
    /// Whether the next three tokens are IF NOT EXISTS; if so, stands on the last of them.
    bool skipIfNotExists()
    {
        Scanner ahead = *this;
        for (const char *word : {"if", "not", "exists"}) {
            if (!ahead.next() || !ahead.isWord(word))
                return false;
        }
        *this = ahead;
        return true;
    }
    void appendTo(QByteArray &out) const;

private:
    char at(qsizetype position) const { return position < m_sql.size() ? m_sql[position] : '\0'; }

    void skipBlanks()
    {
        for (;;) {
            while (m_end < m_sql.size() && isSpace(m_sql[m_end]))
                ++m_end;
            qsizetype length = 0;
            QByteArrayView terminator;
            if (at(m_end) == '-' && at(m_end + 1) == '-')
                terminator = "\n";
            else if (at(m_end) == '/' && at(m_end + 1) == '*')
                terminator = "*/";
            else
                return;
            length = terminator.size();
            const qsizetype found = m_sql.indexOf(terminator, m_end + 2);
            m_end = found < 0 ? m_sql.size() : found + length;
        }
    }

    /// Of a quoted token that begins here; a doubled quote stands for itself.
    qsizetype endOfQuoted(qsizetype position, char quote) const
    {
        while (position < m_sql.size()) {
            if (m_sql[position] == quote) {
                if (quote == ']' || at(position + 1) != quote)
                    return position + 1;
                ++position;
            }
            ++position;
        }
        return m_sql.size();
    }

    qsizetype endOfNumber(qsizetype position) const
    {
        if (at(position) == '0' && (at(position + 1) == 'x' || at(position + 1) == 'X')) {
            position += 2;
            while (isHexDigit(at(position)))
                ++position;
            return position;
        }
        while (isDigit(at(position)) || at(position) == '.')
            ++position;
        if (at(position) == 'e' || at(position) == 'E') {
            const qsizetype sign = at(position + 1) == '+' || at(position + 1) == '-' ? 1 : 0;
            if (isDigit(at(position + 1 + sign))) {
                position += 1 + sign;
                while (isDigit(at(position)))
                    ++position;
            }
        }
        return position;
    }

    qsizetype endOfToken() const
    {
        const char first = m_sql[m_begin];
        const char second = at(m_begin + 1);
        if ((first == 'x' || first == 'X') && second == '\'')
            return endOfQuoted(m_begin + 2, '\'');
        if (startsWord(first)) {
            qsizetype position = m_begin + 1;
            while (position < m_sql.size() && continuesWord(m_sql[position]))
                ++position;
            return position;
        }
        if (isDigit(first) || (first == '.' && isDigit(second)))
            return endOfNumber(m_begin);
        if (first == '\'' || first == '"' || first == '`')
            return endOfQuoted(m_begin + 1, first);
        if (first == '[')
            return endOfQuoted(m_begin + 1, ']');
        static constexpr std::array operators{"->>", "->", "||", "<=", "<>", "<<", ">=", ">>", "==", "!="};
        for (const QByteArrayView sign : operators) {
            if (m_sql.sliced(m_begin).startsWith(sign))
                return m_begin + sign.size();
        }
        return m_begin + 1;
    }

    QByteArrayView m_sql;
    qsizetype m_begin = 0;
    qsizetype m_end = 0;
};

/// A quoted name that would mean the same without its quotes.
bool isPlainName(const QByteArray &name)
{
    return !name.isEmpty() && startsWord(name[0]) && std::all_of(name.begin(), name.end(), continuesWord) &&
           sqlite3_keyword_check(name.constData(), static_cast<int>(name.size())) == 0;
}

void Scanner::appendTo(QByteArray &out) const
{
    const QByteArrayView token = raw();
    const char first = token[0];
    if (first != '"' && first != '`' && first != '[') {
        if (startsWord(first) && !token.endsWith('\''))
            appendLower(out, token);
        else
            out += token;
        return;
    }
    QByteArray name = token.sliced(1, std::max<qsizetype>(token.size() - 2, 0)).toByteArray();
    if (first == '"')
        name.replace("\"\"", "\"");
    else if (first == '`')
        name.replace("``", "`");
    if (isPlainName(name)) {
        appendLower(out, name);
        return;
    }
    name.replace('"', "\"\"");
    out += '"' + name + '"';
}

bool isObjectWord(const Scanner &scanner)
{
    return scanner.isWord("table") || scanner.isWord("index") || scanner.isWord("trigger") ||
           scanner.isWord("view");
}

template <typename Visit>
void visitTokens(QByteArrayView sql, Visit visit)
{
    Scanner scanner(sql);
    bool isHead = true; // before the object's name
    while (scanner.next()) {
        if (scanner.raw() == ";" && !Scanner(scanner).next())
            return;
        visit(scanner);
        if (isHead && isObjectWord(scanner)) {
            isHead = false;
            scanner.skipIfNotExists();
        }
    }
}

QByteArray joined(const QList<SchemaToken> &tokens, qsizetype begin, qsizetype end)
{
    QByteArray out;
    for (qsizetype i = begin; i < end; ++i) {
        if (i > begin)
            out += ' ';
        out += tokens[i].text;
    }
    return out;
}

bool isOneOf(const QByteArray &word, std::initializer_list<QByteArrayView> words)
{
    return std::any_of(words.begin(), words.end(), [&](QByteArrayView each) { return word == each; });
}

/// Whether a constraint of a column begins at that token
/// (https://www.sqlite.org/syntax/column-constraint.html).
bool startsConstraint(const QList<SchemaToken> &tokens, qsizetype i)
{
    const QByteArray &word = tokens[i].text;
    const QByteArray before = i > 0 ? tokens[i - 1].text : QByteArray();
    const QByteArray after = i + 1 < tokens.size() ? tokens[i + 1].text : QByteArray();
    if (before == "constraint" || before == "collate")
        return false; // its name
    if (word == "not")
        return after == "null";
    if (word == "null" || word == "default")
        return !isOneOf(before, {"not", "set", "default"});
    if (word == "as")
        return before != "always";
    return isOneOf(word, {"constraint", "primary", "unique", "check", "collate", "references", "generated"});
}

} // namespace

QList<SchemaToken> tokenList(QByteArrayView sql)
{
    QList<SchemaToken> tokens;
    visitTokens(sql, [&](const Scanner &scanner) {
        SchemaToken token{{}, scanner.begin(), scanner.end()};
        scanner.appendTo(token.text);
        tokens.append(std::move(token));
    });
    return tokens;
}

QByteArray schemaTokens(QByteArrayView sql)
{
    QByteArray out;
    out.reserve(sql.size());
    visitTokens(sql, [&](const Scanner &scanner) {
        if (!out.isEmpty())
            out += ' ';
        scanner.appendTo(out);
    });
    return out;
}

TableText tableText(QByteArrayView sql)
{
    TableText text;
    const QList<SchemaToken> tokens = tokenList(sql);
    qsizetype i = 0;
    while (i < tokens.size() && tokens[i].text != "(")
        ++i;
    qsizetype begin = ++i;
    int depth = 1;
    for (; i < tokens.size() && depth > 0; ++i) {
        const QByteArray &token = tokens[i].text;
        depth += token == "(" ? 1 : token == ")" ? -1 : 0;
        const bool isEnd = depth == 0 || (depth == 1 && token == ",");
        if (!isEnd)
            continue;
        if (i > begin) {
            const QByteArray part = joined(tokens, begin, i);
            if (isOneOf(tokens[begin].text, {"constraint", "primary", "unique", "check", "foreign"})) {
                text.constraints.append(part);
            } else {
                text.columns.append(part);
                text.columnTexts.append(
                    sql.sliced(tokens[begin].begin, tokens[i - 1].end - tokens[begin].begin).toByteArray());
            }
        }
        begin = i + 1;
    }
    text.options = joined(tokens, std::min(i, tokens.size()), tokens.size());
    return text;
}

bool ColumnText::has(QByteArrayView firstWords) const
{
    return std::any_of(constraints.begin(), constraints.end(),
                       [&](const QByteArray &each) { return each.startsWith(firstWords); });
}

ColumnText columnText(QByteArrayView definition)
{
    ColumnText column;
    const QList<SchemaToken> tokens = tokenList(definition);
    if (tokens.isEmpty())
        return column;
    column.name = tokens[0].text;
    qsizetype begin = 1;
    bool isType = true;
    int depth = 0;
    for (qsizetype i = 1; i <= tokens.size(); ++i) {
        const bool isEnd = i == tokens.size();
        if (!isEnd && (depth > 0 || !startsConstraint(tokens, i))) {
            depth += tokens[i].text == "(" ? 1 : tokens[i].text == ")" ? -1 : 0;
            continue;
        }
        const QByteArray part = joined(tokens, begin, i);
        if (isType)
            column.type = part;
        else
            column.constraints.append(part);
        isType = false;
        begin = i;
    }
    std::sort(column.constraints.begin(), column.constraints.end());
    return column;
}

} // namespace ingather::ledger
