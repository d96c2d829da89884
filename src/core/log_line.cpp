// SPDX-License-Identifier: MIT
#include "core/log_line.h"

#include "core/redaction.h"

#include <QDebug>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace ingather::core
{

namespace
{

// ASCII's own separators: "record" around the prefix, "unit" between its fields.
constexpr QChar record(0x1E);
constexpr QChar unit(0x1F);

constexpr qsizetype shownOfJob = 8;

bool isControl(QChar c)
{
    switch (c.category()) {
    case QChar::Other_Control:
    case QChar::Other_Format: // bidi overrides turn a line around
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        return false;
    }
}

/// The text on one line: what would break or move it is written as an escape.
QString onOneLine(const QString &text)
{
    QString out;
    out.reserve(text.size());
    for (const QChar c : text) {
        if (c == u'\n')
            out += QStringLiteral("\\n");
        else if (c == u'\r')
            out += QStringLiteral("\\r");
        else if (c == u'\t')
            out += u' ';
        else if (isControl(c))
            out += QStringLiteral("\\u%1").arg(c.unicode(), 4, 16, QChar(u'0'));
        else
            out += c;
    }
    return out;
}

QString shortJob(const JobId &job)
{
    QString text = job.value.left(shownOfJob);
    text.removeIf(isControl);
    return text;
}

QString textLine(const LogLine &line)
{
    const LogContext &context = line.context;
    QString out =
        QStringLiteral("%1 %2 %3[%4]")
            .arg(utcText(line.at), logLevelName(line.level), line.category, QString::number(line.pid));
    if (!context.job.isEmpty())
        out += QStringLiteral(" job=") + shortJob(context.job);
    if (context.op)
        out += QStringLiteral(" op=") + opTypeName(*context.op);
    if (context.attempt > 0)
        out += QStringLiteral(" attempt=") + QString::number(context.attempt);
    if (context.fence != Fence())
        out += QStringLiteral(" fence=") + QString::number(context.fence.value);
    if (context.errorCode)
        out += QStringLiteral(" error=") + errorCodeName(*context.errorCode);
    return out + QStringLiteral(": ") + onOneLine(redacted(line.message));
}

QString jsonLine(const LogLine &line)
{
    const LogContext &context = line.context;
    QJsonObject object{
        {QStringLiteral("time"), utcText(line.at)},
        {QStringLiteral("level"), logLevelName(line.level)},
        {QStringLiteral("category"), line.category},
        {QStringLiteral("pid"), line.pid},
        {QStringLiteral("message"), redacted(line.message)},
    };
    if (!context.job.isEmpty())
        object.insert(QStringLiteral("job"), shortJob(context.job));
    if (context.op)
        object.insert(QStringLiteral("op"), opTypeName(*context.op));
    if (context.attempt > 0)
        object.insert(QStringLiteral("attempt"), context.attempt);
    if (context.fence != Fence())
        object.insert(QStringLiteral("fence"), context.fence.value);
    if (context.errorCode)
        object.insert(QStringLiteral("error_code"), errorCodeName(*context.errorCode));
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

} // namespace

QString logLevelName(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return QStringLiteral("debug");
    case LogLevel::Info:
        return QStringLiteral("info");
    case LogLevel::Warning:
        return QStringLiteral("warning");
    case LogLevel::Critical:
        return QStringLiteral("critical");
    case LogLevel::Fatal:
        return QStringLiteral("fatal");
    }
    Q_UNREACHABLE();
}

QString utcText(UnixTime time)
{
    using namespace std::chrono;
    // A clock that was set wrong must not cost the line: the years that have four digits are enough.
    constexpr double last = 253'402'300'799.999;
    const double seconds = std::isfinite(time.seconds) ? std::clamp(time.seconds, 0.0, last) : 0.0;
    const milliseconds since(static_cast<milliseconds::rep>(std::floor(seconds * 1000.0 + 1e-4)));
    const days wholeDays = floor<days>(since);
    const year_month_day date{sys_days(wholeDays)};
    const hh_mm_ss<milliseconds> ofDay(since - wholeDays);
    const auto digits = [](qint64 number, int width) {
        return QString::number(number).rightJustified(width, u'0');
    };
    return QStringLiteral("%1-%2-%3T%4:%5:%6.%7Z")
        .arg(digits(int(date.year()), 4), digits(unsigned(date.month()), 2), digits(unsigned(date.day()), 2),
             digits(ofDay.hours().count(), 2), digits(ofDay.minutes().count(), 2),
             digits(ofDay.seconds().count(), 2), digits(ofDay.subseconds().count(), 3));
}

QString logPrefix(const LogContext &context)
{
    if (context == LogContext())
        return {};
    const QStringList fields{
        shortJob(context.job),
        context.op ? opTypeName(*context.op) : QString(),
        QString::number(context.attempt),
        QString::number(context.fence.value),
        context.errorCode ? errorCodeName(*context.errorCode) : QString(),
    };
    return record + fields.join(unit) + record;
}

ContextAndMessage splitLogPrefix(const QString &text)
{
    const qsizetype end = text.indexOf(record, 1);
    if (!text.startsWith(record) || end < 0)
        return {{}, text};
    const QStringList fields = text.sliced(1, end - 1).split(unit);
    if (fields.size() != 5)
        return {{}, text};
    const LogContext context{JobId{fields[0]}, opTypeFromName(fields[1]), fields[2].toInt(),
                             Fence{fields[3].toLongLong()}, errorCodeFromName(fields[4])};
    return {context, text.sliced(end + 1).trimmed()};
}

QDebug operator<<(QDebug debug, const LogContext &context)
{
    const QString prefix = logPrefix(context);
    if (prefix.isEmpty())
        return debug;
    {
        const QDebugStateSaver saver(debug);
        debug.noquote().nospace() << prefix;
    }
    return debug.maybeSpace();
}

QString formatLogLine(const LogLine &line, LogFormat format)
{
    return format == LogFormat::Text ? textLine(line) : jsonLine(line);
}

} // namespace ingather::core
