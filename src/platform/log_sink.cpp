// SPDX-License-Identifier: MIT
#include "platform/log_sink.h"

#include "platform/retry_interrupted.h"
#include "platform/rotating_file.h"

#include <QCoreApplication>
#include <QLoggingCategory>

#include <mutex>
#include <optional>

#include <unistd.h>

namespace ingather::platform
{

namespace
{

core::LogLevel levelOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return core::LogLevel::Debug;
    case QtInfoMsg:
        return core::LogLevel::Info;
    case QtWarningMsg:
        return core::LogLevel::Warning;
    case QtCriticalMsg:
        return core::LogLevel::Critical;
    case QtFatalMsg:
        return core::LogLevel::Fatal;
    }
    return core::LogLevel::Critical;
}

QString filterRules(core::LogLevel minimum)
{
    const auto from = [minimum](core::LogLevel level) {
        return minimum <= level ? QStringLiteral("true") : QStringLiteral("false");
    };
    QString rules =
        QStringLiteral("*.debug=false\n*.info=false\n*.warning=%1\n").arg(from(core::LogLevel::Warning));
    for (const QString &ours : {QStringLiteral("ingather.*"), QStringLiteral("default")})
        rules += QStringLiteral("%1.debug=%2\n%1.info=%3\n")
                     .arg(ours, from(core::LogLevel::Debug), from(core::LogLevel::Info));
    return rules;
}

void writeToStandardError(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t count = retryInterrupted(
            [&] { return ::write(STDERR_FILENO, bytes.data(), static_cast<size_t>(bytes.size())); });
        if (count <= 0)
            return; // nobody is left to tell
        bytes = bytes.sliced(count);
    }
}

} // namespace

class LogSink::Private
{
public:
    Private(const LogSettings &settings, const core::Clock &clock, std::optional<RotatingFile> file)
        : m_settings(settings), m_clock(clock), m_file(std::move(file))
    {
    }

    void write(QtMsgType type, const QMessageLogContext &context, const QString &text)
    {
        const core::ContextAndMessage parts = core::splitLogPrefix(text);
        writeLine({m_clock.now(), levelOf(type),
                   QString::fromUtf8(context.category ? context.category : "default"),
                   QCoreApplication::applicationPid(), parts.context, parts.message});
    }

    QtMessageHandler previous = nullptr;

private:
    void writeLine(const core::LogLine &line)
    {
        const QByteArray bytes = core::formatLogLine(line, m_settings.format).toUtf8() + '\n';
        bool isWritten = false;
        if (m_file) {
            const core::Result<> appended = m_file->append(bytes);
            isWritten = appended.has_value();
            if (!appended && !m_hasComplained) {
                m_hasComplained = true;
                core::LogLine complaint = line;
                complaint.level = core::LogLevel::Warning;
                complaint.context = core::LogContext().with(appended.error());
                complaint.message = core::toLogText(appended.error());
                writeToStandardError(core::formatLogLine(complaint, m_settings.format).toUtf8() + '\n');
            }
        }
        if (m_settings.toStandardError || !isWritten)
            writeToStandardError(bytes);
    }

    const LogSettings m_settings;
    const core::Clock &m_clock;
    std::optional<RotatingFile> m_file;
    bool m_hasComplained = false;
};

namespace
{

// Qt's handler is a plain function: this is the one place where it finds what it belongs to. The mutex also
// orders the writers, and keeps the sink alive while one of them is in it.
constinit std::mutex sinkMutex;
constinit LogSink *currentSink = nullptr;

} // namespace

LogSink::LogSink(std::unique_ptr<Private> parts) : d(std::move(parts)) {}

core::Result<std::unique_ptr<LogSink>> LogSink::install(const LogSettings &settings, const core::Clock &clock)
{
    std::optional<RotatingFile> file;
    if (!settings.file.isEmpty()) {
        core::Result<RotatingFile> opened =
            RotatingFile::open(settings.file, {settings.fileSize, settings.fileCount});
        if (!opened)
            return opened.error();
        file = std::move(*opened);
    }
    std::unique_ptr<LogSink> sink(new LogSink(std::make_unique<Private>(settings, clock, std::move(file))));
    {
        const std::lock_guard lock(sinkMutex);
        Q_ASSERT_X(!currentSink, "LogSink", "a process has one log");
        currentSink = sink.get();
    }
    sink->d->previous =
        qInstallMessageHandler([](QtMsgType type, const QMessageLogContext &context, const QString &text) {
            const std::lock_guard lock(sinkMutex);
            if (currentSink)
                currentSink->d->write(type, context, text);
            else // a thread that was on its way in when the sink went
                writeToStandardError(text.toUtf8() + '\n');
        });
    QLoggingCategory::setFilterRules(filterRules(settings.minimum));
    return sink;
}

LogSink::~LogSink()
{
    QLoggingCategory::setFilterRules(QString());
    qInstallMessageHandler(d->previous);
    const std::lock_guard lock(sinkMutex);
    currentSink = nullptr;
}

} // namespace ingather::platform
