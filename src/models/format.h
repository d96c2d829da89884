// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/op.h"

#include <QCoreApplication>
#include <QJsonObject>
#include <QString>

namespace ingather::models
{

/// Numbers, times and names as people read them, in the language and the locale of the program
/// (QLocale()). Nothing here is ever parsed or stored.
class Format final
{
    Q_DECLARE_TR_FUNCTIONS(ingather::models::Format)

public:
    Format() = delete;

    /// IEC units with one decimal from KiB on: "1.5 MiB".
    static QString bytes(qint64 count);
    /// "1.5 MiB/s"; empty for nothing that could be measured.
    static QString speed(double bytesPerSecond);
    /// The two largest units: "12 s", "3 min 20 s", "2 h 5 min", "3 d 4 h"; less than a second is "0 s".
    static QString duration(double seconds);
    /// For operations: below a minute with milliseconds or tenths, "12 ms", "3.4 s".
    static QString fineDuration(double seconds);
    /// Local date and time, short form of the locale; empty for 0.
    static QString dateTime(core::UnixTime time);
    /// Local date and time down to milliseconds, the same in every locale.
    static QString exactTime(core::UnixTime time);
    /// "42 %", rounded down so that 100 % means all of it.
    static QString percent(double fraction);

    /// "this program", "machine, process 4711", or the text itself where another writer chose it.
    static QString owner(const QString &leaseOwner, const QString &ownOwner);
    static QString opType(core::OpType type);
    static QString opPhase(core::OpPhase phase);
    /// "fence 3·17": epoch and count.
    static QString fence(qint64 value);

    /// "name: value" pairs in one line, nested values as compact JSON.
    static QString jsonLine(const QJsonObject &object);
    /// Indented JSON; empty for an empty object.
    static QString jsonBlock(const QJsonObject &object);
};

} // namespace ingather::models
