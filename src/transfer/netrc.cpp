// SPDX-License-Identifier: MIT
#include "transfer/netrc.h"

namespace ingather::transfer
{

namespace
{

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// The words of the file, one after the other.
class Words final
{
public:
    explicit Words(const QByteArray &text) : m_text(text) {}

    /// nullopt at the end, and where a quote is not closed.
    std::optional<QByteArray> next()
    {
        skipSpaceAndComments();
        if (m_at >= m_text.size())
            return std::nullopt;
        if (m_text[m_at] == '"')
            return quoted();
        const qsizetype from = m_at;
        while (m_at < m_text.size() && !isSpace(m_text[m_at]))
            ++m_at;
        return m_text.mid(from, m_at - from);
    }

    /// Behind the next empty line: where a macro ends.
    void skipMacro()
    {
        for (;;) {
            const qsizetype end = m_text.indexOf('\n', m_at);
            if (end < 0) {
                m_at = m_text.size();
                return;
            }
            m_at = end + 1;
            const qsizetype next = m_text.indexOf('\n', m_at);
            if (m_text.mid(m_at, next < 0 ? -1 : next - m_at).trimmed().isEmpty())
                return;
        }
    }

private:
    void skipSpaceAndComments()
    {
        while (m_at < m_text.size()) {
            const bool isLineStart = m_at == 0 || m_text[m_at - 1] == '\n';
            if (isLineStart && m_text[m_at] == '#') {
                const qsizetype end = m_text.indexOf('\n', m_at);
                m_at = end < 0 ? m_text.size() : end + 1;
            } else if (isSpace(m_text[m_at])) {
                ++m_at;
            } else {
                return;
            }
        }
    }

    std::optional<QByteArray> quoted()
    {
        QByteArray value("");
        for (++m_at; m_at < m_text.size(); ++m_at) {
            char c = m_text[m_at];
            if (c == '"') {
                ++m_at;
                return value;
            }
            if (c == '\\' && m_at + 1 < m_text.size()) {
                c = m_text[++m_at];
                c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
            }
            value += c;
        }
        return std::nullopt;
    }

    const QByteArray &m_text;
    qsizetype m_at = 0;
};

} // namespace

const NetrcEntry *Netrc::entryFor(const QByteArray &host) const
{
    const QByteArray name = host.toLower();
    for (const NetrcEntry &entry : entries) {
        if (entry.machine == name)
            return &entry;
    }
    return nullptr;
}

Netrc parseNetrc(const QByteArray &text)
{
    Netrc netrc;
    NetrcEntry *entry = nullptr;
    Words words(text);
    while (const auto word = words.next()) {
        if (*word == "macdef") {
            words.skipMacro();
        } else if (*word == "default") {
            // Only the first counts, and whatever follows is none of a machine before.
            NetrcEntry ignored;
            entry = netrc.fallback ? nullptr : &netrc.fallback.emplace(ignored);
        } else if (*word == "machine" || *word == "login" || *word == "password" || *word == "account") {
            const auto value = words.next();
            if (!value)
                break;
            if (*word == "machine")
                entry = &netrc.entries.emplaceBack(NetrcEntry{value->toLower(), {}, {}});
            else if (entry && *word == "login")
                entry->login = *value;
            else if (entry && *word == "password")
                entry->password = *value;
        }
    }
    return netrc;
}

} // namespace ingather::transfer
