// SPDX-License-Identifier: MIT
#include "core/limit_timetable.h"

#include "core/byte_rate.h"

#include <QLatin1StringView>
#include <QStringList>

#include <array>

namespace ingather::core
{

namespace
{

constexpr int minutesOfADay = 24 * 60;
constexpr std::array<const char *, 7> dayNames{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/// 0 … 6
std::optional<int> dayNamed(QStringView name)
{
    for (int day = 0; day < int(dayNames.size()); ++day) {
        if (name.compare(QLatin1StringView(dayNames[std::size_t(day)]), Qt::CaseInsensitive) == 0)
            return day;
    }
    return std::nullopt;
}

quint8 bitOf(int day)
{
    return static_cast<quint8>(1U << static_cast<unsigned>(day));
}

/// "Mon-Fri", "Sat,Sun", "Fri-Mon", "*"
std::optional<quint8> daysFromText(QStringView text)
{
    if (text == u"*")
        return 0x7f;
    quint8 days = 0;
    for (const QStringView part : text.split(u',')) {
        const QList<QStringView> ends = part.split(u'-');
        const std::optional<int> first = dayNamed(ends.first());
        const std::optional<int> last = dayNamed(ends.last());
        if (ends.size() > 2 || !first || !last)
            return std::nullopt;
        for (int day = *first;; day = (day + 1) % int(dayNames.size())) {
            days |= bitOf(day);
            if (day == *last)
                break;
        }
    }
    return days;
}

/// "09:00" as a minute of the day; "24:00" is its end.
std::optional<int> minuteFromText(QStringView text)
{
    const QList<QStringView> parts = text.split(u':');
    if (parts.size() != 2 || parts[0].isEmpty() || parts[0].size() > 2 || parts[1].size() != 2)
        return std::nullopt;
    bool areNumbers[2] = {false, false};
    const int hour = parts[0].toInt(&areNumbers[0]);
    const int minute = parts[1].toInt(&areNumbers[1]);
    const int all = hour * 60 + minute;
    const bool isTime = areNumbers[0] && areNumbers[1] && hour >= 0 && minute >= 0 && minute < 60;
    if (!isTime || all > minutesOfADay)
        return std::nullopt;
    return all;
}

std::optional<LimitTimetable::Entry> entryFromText(QStringView text)
{
    const QStringList words = text.toString().simplified().split(u' ');
    if (words.size() < 2 || words.size() > 3)
        return std::nullopt;
    const std::optional<quint8> days = daysFromText(words.first());
    const Result<qint64> rate = byteRateFromText(words.last());
    if (!days || !rate)
        return std::nullopt;
    LimitTimetable::Entry entry{*days, 0, minutesOfADay, *rate};
    if (words.size() == 3) {
        const QStringList ends = words[1].split(u'-');
        const std::optional<int> from = minuteFromText(ends.first());
        const std::optional<int> until = minuteFromText(ends.last());
        if (ends.size() != 2 || !from || !until || *from == minutesOfADay || *from == *until)
            return std::nullopt;
        entry.from = *from;
        entry.until = *until;
    }
    return entry;
}

bool fits(const LimitTimetable::Entry &entry, WeekTime when)
{
    const int today = when.weekday - 1;
    const bool beginsToday = entry.weekdays & bitOf(today);
    if (entry.from < entry.until)
        return beginsToday && when.minute >= entry.from && when.minute < entry.until;
    const bool beganYesterday = entry.weekdays & bitOf((today + 6) % 7);
    return (beginsToday && when.minute >= entry.from) || (beganYesterday && when.minute < entry.until);
}

} // namespace

Result<LimitTimetable> limitTimetableFromText(QStringView text)
{
    LimitTimetable timetable;
    for (const QStringView part : text.split(u';')) {
        const QStringView trimmed = part.trimmed();
        if (trimmed.isEmpty())
            continue;
        const std::optional<LimitTimetable::Entry> entry = entryFromText(trimmed);
        if (!entry)
            return Error{
                ErrorCode::InvalidArgument, QStringLiteral("read timetable"), 0,
                QStringLiteral("an entry is like \"Mon-Fri 09:00-18:00 1M\", not \"%1\"").arg(trimmed)};
        timetable.entries.append(*entry);
    }
    return timetable;
}

std::optional<qint64> limitAt(const LimitTimetable &timetable, WeekTime when)
{
    for (const LimitTimetable::Entry &entry : timetable.entries) {
        if (fits(entry, when))
            return entry.bytesPerSecond;
    }
    return std::nullopt;
}

} // namespace ingather::core
