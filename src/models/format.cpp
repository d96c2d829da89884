// SPDX-License-Identifier: MIT
#include "models/format.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>

#include <cmath>

namespace ingather::models
{

namespace
{

QDateTime toLocal(core::UnixTime time)
{
    return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(std::floor(time.seconds * 1000.0)));
}

QString valueText(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::String:
        return value.toString();
    case QJsonValue::Bool:
        return value.toBool() ? QStringLiteral("true") : QStringLiteral("false");
    case QJsonValue::Double: {
        // Sizes are whole numbers: they must not turn into 1.04858e+06.
        const qint64 whole = value.toInteger(-1);
        return whole == -1 && value.toDouble() != -1.0 ? QString::number(value.toDouble())
                                                       : QString::number(whole);
    }
    case QJsonValue::Array:
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    case QJsonValue::Object:
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        return QStringLiteral("–");
    }
    Q_UNREACHABLE();
}

} // namespace

QString Format::bytes(qint64 count)
{
    if (count >= 0 && count < 1024)
        return tr("%1 B", "bytes").arg(QLocale().toString(count));
    return QLocale().formattedDataSize(count, 1, QLocale::DataSizeIecFormat);
}

QString Format::speed(double bytesPerSecond)
{
    if (!(bytesPerSecond >= 0) || bytesPerSecond > 1e15)
        return {};
    return tr("%1/s", "an amount of data a second").arg(bytes(static_cast<qint64>(bytesPerSecond)));
}

QString Format::duration(double seconds)
{
    if (!std::isfinite(seconds))
        return {};
    const qint64 all = static_cast<qint64>(std::max(0.0, std::min(seconds, 1e12)));
    const qint64 minutes = all / 60;
    const qint64 hours = minutes / 60;
    const qint64 days = hours / 24;
    const QLocale locale;
    if (days > 0)
        return tr("%1 d %2 h", "days and hours").arg(locale.toString(days), locale.toString(hours % 24));
    if (hours > 0)
        return tr("%1 h %2 min", "hours and minutes")
            .arg(locale.toString(hours), locale.toString(minutes % 60));
    if (minutes > 0)
        return tr("%1 min %2 s", "minutes and seconds")
            .arg(locale.toString(minutes), locale.toString(all % 60));
    return tr("%1 s", "seconds").arg(locale.toString(all));
}

QString Format::fineDuration(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0)
        return {};
    if (seconds < 1)
        return tr("%1 ms", "milliseconds").arg(QLocale().toString(static_cast<qint64>(seconds * 1000)));
    if (seconds < 60)
        return tr("%1 s", "seconds").arg(QLocale().toString(std::floor(seconds * 10) / 10, 'f', 1));
    return duration(seconds);
}

QString Format::dateTime(core::UnixTime time)
{
    return time.seconds > 0 ? QLocale().toString(toLocal(time), QLocale::ShortFormat) : QString();
}

QString Format::exactTime(core::UnixTime time)
{
    return time.seconds > 0 ? toLocal(time).toString(u"yyyy-MM-dd HH:mm:ss.zzz") : QString();
}

QString Format::percent(double fraction)
{
    const double bounded = std::max(0.0, std::min(fraction, 1.0));
    return tr("%1 %", "percent").arg(QLocale().toString(static_cast<int>(std::floor(bounded * 100.0))));
}

QString Format::owner(const QString &leaseOwner, const QString &ownOwner)
{
    if (leaseOwner.isEmpty())
        return {};
    if (leaseOwner == ownOwner)
        return tr("this program");
    // Our own workers write host/boot id/pid namespace/pid/start/nonce.
    const QStringList parts = leaseOwner.split(u'/');
    if (parts.size() == 6)
        return tr("%1, process %2", "name of a machine, process number").arg(parts.at(0), parts.at(3));
    return leaseOwner;
}

QString Format::opType(core::OpType type)
{
    switch (type) {
    case core::OpType::Head:
        return tr("Ask the server");
    case core::OpType::Resume:
        return tr("Check the part");
    case core::OpType::Stream:
        return tr("Receive");
    case core::OpType::Finalize:
        return tr("File");
    case core::OpType::Index:
        return tr("Register");
    case core::OpType::Dedupe:
        return tr("Copy a held file");
    case core::OpType::Remove:
        return tr("Delete the file");
    case core::OpType::Reconcile:
        return tr("Compare with the disk");
    }
    Q_UNREACHABLE();
}

QString Format::opPhase(core::OpPhase phase)
{
    switch (phase) {
    case core::OpPhase::Intent:
        return tr("under way", "an operation is");
    case core::OpPhase::Done:
        return tr("done", "an operation is");
    case core::OpPhase::Failed:
        return tr("failed", "an operation has");
    case core::OpPhase::Abandoned:
        return tr("given up", "an operation was");
    }
    Q_UNREACHABLE();
}

QString Format::fence(qint64 value)
{
    return QStringLiteral("%1·%2").arg(value >> 32).arg(value & 0xffffffffLL);
}

QString Format::jsonLine(const QJsonObject &object)
{
    QStringList parts;
    for (auto it = object.begin(); it != object.end(); ++it)
        parts.append(QStringLiteral("%1: %2").arg(it.key(), valueText(it.value())));
    return parts.join(QStringLiteral(", "));
}

QString Format::jsonBlock(const QJsonObject &object)
{
    if (object.isEmpty())
        return {};
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Indented)).trimmed();
}

} // namespace ingather::models
