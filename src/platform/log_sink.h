// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/log_line.h"
#include "core/result.h"

#include <QString>

#include <memory>

namespace ingather::platform
{

struct LogSettings {
    core::LogFormat format = core::LogFormat::Text;
    core::LogLevel minimum = core::LogLevel::Info;
    bool toStandardError = true;
    QString file = {}; ///< empty: none
    qint64 fileSize = 10LL * 1024 * 1024;
    int fileCount = 5;
};

/// Where the log goes: takes over Qt's messages from install() to its destruction, formats them by
/// core/log_line.h and writes each before the call that logged it returns, so that a crash loses none.
/// At most one at a time in a process (asserts), made by main() before the first thread. Any thread may log.
///
/// Of the categories, ingather.* and the unnamed one speak from `minimum` on; all others, Qt's own first of
/// all, from warnings on. The variable QT_LOGGING_RULES has the last word, as everywhere in Qt. A file
/// that can't be written any more is reported once on stderr, and its lines go there.
class LogSink final
{
public:
    /// Errors of RotatingFile::open().
    static core::Result<std::unique_ptr<LogSink>> install(const LogSettings &settings,
                                                          const core::Clock &clock);
    ~LogSink();
    Q_DISABLE_COPY_MOVE(LogSink)

private:
    class Private;
    explicit LogSink(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace ingather::platform
