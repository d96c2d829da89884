// SPDX-License-Identifier: MIT
#include "cli/password_prompt.h"

#include <QEventLoop>
#include <QSocketNotifier>

#include <termios.h>
#include <unistd.h>

namespace ingather::cli
{

namespace
{

constexpr qsizetype longestLine = 4096;

void show(const QByteArray &text)
{
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.constData(), size_t(text.size()));
}

/// The terminal's echo, off as long as this lives.
class SilentTerminal final
{
public:
    explicit SilentTerminal(bool isWished)
    {
        if (!isWished || ::tcgetattr(STDIN_FILENO, &m_before) != 0)
            return;
        termios silent = m_before;
        silent.c_lflag &= ~tcflag_t(ECHO);
        m_isSilent = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }
    ~SilentTerminal()
    {
        if (!m_isSilent)
            return;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
        show("\n"); // that of the one who typed was not shown either
    }
    Q_DISABLE_COPY_MOVE(SilentTerminal)

private:
    termios m_before = {};
    bool m_isSilent = false;
};

/// One byte after the other: what stands behind the line is not ours.
bool takeBytes(QByteArray *line)
{
    char c = 0;
    if (::read(STDIN_FILENO, &c, 1) != 1 || c == '\n')
        return false;
    line->append(c);
    return line->size() < longestLine;
}

/// A terminal is waited for by the event loop, so that a signal is answered meanwhile.
bool waitForInput(TerminationSignals &signals)
{
    QEventLoop loop;
    QSocketNotifier notifier(STDIN_FILENO, QSocketNotifier::Read);
    bool hasInput = false;
    QObject::connect(&notifier, &QSocketNotifier::activated, &loop, [&] {
        hasInput = true;
        notifier.setEnabled(false);
        loop.quit();
    });
    signals.stopOrderly(&loop, [&loop] { loop.quit(); });
    if (!signals.wasInterrupted())
        loop.exec();
    signals.stopAtOnce();
    return hasInput;
}

} // namespace

bool canAsk()
{
    return ::isatty(STDIN_FILENO) == 1;
}

std::optional<QString> askLine(const QString &question, Echo echo, TerminationSignals &signals)
{
    QByteArray line;
    if (canAsk()) {
        const SilentTerminal silent(echo == Echo::Hidden);
        show(question.toUtf8());
        if (!waitForInput(signals))
            return std::nullopt;
        while (takeBytes(&line)) {
        }
    } else {
        while (takeBytes(&line)) {
        }
    }
    if (line.endsWith('\r'))
        line.chop(1);
    if (line.isEmpty())
        return std::nullopt;
    return QString::fromUtf8(line);
}

} // namespace ingather::cli
