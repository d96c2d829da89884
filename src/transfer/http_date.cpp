// SPDX-License-Identifier: MIT
#include "transfer/http_date.h"

#include <QList>

#include <array>

namespace ingather::transfer
{

namespace
{

constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<int> digits(const QByteArray &text, int least, int most)
{
    if (text.size() < least || text.size() > most)
        return std::nullopt;
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<int> month(const QByteArray &text)
{
    for (std::size_t i = 0; i < months.size(); ++i) {
        if (text == months[i])
            return static_cast<int>(i) + 1;
    }
    return std::nullopt;
}

std::optional<QTime> timeOfDay(const QByteArray &text)
{
    const QList<QByteArray> parts = text.split(':');
    if (parts.size() != 3)
        return std::nullopt;
    const auto hour = digits(parts[0], 2, 2);
    const auto minute = digits(parts[1], 2, 2);
    const auto second = digits(parts[2], 2, 2);
    if (!hour || !minute || !second)
        return std::nullopt;
    // A leap second is legal, and QTime has none.
    const QTime time(*hour, *minute, qMin(*second, *second == 60 ? 59 : *second));
    return time.isValid() ? std::optional(time) : std::nullopt;
}

std::optional<QDateTime> assemble(std::optional<int> year, std::optional<int> monthNumber,
                                  std::optional<int> day, std::optional<QTime> time)
{
    if (!year || !monthNumber || !day || !time)
        return std::nullopt;
    const QDate date(*year, *monthNumber, *day);
    if (!date.isValid())
        return std::nullopt;
    return QDateTime(date, *time, Qt::UTC);
}

/// RFC 9110 §5.6.7: a two-digit year that seems more than 50 years ahead is the latest past one.
std::optional<int> fullYear(std::optional<int> shortYear, const QDateTime &now)
{
    if (!shortYear)
        return std::nullopt;
    const int thisYear = now.toUTC().date().year();
    const int year = thisYear - thisYear % 100 + *shortYear;
    return year > thisYear + 50 ? year - 100 : year;
}

} // namespace

std::optional<QDateTime> parseHttpDate(const QByteArray &text, const QDateTime &now)
{
    const QByteArray trimmed = text.trimmed();
    const QList<QByteArray> words = trimmed.simplified().split(' ');

    // Sun, 06 Nov 1994 08:49:37 GMT
    if (words.size() == 6 && words[0].endsWith(',') && words[5] == "GMT")
        return assemble(digits(words[3], 4, 4), month(words[2]), digits(words[1], 2, 2), timeOfDay(words[4]));

    // Sunday, 06-Nov-94 08:49:37 GMT
    if (words.size() == 4 && words[0].endsWith(',') && words[3] == "GMT") {
        const QList<QByteArray> date = words[1].split('-');
        if (date.size() != 3)
            return std::nullopt;
        return assemble(fullYear(digits(date[2], 2, 2), now), month(date[1]), digits(date[0], 2, 2),
                        timeOfDay(words[2]));
    }

    // Sun Nov  6 08:49:37 1994
    if (words.size() == 5)
        return assemble(digits(words[4], 4, 4), month(words[1]), digits(words[2], 1, 2), timeOfDay(words[3]));

    return std::nullopt;
}

bool isStrongDate(const QByteArray &lastModified, const QByteArray &date, const QDateTime &now)
{
    const auto modified = parseHttpDate(lastModified, now);
    const auto answered = parseHttpDate(date, now);
    return modified && answered && modified->secsTo(*answered) >= 1;
}

} // namespace ingather::transfer
