// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/fence.h"
#include "core/job_id.h"
#include "core/op.h"

#include <QString>

#include <optional>

class QDebug;

namespace ingather::core
{

enum class LogLevel { Debug, Info, Warning, Critical, Fatal };
enum class LogFormat { Text, Json };

/// What a message is about. Parts that are not known stay empty and are not written.
///
/// It travels in front of the message, through Qt's own macros:
///
///     qCInfo(logEngine) << LogContext{job, OpType::Stream, 2, fence} << "resumes at" << offset;
///
/// The stream operator writes logPrefix(), which begins and ends with a control character that no text has;
/// the log sink takes it off again with splitLogPrefix(). Where no sink is installed the message is
/// readable all the same.
struct LogContext {
    JobId job;
    std::optional<OpType> op = std::nullopt;
    int attempt = 0;
    Fence fence = {};
    std::optional<ErrorCode> errorCode = std::nullopt;

    /// The same, about that error.
    LogContext with(const Error &error) const
    {
        LogContext context = *this;
        context.errorCode = error.code;
        return context;
    }
    friend bool operator==(const LogContext &, const LogContext &) = default;
};

QDebug operator<<(QDebug debug, const LogContext &context);

/// The context as text that goes before a message. Of the job only what a line shows: 8 characters.
QString logPrefix(const LogContext &context);

struct ContextAndMessage {
    LogContext context;
    QString message;
};

/// Takes a prefix off; a message without one, or with a damaged one, stays as it is.
ContextAndMessage splitLogPrefix(const QString &text);

struct LogLine {
    UnixTime at;
    LogLevel level = LogLevel::Info;
    QString category;
    qint64 pid = 0;
    LogContext context;
    QString message;
};

/// "debug", "info", "warning", "critical", "fatal".
QString logLevelName(LogLevel level);

/// One line without its end, the message redacted. Text: time (UTC, milliseconds), level, category, [pid],
/// name=value for what is known of the context, message; control characters are escaped, so that no server
/// can forge a line. JSON: an object with time, level, category, pid, job, op, attempt, fence, error_code,
/// message.
QString formatLogLine(const LogLine &line, LogFormat format);

/// 2026-01-02T03:04:05.678Z
QString utcText(UnixTime time);

} // namespace ingather::core
