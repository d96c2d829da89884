// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QList>
#include <QString>

#include <optional>

namespace ingather::core
{

/// A moment of the week on the user's wall.
struct WeekTime {
    int weekday = 1; ///< 1 Monday … 7 Sunday (ISO 8601)
    int minute = 0;  ///< of the day, 0 … 1439

    friend bool operator==(const WeekTime &, const WeekTime &) = default;
};

/// Which rate limit holds when.
struct LimitTimetable {
    struct Entry {
        quint8 weekdays = 0; ///< bit 0 Monday … bit 6 Sunday
        int from = 0;        ///< minute of the day
        int until = 0;       ///< first minute that is not meant; 1440: midnight. Not after `from`: it ends
                             ///< on the next day, and the weekdays are those on which it begins
        qint64 bytesPerSecond = 0;

        friend bool operator==(const Entry &, const Entry &) = default;
    };
    QList<Entry> entries; ///< the first that fits decides

    friend bool operator==(const LimitTimetable &, const LimitTimetable &) = default;
};

/// "Mon-Fri 09:00-18:00 1M; Sat,Sun 500K; * 0": entries between semicolons, each of days (names of three
/// letters, ranges, lists, or * for all), hours (may be left out: the whole day; may cross midnight) and a
/// rate (byteRateFromText()). An empty text is an empty timetable. InvalidArgument names the entry that can't
/// be read.
Result<LimitTimetable> limitTimetableFromText(QStringView text);

/// Bytes a second, 0 for no limit; nullopt where no entry fits.
std::optional<qint64> limitAt(const LimitTimetable &timetable, WeekTime when);

} // namespace ingather::core
