// SPDX-License-Identifier: MIT
#include "cli/output.h"

#include "cli/texts.h"

#include <QJsonDocument>

#include <cerrno>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace ingather::cli
{

namespace
{

/// False when nobody will ever read it.
bool writeAll(int descriptor, const QByteArray &bytes)
{
    qsizetype written = 0;
    while (written < bytes.size()) {
        const ssize_t n =
            ::write(descriptor, bytes.constData() + written, static_cast<size_t>(bytes.size() - written));
        if (n >= 0) {
            written += n;
        } else if (errno == EAGAIN) {
            // Somebody made the shared terminal non-blocking; wait as if it were not.
            pollfd wait{descriptor, POLLOUT, 0};
            ::poll(&wait, 1, -1);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

winsize sizeOf(int descriptor)
{
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        size.ws_col = 80;
    if (size.ws_row == 0)
        size.ws_row = 24;
    return size;
}

} // namespace

Output::Output(int resultDescriptor, int messageDescriptor, bool isJson, Verbosity verbosity)
    : m_resultDescriptor(resultDescriptor), m_messageDescriptor(messageDescriptor), m_isJson(isJson),
      m_verbosity(verbosity), m_showsProgress(verbosity == Verbosity::Normal &&
                                              ::isatty(messageDescriptor) == 1 && qgetenv("TERM") != "dumb")
{
}

void Output::result(const QString &line)
{
    if (!m_isJson)
        writeResult(printable(line).toUtf8() + '\n');
}

void Output::news(const QString &line)
{
    if (!isQuiet())
        result(line);
}

void Output::json(const QJsonObject &object)
{
    if (m_isJson)
        writeResult(QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n');
}

void Output::note(const QString &line)
{
    if (!isQuiet())
        writeMessage(line);
}

void Output::problem(const QString &line)
{
    writeMessage(QStringLiteral("ingather-cli: ") + line);
}

int Output::width() const
{
    return sizeOf(m_messageDescriptor).ws_col;
}

int Output::height() const
{
    return sizeOf(m_messageDescriptor).ws_row;
}

void Output::showProgress(const QStringList &lines)
{
    if (!m_showsProgress || lines == m_progress)
        return;
    // One write, or the terminal flickers: up to the first line of the block, then each line anew.
    QByteArray bytes;
    if (!m_progress.isEmpty())
        bytes = "\r" + (m_progress.size() > 1 ? "\x1b[" + QByteArray::number(m_progress.size() - 1) + 'A'
                                              : QByteArray());
    for (qsizetype i = 0; i < lines.size(); ++i)
        bytes += (i > 0 ? "\n\r\x1b[K" : "\r\x1b[K") + printable(lines[i]).toUtf8();
    bytes += "\x1b[J"; // what a longer block left below
    m_progress = lines;
    writeAll(m_messageDescriptor, bytes);
}

void Output::clearProgress()
{
    showProgress({});
}

void Output::writeResult(const QByteArray &bytes)
{
    clearProgress();
    if (m_hasReader)
        m_hasReader = writeAll(m_resultDescriptor, bytes);
}

void Output::writeMessage(const QString &line)
{
    clearProgress();
    writeAll(m_messageDescriptor, printable(line).toUtf8() + '\n');
}

} // namespace ingather::cli
