// SPDX-License-Identifier: MIT
#include "intake/url_list.h"

#include "core/redaction.h"

#include <QFileDevice>
#include <QIODevice>
#include <QStringDecoder>

#include <algorithm>

namespace ingather::intake
{

namespace
{

constexpr qsizetype blockSize = 64 * 1024;
constexpr qsizetype longestLine = 64 * 1024;
constexpr qsizetype shownLength = 200;

core::Error unreadable(const QString &detail)
{
    return {core::ErrorCode::UnreadableList, QStringLiteral("read list"), 0, detail};
}

/// What people are shown of a line: enough to find it, nothing secret, and nothing that moves a cursor.
QString shown(const QString &line)
{
    // The cut leaves room behind what is shown, so that it falls into no secret that begins before it.
    QString text = core::redacted(line.left(4 * shownLength));
    for (QChar &c : text) {
        if (c.category() == QChar::Other_Control || c.category() == QChar::Other_Format)
            c = QChar::ReplacementCharacter;
    }
    return text.size() > shownLength ? text.left(shownLength - 1) + QChar(0x2026) : text;
}

ListRejection rejection(qint64 line, const QString &text, const QString &detail)
{
    return {line, shown(text), {core::ErrorCode::InvalidUrl, QStringLiteral("read list"), 0, detail}};
}

bool hasUtf16Mark(const QByteArray &bytes)
{
    return bytes.startsWith("\xFF\xFE") || bytes.startsWith("\xFE\xFF");
}

} // namespace

UrlListReader::UrlListReader(QIODevice &device) : m_device(device) {}

core::Result<std::optional<ListItem>> UrlListReader::next()
{
    while (!m_hasEnded) {
        core::Result<std::optional<RawLine>> line = nextLine();
        if (!line) {
            m_hasEnded = true;
            return line.error();
        }
        if (!line->has_value()) {
            m_hasEnded = true;
            break;
        }
        ++m_line;
        if (m_line == 1 && hasUtf16Mark((*line)->bytes)) {
            m_hasEnded = true;
            return unreadable(QStringLiteral("the list is UTF-16 text; UTF-8 is needed"));
        }
        if (m_line == 1 && (*line)->bytes.startsWith("\xEF\xBB\xBF"))
            (*line)->bytes.remove(0, 3);
        if (std::optional<ListItem> item = itemOf(**line))
            return item;
    }
    return std::optional<ListItem>();
}

core::Result<bool> UrlListReader::readBlock()
{
    m_position = 0;
    m_block.resize(blockSize);
    qint64 count = m_device.read(m_block.data(), blockSize);
    // A pipe may have nothing yet; files never wait.
    while (count == 0 && m_device.isSequential() && m_device.waitForReadyRead(-1))
        count = m_device.read(m_block.data(), blockSize);
    m_block.resize(std::max<qint64>(count, 0));
    if (count >= 0)
        return count > 0;
    // -1 is a failure of a file, and the end of other streams (a closed socket, a process that ended).
    const auto *file = qobject_cast<const QFileDevice *>(&m_device);
    const bool hasFailed = file ? file->error() != QFileDevice::NoError : !m_device.isSequential();
    if (hasFailed)
        return unreadable(m_device.errorString());
    return false;
}

core::Result<std::optional<UrlListReader::RawLine>> UrlListReader::nextLine()
{
    RawLine line;
    bool isAnything = false;
    for (;;) {
        if (m_position == m_block.size()) {
            const core::Result<bool> more = readBlock();
            if (!more)
                return more.error();
            if (!*more)
                return isAnything ? std::optional(line) : std::nullopt;
        }
        isAnything = true;
        const qsizetype newline = m_block.indexOf('\n', m_position);
        const qsizetype end = newline < 0 ? m_block.size() : newline;
        const qsizetype room = longestLine - line.bytes.size();
        line.isTooLong = line.isTooLong || end - m_position > room;
        line.bytes += QByteArrayView(m_block).sliced(m_position, std::min(end - m_position, room));
        m_position = newline < 0 ? end : newline + 1;
        if (newline >= 0)
            return std::optional(line);
    }
}

std::optional<ListItem> UrlListReader::itemOf(const RawLine &line) const
{
    if (line.bytes.trimmed().startsWith('#'))
        return std::nullopt;
    if (line.isTooLong)
        return rejection(m_line, QString::fromUtf8(line.bytes.first(shownLength)),
                         QStringLiteral("the line is longer than 64 KiB"));
    QStringDecoder decode(QStringDecoder::Utf8, QStringConverter::Flag::Stateless);
    const QString decoded = decode(line.bytes);
    const QString text = decoded.trimmed();
    if (decode.hasError())
        return rejection(m_line, text, QStringLiteral("the line is not valid UTF-8"));
    if (text.isEmpty())
        return std::nullopt;

    const auto blank = std::find_if(text.begin(), text.end(), [](QChar c) { return c.isSpace(); });
    const core::Result<core::CanonicalUrl> url = core::canonicalUrl(text.left(blank - text.begin()));
    if (!url)
        return ListRejection{m_line, shown(text), url.error()};
    if (blank != text.end())
        return rejection(m_line, text, QStringLiteral("there is text behind the URL; one URL a line"));
    if (!url->userInfo.isEmpty())
        return rejection(m_line, text, QStringLiteral("a name or password is not taken from a list"));
    return ListEntry{m_line, text, *url};
}

} // namespace ingather::intake
