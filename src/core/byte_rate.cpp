// SPDX-License-Identifier: MIT
#include "core/byte_rate.h"

#include <algorithm>
#include <limits>

namespace ingather::core
{

namespace
{

qint64 factorOf(QChar unit)
{
    switch (unit.toLower().unicode()) {
    case u'k':
        return qint64(1) << 10;
    case u'm':
        return qint64(1) << 20;
    case u'g':
        return qint64(1) << 30;
    default:
        return 0;
    }
}

} // namespace

Result<qint64> byteRateFromText(QStringView text)
{
    const auto refused = [text] {
        return Error{ErrorCode::InvalidArgument, QStringLiteral("read rate"), 0,
                     QStringLiteral("a rate is a whole number of bytes a second, with K, M, G or without, "
                                    "not \"%1\"")
                         .arg(text)};
    };
    QStringView digits = text.trimmed();
    qint64 factor = 1;
    if (!digits.isEmpty() && factorOf(digits.back()) > 0) {
        factor = factorOf(digits.back());
        digits.chop(1);
    }
    const bool areDigits = !digits.isEmpty() && std::all_of(digits.begin(), digits.end(),
                                                            [](QChar c) { return c >= u'0' && c <= u'9'; });
    bool fits = false;
    const qint64 number = digits.toLongLong(&fits);
    if (!areDigits || !fits || number > std::numeric_limits<qint64>::max() / factor)
        return refused();
    return number * factor;
}

} // namespace ingather::core
